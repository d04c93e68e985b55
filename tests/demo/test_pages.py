"""The stand-in's pages through the real parser: what a sample says is what is read."""

import pytest

from bot.core.errors import RecordNotFound
from bot.core.record import Paragraph
from bot.demo.pages import write_missing, write_page
from bot.demo.sample import Markup, Sample
from bot.demo.samples import SAMPLES
from bot.sources.erowid import read_record

SERVED = [sample for sample in SAMPLES if sample.served]
CUT = "(ABSTRACT TRUNCATED AT 250 WORDS)"


@pytest.mark.parametrize("sample", SERVED, ids=lambda sample: sample.shows)
def test_page_reads_as_written(sample: Sample) -> None:
    """Every part of a record comes out as its sample says, but for what turns directions; comments and notes stay out."""
    record = read_record(write_page(sample), sample.reference)
    turning = dict.fromkeys(map(ord, "\N{RIGHT-TO-LEFT OVERRIDE}\N{POP DIRECTIONAL FORMATTING}"))
    assert record.title == sample.title.rstrip(".").translate(turning)
    assert record.authors_line == (f"{sample.authors}." if sample.authors else None)
    assert len(record.authors) == (sample.authors.count(",") + 1 if sample.authors else 0)
    assert record.source == sample.source
    assert record.issued[0][0] == int(next(word[:4] for word in sample.source.split() if word[:4].isdigit()))
    assert record.container_title == sample.source.partition(f" {record.issued[0][0]}")[0].removesuffix(".").replace(
        "..", "."
    )
    assert (record.excerpt, record.retraction) == (sample.excerpt, sample.retraction)
    assert record.truncated == any(CUT in paragraph.text for paragraph in sample.abstract)
    assert record.abstract == tuple(
        Paragraph(paragraph.text.removesuffix(CUT), paragraph.label) for paragraph in sample.abstract
    )
    assert len(record.comments) == len(sample.comments)


@pytest.mark.parametrize("markup", list(Markup))
def test_markup_is_used(markup: Markup) -> None:
    """Each markup has samples, so that the demo shows that it does not matter."""
    assert any(sample.markup is markup for sample in SERVED)


def test_missing_page_is_recognised() -> None:
    """The page that says there is no such record is read as just that."""
    with pytest.raises(RecordNotFound):
        read_record(write_missing(), SAMPLES[-1].reference)
