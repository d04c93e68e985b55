"""How many subjects a study had, where one sentence states it and no other states a different number."""

import re
from collections.abc import Sequence

_UNITS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: place for place, word in enumerate(_UNITS, 1)} | {word: 10 * place for place, word in enumerate(_TENS, 2)}

_I = re.IGNORECASE
_WORD = (
    rf"(?:{'|'.join(_TENS)})(?:[- \u2010\u2011](?:{'|'.join(_UNITS[:9])}))?"
    rf"|{'|'.join(sorted(_UNITS, key=len, reverse=True))}"
)
_NUMBER = (
    r"(?<![\w.,\u00b7%/:()+\u2010-\u2015\u2212-])(?<!\d )(?<!hundred )(?<!thousand )(?<!hundred and )"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{_WORD})"
)
_WHO = (
    r"(?:subjects|volunteers|patients|participants|men|women|males|females|adults|children"
    r"|adolescents|students|individuals|persons|people"
    r"|users|outpatients|inpatients|infants|boys|girls|respondents|interviewees|informants|rats|mice"
    r"|cats|dogs|rabbits"
    r"|monkeys|guinea[ -]pigs|pigeons|sheep|pigs|animals"
    r"|alcoholics|addicts|abusers|smokers|schizophrenics|cases)"
)
_STATED = re.compile(rf"\b{_NUMBER}(?P<between>(?: [A-Za-z][\w'-]*(?:,(?= [a-z]))?){{0,5}}?) (?P<who>{_WHO})\b", _I)
_BRACKETED = re.compile(rf"\b(?P<who>{_WHO}) [(\[][nN] ?= ?(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})[)\];,]", _I)
_TOTAL = re.compile(r"\b(?:a total of|in total|totalling)\s*$", _I)
_DESIGN = re.compile(
    r"\b(?:was|were|has been|have been) (?:\w+ )?(?:studied|investigated|examined|tested|recruited"
    r"|enrolled|included|randomi[sz]ed|randomly|assigned"
    r"|administered|given|injected|divided|implanted|infused|fed|exposed|trained|evaluated|assessed|compared"
    r"|interviewed|surveyed|measured"
    r"|determined|treated|allocated|selected)\b"
    r"|\b(?:participated|took part"
    r"|completed (?:the|this) (?:study|trial)|underwent|received|volunteered|entered|enrolled)\b"
    r"|\bwe (?:\w+ )?(?:studied|investigated|examined|tested|recruited|enrolled|included"
    r"|randomi[sz]ed|randomly|administered|gave|interviewed|surveyed"
    r"|compared|evaluated|assessed|treated|measured)\b",
    _I,
)
_LABEL = re.compile(
    r"\b(?:grades?|steps?|phases?|stages?|experiments?|stud(?:y|ies)|trials?|tables?|fig(?:ure)?s?\.?|days?"
    r"|weeks?|months?|years?|groups?"
    r"|types?|class(?:es)?|levels?|visits?|aged?|ages|parts?|cohorts?|sites?|versions?|tests?|schools?|tiers?"
    r"|models?|no\.?|numbers?"
    r"|aims?|questions?|scenarios?|chapters?|wards?|items?|wave|round|cycles?|sessions?|top|first|last|next) $",
    _I,
)
"""Before a number, what it numbers: "Grade 6 students" are not six."""
_SEVERAL = re.compile(
    r"\b(?:experiments?|stud(?:y|ies)|trials?|parts?|cohorts?|series|samples?) (?:\d\b|i{1,3}\b|one\b|two\b"
    r"|[ab]\b(?! ))"
    r"|\b(?:first|second|third|fourth|two|three|four|five|both|several|other|another"
    r"|pilot) (?:\w+ )?(?:experiments?|stud(?:y|ies)|trials|samples?|surveys)\b",
    _I,
)
"""Work in several parts, each with subjects of its own."""
_N_IS = re.compile(r"\b[nN] ?= ?(?P<number>\d{1,3}(?:,\d{3})+|\d{1,6})")
_IN_GROUP = re.compile(
    r"\b(?:from|in|of) the (?:[\w-]+ ){1,4}?(?:groups?|arms?)\b|\bgroups? and (?:\d|an?other)|^(?:out )?of\b"
    r"|\b(?:secondary|sub-?sample|sub-?study|subset)\b"
    r"|\bcontrols?\b(?! group)",
    _I,
)
_TWO_COUNTS = re.compile(
    rf"\b(?:and|versus|vs\.?|plus) (?:a total of )?(?P<number>\d+|{_WORD})\b(?![.,]?\d|%| ?(?:years?|weeks?"
    rf"|months?|days?|completed|were randomi))",
    _I,
)
_SICK = re.compile(r"\b(?:patients|users|abusers|addicts|alcoholics|schizophrenics|smokers|cases)\b", _I)
_SOUND = re.compile(r"\b(?:healthy|normal|non-?users?|non-?smokers?|drug[- ]naive|controls?)\b", _I)
_PARTS = re.compile(
    r"\b(?:groups?|arms?|controls?|others?|another|each|every|per|remaining|respectively|of (?:the"
    r"|these|those|whom|them|which)|cohorts?|subgroups?|subset"
    r"|died|finished|dropped|withdrew|excluded|developed|reported|responded|vomited|relapsed"
    r"|studies|trials|reports|hospitals|centers|centres"
    r"|matched|approached|screened|eligible|invited|period|versus|vs|while|whereas|whom"
    r"|placebo[ -]treated|additional(?:ly)?|further|more than"
    r"|less than|fewer than|at least|about|approximately|nearly|over|compared (?:to|with)|comparison|pairs?"
    r"|half|some|most|many"
    r"|secondary|sub-?sample|sub-?study|subset)\b"
    rf"|\b(?:in|during|within) (?:the |a )?(?:first |last )?(?:\d+|{_WORD})[- ](?:day|week|month|year)s?\b",
    _I,
)
_OTHERS = re.compile(rf"\b(?:\d+|{_WORD}) (?:received|were|was|had|served|got|took|on|to|in the)\b", _I)
_PART_BEFORE = re.compile(
    rf"(?:\bof|\bout of|\bwith|\bthan|\b{_WHO} (?:\([^)]*\) )?(?:and|or)|\bonly"
    rf"|(?:\d|\b(?:{_WORD})) (?:[\w-]+ ){{0,2}}(?:and|or|vs\.?|versus))\s*$",
    _I,
)
_PART_AFTER = re.compile(rf"(?: \([^)]*\))?,? (?:and|or|plus|with) (?:\d+|{_WORD})\b", _I)
_NOT_A_COUNT = re.compile(
    r"\b(?:hundred|thousand|years?|yr|months?|weeks?|days?|hours?|h|min|mg|kg|g|ml|sessions?|times"
    r"|doses?|percent|per"
    r"|of|in|and|or|to|with|for|was|were|the)\b|%",
    _I,
)
_LEAST = 3
"""Below this a number is rather of those to whom something happened."""
_UNREADABLE = 10**9
"""Stands for a number that the rules cannot read ("two hundred")."""


def subjects_in(title: str, sentences: Sequence[str]) -> tuple[int, str] | None:
    """Give the number of subjects and the sentence that states it; None where none, several or a part is stated."""
    if any(_SEVERAL.search(text) for text in (title, *sentences)):
        return None
    printed = [_value(match["number"]) for text in sentences for match in _N_IS.finditer(text)]
    totals: dict[int, str] = {}
    stated: dict[int, str] = {}
    largest = max(printed, default=0) + (len(printed) > 1)  # of several, each is a part
    for text in (title, *sentences):
        matches = [
            match for match in _STATED.finditer(text) if not _LABEL.search(text[max(0, match.start() - 20) : match.start()])
        ]
        matches += _BRACKETED.finditer(text)
        designed = bool(_DESIGN.search(text)) and not (_SICK.search(text) and _SOUND.search(text))
        whole = designed and not (_TWO_COUNTS.search(text) or _PARTS.search(text) or _OTHERS.search(text))
        whole = whole and not any(_part(text, match) for match in matches)
        for match in matches:
            count = _value(match["number"])
            largest = max(largest, count)
            if _NOT_A_COUNT.search(match.groupdict().get("between") or ""):
                largest = max(largest, _UNREADABLE)
            elif _TOTAL.search(text[max(0, match.start() - 20) : match.start()]):
                if designed and not (_IN_GROUP.search(text) or _TWO_COUNTS.search(text)):
                    totals.setdefault(count, text)
                else:
                    largest = max(largest, _UNREADABLE)
            elif whole:
                stated.setdefault(count, text)
    found = totals or stated
    if len(found) != 1:
        return None
    ((count, text),) = found.items()
    return (count, text) if max(_LEAST, largest) <= count else None


def _part(text: str, match: re.Match[str]) -> bool:
    """Whether the number is one part of several: "Of 35 patients", "(32 men and 32 women)"."""
    before, after = text[: match.start()], text[match.end() : match.end() + 80]
    inside = before.count("(") > before.count(")")
    return inside or bool(_PART_BEFORE.search(before[-80:]) or _PART_AFTER.match(after))


def _value(number: str) -> int:
    if number[0].isdigit():
        return int(number.replace(",", ""))
    return sum(_VALUES[word] for word in re.split("[- \u2010\u2011]", number.lower()))
