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
_WORD = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS[:9])}))?|{'|'.join(sorted(_UNITS, key=len, reverse=True))}"
_NUMBER = rf"(?<![\w.,%/:()+-])(?<!\d )(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|{_WORD})"
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
    r"|administered|given|injected|implanted|infused|fed|exposed|trained|evaluated|assessed|compared"
    r"|interviewed|surveyed|measured"
    r"|determined|treated|allocated|selected)\b"
    r"|\b(?:participated|took part"
    r"|completed (?:the|this) (?:study|trial)|underwent|received|volunteered|entered|enrolled)\b"
    r"|\bwe (?:\w+ )?(?:studied|investigated|examined|tested|recruited|enrolled|included"
    r"|randomi[sz]ed|randomly|administered|gave|interviewed|surveyed"
    r"|compared|evaluated|assessed|treated|measured)\b",
    _I,
)
_PARTS = re.compile(
    r"\b(?:groups?|arms?|controls?|others?|another|each|every|per|remaining|respectively|of (?:the"
    r"|these|those|whom|them|which)|cohorts?|subgroups?|subset"
    r"|died|finished|dropped|withdrew|excluded|developed|reported|responded|vomited|relapsed"
    r"|studies|trials|reports|hospitals|centers|centres"
    r"|matched|approached|screened|eligible|invited|period|versus|vs|while|whereas|whom"
    r"|placebo[ -]treated|additional(?:ly)?|further|more than"
    r"|less than|fewer than|at least|about|approximately|nearly|over)\b",
    _I,
)
_OTHERS = re.compile(rf"\b(?:\d+|{_WORD}) (?:received|were|was|had|served|got|took|on|to|in the)\b", _I)
_PART_BEFORE = re.compile(
    rf"(?:\bof|\bout of|\b{_WHO} (?:\([^)]*\) )?(?:and|or)|\bonly"
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
    totals: dict[int, str] = {}
    stated: dict[int, str] = {}
    largest = 0
    for text in (title, *sentences):
        matches = [*_STATED.finditer(text), *_BRACKETED.finditer(text)]
        whole = bool(_DESIGN.search(text)) and not (_PARTS.search(text) or _OTHERS.search(text))
        whole = whole and not any(_part(text, match) for match in matches)
        for match in matches:
            count = _value(match["number"])
            largest = max(largest, count)
            if _NOT_A_COUNT.search(match.groupdict().get("between") or ""):
                largest = max(largest, _UNREADABLE)
            elif _TOTAL.search(text[: match.start()]):
                totals.setdefault(count, text)
            elif whole:
                stated.setdefault(count, text)
    if totals or len(stated) != 1:
        return next(iter(totals.items())) if len(totals) == 1 else None
    ((count, text),) = stated.items()
    return (count, text) if _LEAST <= count == largest else None


def _part(text: str, match: re.Match[str]) -> bool:
    """Whether the number is one part of several: "Of 35 patients", "(32 men and 32 women)"."""
    before, after = text[: match.start()], text[match.end() :]
    inside = before.count("(") > before.count(")")
    return inside or bool(_PART_BEFORE.search(before) or _PART_AFTER.match(after))


def _value(number: str) -> int:
    if number[0].isdigit():
        return int(number.replace(",", ""))
    return sum(_VALUES[word] for word in re.split("[- ]", number.lower()))
