r"""How many subjects a study had, if a sentence states the number and no sentence states a different one.

| stated                                                               | subjects |
|----------------------------------------------------------------------|----------|
| Twelve healthy male volunteers were studied.                         | 12       |
| One hundred and twenty patients were enrolled.                       | 120      |
| Rats (n = 24) were trained to press a lever.                         | 24       |
| A total of 1,024 patients were enrolled; 500 patients got placebo.   | 1024     |
| Sixteen subjects (8 men and 8 women) were tested.                    | 16       |
| Sixteen subjects (8 men and 7 women) were tested.                    | none     |
| Ten patients received newtol and ten received placebo.               | none     |
| Of 40 patients enrolled, 30 patients were studied.                   | none     |
| In 1985 patients with insomnia were studied.                         | none     |
| Grade 6 students were surveyed.                                      | none     |
"""

import re
from collections.abc import Sequence

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: value for value, word in enumerate([*_UNITS, *_TEENS], 1)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}

_X = re.IGNORECASE | re.VERBOSE
_GAP = r"[\ \u2010\u2011-]"
_WORD = rf"""(?:
      (?:{"|".join(_TENS)})(?:{_GAP}(?:{"|".join(_UNITS)}))?  # "twenty", "twenty-four"
    | {"|".join([*_TEENS, *_UNITS])}                          # "twelve", "two"
)\b"""
"""A number below a hundred, in words."""
_HUNDREDS = rf"(?:{_WORD}|\ban?){_GAP}hundred(?:{_GAP}(?:and{_GAP})?{_WORD})?"
_LARGE = re.compile(
    rf"""
    \b(?: (?:{_HUNDREDS}|{_WORD}|an?){_GAP}thousand   # "two thousand"
          (?:,?\ (?:and\ )?(?:{_HUNDREDS}|{_WORD}))?  # ", one hundred and five", " and twelve"
        | {_HUNDREDS} )\b                             # "a hundred and five"
    """,
    _X,
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,6})"

_WHO = r"""(?:
      subjects|volunteers|patients|participants|outpatients|inpatients|cases  # "twelve volunteers"
    | men|women|males|females|adults|children|adolescents|infants|boys|girls  # sex and age
    | individuals|persons|people
    | students|users|respondents|interviewees|informants                      # "twelve students"
    | alcoholics|addicts|abusers|smokers|schizophrenics                       # "twelve smokers"
    | rats|mice|cats|dogs|rabbits|monkeys|guinea[ -]pigs|pigeons|sheep|pigs|animals
)"""
_STATED = re.compile(
    rf"""
    \b(?<![\w.,\u00b7%/:()+\u2010-\u2015\u2212-])(?<!\d\ )       # not the end of 1.5, 3/4, 1 000
    (?<!hundred\ )(?<!thousand\ )(?<!hundred\ and\ )             # nor of "two hundred and five"
    (?P<number>{_DIGITS}|{_WORD})
    (?P<between>(?:\ [A-Za-z][\w'-]*(?:,(?=\ [a-z]))?){{0,5}}?)  # " healthy, male"
    \ (?P<who>{_WHO})\b
    """,
    _X,
)
_BRACKETED = re.compile(rf"\b(?P<who>{_WHO})\ [(\[]n\ ?=\ ?(?P<number>{_DIGITS})[)\];,]", _X)
_N_IS = re.compile(rf"\bn\ ?=\ ?(?P<number>{_DIGITS})", _X)
_TOTAL = re.compile(r"\b(?:a\ total\ of|in\ total|totalling)\s*$", _X)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:1[89]|20)\d\d"
_DATED = re.compile(
    rf"""
    \b(?P<before> in|during|by|since|until|till|from|before|after|between|around|circa  # "in 1985"
        | early|late|mid|years?|throughout|within|through|prior\ to                     # "early 1985"
        | {_MONTH}|(?:spring|summer|autumn|fall|winter)(?:\ of)? )                      # "May 1985", "summer of 1985"
    (?P<gap>\ |-)
    {_YEAR} (?:\s?(?:-|\u2013|to|and|or|through|until)\s?(?:{_YEAR}|\d\d))?             # 1985-87, "1985 to 1987"
    \b (?![,.]?\d)
    """,
    _X,
)
"""A year, which is no number of subjects: `In 1985 patients with insomnia were studied.`"""
_COMPOSED = re.compile(
    rf"""
    \b(?P<total>{_DIGITS}|{_WORD}) (?P<who>(?:\ [\w'-]+){{0,5}}?\ {_WHO})  # "16 healthy subjects"
    (?: \ \((?P<aside>[^()]{{1,80}})\)                                     # " (8 men and 8 women)"
      | ,\ (?P<apposed>[^(),]{{1,60}}(?:,\ [^(),]{{1,40}})?), )            # ", 8 men and 8 women,"
    """,
    _X,
)
"""A number of subjects, followed by the numbers of its parts."""
_PART = re.compile(
    rf"""
    \b(?P<number>{_DIGITS}|{_WORD})\s?                            # "8 ", "8"
    (?:[\w-]+\s){{0,2}}?(?:{_WHO}|controls|(?:fe)?males?|[mf])\b  # "healthy men", "M"
    """,
    _X,
)

_DESIGN = re.compile(
    r"""
      \b(?:was|were|has\ been|have\ been)\ (?:\w+\ )?
      (?: studied|investigated|examined|tested|evaluated|assessed|compared|measured|determined    # "were studied"
        | interviewed|surveyed                                                                    # "were interviewed"
        | recruited|enrolled|included|selected|randomi[sz]ed|randomly|assigned|allocated|divided  # "were then recruited"
        | administered|given|injected|implanted|infused|fed|exposed|trained|treated )\b           # "were given"
    | \b(?: participated|took\ part|completed\ (?:the|this)\ (?:study|trial)                      # "took part"
          | underwent|received|volunteered|entered|enrolled )\b                                   # "received"
    | \bwe\ (?:\w+\ )?
      (?: studied|investigated|examined|tested|evaluated|assessed|compared|measured               # "we studied"
        | interviewed|surveyed                                                                    # "we interviewed"
        | recruited|enrolled|included|randomi[sz]ed|randomly                                      # "we recruited"
        | administered|gave|treated )\b                                                           # "we gave"
    """,
    _X,
)
_NUMBERED = re.compile(
    r"""
    \b(?: grades?|steps?|phases?|stages?|class(?:es)?|levels?|tiers?|types?|versions?|models?            # degrees and kinds
        | experiments?|stud(?:y|ies)|trials?|tests?|parts?|chapters?|items?|questions?|aims?|scenarios?  # parts of the work
        | tables?|fig(?:ure)?s?\.?|no\.?|numbers?                                                        # parts of the paper
        | days?|weeks?|months?|years?|visits?|sessions?|cycles?|wave|round|aged?|ages                    # times
        | groups?|cohorts?|sites?|schools?|wards?                                                        # groups and places
        | top|first|last|next )\ $                                                                       # "the first "
    """,
    _X,
)
"""Words right before a number that is a label or an age, or counts only a part: "Grade 6 students" are not six students."""
_SEVERAL = re.compile(
    r"""
      \b(?:experiments?|stud(?:y|ies)|trials?|parts?|cohorts?|series|samples?)              # "experiment 2", "study B"
      \ (?:\d\b|i{1,3}\b|one\b|two\b|[ab]\b(?!\ ))
    | \b(?:first|second|third|fourth|two|three|four|five|both|several|other|another|pilot)  # "two clinical trials"
      \ (?:\w+\ )?(?:experiments?|stud(?:y|ies)|trials|samples?|surveys)\b
    """,
    _X,
)
"""Work in several parts, each with subjects of its own."""
_IN_GROUP = re.compile(
    r"""
      \b(?:from|in|of)\ the\ (?:[\w-]+\ ){1,4}?(?:groups?|arms?)\b  # "in the first group"
    | \bgroups?\ and\ (?:\d|an?other)                               # "group and 72"
    | \bcontrols?\b(?!\ group)
    | ^(?:out\ )?of\b                                               # "Out of"
    | \b(?:secondary|sub-?sample|sub-?study|subset)\b
    """,
    _X,
)
_TWO_COUNTS = re.compile(
    rf"""
    \b(?:and|versus|vs\.?|plus)\ (?:a\ total\ of\ )?(?:\d+|{_WORD})\b              # "and a total of 20"
    (?! [.,]?\d | % | \ ?(?:years?|weeks?|months?|days?|completed|were\ randomi))  # but not "and 20 years"
    """,
    _X,
)
_SICK = re.compile(r"\b(?: patients | users | abusers | addicts | alcoholics | schizophrenics | smokers | cases )\b", _X)
_SOUND = re.compile(r"\b(?: healthy | normal | non-?users? | non-?smokers? | drug[- ]naive | controls? )\b", _X)
_GROUPS = re.compile(
    rf"""
      \b(?: groups?|subgroups?|arms?|cohorts?|pairs?|controls?|comparison|placebo[ -]treated       # groups
          | others?|another|each|every|per|remaining|respectively                                  # one of several
          | while|whereas|versus|vs|compared\ (?:to|with)                                          # comparisons
          | half|some|most|many|whom|of\ (?:the|these|those|whom|them|which)                       # parts of them
          | subset|secondary|sub-?sample|sub-?study
          | additional(?:ly)?|further|more\ than|less\ than|fewer\ than|at\ least|over             # no exact number
          | about|approximately|nearly
          | died|finished|dropped|withdrew|excluded|developed|reported|responded|vomited|relapsed  # what became of some
          | matched|approached|screened|eligible|invited                                           # who was considered
          | studies|trials|reports|hospitals|centers|centres|period )\b                            # what else is counted
    | \b(?:in|during|within)\ (?:the\ |a\ )?(?:first\ |last\ )?(?:\d+|{_WORD})                     # "in the first 7 days"
      [- ](?:day|week|month|year)s?\b
    """,
    _X,
)
"""Words of a sentence whose number may count only a part of the subjects, or something else."""
_DID = re.compile(
    rf"""
    \b(?:\d+|{_WORD})
    \ (?:received|were|was|had|served|got|took|on|to|in\ the)\b  # "ten received"
    """,
    _X,
)
_PART_BEFORE = re.compile(
    rf"""
    (?: \bof|\bout\ of|\bwith|\bthan|\bonly
      | \b{_WHO}\ (?:\([^)]*\)\ )?(?:and|or)                                # "men and", of "men and 20 women"
      | (?:\d|\b{_WORD})\ (?:[\w-]+\ ){{0,2}}(?:and|or|vs\.?|versus) )\s*$  # "10 or", of "10 or 20 men"
    """,
    _X,
)
_PART_AFTER = re.compile(rf"(?:\ \([^)]*\))?,?\ (?:and|or|plus|with)\ (?:\d+|{_WORD})\b", _X)
_NOT_A_COUNT = re.compile(
    r"""
      \b(?: hundred|thousand|percent|per|times|doses?|sessions?
          | years?|yr|months?|weeks?|days?|hours?|h|min|mg|kg|g|ml  # units
          | of|in|and|or|to|with|for|was|were|the )\b               # another phrase
    | %
    """,
    _X,
)
_LEAST = 3
"""A smaller number probably counts only those to whom something happened."""
_UNREADABLE = 10**9
"""Stands for a number that the rules cannot read; it is larger than all others, so that none of them is given."""


def subjects_in(title: str, sentences: Sequence[str]) -> tuple[int, str] | None:
    """Give the number of subjects and the sentence that states it; None if only parts or several numbers are stated."""
    if any(_SEVERAL.search(text) for text in (title, *sentences)):
        return None
    printed = [_value(match["number"]) for text in sentences for match in _N_IS.finditer(text)]
    totals: dict[int, str] = {}
    stated: dict[int, str] = {}
    largest = max(printed, default=0) + (len(printed) > 1)  # if there are several, each counts only a part
    for evidence in (title, *sentences):
        text = _readable(evidence)
        matches = [
            one for one in _STATED.finditer(text) if not _NUMBERED.search(text[max(0, one.start() - 20) : one.start()])
        ]
        matches += _BRACKETED.finditer(text)
        designed = bool(_DESIGN.search(text)) and not (_SICK.search(text) and _SOUND.search(text))
        whole = designed and not (_TWO_COUNTS.search(text) or _GROUPS.search(text) or _DID.search(text))
        whole = whole and not any(_is_part(text, match) for match in matches)
        for match in matches:
            count = _value(match["number"])
            largest = max(largest, count)
            if _NOT_A_COUNT.search(match.groupdict().get("between") or ""):
                largest = max(largest, _UNREADABLE)
            elif _TOTAL.search(text[max(0, match.start() - 20) : match.start()]):
                if designed and not (_IN_GROUP.search(text) or _TWO_COUNTS.search(text)):
                    totals.setdefault(count, evidence)
                else:
                    largest = max(largest, _UNREADABLE)
            elif whole:
                stated.setdefault(count, evidence)
    found = totals or stated
    if len(found) != 1:
        return None
    ((count, text),) = found.items()
    return (count, text) if max(_LEAST, largest) <= count else None


def _readable(text: str) -> str:
    """Write large numbers in digits, and leave out years and the parts of a number that add up to it."""
    text = _LARGE.sub(lambda match: str(_value(match[0])), text)
    text = _DATED.sub(r"\g<before>\g<gap>then", text)
    return _COMPOSED.sub(_without_parts, text)


def _without_parts(match: re.Match[str]) -> str:
    parts = [_value(part["number"]) for part in _PART.finditer(match["aside"] or match["apposed"])]
    return match["total"] + match["who"] if sum(parts) == _value(match["total"]) else match[0]


def _is_part(text: str, match: re.Match[str]) -> bool:
    """Whether the number is one part of several: "Of 35 patients", "(32 men and 32 women)"."""
    before, after = text[: match.start()], text[match.end() : match.end() + 80]
    inside = before.count("(") > before.count(")")
    return inside or bool(_PART_BEFORE.search(before[-80:]) or _PART_AFTER.match(after))


def _value(number: str) -> int:
    """Read a number in digits or words."""
    if number[0].isdigit():
        return int(number.replace(",", ""))
    total = group = 0
    for word in re.findall("[a-z]+", number.lower()):
        if word == "thousand":
            total, group = total + 1000 * max(1, group), 0
        else:
            group = 100 * max(1, group) if word == "hundred" else group + _VALUES.get(word, 0)
    return total + group
