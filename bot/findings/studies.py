"""Kinds of study, as a title or a sentence states them."""

import re
from collections.abc import Sequence

_I = re.IGNORECASE
_TRIAL = r"(?:trial|study|design|investigation|experiment|comparison|protocol)\b"
_RANDOMISED = rf"randomi[sz]ed\b(?:[ ,-]+[\w-]+){{0,6}}?[ -]+{_TRIAL}"
_IN_TITLE = (
    ("Meta-analysis", r"\bmeta-?analysis\b"),
    ("Systematic review", r"\bsystematic(?: literature)? review\b"),
    ("Scoping review", r"\bscoping review\b"),
    (
        "Case report",
        (
            r"\bcase reports?\b|^(?:a|one|two|three) (?:\w+ )?cases? of\b"
            r"|\breport of (?:a|one|two|three|\d+) cases?\b"
        ),
    ),
    ("Case series", r"\bcase series\b"),
    (
        "Review",
        (
            r"\b(?:literature|critical|narrative|brief|mini|historical|comprehensive)[ -]review\b"
            r"|[:.?] an? (?:\w+ )?review\.?$|^an? review of\b|^review of\b|: review$"
        ),
    ),
    ("Randomised trial", rf"\b{_RANDOMISED}"),
    ("Survey", r"\bsurvey\b"),
    ("Qualitative study", r"\bqualitative (?:study|analysis|interview\w*)\b"),
    ("Ethnography", r"\bethnograph(?:y|ic)\b"),
    ("Cohort study", r"\bcohort study\b"),
    ("Case-control study", r"\bcase[ -]control study\b"),
    ("Open-label trial", rf"\bopen[ -]label\b(?: [\w-]+){{0,3}} {_TRIAL}"),
    ("Pilot study", r"\bpilot (?:study|trial)\b"),
    ("In vitro", r"^(?!.*\bin vivo\b).*\bin vitro\b"),
    (
        "Chemistry",
        (
            r"^(?:the |total |improved |an? )?(?:\w+ )?syntheses of|^(?:the |a |an )?(?:total |improved "
            r"|facile |stereoselective )?synthesis (?:of|and)\b"
            r"|\bcrystal structure of\b|\b(?:by|using) (?:gas|liquid|thin[ -]layer"
            r"|high[ -]performance liquid) chromatograph"
        ),
    ),
)
"""Kinds, the telling first, and how a title states them."""

_THIS = r"\b(?:this|the present|the current|our|present)"
_WE_DID = r"\bwe (?:\w+ )?(?:conducted|performed|carried out|did|undertook|report|describe|present)(?: \w+)?"
_OF_THIS = rf"(?:{_THIS}|{_WE_DID})"
_IN_ABSTRACT = (
    ("Meta-analysis", rf"{_OF_THIS}\b(?: [\w-]+){{0,5}} meta-?analysis\b"),
    ("Systematic review", rf"{_OF_THIS}\b(?: [\w-]+){{0,4}} systematic(?: literature)? review\b"),
    (
        "Case report",
        (
            rf"{_THIS}\b(?: [\w-]+){{0,2}} case report\b|\bwe (?:report|describe|present) (?:the case"
            rf"|a case|here a case|one case) of\b"
        ),
    ),
    (
        "Review",
        (
            r"\b(?:this|the present) (?:\w+ )?review (?:article |paper )?"
            r"(?:will|summari|discuss|focus|cover|describ|present|examin|highlight|provid|explor|aim|consider)"
            r"|\b(?:this|the present) (?:article|paper|chapter) reviews\b"
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
            r"|survey (?:was|of \d[\d,]* \w+ was) (?:conducted|carried out))\b"
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

KINDS = frozenset(name for name, _ in (*_IN_TITLE, *_IN_ABSTRACT))
"""The names of all kinds."""
REVIEWS = frozenset({"Meta-analysis", "Systematic review", "Scoping review", "Review"})
"""Kinds that tell of other people's studies."""

_OF_PEOPLE = frozenset({"Randomised trial", "Double-blind study", "Open-label trial"})
_PEOPLE = re.compile(
    r"\b(?:patients?|volunteers?|participants?|subjects|men|women|children|adults|adolescents|humans?|persons|people)\b", _I
)
_LETTERS = re.compile(r"\b(?:comment|reply|letter|response to|erratum|retract(?:ion|ed))\b", _I)
_OF_TITLES = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_TITLE)
_OF_SENTENCES = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_ABSTRACT)


def study_in(title: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Give the kind of study and what states it: the title, or else the first sentence that says what this study is."""
    if _LETTERS.search(title):
        return None
    for name, pattern in _OF_TITLES:
        if pattern.search(title):
            return name, title
    people = bool(_PEOPLE.search(" ".join(sentences)))
    for name, pattern in _OF_SENTENCES:
        for text in sentences:
            if pattern.search(text) and (people or name not in _OF_PEOPLE):
                return name, text
    return None
