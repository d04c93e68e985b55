"""Writes the files for all reference managers."""

from collections.abc import Mapping, Sequence

from bot.citation.bibtex import to_bibtex
from bot.citation.csl_json import to_csl_json
from bot.citation.ris import to_ris


def to_files(items: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Return the text of each kind of file by its ending: "ris", "bib", "json"."""
    return {"ris": to_ris(items), "bib": to_bibtex(items), "json": to_csl_json(items)}
