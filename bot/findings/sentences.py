"""Sentences of biomedical prose, as offsets into the text.

Each stop before a space may end a sentence, and so may a stop that seems to have lost its space. Tables of abbreviations say
which stops do not end one, and the next word says whether a sentence can begin there. The rules know doses and routes
(`5 mg/kg i.p.`), taxa (`P. bracteatum Lindl.`), initials, cited volumes, numbered lists, and the numbers of references after
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
_LISTED = re.compile(
    r"""
      \((?:\d{1,2}|[ivx]{1,4}|[a-h])\)\s(?=[A-Z])  # (ii) Mice
    | \(c\)\s(?=(?:19|20)\d\d)                   # (c) 1999, the sign of copyright
    | (?:[ivx]{1,4}|[a-h])\)\s                    # b) Mice, b) mice
    | [ivx]{1,4}\.\s(?=[A-Z])                     # ii. Mice
    """,
    re.VERBOSE,
)
"""Points of a list, which a sentence may open with."""
_ROTATION = re.compile(r"\((?:[-+\u2212\u2013\u00b1]|\+/-)\)-?\w")
"""The prefix of a name that tells how the substance rotates light: `(-)-Newtol`."""
_WORD_AFTER = re.compile(r"\S{1,60}")
_NEAR = 60
"""Characters before a stop that are looked at, so that the time taken is proportional to the length of the text."""
_FAR = 200
"""Characters before a stop in which the sentence's verb is looked for."""
_BRACKET = re.compile(r"[()\[\]]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_LAST = _words(
    """
    vs v viz cf e.g eg i.e ie ca c approx fig figs tab eq eqs ref refs no nos vol vols pp p exp expt expts incl excl esp rev
    gen col resp var subsp ssp f.sp aff nr str ed eds chap sect ser pt suppl co cv i.a
    z.b d.h u.a o.g bzw vgl sog evtl ggf inkl
    """
)
"""Abbreviations, also German ones, whose stop hardly ever ends a sentence."""

_SPACED = re.compile(r"\b(?:d\. h|u\. a|o\. g|v\. a|m\. E)\Z")
"""The same German abbreviations with a space inside."""

_TITLES = _words("Dr Drs Mr Mrs Ms Prof St Ste Mt Ft Messrs")
"""Capitalised before names; `ms` and `ft` are units."""

_BEFORE_NUMBER = _words(
    """
    s.d s.e s.e.m sd se sem m.p b.p mol wt sp.act sp gr d jan feb mar apr jun jul aug sep sept oct nov dec sci pharm med biol
    chem soc proc ann arch psychol psychiat res am clin exp med ki vd rf op cit al max min
    """
)
"""Abbreviations that a number belongs to (`S.D. 6.1`, `J. Pharm. Sci. 57`)."""

_ATTRIBUTES = frozenset({"u.s", "u.k", "u.s.a", "u.n", "u.s.s.r", "d.c", "e.u"})
"""Abbreviations that stand before a name as often as at the end of a sentence."""

_OF_NAMES = _words("inc corp ltd gmbh jr sr")
"""Abbreviations that end a name, after which a place or the rest of the sentence may follow."""
_COUNTRY = re.compile(r"\(?(?:[A-Z]{2,4}|U\.\S+|Germany|England|France|Switzerland|Japan|China|India|Canada|Australia)\b")
"""A country or the like, after the name of a company."""
_CLOCK = frozenset({"a.m", "p.m"})
_OPENS_WITH_TIME = re.compile(r"(?:At|By|Before|After|Around|From|Until|Since|Between|On)\b(?:\s\S+){1,6}")
"""A beginning that gives a time and has no verb yet (`At 5 a.m.`, `From 9 a.m. to 5 p.m.`)."""
_ZONE = re.compile(r"(?:[A-Z]{2}T|GMT|UTC|[A-Z][a-z]+day)s?\b")
"""What may follow a time of day: a time zone or a day of the week."""
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|might|will|would|[Ww]e|[Tt]hey|I|[Ii]t)\b"
)
"""A word that shows that the sentence so far has its verb."""
_DAY = re.compile(r"[12]?\d|3[01]")
_FEW = 8
"""Words: a sentence that is shorter may have no verb yet."""
_MONTH = re.compile(r"(?:Jan|Feb|M\u00e4r|Mar|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez)(?:[a-z]*\b|\.)")

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
"""Words after which a single capital letter is the initial of a name or genus."""

_CITED = re.compile(
    r"(?:19|20)\d\d(?:;|\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*[ ;])|\d+(?:\(\d+\))?:\d"
)
"""Year or volume of a cited paper, after the stop of its journal's name."""

_LOWER_START = re.compile(
    r"""
      [a-z]{1,3}[A-Z0-9]                      # cAMP, pH
    | [a-z\u03b1-\u03c9]-[A-Za-z0-9(\[]        # c-fos
    | (?:alpha|beta|gamma|delta|kappa|mu)-    # beta-carbolines
    | (?:cis|trans|tert|sec|para|meta|ortho)-
    | (?:del|des|von|van|de)-                 # des-tyrosine, de-Newt
    """,
    re.VERBOSE,
)
"""Lower-case beginnings that a sentence may have."""


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
    return not (_CITED.match(text, stop.end(), last) or _holds(head, before, after) or _goes_on(sentence, before, after))


def _goes_on(sentence: str, before: str, after: str) -> bool:
    """Whether the sentence goes on after a time of day or the name of a company."""
    word = before.lower()
    if word in _CLOCK:
        return bool(_OPENS_WITH_TIME.fullmatch(sentence) or _ZONE.match(after))
    opening = len(sentence.split()) < _FEW and not _VERB.search(sentence)
    return word in _OF_NAMES and _bare(after) not in _STARTERS and (opening or bool(_COUNTRY.match(after)))


def _next_letter(text: str, start: int, at: int) -> bool:
    """Whether the letter at `at` is the next point of a list whose points open so (`a. Mice slept. b. Rats did not.`)."""
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
    if _ROTATION.match(after):
        return True
    if not word:
        return after[0] in "<>~"
    return (not word[0].islower() and word[0] not in ",;:-=&/%") or bool(_LOWER_START.match(word))


def _holds(head: str, before: str, after: str) -> bool:
    """Whether the stop belongs to the word before it: an abbreviation, an initial, a cited volume, the day of a date."""
    word = before.lower()
    bare = _bare(after)
    number = after.lstrip("(<>=~±")[:1].isdigit()
    aside = after[0] in "([{" and not _ROTATION.match(after)
    if (
        before in _TITLES
        or (aside and (word in {"al", "sp", "spp"} or (after[0] == "(" and "." in word)))
        or (_DAY.fullmatch(before) and _MONTH.match(after))
        or (before == "z" and after == "B.")  # German `z. B.`
        or _SPACED.search(head)
        or (word in _BEFORE_NUMBER and (number or (before.istitle() and re.fullmatch(r"[A-Z][a-z]+\.", after))))
    ):
        return True
    if word in _NEVER_LAST and not before.isupper():
        return not (word in {"no", "p", "c", "exp", "v", "pt", "ft", "str"} and not number and bare in _STARTERS)
    if word in _ATTRIBUTES:
        return bare not in _STARTERS
    if len(before) == 1 and before.isalpha() and before.isupper():
        previous = head[: -len(before)].split()[-1:]
        return not (previous and _completes(previous[0])) and bare not in _STARTERS
    return bool(re.fullmatch(r"(?:[A-Z]\.-?)+[A-Z]", before)) and number


def _bare(word: str) -> str:
    """Give a word without the punctuation around it."""
    return word.strip(",;:.()[]\"'\u201c\u201d\u2018\u2019")


def _completes(previous: str) -> bool:
    """Whether a single capital letter after this word completes it, and is not the initial of a name."""
    if previous.lower().strip("(") in _LETTERED or previous.endswith("°"):
        return True
    return previous.isalpha() and previous.islower() and previous not in _BEFORE_NAMES
