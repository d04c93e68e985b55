"""Kinds of study, as a title or a sentence states them."""

import re
from collections.abc import Sequence

_I = re.IGNORECASE
_TRIAL = r"(?:trial|study|design|investigation|experiment|comparison|protocol)\b"
_RANDOMISED = rf"randomi[sz]ed\b(?:[ ,-]+[\w-]+){{0,6}}?[ -]+{_TRIAL}"
_CHEMICAL = (
    r"(?:derivatives?|analogu?e?s?|esters?|salts?|alkaloids?|congeners?|metabolites?|isomers?|enantiomers?"
    r"|[\w-]*(?:amines?|amides?|idines?|azines?|azoles?|olines?|phines?|indoles?|phenones?|codones?|etones?|quinones?"
    r"|ergides?|cybin|cyn|cinn?|caines?|bromides?|chlorides?|iodides?|pyrans?|furans?|cannabinols?|ethanols?|epines?)"
    r"|[\w,']*\d-\w+)\b"
)
_ILL = (
    r"(?:patients?|m[ae]n|wom[ae]n|boy|girl|infant|child|children|adolescents?|male|female|twins|year[- ]old"
    r"|fatal\w*|deaths?|suicide"
    r"|poisoning|intoxication|overdose|toxicity|syndrome|disease|disorder|psychos[ie]s|delirium|dependence|addiction"
    r"|abuse|failure|seizures?|stroke|hepatitis|infarction|cancer|carcinoma|tumou?r|anaphylaxis|allergy"
    r"|\w{4,}(?:itis|osis|oma|emia|aemia|pathy|lysis))\b"
)
_FOLK = (
    r"(?:patients?|volunteers?|participants?|subjects|men|women|children|adults|adolescents|youth|teenagers"
    r"|persons|people"
    r"|students?|users?|clients|physicians?|doctors?|nurses?|pharmacists?|psychiatrists?|psychologists?"
    r"|oncologists?|practitioners?"
    r"|professionals|parents|consumers|residents|members|veterans|workers|smokers|drinkers|households?|public"
    r"|respondents?"
    r"|healers?|informants|ravers|attend\w+|population|inhabitants|adolescen\w+|questionnaires?|interview\w*"
    r"|online|web-based|internet)\b"
)
_IN_TITLE = (
    (
        "Study protocol",
        r"\b(?:study|trial|review|research) protocol\b|\bprotocol (?:for|of) an? [^:]*(?:trial|study|review|survey)\b",
    ),
    ("Meta-analysis", r"\bmeta-?analysis\b"),
    ("Systematic review", r"\bsystematic(?: literature)? review\b"),
    ("Scoping review", r"\bscoping review\b"),
    (
        "Case report",
        (
            r"\bcase reports?\b|\breport of (?:a|one|two|three|\d+) cases?\b"
            rf"|^(?:a|one|two|three) (?:\w+ )?cases? of\b(?=[^:.?]*\b{_ILL})"
        ),
    ),
    ("Case series", r"\bcase series\b"),
    (
        "Review",
        (
            r"\b(?:literature|critical|narrative|brief|mini|historical|comprehensive)[ -]review\b"
            r"|[:.?] an? (?!retrospective|chart|records?|book|film|case|peer)(?:[\w-]+ )?review\.?$"
            r"|^a review of (?![\"'\u2018\u201c])|: review$"
        ),
    ),
    ("Randomised trial", rf"\b{_RANDOMISED}"),
    (
        "Survey",
        (
            r"\b(?:online|internet|web(?:-based)?|postal|telephone|mail(?:ed)?|questionnaire|household) survey\b"
            r"|\bsurvey(?= (?:of|among|in|on|to|with|from|about|for)\b|[.:]|$)"
        ),
    ),
    ("Qualitative study", r"\bqualitative (?:study|analysis|interview\w*)\b"),
    ("Ethnography", r"\bethnograph(?:y|ic)\b"),
    ("Cohort study", r"\bcohort study\b"),
    ("Case-control study", r"\bcase[ -]control study\b"),
    ("Open-label trial", rf"\bopen[ -]label\b(?: [\w-]+){{0,3}} {_TRIAL}"),
    ("Pilot study", r"\bpilot (?:study|trial)\b"),
    (
        "In vitro",
        (
            r"^(?!.*\b(?:in vivo|clinical|patients?|volunteers|in (?:rats|mice|man|humans|animals))\b).*?\bin vitro\b"
            r"(?![ -](?:fertili|matur|propagat|regenerat|diagnos|plant|culture|micropropag|shoot|flower))"
        ),
    ),
    (
        "Chemistry",
        (
            rf"^(?:the |a |an )?(?:(?:total|improved|facile|stereoselective|efficient|new"
            rf"|chemical) )?(?:synthesis|syntheses) of\b"
            rf"(?=[^:.]*\b{_CHEMICAL})(?!.*\b(?:in|by|during|from|evidence|literature|data|proteins?)\b)"
            rf"|\bcrystal structure of\b(?=[^:]*\b{_CHEMICAL})(?!.*\b(?:domain|proteins?|receptors?|enzyme"
            rf"|complex\w*|\w+ase|virus|subunit|bound|channel|transporter)\b)"
            r"|\b(?:by|using) (?:gas|liquid|thin[ -]layer|high[ -]performance liquid) chromatograph"
        ),
    ),
)
"""Kinds, the telling first, and how a title states them."""

_THIS = r"\b(?:this|the present|the current|our|present)"
_WE_DID = r"\bwe (?:\w+ )?(?:conducted|performed|carried out|did|undertook|report|describe|present)(?: \w+)?"
_OF_THIS = rf"(?:{_THIS}|{_WE_DID})"
_IN_ABSTRACT = (
    ("Meta-analysis", rf"{_OF_THIS}\b(?: [\w-]+){{0,5}} meta-?analysis\b"),
    ("Systematic review", rf"{_OF_THIS}\b(?: [\w-]+){{0,4}} systematic(?: literature)? review\b(?!,? and (?!meta))"),
    (
        "Case report",
        (
            rf"{_THIS}\b(?: [\w-]+){{0,2}} case report\b|\bwe (?:report|describe|present) (?:the case"
            rf"|a case|here a case|one case) of\b(?=.{{0,80}}?\b{_ILL})"
        ),
    ),
    (
        "Review",
        (
            r"\b(?:this|the present) (?:\w+ )?review (?:article |paper )?"
            r"(?:will|summari|discuss|focus|cover|describ|present|examin|highlight|provid|explor|aim|consider)"
            r"|\b(?:this|the present) (?:article|paper|chapter) reviews\b"
            r"|\bin (?:this|the present) (?:\w+ )?review,? (?:article,? )?we\b"
        ),
    ),
    (
        "Randomised trial",
        (
            rf"\bin (?:a|this|the present|our)\b(?: [\w,-]+){{0,6}}?[ -]{_RANDOMISED}"
            rf"|{_OF_THIS}\b(?: [\w,-]+){{0,5}}[ -]{_RANDOMISED}"
            rf"|^(?:an? )?(?:[\w-]+,? ){{0,5}}{_RANDOMISED}(?= (?:was|of|in|with|comparing|conducted"
            rf"|involving|design|at)\b|\.?$)"
            r"|\b(?:patients|volunteers|participants|subjects|women|men|children)\b[^.;]{0,60}"
            r"\bwere (?:randomi[sz]ed|randomly (?:assigned|allocated))\b"
        ),
    ),
    (
        "Double-blind study",
        rf"\bin (?:a|this|the present)\b(?: [\w,-]+){{0,4}}?[ -]?double[ -]blind\b(?:[ ,-]+[\w-]+){{0,5}}?[ -]+{_TRIAL}",
    ),
    (
        "Survey",
        (
            r"\b(?:we (?:\w+ )?(?:surveyed|conducted (?:a|an)(?: \w+){0,3} survey)"
            rf"|survey (?:was|of \d[\d,]* \w+ was) (?:conducted|carried out))\b(?=.{{0,100}}?\b{_FOLK})"
        ),
    ),
    ("Cohort study", rf"{_OF_THIS}\b(?: [\w-]+){{0,5}} cohort study\b|\bin (?:a|this)(?: [\w-]+){{0,4}} cohort study\b"),
    ("Case-control study", rf"(?:{_OF_THIS}|\bin (?:a|this))\b(?: [\w-]+){{0,5}} case[ -]control study\b"),
    (
        "Ethnography",
        (
            rf"\bethnographic (?:fieldwork|field work|interviews|observation)\b"
            rf"|{_OF_THIS}\b(?: [\w-]+){{0,2}} ethnograph"
        ),
    ),
    (
        "Open-label trial",
        rf"(?:{_OF_THIS}|\bin (?:a|this|an)|^an?)\b(?: [\w-]+,?){{0,4}} open[ -]label\b(?:[ ,-]+[\w-]+){{0,4}}? {_TRIAL}",
    ),
    (
        "Animal study",
        (
            r"\b(?:rats|mice|guinea[ -]pigs|rabbits|hamsters|gerbils|cats|dogs|monkeys|baboons|pigeons"
            r"|sheep)\b(?: \([^)]*\))? "
            r"(?:were|was|had been|received)(?: \w+){0,2} "
            r"(?:injected|given|trained|treated|pretreated|administered|implanted|exposed|infused|fed"
            r"|tested|killed|anesthetized|anaesthetized)\b"
            r"|\bin (?:conscious|freely[ -]moving|awake|an(?:a)?esthetized|unrestrained|behaving) "
            r"(?:\w+ )?(?:rats|mice|guinea[ -]pigs|rabbits|cats|dogs|monkeys|sheep)\b"
        ),
    ),
)
"""Kinds, and how a sentence of an abstract states them of its own study."""

_ASSIGNED = "Randomised study"
"""The kind of a study that only says that its subjects were randomly assigned."""
KINDS = frozenset(name for name, _ in (*_IN_TITLE, *_IN_ABSTRACT)) | {_ASSIGNED}
"""The names of all kinds."""
REVIEWS = frozenset({"Meta-analysis", "Systematic review", "Scoping review", "Review", "Study protocol"})
"""Kinds that tell of other people's studies, or of one that has not been done."""

_OF_PEOPLE = frozenset({"Randomised trial", "Double-blind study", "Open-label trial"})
_PEOPLE = re.compile(
    r"\b(?:patients?|volunteers?|participants?|subjects|men|women|children|adults|adolescents|humans?|persons"
    r"|people)\b",
    _I,
)
_OF_FOLK = re.compile(rf"\b{_FOLK}", _I)
_LETTERS = re.compile(
    r"\b(?:comment|reply|letter|response to|erratum|retract(?:ion|ed)|rationale(?:,| and) (?:study )?design"
    r"|methodolog\w+|how to)\b",
    _I,
)
_ANCILLARY = re.compile(
    r"\b(?:nested|alongside|within|ancillary|secondary|post[- ]?hoc|sub-?stud(?:y|ies)|sub-?analys[ie]s"
    r"|sub-?group|costs?|cost-\w+|economic"
    r"|baseline|follow-?up|qualitative|process evaluation|predict\w+|mediat\w+|moderat\w+|recruit\w*|lessons"
    r"|pooled|re-?analys\w+"
    r"|exploratory|development|designing|design of|uptake|engagement|adherence|motivations?|observations"
    r"|further|new analyses|fidelity|validat\w+|scores?|retrospective|participants' "
    r"|meta-?analys\w+|reviews?|trials)\b",
    _I,
)
"""What a title says where the study lives on a trial's data, or tells of many."""
_DENIED = re.compile(
    r"(?:\b(?:not|no|never|nor|neither|without|lack of|part(?:ial)?ly|quasi|pseudo|non(?!-?inferior))\b|\bun)[^.:;?]{0,30}$",
    _I,
)
_DENIED_WITHIN = re.compile(r"\b(?:not|no|never|neither|nor)\b|(?:non|quasi|pseudo|un)[ -]?random", _I)
_BREAK = re.compile(r"[:;.?!\u2013\u2014]\s|\s-\s|\s[\u2013\u2014]")
_HUNG = re.compile(
    r"\b(?:of|in|from|within|for|on|to|with|by|alongside|during|after|following|at|into|about|using|via|between"
    r"|vs|versus"
    r"|compar\w+|than|like|unlike|beyond|towards?|against|without)\b",
    _I,
)
"""What makes the words behind it another's: "costs in a randomised trial" are no trial."""
_ITS_RESULTS = re.compile(r"^\W*(?:(?:main|primary|final|the) )?(?:results|findings) (?:of|from) an? (?!sub)", _I)
_PARTAKES = re.compile(
    r"\b(?:particip\w+|enrol\w+|includ\w+|recruit\w+|part|involved|inform|underway) (?:\w+ )?in an? "
    r"|\bretrospective\b|\bdata\b",
    _I,
)
_NOT_YET = re.compile(
    r"\b(?:underway|ongoing|planned|future|required|needed|warrants?|await\w*|before testing"
    r"|order|in study \w*\d+)\b",
    _I,
)
_ANOTHERS = re.compile(r"\b(?:of|from|within|for|alongside|after|nested)\b", _I)
_TRIED = re.compile(r"\b(?:trial|interventions?|effects?|efficacy)\b", _I)
_WHOLE = frozenset({"Study protocol", "In vitro", "Chemistry"})
"""Kinds whose patterns take the title as a whole."""
_OF_TITLES = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_TITLE)
_OF_SENTENCES = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_ABSTRACT)


def study_in(title: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Give the kind of study and what states it: the title, or else the first sentence that says what this study is."""
    if _LETTERS.search(title):
        return None
    text = " ".join((title, *sentences))
    refused = _OF_PEOPLE if _ANCILLARY.search(title) else frozenset()
    if not _OF_FOLK.search(title if "survey" in title.lower() else text):
        refused |= {"Survey"}  # of things
    for name, pattern in _OF_TITLES:
        if name not in refused and any(name in _WHOLE or _heads(title, match) for match in pattern.finditer(title)):
            return name, title
    refused |= {"Survey"} if _TRIED.search(title) else frozenset()
    refused |= frozenset() if _PEOPLE.search(text) else _OF_PEOPLE
    for name, pattern in _OF_SENTENCES:
        for text in sentences:
            match = pattern.search(text)
            if name not in refused and match and not _denied(text, match) and not (name in _OF_PEOPLE and _lives_on(match)):
                return (_ASSIGNED if "were random" in match[0].lower() else name), text
    return None


def _heads(title: str, match: re.Match[str]) -> bool:
    """Whether a kind heads its part of the title, and is neither denied nor hung on another word."""
    before = title[: match.start()] if match[0][0] not in ":.?" else ""
    part = _ITS_RESULTS.sub("", _BREAK.split(before)[-1])
    return not (_denied(title, match) or _HUNG.search(part))


def _denied(text: str, match: re.Match[str]) -> bool:
    return bool(_DENIED.search(text[max(0, match.start() - 60) : match.start()]) or _DENIED_WITHIN.search(match[0]))


def _lives_on(match: re.Match[str]) -> bool:
    """Whether a statement is of another trial: on its data, by those who took part in it, or of one not yet done."""
    around = match.string[max(0, match.start() - 80) : match.end()]
    if _PARTAKES.search(around) or _NOT_YET.search(match.string):
        return True
    return "were random" not in match[0].lower() and bool(_ANOTHERS.search(match[0]))
