"""Sentences that announce: what their paper treats, what good it may do, what work is still to be done."""

import re

from bot.findings.cues import cue

_I = re.IGNORECASE

_TALK = re.compile(
    r"^(?:[\w,'()-]+ ){0,8}?(?:issues|problems|implications?|mechanisms?|suggestions?|recommendations"
    r"|limitations|strengths|literature"
    r"|questions|considerations|aspects|theor(?:y|ies)|findings|results|data|evidence|directions|applications"
    r"|significance|relevance|possibilit(?:y|ies)|advantages|examples|cases|guidelines|observations|hypothes[ie]s)"
    r"(?: (?:of|for|in|with|and|on|from|to)(?: [\w,'()-]+){1,8}?)? (?:is|are)(?: (?:also|then|briefly|further|critically))?"
    r" (?:raised|pointed out|noted|discussed|reviewed|considered|outlined|described|explored|offered|made"
    r"|given|emphasi[sz]ed"
    r"|stressed|addressed|examined|listed|included|provided|presented|reported|related to (?:\w+ )?(?:theor\w+"
    r"|models?|concepts?|literature))\b",
    _I,
)
"""A sentence that names its paper's contents: `Ethical issues are raised.`"""

_PAPER = r"(?:review|article|paper|chapter|overview|essay|editorial|commentary)"
_ANNOUNCES = cue(
    "review|article|paper|chapter|overview|essay|editorial|commentary|sought|anticipate|hope|aim|discuss|summari|outline"
    "|presented|considered|described|topics|the author|enhance|advance|stimulate|help|contribute|foster|facilitate|improve"
    "|guide|aid",
    rf"""
    ^(?:\W|\d)*(?:in\ )?(?:this|the|our)\ (?:[\w-]+\ ){{0,2}}{_PAPER}s?,?\ (?:\w+ly\ |also\ |will\ |then\ |we\ )*
      (?:review|discuss|describ|summari[sz]|outlin|examin|consider|explor|present|provid|focus|emphasi[sz]|highlight|address
      |deal|survey|attempt|aim|tak|giv|offer|look|cover|trac|stimulat|may)\w*\b       # this review takes into account
    | \b(?:we|i)\ (?:also\ |then\ |will\ |here\ |now\ |briefly\ |critically\ )*
      (?:sought|anticipate|hope|aim|review|discuss|summari[sz]e|outline|conclude\ this\ {_PAPER})\b  # we also discuss
    | \b(?:is|are|will\ be)\ (?:also\ |then\ |briefly\ |further\ |critically\ )*
      (?:reviewed|discussed|outlined|summari[sz]ed|presented|considered|described)
      (?:\ (?:here|in\ (?:detail|this\ \w+|(?:light|relation|terms|the\ context)\b.*)))?\W*$  # implications are discussed
    | \btopics\ (?:\w+\ )?include\b | \b(?:is|are)\ included\ in\ the\ {_PAPER}
    | ^(?:\w+,\ )?the\ authors?\ (?:\w+ly\ )?(?:presents?|describes?|discuss(?:es)?|reviews?|outlines?|summari[sz]es?)\b
    | ^(?:\W|\d)*(?:this|these|our|the\ present)\ (?:[\w-]+\ ){{0,2}}(?:study|work|results|findings|data|approach|review)\b
      \ (?:will|should|may|can|could)\ (?:\w+\ ){{0,2}}(?:enhance|advance|stimulate|help|contribute|foster|facilitate|improve
      |guide|aid)\b                                                                   # this study will help
    """,
    _I | re.VERBOSE,
)


def announces(text: str) -> bool:
    """Whether a sentence says what its paper treats, or what good it may do, and not what was found."""
    return bool(_ANNOUNCES.search(text))


def names_contents(text: str) -> bool:
    """Whether a sentence only names what its paper holds."""
    return bool(_TALK.search(text))


_CALL = cue(
    "need|require|warrant|necessary|recommended|should|must|desirable|essential|await|planned|justified|merit|deserve|call"
    "|remain|has yet|have yet|further|future",
    r"\b(?:future|further|additional|more|larger|continued|new)\b(?: [\w-]+){0,4} "
    r"(?:stud(?:y|ies)|research|work|investigations?|trials?|experiments?|evaluation|clarification"
    r"|validation|data|evidence)\b"
    r"(?: [\w-]+){0,8} (?:needed|required|warranted|necessary|recommended|should|must|desirable"
    r"|essential|awaited|planned"
    r"|justified|merited)\b"
    r"|(?<!without the )\b(?:need|needs|warrants?|requires?|deserves?|merits?|call for"
    r"|await)\b(?: [\w-]+){0,2} "
    r"(?:further|future|additional|more|larger)\b"
    r"|\b(?:remains?|has yet|have yet|needs?) to be (?:\w+ )?(?:determined|elucidated|explored"
    r"|established|clarified"
    r"|investigated|studied|examined|tested|confirmed|identified|defined|seen|addressed|resolved"
    r"|proven|shown)\b"
    r"|\b(?:findings?|results?|observations?|effects?|it|this)\b(?: [\w-]+){0,3}"
    r" (?:warrants?|deserves?|merits?|awaits?|requires?)"
    r" (?:replication|confirmation|verification|(?:\w+ )?(?:study|investigation|attention))\b"
    r"|\b(?:trials?|stud(?:y|ies)|samples?)\b(?: [\w-]+){0,4} (?:are|is) (?:needed|required|warranted|called for)\b"
    r"|\b(?:future|further) (?:stud(?:y|ies)|research|work|investigations?|trials?) (?:should|will"
    r"|must|may|is|are|to)\b",
    _I,
)
_CLAUSE = re.compile(r"[;:,]\s|\s(?:but|and|although|though|however|while|yet|that|which|whose)\s")
_ENOUGH = 8
"""Words beside the call that make a sentence say something else too."""


def calls(text: str) -> bool:
    """Whether a sentence calls for more work and, the calling clauses left out, says next to nothing."""
    if not _CALL.search(text):
        return False
    rest = [clause for clause in _CLAUSE.split(text) if not _CALL.search(clause)]
    return max((len(clause.split()) for clause in rest), default=0) < _ENOUGH
