"""The one real page that we have, from its bytes to the card: it tells of another paper's results and states none."""

import json

import pytest

from bot.core.channel_settings import Layout, Size
from bot.core.study import Study
from bot.services.cards import make_card
from bot.sources.erowid import read_record
from cogs.cards.payload import payload
from cogs.cards.render import draw
from tests.references import erowid
from tests.shared import SHARED, needs_shared


@needs_shared
@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("layout", Layout)
def test_the_card_of_the_seed_page(layout: Layout, size: Size) -> None:
    """The card says that no result is stated and quotes nothing but, on a full card, the aim under its name."""
    record = read_record((SHARED / "seed-page.txt").read_bytes(), erowid(1066))
    card = make_card(Study(record), "apa", url=None, most=1 if size is Size.COMPACT else 3)
    text = json.dumps(payload(draw(card, layout, size=size)), ensure_ascii=False)
    assert card.findings == ()
    assert card.aim is not None
    assert card.aim.text.startswith("Therefore, the present study was undertaken to examine")
    assert "This excerpt states no result of this study." in text
    assert "Key findings" not in text
    assert (f"**Aim**\\n> {card.aim.text}" in text) == (size is Size.FULL)
    abstract = record.abstract[0].text
    assert card.aim.text in abstract
    told = abstract.replace(card.aim.text, "")
    assert [part for part in told.split(". ") if len(part) > 20 and part in text] == []
