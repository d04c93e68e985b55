"""One invented work, as every service's answer in these tests describes it; a test says what its service tells otherwise."""

from dataclasses import replace

from bot.core.enrichment import Notice, NoticeKind
from bot.core.record import Name, Paragraph, Record
from bot.core.source_work import SourceWork

NAPS = SourceWork(
    record=Record(
        reference=None,
        title="Effects of <i>Somnus fictus</i> on 5-HT<sub>2A</sub> & sleep",
        language="en",
        authors=(Name("Doe", "Jane A"), Name("Roe", "R. B.", "Jr"), Name(literal="Imaginary Sleep Group"), Name("Poe")),
        container_title="Naps",
        issued=((2031, 9, 5),),
        volume="12",
        issue="4",
        page="101-9",
        abstract=(Paragraph("To nap.", "AIM"), Paragraph("10³ naps (p < 0.05).", "RESULTS")),
        keywords=("naps", "rest"),
        retraction="Retraction in: Naps. 2032 Jan 5;13(1):3. doi: 10.5555/Nap.R.",
        publication_types=("Journal Article", "Retracted Publication"),
        mesh=("Sleep", "Rats"),
        languages=("en",),
    ),
    doi="10.5555/nap.2031.7",
    pmid="99000001",
    pmcid="PMC99001",
    journal_short="Naps",
    issn=("0000-0001", "0000-0002"),
    notices=(Notice(NoticeKind.RETRACTION, "PubMed", (2032, 1, 5), "10.5555/nap.r"),),
)


def told_by(source: str, *, record: dict[str, object], **fields: object) -> SourceWork:
    """Give the work as a service describes it: with other fields, other fields of its record, and its own notice."""
    notices = tuple(replace(notice, source=source) for notice in NAPS.notices)
    return replace(NAPS, **{"notices": notices, "record": replace(NAPS.record, **record)} | fields)
