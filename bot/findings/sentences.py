"""Sentences of biomedical prose, as offsets into the text.

Every stop followed by a space (or by what often lost its space) is a candidate; tables of abbreviations say which stops end
no sentence, and the next word says whether one can begin there. The rules know how such prose is written, not one passage:
doses and routes (`5 mg/kg i.p.`), taxa (`P. bracteatum Lindl.`), initials, cited volumes, numbered summaries, markers after
a stop (`.[1]`, `.(2,3)`).
"""

import re
from bisect import bisect

_STOP = re.compile(
    r"""
    (?<![.!?\u2026]) [.!?\u2026]++       # the stop
    (?P<after> ["'\u201d\u2019»)\]]*+  # quotes and brackets that close after it
        (?: \[\d[\d,;\u2013\u2014 -]*+\] | \(\d[\d,;\u2013\u2014 -]*+\)(?=\s)  # numbers of references
          | (?<=[a-z]{2}\.) \d{1,2}(?:[,\u2013-]\d{1,2}){0,5}(?=\s[A-Z]) )* )
    (?P<gap> \s+ | $ | (?=\d{1,2}\.\s+[A-Z]) | (?=[A-Z][a-z]) )
    """,
    re.VERBOSE,
)
_NEWLINES = re.compile(r"\n\s*")
_MARKER = re.compile(r"[(\[]?(?:\d{1,2}|[ivx]{1,4}|[a-hA-H])[.)\]]{1,2}\s*")
_LISTED = re.compile(r"\((?:\d{1,2}|[ivx]{1,4}|[a-h])\)\s(?=[A-Z])|\(c\)\s(?=(?:19|20)\d\d)")
"""A point of a list that a sentence may open with: `(ii) Mice did not.`"""
_WORD_AFTER = re.compile(r"\S{1,60}")
_NEAR = 60
"""Characters before a stop that are looked at: the time taken grows with the length of the text and no faster."""
_BRACKET = re.compile(r"[()\[\]]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_LAST = _words(
    """
    vs v viz cf e.g eg i.e ie ca c approx fig figs tab eq eqs ref refs no nos vol vols pp p exp expt expts incl excl esp rev
    gen col resp var subsp ssp f.sp aff nr str ed eds chap sect ser pt suppl co cv i.a
    """
)
"""Words whose stop hardly ever ends a sentence."""

_TITLES = _words("Dr Drs Mr Mrs Ms Prof St Ste Mt Ft Messrs")
"""Capitalised before names; `ms` and `ft` are units."""

_BEFORE_NUMBER = _words(
    """
    s.d s.e s.e.m sd se sem m.p b.p mol wt sp.act sp gr d jan feb mar apr jun jul aug sep sept oct nov dec sci pharm med biol
    chem soc proc ann arch psychol psychiat res am clin exp med ki vd rf op cit al max min
    """
)
"""Words after whose stop a number belongs to them still (`S.D. 6.1`, `J. Pharm. Sci. 57`)."""

_ATTRIBUTES = frozenset({"u.s", "u.k", "u.s.a", "u.n", "u.s.s.r", "d.c", "e.u"})
"""Abbreviations that stand before names as often as last."""

_STARTERS = _words(
    """
    The This These Those That We Our In It Its They
    Their There Here However Thus Therefore Although While When After Both All
    No None Such For From At On By To As An If Since Because During Furthermore Moreover Each Some Most Only Neither Subjects
    Patients Animals Rats Mice Results Conclusions Conclusion Methods One Two Three Four Five Six
    """
)
"""Words that, capitalised, begin a sentence rather than a name."""

_LETTERED = _words(
    """
    degree degrees deg ° vitamin vitamins hepatitis type types group groups phase factor protein compound compounds
    experiment
    stage class cytochrome schedule part method figure form appendix patient subject case series strain panel arm
    """
)
"""Words that a single capital letter completes (`37 degrees C.`, `hepatitis B.`)."""

_BEFORE_NAMES = _words("by of and with to from the in for see after et de on or as genus genera species fungus cactus that")
"""Words after which a single capital letter is rather the initial of a name or a genus."""

_CITED = re.compile(
    r"(?:19|20)\d\d(?:;|\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*[ ;])|\d+(?:\(\d+\))?:\d"
)
"""Year or volume of a cited paper, after the stop of its journal's name."""

_LOWER_START = re.compile(
    r"[a-z]{1,3}[A-Z0-9]|[a-z\u03b1-\u03c9]-[A-Za-z0-9(\[]|(?:alpha|beta|gamma|delta|kappa|mu|cis|trans|tert|sec|para|meta|ortho|del|des|von|van|de)-"
)
"""Lower-case beginnings a sentence may have (`cAMP`, `pH`, `c-fos`, `beta-carbolines`)."""


_LONGEST_BRACKET = 250
"""Characters after which a bracket still open is taken for a slip."""


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Split prose into sentences: their (start, end) offsets into `text`, in order, blank space between them left out."""
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
    """Give the stretches between line ends, trimmed; a line that goes on in lower case belongs to the one before."""
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
    begins = _begins(after) or bool(_LISTED.match(text, stop.end(), last))
    if stop[0][0] in "!?":
        return begins
    before = head.split()[-1].lstrip("([\"'\u201c\u2018") if head and not head[-1].isspace() else ""
    if not begins or _CITED.match(text, stop.end(), last):
        return False
    return not _holds(head, before, after)


def _glued(head: str, after: str) -> bool:
    """Whether a stop with no space after it may still end a sentence: words on both sides, or a numbered point."""
    if after[0].isdigit():
        return bool(re.search(r"[a-z)\]]{2}\Z", head)) or head.endswith(")")
    return (
        bool(re.search(r"[a-z]{3}\)?\Z|\d\)\Z", head))
        and bool(re.match(r"[A-Z][a-z]*[\s,]", after + " "))
        and "/" not in after
    )


class _Brackets:
    """The brackets of a text that close soon after they open; one left open holds nothing."""

    def __init__(self, text: str) -> None:
        """Pair the brackets of `text`, round and square ones each for themselves."""
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
        """Say where the last bracket opened that `at` stands in; -1 where it stands in none."""
        index = bisect(self._at, at) - 1
        return self._last[index] if index >= 0 else -1


def _begins(after: str) -> bool:
    """Whether a sentence can begin with this word."""
    word = after.lstrip("([\"'\u201c\u2018«¿<>~±")
    if not word:
        return after[0] in "<>~"
    return (not word[0].islower() and word[0] not in ",;:-=&/%") or bool(_LOWER_START.match(word))


def _holds(head: str, before: str, after: str) -> bool:
    """Whether the word before the stop claims it: an abbreviation, an initial, a cited volume."""
    word = before.lower()
    bare = after.strip(",;:.()[]\"'\u201c\u201d\u2018\u2019")
    number = after.lstrip("(<>=~±")[:1].isdigit()
    if before in _TITLES or (after.startswith("(") and (word in {"al", "sp", "spp"} or "." in word)):
        return True
    if word in _NEVER_LAST and not before.isupper():
        return not (word in {"no", "p", "c", "exp", "v", "pt", "ft", "str"} and not number and bare in _STARTERS)
    if word in _BEFORE_NUMBER and (number or (before.istitle() and re.fullmatch(r"[A-Z][a-z]+\.", after))):
        return True
    if word in _ATTRIBUTES:
        return bare not in _STARTERS
    if len(before) == 1 and before.isalpha() and before.isupper():
        previous = head[: -len(before)].split()[-1:]
        return not (previous and _completes(previous[0])) and bare not in _STARTERS
    return bool(re.fullmatch(r"(?:[A-Z]\.-?)+[A-Z]", before)) and number


def _completes(previous: str) -> bool:
    """Whether a single capital letter after this word completes it, and is no initial of a name."""
    if previous.lower().strip("(") in _LETTERED or previous.endswith("°"):
        return True
    return previous.isalpha() and previous.islower() and previous not in _BEFORE_NAMES
