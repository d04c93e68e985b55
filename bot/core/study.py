"""A study: a record, and what bibliographic services know of its work."""

from dataclasses import dataclass, replace

from bot.core.enrichment import Enrichment, Notice
from bot.core.record import Csl, Record


@dataclass(frozen=True, slots=True)
class Study:
    """A record with its enrichment, which never changes the record itself."""

    record: Record
    enrichment: Enrichment | None = None
    """Always a match; None if nothing is known or may be shown."""

    @property
    def retracted(self) -> bool:
        """Whether the record or a service says that the work was retracted."""
        return self.record.retracted or self.retraction_notice is not None

    @property
    def retraction_notice(self) -> Notice | None:
        """The notice of retraction that a service knows."""
        return self.enrichment.retraction if self.enrichment is not None else None

    def limited(self, *, enrich: bool = True, free_text: bool = True) -> "Study":
        """Give the study without what a channel's settings hide: all from services, or only their free text.

        Retractions are always kept, and so is what came with the record from its own source.
        """
        known = self.enrichment
        if known is None or (enrich and free_text):
            return self
        if not (enrich or known.stated):
            return replace(self, enrichment=known.retraction_only())
        return self if free_text else replace(self, enrichment=replace(known, free_text_url=None))

    @property
    def stated(self) -> Enrichment | None:
        """What the record's own source says of the work in addition to the record; None if it says nothing more."""
        return self.enrichment if self.enrichment is not None and self.enrichment.stated else None

    def to_csl(self, url: str | None = None) -> Csl:
        """Give the record as one CSL-JSON item, with the work's identifiers and its journal's name in full.

        `url` is added as the address of the record.
        """
        item = self.record.to_csl() | ({"URL": url} if url is not None else {})
        if self.retracted:
            item["note"] = "Retracted"
        found = self.enrichment
        if found is None:
            return item
        known = {"DOI": found.doi, "PMID": found.pmid, "PMCID": found.pmcid, "ISSN": ", ".join(found.issn)}
        item |= {key: value for key, value in known.items() if value}
        if found.journal and self.record.container_title:
            item |= {"container-title": found.journal, "container-title-short": self.record.container_title}
        elif found.journal_short and self.record.container_title:
            item["container-title-short"] = found.journal_short
        return item
