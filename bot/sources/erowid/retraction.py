"""Recognises notes that a record's own work was retracted, and ignores text about other retractions.

| printed                                                       | retracted | why                             |
|---------------------------------------------------------------|-----------|---------------------------------|
| `NOTE: Retracted by authors in 1999.`                         | yes       | what editors write              |
| `Retracted article: sleep.`                                   | yes       | the same                        |
| `Retraction in: J Made Up. 2003;5:1.`                         | yes       | the same                        |
| `[RETRACTION: see J Made Up 2003;5:1]`                        | yes       | the same                        |
| `This article has been retracted.`                            | yes       | at the head of a paragraph      |
| `The authors have retracted this paper.`                      | yes       | the same                        |
| `Note: The paper was later retracted.`                        | yes       | in a note                       |
| `NOTE: Retracted by authors 2003. Goats were given hay.`      | yes       | the rest is the abstract        |
| `Mice slept. This article has been retracted by the authors.` | yes       | a sentence, with `has been`     |
| `Doe reported it. This paper was retracted in 1999.`          | no        | perhaps another paper           |
| `The paper was retracted.`                                    | no        | the same, outside notes         |
| `NOTE: The retracted paper by Roe is criticised here.`        | no        | another paper                   |
| `NOTE: This study was not retracted.`                         | no        | says the opposite               |
| `Retraction of: J Made Up. 1999;1:2.`                         | no        | the work is the notice          |
"""

import re

_WORK = r"(?:article|paper|study|work|publication|report|record|abstract|manuscript)"
_BY = r"(?:(?:the|its|all|both|two|senior|corresponding)\ ){0,3}(?:authors?|journal|editors?|publishers?)"
_LATELY = r"(?:(?:now|since|later|then|subsequently|formally|officially|fully|partially|partly)\ ){0,2}"
_HAS_BEEN = rf"(?:has|have)\ {_LATELY}been\ {_LATELY}retracted\b"
_THIS_WAS = rf"this\ {_WORK}\ (?:{_HAS_BEEN}|(?:was|is)\ {_LATELY}retracted\b)"
_THEY_DID = rf"{_BY}(?:\ of\ this\ {_WORK})?\ (?:(?:has|have)\ )?{_LATELY}retracted\ this\ {_WORK}\b"
_HEAD = rf"""
    retracted(?:\ {_WORK})?\s*(?:[:;.\]]|-\s|$)  # `Retracted:`, `Retracted article.`
    | retracted\ by\ {_BY}\b                     # `Retracted by the authors`
    | retracted\ in\s*:
    | retraction\ (?:in|notice)\s*[:.] | retraction\ published\ in\b | retraction\s*:\s*see\b
"""
_NOTE = r"\W*not(?:e|ice)\s*[:.-]\s*"
_RETRACTION = re.compile(
    rf"""
    \W*(?:{_HEAD}|{_THIS_WAS}|{_THEY_DID})  # anywhere, at the head of a paragraph
    | {_NOTE}(?:  # in a note, fewer words are enough
        {_HEAD} | {_THIS_WAS} | {_THEY_DID}
        | retracted\ (?:by|in|on|from|because|due|after|[0-9])\b
        | (?:the\ )?{_WORK}\ (?:{_HAS_BEEN}|(?:(?:was|is)\ )?{_LATELY}retracted(?=\W*(?:$|by|in|on|[0-9])))
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_INSIDE = re.compile(
    rf"""
    (?<=[.!?)\]])\ (?=
        This\ {_WORK}\ {_HAS_BEEN} | This\ {_WORK}\ (?:was|is)\ {_LATELY}retracted\ by\ {_BY}\b      # said of this work
        | (?i:{_THEY_DID})                                                                           # said by its authors
        | \[?(?i:
            retraction\ (?:published\ )?in\s*: | retraction\ published\ in | retraction\s*:\s*see\b  # where the notice is
          )
        | \[(?i:retracted)\] | \[?(?i:note\s*:\s*retract(?:ed|ion)\b)                               # `[Retracted]`
    )
    """,
    re.VERBOSE,
)
"""The beginning of a note of a retraction behind other text."""
_CITING = re.compile(
    r"""
    (?: comments? | erratum | republished | update | retraction )\ (?:in|on|for|from|of)\s*:  # `Erratum in:`
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(
    r"""
    (?<!\S)(?P<word>\S+)
    (?<=[0-9)\]a-zA-Z][.!?]|[.!?][)\]])\s+  # `newts. `, `newts.) `
    (?=[\"\u201c(\[]?[A-Z0-9])              # `The`, `(The`
    """,
    re.VERBOSE,
)
_ABBREVIATED = re.compile(
    r"""
    \W*(?:[a-z]\.)*(?:
        [a-z] | al | dr | eds? | no | pp? | vol                              # `R.`, `et al.`
        | proc | natl | acad | sci | med | res                               # of journals
        | (?:bi|neur|pharmac|physi|psych|psychopharmac|toxic)ol
        | jan | feb | mar | apr | jun | jul | aug | sept? | oct | nov | dec  # months
    )\.
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A word whose stop does not end the sentence."""
_OF_RETRACTION = re.compile(
    r"""
    retract | withdr[ae]w | erratum | mislabel
    | ^\W*see\b
    | \b(?:notice|letter)\ (?:of|to|from)\b | corrections?\ (?:in|to)\b
    | published\ (?:in|on)\b                                           # where it appeared
    | (?:19|20)[0-9]{2}\b[^.]{0,20}; | ;\s?[0-9]+(?:\([^)]*\))?:[0-9]  # `1999;12(3):45`
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words by which a further sentence still belongs to the note of a retraction."""
_PROSE = re.compile(r"\b[a-z]{3,}\b")
_PARTED_BY = ("", "[", "(", ".", ":", ";", "-", "\u2013", "\u2014")


def is_retraction(text: str) -> bool:
    """Whether a paragraph or a note says that the record's own work was retracted."""
    return _RETRACTION.match(text) is not None


def part_retraction(paragraph: str) -> list[str]:
    """Split the note of a retraction (or of an erratum or a comment) from the text in the same paragraph."""
    if not is_retraction(paragraph) and not _CITING.match(paragraph):
        return _INSIDE.split(paragraph, maxsplit=1) if "etract" in paragraph or "ETRACT" in paragraph else [paragraph]
    ends = [end for end in _SENTENCE_END.finditer(paragraph) if not _ABBREVIATED.fullmatch(end["word"])]
    edges = [end.end("word") for end in ends[1:]] + [len(paragraph)]
    for end, edge in zip(ends, edges, strict=False):
        sentence = paragraph[end.end() : edge]
        if _PROSE.search(sentence) and not _OF_RETRACTION.search(sentence):
            return [paragraph[: end.end()].rstrip(), paragraph[end.end() :]]
    return [paragraph]


def retraction_in(line: str | None) -> str | None:
    """Return the note of a retraction at either end of a title or at the end of a source line; None if there is none."""
    if not line or "etract" not in line.casefold():
        return None
    at = re.search(r"\bretract(?:ed|ion)\b", line, re.IGNORECASE)
    if at is None or line[: at.start()].rstrip()[-1:] not in _PARTED_BY:
        return None
    return line[at.start() :].strip(" []().") if _RETRACTION.match(line, at.start()) else None
