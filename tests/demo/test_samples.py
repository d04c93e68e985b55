"""What the demo's samples promise: enough of them, plainly invented, and in the channel's first message."""

import pytest

from bot.core.links import find_links
from bot.demo.sample import Behaviour, Sample
from bot.demo.samples import SAMPLES
from tests.references import SOURCES

SERVED = [sample for sample in SAMPLES if sample.served]
INVENTED = ("imagin", "pretend", "invent", "fict", "nonexist", "ausgedacht", "imag.")
REAL_MOST = 10_000
"""The real database holds fewer records."""


def test_enough() -> None:
    """At least twelve records come, each ID is used once, and none could be a real record's."""
    assert len(SERVED) >= 12
    assert len({sample.id for sample in SAMPLES}) == len(SAMPLES)
    assert all(sample.id > REAL_MOST for sample in SAMPLES)


@pytest.mark.parametrize("answer", list(Behaviour))
def test_every_answer_is_shown(answer: Behaviour) -> None:
    """Each way in which a server may answer has a sample."""
    assert any(sample.answer is answer for sample in SAMPLES)


@pytest.mark.parametrize("sample", SERVED, ids=lambda sample: sample.shows)
def test_plainly_invented(sample: Sample) -> None:
    """The source line of each record says that there is no such journal."""
    assert any(word in sample.source.casefold() for word in INVENTED)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.shows)
def test_links_are_links(sample: Sample) -> None:
    """What the demo tells people to paste is a link to the sample; in code or angle brackets it asks for no card."""
    for link in (sample.link, sample.short_link):
        assert [found.reference for found in find_links(f"see {link}.", SOURCES)] == [sample.reference]
        assert not find_links(f"`{link}` and <{link}>", SOURCES)
