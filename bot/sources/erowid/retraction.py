"""Notes that a record's own work was retracted, told from talk of retraction.

| printed                                                       | retracted | why                             |
|---------------------------------------------------------------|-----------|---------------------------------|
| `NOTE: Retracted by authors in 1999.`, `Retracted article: …` | yes       | what editors write              |
| `Retraction in: …`, `[RETRACTION: see …]`                     | yes       | the same                        |
| `This article has been retracted.`                            | yes       | at the head of a paragraph      |
| `The authors have retracted this paper.`                      | yes       | the same                        |
| `Note: The paper was later retracted.`                        | yes       | in a note                       |
| `Mice slept. This article has been retracted by the authors.` | yes       | at a sentence's head, as of now |
| `Doe reported it. This paper was retracted in 1999.`          | no        | of another paper, perhaps       |
| `The paper was retracted.`                                    | no        | the same, but for notes         |
| `NOTE: The retracted paper by Roe is criticised here.`        | no        | another's                       |
| `NOTE: This study was not retracted.`                         | no        | denied                          |
| `Retraction of: …`                                            | no        | the work is the notice          |
"""

import re

_WORK = r"(?:article|paper|study|work|publication|report|record|abstract|manuscript)"
_BY = r"(?:(?:the|its|all|both|two|senior|corresponding) ){0,3}(?:authors?|journal|editors?|publishers?)"
_LATELY = r"(?:(?:now|since|later|then|subsequently|formally|officially|fully|partially|partly) ){0,2}"
_HAS_BEEN = rf"(?:has|have) {_LATELY}been {_LATELY}retracted\b"
_THIS_WAS = rf"this {_WORK} (?:{_HAS_BEEN}|(?:was|is) {_LATELY}retracted\b)"
_THEY_DID = rf"{_BY}(?: of this {_WORK})? (?:(?:has|have) )?{_LATELY}retracted this {_WORK}\b"
_HEAD = (
    rf"retracted(?: {_WORK})?\s*(?:[:;.\]]|-\s|$)|retracted by {_BY}\b|retracted in\s*:|"
    r"retraction (?:in|notice)\s*[:.]|retraction published in\b|retraction\s*:\s*see\b"
)
_NOTE = r"\W*not(?:e|ice)\s*[:.-]\s*"
_RETRACTION = re.compile(
    rf"\W*(?:{_HEAD}|{_THIS_WAS}|{_THEY_DID})|{_NOTE}(?:{_HEAD}|retracted (?:in|on|from|because|due|after|[0-9])\b|"
    rf"{_THIS_WAS}|{_THEY_DID}|(?:the )?{_WORK} (?:{_HAS_BEEN}|"
    rf"(?:(?:was|is) )?{_LATELY}retracted(?=\W*(?:$|by|in|on|[0-9]))))",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?<=[.!?)\]]) (?=(?:This {_WORK} {_HAS_BEEN}|This {_WORK} (?:was|is) {_LATELY}retracted by {_BY}\b|(?i:{_THEY_DID})|"
    r"\[?(?i:retraction (?:published )?in\s*:|retraction published in|retraction\s*:\s*see\b)|\[(?i:retracted)\]))"
)
_PARTED_BY = ("", "[", "(", ".", ":", ";", "-", "\u2013", "\u2014")


def is_retraction(text: str) -> bool:
    """Tell a paragraph or a note that says that the record's own work was retracted."""
    return _RETRACTION.match(text) is not None


def part_retraction(paragraph: str) -> list[str]:
    """Part the note of a retraction from the text that it closes."""
    return _INSIDE.split(paragraph, maxsplit=1) if "etract" in paragraph or "ETRACT" in paragraph else [paragraph]


def retraction_in(line: str | None) -> str | None:
    """Give the retraction note that a title opens or ends with, or that ends a source line; None for most."""
    if not line or "etract" not in line.casefold():
        return None
    at = re.search(r"\bretract(?:ed|ion)\b", line, re.IGNORECASE)
    if at is None or line[: at.start()].rstrip()[-1:] not in _PARTED_BY:
        return None
    return line[at.start() :].strip(" []().") if _RETRACTION.match(line, at.start()) else None
