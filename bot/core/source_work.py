"""A work as a site describes it: its record, and the fields of an enrichment that the site states."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.enrichment import STATED, Enrichment, MatchOutcome, Notice
from bot.core.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWork:
    """What one site states of one work.

    `record` has what a card shows and a citation needs; the title has CSL's markup (`<i>`, `<b>`, `<sup>`, `<sub>`), all
    else is plain text. The other fields go into an `Enrichment`, under the names that it has for them.
    """

    record: Record
    doi: str | None = None
    """In lower case."""
    pmid: str | None = None
    pmcid: str | None = None
    journal_short: str | None = None
    """The journal's abbreviated name; the full one is the record's `container_title`."""
    issn: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    """Notices about this work."""
    free_text_url: str | None = None

    def enrichment(self, site: str, at: datetime) -> Enrichment | None:
        """Make an enrichment of what the site stated at a time; None if it stated none of its fields."""
        stated = Enrichment(
            outcome=MatchOutcome.MATCH,
            reason=f"stated by {site}",
            matcher=STATED,
            asked_at=at,
            notices_asked_at=at,
            doi=self.doi,
            pmid=self.pmid,
            pmcid=self.pmcid,
            journal_short=self.journal_short,
            issn=self.issn,
            notices=self.notices,
            free_text_url=self.free_text_url,
        )
        return stated if any(stated.facts) else None
