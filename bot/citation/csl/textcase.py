"""Letter case: the values of CSL's `text-case`.

Title case follows the specification ("Title Case Conversion") as citeproc-js implements it: stop words stay in lower case
unless they are first, last or behind a colon, `!` or `?`; words with a capital anywhere stay unchanged; the parts of
hyphenated words count as words; `<sup>`, `<sub>`, small capitals and nocase spans stay unchanged. Unlike in citeproc-js, a
word behind a straight quote that opens is capitalised.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

STOP_WORDS = frozenset(
    """
    a about above across afore after against al along alongside amid amidst among amongst an and anenst apropos apud
    around as aside astride at athwart atop barring before behind below beneath beside besides between beyond but by c
    ca circa d' de despite down during et except for forenenst from given in inside into lest like modulo near next
    nor notwithstanding of off on onto or out over per plus pro qua sans since so than the through throughout thruout
    till to toward towards under underneath until unto up upon v van versus via vis-à-vis von vs with within without
    yet
    """.split()
)

_MARKS = re.compile(
    r"""
    (
        ‘|’|“|”|[ ]"|[ ]'|"|'      # quotes
        |[-–—/.,;?!:]|\[|\]|\(|\)  # punctuation
        |<span\ style="font-variant:small-caps;">|<span\ class="no(?:case|decor)">|</span>
        |</?(?:i|sc|b|sub|sup)>    # `<i>`
    )
    """,
    re.VERBOSE,
)
_UNTOUCHED = {
    '<span style="font-variant:small-caps;">': "</span>",
    '<span class="nocase">': "</span>",
    '<span class="nodecor">': "</span>",
    "<sc>": "</sc>",
    "<sub>": "</sub>",
    "<sup>": "</sup>",
}
_SPACES = re.compile("([\u00a0 \u2000-\u200b\u205f\u3000]+)")
_LONE_GREEK = re.compile("[\u0370-\u03ff]")
_CLOSER = {' "': '"', " '": "'", "‘": "’", "“": "”"}
_INSIDE = {' "': " '", " '": ' "', "‘": "‘", "“": "“"}


def apply_case(case: str, text: str) -> str:
    """Return the text in a case; unchanged for an unknown case."""
    change = _CASES.get(case)
    return change(text) if change else text


def capitalize_first(text: str) -> str:
    """Capitalise the first word if it is all in lower case."""
    return _CaseChange(_first_small).run(text)


def _capitalized(word: str) -> str:
    """Capitalise a word; a single Greek letter is a symbol and stays."""
    bare = word.lstrip()
    if not bare or (len(bare) == 1 and _LONE_GREEK.match(bare)):
        return word
    return word[: len(word) - len(bare)] + bare[0].upper() + bare[1:]


@dataclass(slots=True)
class _CaseChange:
    """One pass over a text that is split at punctuation and markup."""

    words: "Callable[[_CaseChange, str, int], str]"
    quotes: bool = True
    """Whether a word behind a quote without its partner keeps its first letter: such a quote is an apostrophe."""
    first: bool = True
    after_mark: bool = False
    hyphened: bool = False
    """Whether a hyphen follows the first stretch, whose last word is then capitalised even if it is a stop word."""
    last: tuple[int, int] | None = None
    """The index of the last word's stretch and the word's index in it, for title case."""
    _within: list[str] = field(default_factory=list)
    _opened: list[tuple[str, str, int]] = field(default_factory=list)
    """The open quotes: the mark that may open inside, the closing mark, and the index of the stretch after the quote."""

    def run(self, text: str) -> str:
        strings, marks = _split(text)
        original = list(strings)
        self.hyphened = marks[:1] == ["-"]
        if strings[0].strip():
            strings[0] = self.words(self, strings[0], 0)
        for at, mark in enumerate(_roles(strings, marks), 1):
            stretch = original[at]
            if self._touches(mark):
                strings[at] = self.words(self, stretch, at)
            elif stretch.strip():
                self.last = None
            orphan = self._pair(mark, at) if self.quotes else 0
            if orphan:
                strings[orphan] = original[orphan][:1] + strings[orphan][1:]
                self.last = None if original[orphan][:1].isalnum() else self.last
            if stretch.strip():
                self.first = self.after_mark = False
        for _, _, at in self._opened:
            if at:
                strings[at] = original[at][:1] + strings[at][1:]
        if self.last:
            strings[self.last[0]] = _raise_last(strings[self.last[0]], self.last[1])
        return "".join(part for pair in zip(strings, [*marks, ""], strict=True) for part in pair)

    def _touches(self, mark: str) -> bool:
        """Track markup and ends of sentences; tell whether the text behind the mark may change."""
        if mark in _UNTOUCHED:
            self._within.append(_UNTOUCHED[mark])
        elif self._within and mark == self._within[-1]:
            self._within.pop()
        if mark[-1:] in {"!", "?", ":"}:
            self.after_mark = True
        return not self._within

    def _pair(self, mark: str, at: int) -> int:
        """Track quotes; return the index of the stretch behind a quote that turns out to have no partner, or 0."""
        if mark in _CLOSER:
            before = self._opened.pop() if self._opened and mark != self._opened[-1][0] else None
            self._opened.append((_INSIDE[mark], _CLOSER[mark], 0 if before else at))
            return before[2] if before else 0
        if mark in {"’", "”", '"', "'"}:
            if not self._opened or mark != self._opened[-1][1]:
                return at
            self._opened.pop()
        return 0


def _split(text: str) -> tuple[list[str], list[str]]:
    """Split a text into stretches and the marks between them; an apostrophe stays in its word."""
    text = re.sub(r'<span\s+class="(nocase|nodecor)"[^>]*>', r'<span class="\1">', text)
    text = re.sub(r'<span\s+style="font-variant:\s*small-caps;?"[^>]*>', '<span style="font-variant:small-caps;">', text)
    pieces = _MARKS.split(text)
    strings, marks = pieces[::2], pieces[1::2]
    for at, mark in enumerate(marks):
        if mark == "'" and strings[at + 1][:1].isalnum() and strings[at][-1:].isalnum():
            marks[at], strings[at + 1] = "", f"'{strings[at + 1]}"
    return strings, marks


def _roles(strings: list[str], marks: list[str]) -> list[str]:
    """Return the marks, with a space before each straight quote that opens, as `_CLOSER` has it."""
    before = [string or mark for string, mark in zip(strings, ["", *marks], strict=True)]
    return [
        f" {mark}" if mark in {"'", '"'} and strings[at + 1][:1].isalnum() and not before[at][-1:].isalnum() else mark
        for at, mark in enumerate(marks)
    ]


def _is_stop_word(word: str) -> bool:
    return word in STOP_WORDS or re.fullmatch("v.|vs.", word) is not None


def _title_words(change: _CaseChange, text: str, at: int) -> str:
    if not text.strip():
        return text
    words = _SPACES.split(text)
    for place, word in enumerate(words):
        if place % 2 or not word:
            continue
        small = word.lower()
        raised = change.first or change.after_mark or (change.hyphened and not at and place == len(words) - 1)
        if word == small and (raised or (len(word) > 1 and not _is_stop_word(small))):
            words[place] = _capitalized(word)
        change.after_mark = change.first = False
        change.last = (at, place)
    return "".join(words)


def _raise_last(text: str, place: int) -> str:
    words = _SPACES.split(text)
    if len(words[place]) > 1 and _is_stop_word(words[place].lower()):
        words[place] = _capitalized(words[place])
    return "".join(words)


def _sentence_words(change: _CaseChange, text: str, _at: int) -> str:
    words = text.split(" ")
    for place, word in enumerate(words):
        if word:
            words[place] = _capitalized(word) if change.first else word.lower()
            change.first = False
    return " ".join(words)


def _first_small(change: _CaseChange, text: str, _at: int) -> str:
    words = _SPACES.split(text)
    for place in range(0, len(words), 2):
        if words[place] and change.first:
            words[place] = _capitalized(words[place]) if words[place] == words[place].lower() else words[place]
            change.first = False
    return "".join(words)


def _all_small(_change: _CaseChange, text: str, _at: int) -> str:
    words = _SPACES.split(text)
    return "".join(_capitalized(word) if word == word.lower() else word for word in words)


_CASES: dict[str, Callable[[str], str]] = {
    "lowercase": lambda text: _CaseChange(lambda _, words, __: words.lower(), quotes=False).run(text),
    "uppercase": lambda text: _CaseChange(lambda _, words, __: words.upper(), quotes=False).run(text),
    "sentence": lambda text: _CaseChange(_sentence_words).run(text),
    "title": lambda text: _CaseChange(_title_words).run(text),
    "capitalize-first": capitalize_first,
    "capitalize-all": lambda text: _CaseChange(_all_small).run(text),
}
