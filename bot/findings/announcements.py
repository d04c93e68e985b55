"""Sentences that report no result, but what their paper is about, what it may be good for, or what work is still needed."""

import re

from bot.findings.cues import cue

_X = re.IGNORECASE | re.VERBOSE

_TALK = re.compile(
    r"""
    ^(?:[\w,'()-]+\ ){0,8}?
    (?: issues|problems|implications?|mechanisms?                                      # "ethical issues"
      | suggestions?|recommendations|limitations|strengths                             # "suggestions for further work"
      | literature|questions|considerations|aspects|theor(?:y|ies)                     # "the literature on newts"
      | findings|results|data|evidence                                                 # "these findings"
      | directions|applications|significance|relevance|possibilit(?:y|ies)|advantages  # "the clinical relevance"
      | examples|cases|guidelines|observations|hypothes[ie]s )                         # "two cases"
    (?:\ (?:of|for|in|with|and|on|from|to)(?:\ [\w,'()-]+){1,8}?)?                     # "of sleep in newts"
    \ (?:is|are)(?:\ (?:also|then|briefly|further|critically))?
    \ (?:
        raised|pointed\ out|noted|discussed|reviewed|considered|outlined|described     # "are discussed"
      | explored|offered|made|given|emphasi[sz]ed|stressed|addressed|examined          # "is stressed"
      | listed|included|provided|presented|reported                                    # "are listed"
      | related\ to\ (?:\w+\ )?(?:theor\w+|models?|concepts?|literature) )\b           # "are related to current theories"
    """,
    _X,
)
"""A sentence that only says what its paper contains: `Ethical issues are raised.`"""

_PAPER = "review|article|paper|chapter|overview|essay|editorial|commentary"
_ANNOUNCES = cue(
    f"{_PAPER}|sought|anticipate|hope|aim|discuss|summari|outline"
    "|presented|considered|described|topics|the author|manuscript|highlight|cover|include|insight|detailed|in-depth"
    "|comprehensive|enhance|advance|stimulate|help|contribute|foster|facilitate|improve|guide|aid|enable|allow|increase"
    "|assist|provide|useful|valuable|important|next step|future|further|additional|more",
    rf"""
      ^(?:\W|\d)*(?:in\ )?(?:this|the|our)\ (?:[\w-]+\ ){{0,2}}(?:{_PAPER})s?,?            # "in this brief review,"
      \ (?:\w+ly\ |also\ |will\ |then\ |we\ )*                                             # "we then"
      (?: review|discuss|describ|summari[sz]|outlin|examin|consider|explor|present|provid  # "discuss"
        | focus|emphasi[sz]|highlight|address|deal|survey|attempt|aim                      # "focuses on"
        | tak|giv|offer|look|cover|trac|stimulat|may )\w*\b                                # "takes into account"
    | \b(?:we|i)\ (?:also\ |then\ |will\ |here\ |now\ |briefly\ |critically\ )*            # "we also discuss"
      (?:sought|anticipate|hope|aim|review|discuss|summari[sz]e|outline|conclude\ this\ (?:{_PAPER}))\b
    | \b(?:is|are|will\ be)\ (?:also\ |then\ |briefly\ |further\ |critically\ )*           # "are also reviewed"
      (?:reviewed|discussed|outlined|summari[sz]ed|presented|considered|described)
      (?:\ (?:here|in\ (?:detail|this\ \w+|(?:light|relation|terms|the\ context)\b.*)))?\W*$  # "in the context of sleep."
    | ^(?:\W|\d)*(?:\w+ly,?\ |moreover,?\ |therefore,?\ |thus,?\ |hence,?\ |here,?\ )?     # "Therefore, the present"
      (?:the|this)\ (?:[\w-]+\ ){{0,2}}(?:review|overview|manuscript)                     # "mini review"
      \ (?:\w+ly\ |also\ |has\ |is\ |was\ |will\ )*
      (?!show|conclud|suggest|found|find|reveal|indicat|demonstrat|identif|confirm|support)\w+  # "covered", not "showed"
    | \b(?:we|i)\ (?:also\ |then\ |further\ |briefly\ )*                                # "we also cover"
      (?:highlight|cover(?:ed)?|include|summari[sz]ed|reviewed|discussed|outlined|provide\ an\ overview)\b
    | \b(?:overview|(?:detailed|in-depth|comprehensive)\ (?:review|analysis|summary)|insights?)\b[^.;]{{0,80}}
      \ (?:is|are|was|has\ been)\ (?:included|provided|given|presented|offered)\b         # "an overview is given"
    | \btopics\ (?:\w+\ )?include\b                                                        # "topics covered include"
    | \b(?:is|are)\ included\ in\ the\ (?:{_PAPER})                                        # "are included in the review"
    | ^(?:\w+,\ )?the\ authors?\ (?:\w+ly\ )?                                              # "the author briefly describes"
      (?:presents?|describes?|discuss(?:es)?|reviews?|outlines?|summari[sz]es?)\b
    | ^(?:\W|\d)*(?:this|these|our|the\ present)\ (?:[\w-]+\ ){{0,2}}                      # "this study may help"
      (?:study|work|results|findings|data|approach|review)\b\ (?:will|should|may|can|could)\ (?:\w+\ ){{0,2}}
      (?:enhance|advance|stimulate|help|contribute|foster|facilitate|improve|guide|aid)\b
    | \b(?:study|work|results|findings|data|method|application|approach|resource|information|it|this)\b[^.;]{{0,60}}
      \ will\ (?:guide|help|enable|facilitate|allow|increase|contribute|assist|aid|enhance    # "the method will allow"
        |improve|provide|be\ (?:useful|helpful|valuable|important))\b
    | \b(?:results|findings|data|study|work)\ (?:\w+\ )?(?:are|is|would\ be|will\ be|could\ be)\ (?:\w+\ )?
      (?:useful|helpful|valuable)\b                                                       # "these data are useful"
    | \bnext\ steps?\b                                                                   # "the next steps will be"
    | \b(?:future|further)\ (?:work|research|stud(?:y|ies)|efforts?|trials?|interventions?)  # "future work must"
      \ (?:must|should|will|needs?|could|can|may)\b
    | \b(?:recommend|propose|suggest|advocate|urge)s?\ (?:further|future|additional|more)\b  # "we recommend further studies"
    """,
    _X,
)

_TELLS = re.compile(r"\b(?:evidence|literature|studies) (?:demonstrating|suggesting|showing|indicating)\b", re.IGNORECASE)
"""Says what the evidence shows, which may be a finding: "we review the evidence suggesting that newts sleep"."""

_CALL = cue(
    "need|require|warrant|necessary|recommended|should|must|desirable|essential|await|planned|justified|merit|deserve|call"
    "|remain|has yet|have yet|further|future",
    r"""
      \b(?:future|further|additional|more|larger|continued|new)\b(?:\ [\w-]+){0,4}   # "larger clinical trials"
      \ (?:stud(?:y|ies)|research|work|investigations?|trials?|experiments?|evaluation
        |clarification|validation|data|evidence)\b
      (?:\ [\w-]+){0,8}                                                              # "of its safety are needed"
      \ (?:needed|required|warranted|necessary|recommended|should|must|desirable|essential
        |awaited|planned|justified|merited)\b
    | (?<!without\ the\ )\b(?:need|needs|warrants?|requires?|deserves?|merits?|call\ for|await)\b  # "warrants further"
      (?:\ [\w-]+){0,2}\ (?:further|future|additional|more|larger)\b
    | \b(?:remains?|has\ yet|have\ yet|needs?)\ to\ be\ (?:\w+\ )?                   # "remains to be fully explored"
      (?:determined|elucidated|explored|established|clarified|investigated|studied|examined
        |tested|confirmed|identified|defined|seen|addressed|resolved|proven|shown)\b
    | \b(?:findings?|results?|observations?|effects?|it|this)\b(?:\ [\w-]+){0,3}     # "these results in newts"
      \ (?:warrants?|deserves?|merits?|awaits?|requires?)                            # "await replication"
      \ (?:replication|confirmation|verification|(?:\w+\ )?(?:study|investigation|attention))\b
    | \b(?:trials?|stud(?:y|ies)|samples?)\b(?:\ [\w-]+){0,4}                        # "trials in newts are called for"
      \ (?:are|is)\ (?:needed|required|warranted|called\ for)\b
    | \b(?:future|further)\ (?:stud(?:y|ies)|research|work|investigations?|trials?)  # "future work should"
      \ (?:should|will|must|may|is|are|to)\b
    """,
    _X,
)
_CLAUSE = re.compile(r"[;:,]\s|\s(?:but|and|although|though|however|while|yet|that|which|whose)\s")
_ENOUGH = 8
"""Words of a clause without a call, from which the sentence is taken to say something else too."""


def announces(text: str) -> bool:
    """Whether a sentence says what its paper is about or may be good for, and not what was found."""
    return bool(_ANNOUNCES.search(text)) and not _TELLS.search(text)


def names_contents(text: str) -> bool:
    """Whether a sentence only says what its paper contains."""
    return bool(_TALK.search(text))


def calls_for_work(text: str) -> bool:
    """Whether a sentence calls for more research and says little else: no clause without a call has `_ENOUGH` words."""
    if not _CALL.search(text):
        return False
    rest = [clause for clause in _CLAUSE.split(text) if not _CALL.search(clause)]
    return max((len(clause.split()) for clause in rest), default=0) < _ENOUGH
