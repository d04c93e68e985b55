"""Full stops that end no sentence: those of abbreviations, initials, days of dates, times of day and names of companies."""

import re


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
"""German abbreviations with a space inside."""

_TITLES = _words("Dr Drs Mr Mrs Ms Prof St Ste Mt Ft Messrs")
"""Words before names, only with a capital letter, since `ms` and `ft` are units."""

_BEFORE_NUMBER = _words(
    """
    s.d s.e s.e.m sd se sem m.p b.p mol wt sp.act sp gr d jan feb mar apr jun jul aug sep sept oct nov dec sci pharm med biol
    chem soc proc ann arch psychol psychiat res am clin exp med ki vd rf op cit al max min
    """
)
"""Abbreviations that a number may follow (`S.D. 6.1`, `J. Pharm. Sci. 57`)."""

_ATTRIBUTES = frozenset({"u.s", "u.k", "u.s.a", "u.n", "u.s.s.r", "d.c", "e.u"})
"""Abbreviations that stand before a name as often as at the end of a sentence."""

_OF_NAMES = _words("inc corp ltd gmbh jr sr")
"""Abbreviations that end a name, after which a place or the rest of the sentence may follow."""

_COUNTRY = re.compile(
    r"""
    \(?
    (?: [A-Z]{2,4}  # UK, USA
      | U\.\S+      # U.K.
      | Germany|England|France|Switzerland|Japan|China|India|Canada|Australia )\b
    """,
    re.VERBOSE,
)
"""A country or the like, after the name of a company."""

_CLOCK = frozenset({"a.m", "p.m"})
_OPENS_WITH_TIME = re.compile(r"(?:At|By|Before|After|Around|From|Until|Since|Between|On)\b(?:\s\S+){1,6}")
"""A beginning that gives a time and has no verb yet (`At 5 a.m.`, `From 9 a.m. to 5 p.m.`)."""

_ZONE = re.compile(r"(?:[A-Z]{2}T|GMT|UTC|[A-Z][a-z]+day)s?\b")
"""A time zone or a day of the week, after a time of day."""

_VERB = re.compile(
    r"""
    \b(?: is|are|was|were|be|been|has|have|had|do|does|did
        | can|could|may|might|will|would
        | [Ww]e|[Tt]hey|I|[Ii]t )\b  # pronouns, which a verb follows
    """,
    re.VERBOSE,
)
"""A word that shows that the sentence so far has its verb."""

_FEW = 8
"""The beginning of a sentence may have no verb yet if it has fewer words."""

_DAY = re.compile(r"[12]?\d|3[01]")
_MONTH = re.compile(
    r"""
    (?: Jan | Feb | M\u00e4r | Mar | Apr | May | Mai | Jun | Jul | Aug | Sep | Oct | Okt | Nov | Dec | Dez )
    (?:[a-z]*\b|\.)  # "August", "Aug."
    """,
    re.VERBOSE,
)
"""An English or German month, whole or shortened."""
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

ROTATION = re.compile(r"\((?:[-+\u2212\u2013\u00b1]|\+/-)\)-?\w")
"""The sign of optical rotation before the name of a substance: `(-)-Newtol`."""


def belongs_to_word(head: str, before: str, after: str) -> bool:
    """Whether the stop between the words `before` and `after` is part of `before`; `head` is the text up to the stop."""
    word = before.lower()
    bare = _bare(after)
    number = after.lstrip("(<>=~±")[:1].isdigit()
    aside = after[0] in "([{" and not ROTATION.match(after)
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


def goes_on(sentence: str, before: str, after: str) -> bool:
    """Whether the sentence goes on with `after`, where `before` is the end of a time of day or of a name."""
    word = before.lower()
    if word in _CLOCK:
        return bool(_OPENS_WITH_TIME.fullmatch(sentence) or _ZONE.match(after))
    opening = len(sentence.split()) < _FEW and not _VERB.search(sentence)
    return word in _OF_NAMES and _bare(after) not in _STARTERS and (opening or bool(_COUNTRY.match(after)))


def _completes(previous: str) -> bool:
    """Whether a single capital letter after this word completes it, and is not the initial of a name."""
    if previous.lower().strip("(") in _LETTERED or previous.endswith("°"):
        return True
    return previous.isalpha() and previous.islower() and previous not in _BEFORE_NAMES


def _bare(word: str) -> str:
    """Give a word without the punctuation around it."""
    return word.strip(",;:.()[]\"'\u201c\u201d\u2018\u2019")
