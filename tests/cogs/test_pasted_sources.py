"""Pasted links of PubMed and DOIs: quiet unless moderators chose otherwise; the services are on loopback."""

import pytest

from tests.cogs.conftest import Room
from tests.cogs.test_sources import services, world
from tests.source_world import PLAIN, World

__all__ = ["services", "world"]
PUBMED_LINK, DOI_LINK = "https://pubmed.ncbi.nlm.nih.gov/99000001/", "https://doi.org/10.5555/nap.2031.7"


@pytest.mark.parametrize("text", [PUBMED_LINK, f"<{PUBMED_LINK}> {DOI_LINK}", "doi:10.5555/Nap.2031.7", "PMID: 99000001"])
async def test_quiet_until_chosen(room: Room, world: World, text: str) -> None:
    """By default nobody is asked; where moderators chose PubMed and DOI links, and short names, each gets a card."""
    await room.alice.send(room.channel, text)
    assert (room.cards(), world.asked()) == ([], {})
    await room.choose(links=frozenset({"erowid", "pubmed", "doi"}), shorthands=True)
    await room.alice.send(room.channel, text)
    (card,) = room.cards()
    assert PLAIN in str([one.to_dict() for one in card.components])
    assert world.asked() == {"europepmc": 1}
