"""Studies of a source that the bot had once: lists have them plainly, without a link."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.records import Records
from bot.core.reference import Reference
from bot.core.source import Source, Sources
from bot.services.lookup import Lookup
from bot.sources.erowid import erowid_source
from bot.use_cases import Services, build_services
from tests.chat import NOW
from tests.cogs.archives import unpacked
from tests.cogs.conftest import Room
from tests.fakes import Pages
from tests.newt import SITE, newt, newt_page, newt_source

TITLE = "On newts that [do] not exist"


class Changing(Sources):
    """Sources of which one is there until it is removed."""

    removed: Source | None = None

    def of(self, reference: Reference) -> Source:
        """As in a process that never knew it."""
        if not self.knows(reference):
            raise KeyError(reference.source)
        return super().of(reference)

    def knows(self, reference: Reference) -> bool:
        return super().knows(reference) and super().of(reference) is not self.removed


@pytest.fixture
def sources() -> Changing:
    return Changing(erowid_source(), newt_source())


@pytest.fixture
async def services(pages: Pages, engine: AsyncEngine, sources: Changing) -> AsyncIterator[Services]:
    """Services that know two sources."""
    pages.answers[newt(5)] = newt_page(TITLE, None)
    lookup = Lookup(pages, Records(engine), sources, now=lambda: NOW)
    yield build_services(lookup, engine, now=lambda: NOW)
    await lookup.close()


async def test_lists_of_studies_without_their_source(room: Room, sources: Changing) -> None:
    """Search, recent cards, bibliographies in all forms: with the title, and no address of its own."""
    await room.choose(links=frozenset({"erowid", "newt"}))
    await room.alice.send(room.channel, f"{SITE}/5")
    linked = str((await room.alice.slash(room.channel, "study search", query="newts")).response.components)
    assert f"]({SITE}/5)" in linked
    sources.removed = sources.of(newt(5))
    for command in ("search", "recent"):
        asked = {"query": "newts"} if command == "search" else {}
        said = str((await room.alice.slash(room.channel, f"study {command}", **asked)).response.components)
        assert "On newts that \\\\[do\\\\] not exist" in said
        assert SITE not in said
    listed = await room.alice.slash(room.channel, "study bibliography")
    assert TITLE in listed.response.embeds[0].description.replace("\\", "")
    assert SITE not in "".join((await unpacked(listed)).values())
    page = await room.alice.slash(room.channel, "study bibliography", format="html")
    assert SITE not in (await page.response.attachments[0].read()).decode()


async def test_what_a_menu_still_offers(room: Room, sources: Changing) -> None:
    """Whoever picks it is told that it was not found."""
    await room.services.cards.study(newt(5))
    sources.removed = sources.of(newt(5))
    result = await room.alice.slash(room.channel, "study search", query="newts")
    picked = await room.alice.select(result.response.message, [str(newt(5))])
    assert "newt:5 was not found" in str(picked.response.content)
