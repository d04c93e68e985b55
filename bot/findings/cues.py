"""Wordings by which a sentence says what it does: it concludes, reports, aims, describes a method, or fills.

Groups of wordings, not a list of abstracts: each is how English papers of the last eighty years say the thing. `CUES` are
weighed with everything else by `bot.findings.choice`; `VETOES` are never a finding, whatever else speaks for them.
"""

import re

_I = re.IGNORECASE

_EVIDENCE = (
    r"(?:results?|findings?|data|observations?|experiments?|stud(?:y|ies)|evidence|analys[ie]s"
    r"|investigations?|work|effects?"
    r"|comparisons?|similarity|dissociation|report|calculations?|simulations?|models?|tests?|measurements?)"
)
_SHOW = (
    r"(?:suggest|indicate|impl|support|conclu|demonstrat|show|confirm|establish|reveal|point|argue"
    r"|highlight|illustrat|underline"
    r"|underscore|provide|propos|add|emphasi|is consistent|are consistent|is compatible"
    r"|are compatible|is in (?:agreement|accord)"
    r"|are in (?:agreement|accord)|is interpreted as|are interpreted as)"
)

CUES = {
    "concludes": re.compile(
        rf"\b(?:we|authors?) (?:therefore |thus |also |further )?(?:conclude|propose|suggest|believe"
        rf"|infer|postulate|argue)\b"
        rf"|\b(?:is|was|has been|it may be|can be|could be) (?:therefore |thus |also )?(?:concluded"
        rf"|suggested|proposed|inferred|postulated"
        rf"|speculated|hypothesi[sz]ed|assumed|conjectured|deduced|considered likely|apparent) that\b"
        rf"|\bin (?:conclusion|summary|sum)\b|\bto (?:conclude|sum up|summari[sz]e)\b|^conclusions?\b"
        rf"|\bconclud\w+\b"
        rf"|\b(?:these|our|this|the|present|such|all)\b(?: \w+){{0,4}} {_EVIDENCE}\b(?: \w+){{0,6}} {_SHOW}"
        rf"|^(?:\d+[.)]? )?(?:this|these|it)(?: \w+){{0,2}} (?:suggests?|indicates?|impl(?:y|ies)"
        rf"|supports?|means)\b|\btaken together\b|\bcollectively\b",
        _I,
    ),
    "infers": re.compile(
        r"^(?:\W|\d)*(?:thus|therefore|hence|consequently|overall|accordingly|altogether|together)\b"
        r"|\b(?:thus|therefore|hence)\b"
        r"|\b(?:suggest|indicat|imply|demonstrat|support)(?:ing|s|es)?\b(?: \w+){0,3} that\b"
        r"|\bappears? to (?:be|have|play|act|result)\b"
        r"|\bseems? to\b|\bprobabl[ey]\b|\b(?:may|might|could) (?:be|act|have|play|represent|result"
        r"|provide|contribute|reflect|account)\b",
        _I,
    ),
    "reports": re.compile(
        r"\b(?:increas|decreas|reduc|inhibit|block|antagoni[sz]|potentiat|enhanc|attenuat|produc"
        r"|induc|caus|elicit|evok|abolish"
        r"|prevent|revers|stimulat|depress|suppress|impair|improv|lower|elevat|rais|prolong|shorten"
        r"|accelerat|facilitat|augment"
        r"|diminish|protect|exhibit|display|alter|affect|correlat|differ|respond|fail|predict"
        r"|associat|resembl)(?:ed|t|s|es|e)\b"
        r"|\b(?:rose|fell|led|grew|became|showed|occurred|resulted|remained)\b|\b(?:was|were|is"
        r"|are) (?:found|observed|seen|shown|noted"
        r"|detected|demonstrated|obtained|identified|present|absent|associated|related|correlated"
        r"|higher|lower|greater|less|more"
        r"|similar|unaffected|unchanged|effective|active|inactive|potent|ineffective|without effect"
        r"|significantly|markedly|not)\b",
        _I,
    ),
    "measures": re.compile(
        r"\bp ?(?:<|=|>|less than|greater than)|\bsignifican|\d ?%|\bper ?cent|\b\w+-fold\b|\bfold\b"
        r"|\bratio\b|\d ?\+/-|\u00b1|\bCI\b",
        _I,
    ),
    "denies": re.compile(
        r"\b(?:no|not|neither|nor|without|lack of|failed to|unable to)\b(?: \w+){0,3} (?:effects?"
        r"|changes?|differ\w*|evidence|influence"
        r"|significant\w*|alter\w*|affect\w*|block\w*|inhibit\w*|correlat\w*|relat\w*|respon\w*"
        r"|modif\w*|prevent\w*|increase\w*)\b",
        _I,
    ),
    "announces": re.compile(
        r"\b(?:here|in this (?:study|paper|work|article|report))?,? ?we (?:show|demonstrate|report"
        r"|found|find|provide|present evidence|identif\w+|reveal"
        r"|observed|discovered|established|showed|demonstrated)\b|\b(?:the |our )(?:\w+ )?(?:results"
        r"|findings|data|study|analysis) (?:\w+ )?(?:show|demonstrate|reveal|indicate)\w*\b",
        _I,
    ),
    "aims": re.compile(
        r"\b(?:aim|aims|aimed|objectives?|purpose|goal|sought|in order to|attempted to|undertaken to"
        r"|designed to|carried out to|performed to|"
        r"conducted to|hypothesi[sz]ed that|to (?:determine|investigate|examine|evaluate|assess|test"
        r"|study|clarify|elucidate|explore"
        r"|characteri[sz]e|compare) (?:the|whether|if|how|its|their))\b",
        _I,
    ),
    "works": re.compile(
        r"\b(?:was|were|has been|have been|is|are)(?: \w+){0,2} (?:studied|investigated|examined"
        r"|measured|determined|assessed|evaluated"
        r"|compared|tested|administered|injected|given|treated|used|performed|recorded|carried out"
        r"|analy[sz]ed|made|trained|infused"
        r"|implanted|included|applied|collected|exposed|explored|assayed|monitored|randomi[sz]ed|recruited"
        r"|incubated|fed|killed|described"
        r"|estimated|calculated|employed|reviewed|presented|subjected|divided|anesthetized"
        r"|anaesthetized)\b|\b(?:we|i) (?:\w+ )?(?:studied|investigated"
        r"|examined|measured|determined|assessed|evaluated|compared|tested|used|analy[sz]ed|recorded"
        r"|developed|characteri[sz]ed|performed|propose a)\b",
        _I,
    ),
    "discusses": re.compile(
        r"\b(?:paper|article|chapter|essay|review) (?:\w+ )?(?:reviews|describes|discusses|presents|examines|outlines"
        r"|considers|explores|focuses|deals|addresses|summari[sz]es|surveys|traces|attempts|aims|will)\b"
        r"|\b(?:is|are|was|were|will be|also)(?: \w+){0,2} (?:discussed|described|reviewed|outlined"
        r"|presented|considered|surveyed|interpreted|tagged"
        r"|summari[sz]ed|provided|given|validated|evaluated|envisioned|proposed)\b|\bwe (?:also "
        r"|will |then )?(?:discuss|review|summari[sz]e|outline|describe|overview)"
        r"|\bmethods? (?:are|is) (?:also )?included\b",
        _I,
    ),
    "limits": re.compile(
        r"\blimitations?\b|\bsample size\b|\bsmall sample\b|\bhowever\b|\balthough\b|\bcaution\b"
        r"|\bin closing\b|\bpossibility\b",
        _I,
    ),
    "supposes": re.compile(r"\b(?:may|might|could|possibly|perhaps|conceivabl[ey]|speculat\w+)\b", _I),
    "advises": re.compile(
        r"\b(?:should|recommend\w*|useful|potential|promising|applicab\w+|valuable|implications?|suitable|alternative)\b", _I
    ),
    "backs": re.compile(
        r"\bthere (?:are|is) (?:currently |as yet )?(?:no|few|little) "
        r"(?:reports?|studies|data|information|evidence|literature)\b"
        r"|\b(?:little is known|is known|are known|has been (?:shown|reported|suggested|demonstrated)"
        r"|have been (?:shown|reported|suggested"
        r"|demonstrated|implicated)|previous(?:ly)?|recent(?:ly)?|is a (?:major|common)|are (?:common"
        r"|widely)|remains? (?:unclear|unknown|poorly))\b",
        _I,
    ),
    "continues": re.compile(
        r"^(?:\W|\d)*(?:in addition|additionally|moreover|furthermore|also|similarly|however"
        r"|in contrast|conversely|besides|secondarily|likewise|finally|on the other hand)\b",
        _I,
    ),
    "leans": re.compile(
        r"^(?:\W|\d)*(?:this|these|it|they|such|both|the latter|the former|those|no such|its|their|one|other)\b", _I
    ),
}

VETOES = re.compile(
    r"\b(?:clinical ?trials?\.gov|clinical ?trials? regist\w+|trial regist\w+|current controlled trials"
    r"|prospero|trial (?:number|id)\b"
    r"|(?:NCT|ISRCTN|CRD42|ACTRN|ANZCTR|UMIN|DRKS|NTR|IRCT|PACTR|KCT|TCTR|jRCT|NL|CTRI/|ChiCTR|RBR-|SLCTR/"
    r"|JPRN-|EudraCT)[ -]?\w*\d{3,}"
    r"|(?:UMIN|EudraCT|ANZCTR|ChiCTR)\b|(?:trial|study|protocol|review)\b[^.;]{0,40}\bregist(?:ered|ration)\b"
    r"|regist(?:ered|ration|ry)(?: \w+){0,3} (?:number|no\b|at|with|identifier|id\b)|(?:retro"
    r"|pro)spective(?:ly)? regist\w+)"
    r"|^\W*(?:(?:retro|pro)spectively )?registered\b|^\W*registration\b|^\W*funding\b"
    r"|^\W*\d{1,2}(?:st|nd|rd|th)? [A-Z]\w+,? \d{4}\W*$|^\W*(?:[A-Z][\w&]*\.? ){0,6}\(?(?:19"
    r"|20)\d\d\)?\W{1,3}\d+(?:\(\d+\))?:"
    r"|\b(?:(?:funded|sponsored) by\b|supported by (?:an? |the )?(?:[\w-]+ ){0,5}(?:grants?|foundation"
    r"|institutes?|fellowship|council|ministry|funds?)\b|funding (?:was|source|from)|grants? (?:no|number"
    r"|from)\b|no conflicts?\b|conflicts? of interest"
    r"|competing interest|copyright|all rights reserved|this article is part of|special issue"
    r"|freely available|source code"
    r"|supplementary (?:information|material|data)|availability and implementation|available (?:at|from"
    r"|on(?:line)?)\b|contact:"
    r"|abstract truncated|key ?words?:|(?:this (?:paper|article|abstract)|has been|was) retracted|retract(?:ion|ed)\b"
    r"|type strain is)|https?://|www\.|\u00a9"
    # What a printf made of a `%` and nobody undid: `16 0n the urine`, `5 0.000000rom`, `500ut`; no unit and no ending.
    r"|\b\d+ 0(?:\.000000)?[a-z]|(?-i:\b\d+0(?!(?:th|nd|fold|[mkn]g|ug|pg|ml|[ckmn]m|m[suo]|mos|mol|mins?|kb|bp|rpm|cpm"
    r"|pp[mb]|secs?|hrs?|[ap]m|yrs?|days?|years?|aa|grams?|(?:alpha|beta|hydroxy|methyl|micro)\w*)\b)[a-z]{2,}\b)",
    _I,
)
"""Registration, funding, rights, where to get things, retraction notes, damaged text."""

_CALL = re.compile(
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
