"""Kinds of study, as a title or a sentence states them."""

import re
from collections.abc import Sequence

_X = re.IGNORECASE | re.VERBOSE
_TRIAL = r"(?:trial|study|design|investigation|experiment|comparison|protocol)\b"
_RANDOMISED = rf"randomi[sz]ed\b(?:[\ ,-]+[\w-]+){{0,6}}?[\ -]+{_TRIAL}"
_CHEMICAL = r"""(?:
      derivatives?|analogu?e?s?|esters?|salts?|alkaloids?|congeners?|metabolites?|isomers?|enantiomers?
    | [\w-]*(?:                                                                # the endings of substances' names
          amines?|amides?|idines?|azines?|azoles?|olines?|phines?|indoles?|phenones?|codones?|etones?|quinones?|epines?
        | ergides?|cybin|cyn|cinn?|caines?|bromides?|chlorides?|iodides?|pyrans?|furans?|cannabinols?|ethanols? )
    | [\w,']*\d-\w+
)\b"""
_ILL = r"""(?:
      patients?|m[ae]n|wom[ae]n|boy|girl|infant|child|children|adolescents?|male|female|twins|year[- ]old
    | fatal\w*|deaths?|suicide|poisoning|intoxication|overdose|toxicity|dependence|addiction|abuse
    | syndrome|disease|disorder|failure|psychos[ie]s|delirium|seizures?|stroke|infarction|hepatitis
    | cancer|carcinoma|tumou?r|anaphylaxis|allergy | \w{4,}(?:itis|osis|oma|emia|aemia|pathy|lysis)
)\b"""
_ASKED = r"""(?:
      patients?|volunteers?|participants?|subjects|men|women|children|adults|adolescen\w+|youth|teenagers|persons|people
    | students?|users?|clients|consumers|residents|members|veterans|workers|smokers|drinkers|parents|households?|public
    | physicians?|doctors?|nurses?|pharmacists?|psychiatrists?|psychologists?|oncologists?|practitioners?|professionals
    | healers?|informants|respondents?|ravers|attend\w+|population|inhabitants
    | questionnaires?|interview\w*|online|web-based|internet
)\b"""
"""Whom a survey asks, or how; other surveys are of things."""
_IN_TITLE = (
    (
        "Study protocol",
        r"""
          \b(?:study|trial|review|research)\ protocol\b
        | \bprotocol\ (?:for|of)\ an?\ [^:]*(?:trial|study|review|survey)\b
        """,
    ),
    ("Meta-analysis", r"\bmeta-?analysis\b"),
    ("Systematic review", r"\bsystematic(?:\ literature)?\ review\b"),
    ("Scoping review", r"\bscoping\ review\b"),
    (
        "Case report",
        rf"""
          \bcase\ reports?\b | \breport\ of\ (?:a|one|two|three|\d+)\ cases?\b
        | ^(?:a|one|two|three)\ (?:\w+\ )?cases?\ of\b(?=[^:.?]*\b{_ILL})
        """,
    ),
    ("Case series", r"\bcase\ series\b"),
    (
        "Review",
        r"""
          \b(?:literature|critical|narrative|brief|mini|historical|comprehensive)[ -]review\b
        | [:.?]\ an?\ (?!retrospective|chart|records?|book|film|case|peer)(?:[\w-]+\ )?review\.?$
        | ^a\ review\ of\ (?!["'\u2018\u201c]) | :\ review$
        """,
    ),
    ("Randomised trial", rf"\b{_RANDOMISED}"),
    (
        "Survey",
        r"""
          \b(?:online|internet|web(?:-based)?|postal|telephone|mail(?:ed)?|questionnaire|household)\ survey\b
        | \bsurvey(?=\ (?:of|among|in|on|to|with|from|about|for)\b|[.:]|$)
        """,
    ),
    ("Qualitative study", r"\bqualitative\ (?:study|analysis|interview\w*)\b"),
    ("Ethnography", r"\bethnograph(?:y|ic)\b"),
    ("Cohort study", r"\bcohort\ study\b"),
    ("Case-control study", r"\bcase[ -]control\ study\b"),
    ("Open-label trial", rf"\bopen[ -]label\b(?:\ [\w-]+){{0,3}}\ {_TRIAL}"),
    ("Pilot study", r"\bpilot\ (?:study|trial)\b"),
    (
        "In vitro",
        r"""
        ^(?!.*\b(?:in\ vivo|clinical|patients?|volunteers|in\ (?:rats|mice|man|humans|animals))\b).*?\bin\ vitro\b
        (?![ -](?:fertili|matur|propagat|regenerat|diagnos|plant|culture|micropropag|shoot|flower))
        """,
    ),
    (
        "Chemistry",
        rf"""
          ^(?:the\ |a\ |an\ )?(?:(?:total|improved|facile|stereoselective|efficient|new|chemical)\ )?synthes[ie]s\ of\b
          (?=[^:.]*\b{_CHEMICAL})(?!.*\b(?:in|by|during|from|evidence|literature|data|proteins?)\b)
        | \bcrystal\ structure\ of\b(?=[^:]*\b{_CHEMICAL})
          (?!.*\b(?:domain|proteins?|receptors?|enzyme|complex\w*|\w+ase|virus|subunit|bound|channel|transporter)\b)
        | \b(?:by|using)\ (?:gas|liquid|thin[ -]layer|high[ -]performance\ liquid)\ chromatograph
        """,
    ),
)
"""Kinds, the most specific first, and how a title states them."""

_THIS = r"\b(?:this|the\ present|the\ current|our|present)"
_OWN = rf"""(?:
      {_THIS}
    | \bwe\ (?:\w+\ )?(?:conducted|performed|carried\ out|did|undertook|report|describe|present)(?:\ \w+)?
)"""
_ANIMALS = r"(?:rats|mice|guinea[ -]pigs|rabbits|hamsters|gerbils|cats|dogs|monkeys|baboons|pigeons|sheep)\b"
_IN_ABSTRACT = (
    ("Meta-analysis", rf"{_OWN}\b(?:\ [\w-]+){{0,5}}\ meta-?analysis\b"),
    ("Systematic review", rf"{_OWN}\b(?:\ [\w-]+){{0,4}}\ systematic(?:\ literature)?\ review\b(?!,?\ and\ (?!meta))"),
    (
        "Case report",
        rf"""
          {_THIS}\b(?:\ [\w-]+){{0,2}}\ case\ report\b
        | \bwe\ (?:report|describe|present)\ (?:the\ case|a\ case|here\ a\ case|one\ case)\ of\b(?=.{{0,80}}?\b{_ILL})
        """,
    ),
    (
        "Review",
        r"""
          \b(?:this|the\ present)\ (?:\w+\ )?review\ (?:article\ |paper\ )?
          (?:will|summari|discuss|focus|cover|describ|present|examin|highlight|provid|explor|aim|consider)
        | \b(?:this|the\ present)\ (?:article|paper|chapter)\ reviews\b
        | \bin\ (?:this|the\ present)\ (?:\w+\ )?review,?\ (?:article,?\ )?we\b
        """,
    ),
    (
        "Randomised trial",
        rf"""
          \bin\ (?:a|this|the\ present|our)\b(?:\ [\w,-]+){{0,6}}?[\ -]{_RANDOMISED}
        | {_OWN}\b(?:\ [\w,-]+){{0,5}}[\ -]{_RANDOMISED}
        | ^(?:an?\ )?(?:[\w-]+,?\ ){{0,5}}{_RANDOMISED}
          (?=\ (?:was|of|in|with|comparing|conducted|involving|design|at)\b|\.?$)
        | \b(?:patients|volunteers|participants|subjects|women|men|children)\b[^.;]{{0,60}}
          \bwere\ (?:randomi[sz]ed|randomly\ (?:assigned|allocated))\b
        """,
    ),
    (
        "Double-blind study",
        rf"""
        \bin\ (?:a|this|the\ present)\b(?:\ [\w,-]+){{0,4}}?[\ -]?double[ -]blind\b
        (?:[\ ,-]+[\w-]+){{0,5}}?[\ -]+{_TRIAL}
        """,
    ),
    (
        "Survey",
        rf"""
        \b(?: we\ (?:\w+\ )?(?:surveyed|conducted\ (?:a|an)(?:\ \w+){{0,3}}\ survey)
            | survey\ (?:was|of\ \d[\d,]*\ \w+\ was)\ (?:conducted|carried\ out) )\b(?=.{{0,100}}?\b{_ASKED})
        """,
    ),
    ("Cohort study", rf"(?:{_OWN}|\bin\ (?:a|this))\b(?:\ [\w-]+){{0,5}}\ cohort\ study\b"),
    ("Case-control study", rf"(?:{_OWN}|\bin\ (?:a|this))\b(?:\ [\w-]+){{0,5}}\ case[ -]control\ study\b"),
    (
        "Ethnography",
        rf"""
          \bethnographic\ (?:fieldwork|field\ work|interviews|observation)\b
        | {_OWN}\b(?:\ [\w-]+){{0,2}}\ ethnograph
        """,
    ),
    (
        "Open-label trial",
        rf"(?:{_OWN}|\bin\ (?:a|this|an)|^an?)\b(?:\ [\w-]+,?){{0,4}}\ open[ -]label\b(?:[\ ,-]+[\w-]+){{0,4}}?\ {_TRIAL}",
    ),
    (
        "Animal study",
        rf"""
          \b{_ANIMALS}(?:\ \([^)]*\))?\ (?:were|was|had\ been|received)(?:\ \w+){{0,2}}
          \ (?:injected|given|administered|infused|fed|treated|pretreated|exposed
            |implanted|trained|tested|ana?esthetized|killed)\b
        | \bin\ (?:conscious|freely[ -]moving|awake|an(?:a)?esthetized|unrestrained|behaving)\ (?:\w+\ )?{_ANIMALS}
        """,
    ),
)
"""Kinds, and how a sentence of an abstract states them of its own study."""

_ASSIGNED = "Randomised study"
"""The kind of a study that says only that its subjects were randomly assigned."""
KINDS = frozenset(name for name, _ in (*_IN_TITLE, *_IN_ABSTRACT)) | {_ASSIGNED}
REVIEWS = frozenset({"Meta-analysis", "Systematic review", "Scoping review", "Review", "Study protocol"})
"""Kinds that tell of other people's studies, or of a study that has not been done yet."""

_OF_PEOPLE = frozenset({"Randomised trial", "Double-blind study", "Open-label trial"})
_PEOPLE = re.compile(
    r"\b(?:patients?|volunteers?|participants?|subjects|men|women|children|adults|adolescents|humans?|persons|people)\b", _X
)
_OF_ASKED = re.compile(rf"\b{_ASKED}", _X)
_NO_STUDY = re.compile(
    r"""
    \b(?: comment|reply|letter|response\ to|erratum|retract(?:ion|ed)                      # about another article
        | rationale(?:,|\ and)\ (?:study\ )?design|methodolog\w+|how\ to )\b                # about how to do one
    """,
    _X,
)
_ANCILLARY = re.compile(
    r"""
    \b(?: nested|alongside|within|ancillary|secondary|post[- ]?hoc|sub-?stud(?:y|ies)|sub-?analys[ie]s|sub-?group  # a part
        | baseline|follow-?up|qualitative|process\ evaluation|recruit\w*|uptake|engagement|adherence|fidelity
        | costs?|cost-\w+|economic|motivations?|observations|participants'\ |scores?|validat\w+
        | exploratory|further|new\ analyses|re-?analys\w+|predict\w+|mediat\w+|moderat\w+             # another analysis
        | development|designing|design\ of|lessons                                                   # its preparation
        | pooled|retrospective|meta-?analys\w+|reviews?|trials )\b                                   # several trials
    """,
    _X,
)
"""Words of a title whose study uses the data of a trial, or tells of many."""
_DENIED = re.compile(
    r"""
    (?: \b(?:not|no|never|nor|neither|without|lack\ of|part(?:ial)?ly|quasi|pseudo|non(?!-?inferior))\b
      | \bun )[^.:;?]{0,30}$
    """,
    _X,
)
_DENIED_WITHIN = re.compile(r"\b(?:not|no|never|neither|nor)\b | (?:non|quasi|pseudo|un)[ -]?random", _X)
_BREAK = re.compile(r"[:;.?!\u2013\u2014]\s|\s-\s|\s[\u2013\u2014]")
_BELONGS = re.compile(
    r"""
    \b(?: of|in|from|within|for|on|to|with|by|alongside|at|into|about|using|via|between|against|without
        | during|after|following|beyond|towards?|vs|versus|compar\w+|than|like|unlike )\b
    """,
    _X,
)
"""A word that makes the words behind it part of something else: "costs in a randomised trial" are no trial."""
_ITS_RESULTS = re.compile(r"^\W*(?:(?:main|primary|final|the)\ )?(?:results|findings)\ (?:of|from)\ an?\ (?!sub)", _X)
_OTHERS_DATA = re.compile(
    r"""
      \b(?:particip\w+|enrol\w+|includ\w+|recruit\w+|part|involved|inform|underway)\ (?:\w+\ )?in\ an?[ ]
    | \bretrospective\b | \bdata\b
    """,
    _X,
)
_NOT_YET = re.compile(
    r"""
    \b(?: underway|ongoing|planned|future|required|needed|warrants?|await\w*|before\ testing|order
        | in\ study\ \w*\d+ )\b
    """,
    _X,
)
_OF_A_TRIAL = re.compile(r"\b(?:of|from|within|for|alongside|after|nested)\b", _X)
_TRIED = re.compile(r"\b(?:trial|interventions?|effects?|efficacy)\b", _X)
_WHOLE = frozenset({"Study protocol", "In vitro", "Chemistry"})
"""Kinds whose patterns read the title as a whole."""
_OF_TITLES = tuple((name, re.compile(pattern, _X)) for name, pattern in _IN_TITLE)
_OF_SENTENCES = tuple((name, re.compile(pattern, _X)) for name, pattern in _IN_ABSTRACT)


def study_in(title: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Give the kind of study and the text that states it: the title, or else the first sentence that does."""
    if _NO_STUDY.search(title):
        return None
    text = " ".join((title, *sentences))
    refused = _OF_PEOPLE if _ANCILLARY.search(title) else frozenset()
    if not _OF_ASKED.search(title if "survey" in title.lower() else text):
        refused |= {"Survey"}  # a survey of things
    for name, pattern in _OF_TITLES:
        if name not in refused and any(name in _WHOLE or _heads(title, match) for match in pattern.finditer(title)):
            return name, title
    refused |= {"Survey"} if _TRIED.search(title) else frozenset()
    refused |= frozenset() if _PEOPLE.search(text) else _OF_PEOPLE
    for name, pattern in _OF_SENTENCES:
        for text in sentences:
            match = pattern.search(text)
            if (
                name not in refused
                and match
                and not _denied(text, match)
                and not (name in _OF_PEOPLE and _is_of_another(match))
            ):
                return (_ASSIGNED if "were random" in match[0].lower() else name), text
    return None


def _heads(title: str, match: re.Match[str]) -> bool:
    """Whether a kind is the head of its part of the title, not denied and not a complement of another word."""
    before = title[: match.start()] if match[0][0] not in ":.?" else ""
    part = _ITS_RESULTS.sub("", _BREAK.split(before)[-1])
    return not (_denied(title, match) or _BELONGS.search(part))


def _denied(text: str, match: re.Match[str]) -> bool:
    return bool(_DENIED.search(text[max(0, match.start() - 60) : match.start()]) or _DENIED_WITHIN.search(match[0]))


def _is_of_another(match: re.Match[str]) -> bool:
    """Whether a statement is about another trial: its data, those who took part in it, or one not done yet."""
    around = match.string[max(0, match.start() - 80) : match.end()]
    if _OTHERS_DATA.search(around) or _NOT_YET.search(match.string):
        return True
    return "were random" not in match[0].lower() and bool(_OF_A_TRIAL.search(match[0]))
