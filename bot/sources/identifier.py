"""What names a work: a source and the work's ID there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One work's key at one source: `pubmed:12351788`, `pmc:PMC123`, `ppr:PPR123`, `doi:10.1126/science.1074501`."""

    source: str
    id: str
    """As the source writes it; a DOI in lower case, since case means nothing in it."""

    def __str__(self) -> str:
        return f"{self.source}:{self.id}"
