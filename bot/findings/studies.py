"""The kind of a study, if its title or a sentence of its abstract states it."""

import re
from collections.abc import Sequence

from bot.findings.study_kinds import ASKED, IN_ABSTRACT, IN_TITLE

_X = re.IGNORECASE | re.VERBOSE
_ASSIGNED = "Randomised study"
"""The kind of a study that says only that its subjects were randomly assigned."""
KINDS = frozenset(name for name, _ in (*IN_TITLE, *IN_ABSTRACT)) | {_ASSIGNED}
REVIEWS = frozenset({"Meta-analysis", "Systematic review", "Scoping review", "Review", "Study protocol"})
"""Kinds that tell of other people's studies, or of a study that has not been done yet."""

_OF_PEOPLE = frozenset({"Randomised trial", "Double-blind study", "Open-label trial"})
_PEOPLE = re.compile(
    r"""
    \b(?: patients?|volunteers?|participants?|subjects  # as a study calls them
        | men|women|children|adults|adolescents|humans?|persons|people )\b
    """,
    _X,
)
_OF_ASKED = re.compile(rf"\b{ASKED}", _X)
_NO_STUDY = re.compile(
    r"""
    \b(?: comment|reply|letter|response\ to|erratum|retract(?:ion|ed)         # about another article
        | rationale(?:,|\ and)\ (?:study\ )?design|methodolog\w+|how\ to )\b  # about how to do one
    """,
    _X,
)
_ANCILLARY = re.compile(
    r"""
    \b(?: nested|alongside|within|ancillary|secondary|post[- ]?hoc                               # a part
        | sub-?stud(?:y|ies)|sub-?analys[ie]s|sub-?group
        | baseline|follow-?up|qualitative|process\ evaluation|recruit\w*                         # a stage
        | uptake|engagement|adherence|fidelity                                                   # how the trial was kept to
        | costs?|cost-\w+|economic|motivations?|observations|participants'\ |scores?|validat\w+  # another question
        | exploratory|further|new\ analyses|re-?analys\w+|predict\w+|mediat\w+|moderat\w+        # another analysis
        | development|designing|design\ of|lessons                                               # its preparation
        | pooled|retrospective|meta-?analys\w+|reviews?|trials )\b                               # several trials
    """,
    _X,
)
"""Words of a title whose study is not a trial itself, but uses the data of one, or tells of several."""
_DENIED = re.compile(
    r"""
    (?: \b(?: not|no|never|nor|neither|without|lack\ of|part(?:ial)?ly  # "not a "
            | quasi|pseudo|non(?!-?inferior) )\b                        # "quasi-", but not "non-inferiority "
      | \bun )[^.:;?]{0,30}$                                            # the "un" of "unrandomised"
    """,
    _X,
)
_DENIED_WITHIN = re.compile(r"\b(?:not|no|never|neither|nor)\b | (?:non|quasi|pseudo|un)[ -]?random", _X)
_BREAK = re.compile(r"[:;.?!\u2013\u2014]\s|\s-\s|\s[\u2013\u2014]")
_BELONGS = re.compile(
    r"""
    \b(?: of|in|from|within|for|on|to|with|by|alongside|at|into  # prepositions
        | about|using|via|between|against|without
        | during|after|following|beyond|towards?                 # times
        | vs|versus|compar\w+|than|like|unlike )\b               # comparisons
    """,
    _X,
)
"""Words after which a kind only qualifies another noun: a study of "costs in a randomised trial" is no trial."""
_ITS_RESULTS = re.compile(
    r"""
    ^\W*(?:(?:main|primary|final|the)\ )?(?:results|findings)\ (?:of|from)\ an?  # "main results of a"
    \ (?!sub)                                                                    # but not of a substudy
    """,
    _X,
)
_OTHERS_DATA = re.compile(
    r"""
      \b(?: particip\w+|enrol\w+|includ\w+|recruit\w+|part  # "took part in a ", "enrolled earlier in a "
          | involved|inform|underway )\ (?:\w+\ )?in\ an?[ ]
    | \bretrospective\b
    | \bdata\b
    """,
    _X,
)
_NOT_YET = re.compile(
    r"""
    \b(?: underway|ongoing|planned|future|required|needed|warrants?|await\w*  # still to come
        | before\ testing|order
        | in\ study\ \w*\d+ )\b                                               # "in study NT12345"
    """,
    _X,
)
_OF_A_TRIAL = re.compile(r"\b(?:of|from|within|for|alongside|after|nested)\b", _X)
_TRIED = re.compile(r"\b(?:trial|interventions?|effects?|efficacy)\b", _X)
_WHOLE = frozenset({"Study protocol", "In vitro", "Chemistry"})
"""Kinds whose patterns read the title as a whole."""
_OF_TITLES = tuple((name, re.compile(pattern, _X)) for name, pattern in IN_TITLE)
_OF_SENTENCES = tuple((name, re.compile(pattern, _X)) for name, pattern in IN_ABSTRACT)


def study_in(title: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Give the kind of study and the text that states it: the title, or else the first sentence that does."""
    if _NO_STUDY.search(title):
        return None
    whole = " ".join((title, *sentences))
    refused = _OF_PEOPLE if _ANCILLARY.search(title) else frozenset()
    if not _OF_ASKED.search(title if "survey" in title.lower() else whole):
        refused |= {"Survey"}  # nobody is asked: it is a survey of things
    for name, pattern in _OF_TITLES:
        if name not in refused and any(name in _WHOLE or _heads(title, match) for match in pattern.finditer(title)):
            return name, title
    refused |= {"Survey"} if _TRIED.search(title) else frozenset()
    refused |= frozenset() if _PEOPLE.search(whole) else _OF_PEOPLE
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
