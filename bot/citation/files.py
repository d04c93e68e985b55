"""The files that a reference manager takes."""

from collections.abc import Mapping, Sequence

from bot.citation.bibtex import to_bibtex
from bot.citation.csl_json import to_csl_json
from bot.citation.ris import to_ris


def to_files(items: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Write items to each kind of file; gives the texts by the files' endings."""
    return {"bib": to_bibtex(items), "ris": to_ris(items), "json": to_csl_json(items)}
