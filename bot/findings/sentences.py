"""Sentences of biomedical prose, as offsets into the text.

Each stop before a space may end a sentence, and so may a stop that seems to have lost its space. Tables of abbreviations say
which stops do not end one, and the next word says whether a sentence can begin there. The rules know doses and routes
(`5 mg/kg i.p.`), taxa (`P. bracteatum Lindl.`), initials, cited volumes, numbered lists, and the numbers of references after
a stop (`.[1]`, `.(2,3)`).
"""

import re
from bisect import bisect

from bot.findings.abbreviations import ROTATION, belongs_to_word, goes_on

_STOP = re.compile(
    r"""
    (?<![.!?\u2026]) [.!?\u2026]++                                             # the stop
    (?P<after> ["'\u201d\u2019»)\]]*+                                          # quotes and brackets that close after it
        (?: \[\d[\d,;\u2013\u2014 -]*+\]                                       # numbers of references: [1, 2]
          | \(\d[\d,;\u2013\u2014 -]*+\)(?=\s)                                 # (2,3)
          | (?<=[a-z]{2}\.) \d{1,2}(?:[,\u2013-]\d{1,2}){0,5}(?=\s[A-Z]) )* )  # slept.1,2 Mice
    (?P<gap> \s+ | $
      | (?=\d{1,2}\.\s+[A-Z])                                                  # a numbered point: slept.2. Mice
      | (?=[A-Z][a-z]) )                                                       # a lost space: slept.Mice
    """,
    re.VERBOSE,
)
_NEWLINES = re.compile(r"\n\s*")
_MARKER = re.compile(r"[(\[]?(?:\d{1,2}|[ivx]{1,4}|[a-hA-H])[.)\]]{1,2}\s*")
_LISTED = re.compile(
    r"""
      \((?:\d{1,2}|[ivx]{1,4}|[a-h])\)\s(?=[A-Z])  # (ii) Mice
    | \(c\)\s(?=(?:19|20)\d\d)                     # (c) 1999, the sign of copyright
    | (?:[ivx]{1,4}|[a-h])\)\s                     # b) Mice, b) mice
    | [ivx]{1,4}\.\s(?=[A-Z])                      # ii. Mice
    """,
    re.VERBOSE,
)
"""The number or letter of a listed point, with which a sentence may begin."""
_WORD_AFTER = re.compile(r"\S{1,60}")
_NEAR = 60
"""Characters before a stop that are looked at, so that the time taken is proportional to the length of the text."""
_FAR = 200
"""Characters before a stop in which the sentence's verb is looked for."""
_BRACKET = re.compile(r"[()\[\]]")

_CITED = re.compile(
    r"""
      (?:19|20)\d\d       # 1999; or 1999 Oct 3;
      (?: ; | \s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*[ ;] )
    | \d+(?:\(\d+\))?:\d  # 12(3):45
    """,
    re.VERBOSE,
)
"""Year or volume of a cited paper, after the stop of its journal's name."""

_LOWER_START = re.compile(
    r"""
      [a-z]{1,3}[A-Z0-9]                    # cAMP, pH
    | [a-z\u03b1-\u03c9]-[A-Za-z0-9(\[]     # c-fos
    | (?:alpha|beta|gamma|delta|kappa|mu)-  # beta-carbolines
    | (?:cis|trans|tert|sec|para|meta|ortho)-
    | (?:del|des|von|van|de)-               # des-tyrosine, de-Newt
    """,
    re.VERBOSE,
)
"""Beginnings in lower case that a sentence may have."""

_LONGEST_BRACKET = 250
"""Characters after which a bracket that is still open is taken for a slip."""


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Split prose into sentences: their (start, end) offsets into `text`, in order, without the blank space between them."""
    spans: list[tuple[int, int]] = []
    brackets = _Brackets(text)
    for first, last in _paragraphs(text):
        start = first
        for match in _STOP.finditer(text, first, last):
            end = match.end("after")
            if end < last and end > start and _ends(text, start, match, last, brackets):
                spans.append((start, end))
                start = match.end()
        if start < last:
            spans.append((start, last))
    return spans


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Give the offsets of the paragraphs, trimmed; a line that begins in lower case continues the line before."""
    stretches: list[tuple[int, int]] = []
    start = 0
    for match in [*_NEWLINES.finditer(text), None]:
        end = match.start() if match else len(text)
        if match and not _breaks(text, match):
            continue
        stretch = text[start:end]
        trimmed = (start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip()))
        if trimmed[0] < trimmed[1]:
            stretches.append(trimmed)
        start = match.end() if match else end
    return stretches


def _breaks(text: str, newlines: re.Match[str]) -> bool:
    """Whether a line end ends a sentence: a blank line, or a stop before it."""
    before = text[max(0, newlines.start() - _NEAR) : newlines.start()].rstrip()
    return newlines[0].count("\n") > 1 or (before[-1:] in ".!?:" and not text[newlines.end() : newlines.end() + 1].islower())


def _ends(text: str, start: int, stop: re.Match[str], last: int, brackets: "_Brackets") -> bool:
    """Whether the stop ends the sentence that began at `start`."""
    head = text[max(start, stop.start() - _NEAR) : stop.start()]
    following = _WORD_AFTER.match(text, stop.end(), last)
    after = following[0] if following else ""
    marker = stop.end() - start < _NEAR and _MARKER.fullmatch(text[start : stop.end()])
    if marker or not after or (not stop["gap"] and not _glued(head, after)):
        return False
    whole = stop["after"].startswith((")", "]")) and text[start] in "(["
    if brackets.opened(stop.start()) >= start and not whole:
        return False
    if not (_begins(after) or _LISTED.match(text, stop.end(), last) or _next_letter(text, start, stop.end())):
        return False
    if stop[0][0] in "!?":
        return True
    before = head.split()[-1].lstrip("([\"'\u201c\u2018") if head and not head[-1].isspace() else ""
    sentence = text[max(start, stop.start() - _FAR) : stop.start()]
    cited = _CITED.match(text, stop.end(), last)
    return not (cited or belongs_to_word(head, before, after) or goes_on(sentence, before, after))


def _next_letter(text: str, start: int, at: int) -> bool:
    """Whether the letter at `at` follows the one at `start` in a lettered list (`a. Mice slept. b. Rats did not.`)."""
    letter, following = text[start : start + 3], text[at : at + 3]
    dotted = letter[1:] == following[1:] == ". "
    return dotted and letter[0].isalpha() and ord(following[0]) == ord(letter[0]) + 1


def _glued(head: str, after: str) -> bool:
    """Whether a stop without a space after it may end a sentence: between two words, or before a numbered point."""
    if after[0].isdigit():
        return bool(re.search(r"[a-z)\]]{2}\Z", head)) or head.endswith(")")
    return (
        bool(re.search(r"[a-z]{3}\)?\Z|\d\)\Z", head))
        and bool(re.match(r"[A-Z][a-z]*[\s,]", after + " "))
        and "/" not in after
    )


class _Brackets:
    """The brackets of a text, without those that are never closed or closed much later."""

    def __init__(self, text: str) -> None:
        """Pair the brackets of `text`, round ones and square ones separately."""
        waiting: dict[str, list[int]] = {")": [], "]": []}
        edges: list[tuple[int, int]] = []
        for match in _BRACKET.finditer(text):
            if match[0] in "([":
                waiting[")" if match[0] == "(" else "]"].append(match.start())
            elif waiting[match[0]]:
                opener = waiting[match[0]].pop()
                if match.start() - opener < _LONGEST_BRACKET:
                    edges += [(opener, opener), (match.start(), opener)]
        inside: list[int] = []
        closed: set[int] = set()
        self._at: list[int] = []
        self._last: list[int] = []
        for position, opener in sorted(edges):
            if position == opener:
                inside.append(opener)
            else:
                closed.add(opener)
            while inside and inside[-1] in closed:
                inside.pop()
            self._at.append(position)
            self._last.append(inside[-1] if inside else -1)

    def opened(self, at: int) -> int:
        """Give the offset of the innermost bracket that is open at `at`; -1 if none is."""
        index = bisect(self._at, at) - 1
        return self._last[index] if index >= 0 else -1


def _begins(after: str) -> bool:
    """Whether a sentence can begin with this word."""
    word = after.lstrip("([\"'\u201c\u2018«¿<>~±")
    if ROTATION.match(after):
        return True
    if not word:
        return after[0] in "<>~"
    return (not word[0].islower() and word[0] not in ",;:-=&/%") or bool(_LOWER_START.match(word))
