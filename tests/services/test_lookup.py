import asyncio
import gc
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.core.channel_settings import ChannelSettings, Size
from bot.core.errors import PageChanged, RecordNotFound, TooBusy, Unreachable
from bot.core.reference import Reference
from bot.services.cards import Cards
from bot.services.lookup import Lookup
from bot.services.page_watch import PageWatch
from bot.services.ports import StoredPage
from bot.services.record_source import LARGE, MISSING, LookupLimits
from bot.sources.erowid import PARSER_VERSION, record_url
from tests.invented import REFERENCE, invented_page
from tests.references import SOURCES, erowid, number_of
from tests.services.conftest import FRESH, START, World

APA = ChannelSettings(style="apa")


async def test_a_record_is_fetched_once_and_then_stored(world: World) -> None:
    """What was read is used until it is no longer fresh."""
    found = await world.lookup.find(REFERENCE)
    assert (found.record.title, found.read_at, found.stale) == ("On a drug that does not exist", START, False)
    world.now += FRESH - timedelta(seconds=1)
    assert await world.lookup.find(REFERENCE) == found
    assert world.pages.asked == {REFERENCE: 1}


async def test_many_askers_make_one_fetch(world: World) -> None:
    """All who ask while a record is fetched get what that fetch gives."""
    world.pages.gate.clear()
    asking = [asyncio.create_task(world.lookup.find(erowid(1 + n % 3))) for n in range(300)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    world.pages.gate.set()
    found = await asyncio.gather(*asking)
    assert [one.record.reference for one in found] == [erowid(1 + n % 3) for n in range(300)]
    assert set(world.pages.asked.values()) == {1}


async def test_the_site_is_asked_in_the_order_of_asking(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the database takes for each, whoever came first is fetched first."""
    get = world.store.get

    async def slower_for_the_first(reference: Reference) -> StoredPage | None:
        for _ in range(10 - number_of(reference)):
            await asyncio.sleep(0)
        return await get(reference)

    monkeypatch.setattr(world.store, "get", slower_for_the_first)
    references = [erowid(n) for n in range(1, 10)]
    await asyncio.gather(*map(world.lookup.find, references))
    assert list(world.pages.asked) == references


async def test_an_asker_who_leaves_stops_nobody(world: World) -> None:
    """The fetch goes on for the others when one asker is cancelled."""
    world.pages.gate.clear()
    leaving, staying = (asyncio.create_task(world.lookup.find(REFERENCE)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    world.pages.gate.set()
    assert (await staying).record.reference == REFERENCE


async def test_a_failure_that_nobody_waits_for(world: World) -> None:
    """It is not reported as an error that nobody retrieved."""
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    world.pages.gate.clear()
    world.pages.answer = Unreachable("reset")
    leaving = asyncio.create_task(world.lookup.find(REFERENCE))
    await world.pages.until_asked(REFERENCE)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    del leaving
    world.pages.gate.set()
    for _ in range(20):  # until the lookup has ended
        await asyncio.sleep(0)
    gc.collect()
    assert reported == []


async def test_a_stale_record_is_asked_for_again(world: World) -> None:
    """The site is told what is known; its new page takes the place of the old one."""
    await world.lookup.find(REFERENCE)
    world.now += FRESH
    world.pages.answer = invented_page("On a drug that still does not exist")
    found = await world.lookup.find(REFERENCE)
    assert (found.record.title, found.read_at) == ("On a drug that still does not exist", world.now)
    assert world.pages.known[1].etag == '"v1"'


async def test_a_record_that_still_holds_is_fresh_again(world: World) -> None:
    """Not modified: the stored record, read now."""
    first = await world.lookup.find(REFERENCE)
    world.now += FRESH
    world.pages.answer = None
    assert await world.lookup.find(REFERENCE) == replace(first, read_at=world.now)
    assert world.store.kept[REFERENCE].read_at == world.now


@pytest.mark.parametrize("failure", [Unreachable("down"), TooBusy("queue"), b"<html><body>Soon back</body></html>"])
async def test_a_stale_record_is_better_than_none(world: World, failure) -> None:
    """Where the site cannot say, the stored record is shown and says how old it is."""
    await world.lookup.find(REFERENCE)
    world.now += 2 * FRESH
    world.pages.answer = failure
    found = await world.lookup.find(REFERENCE)
    assert (found.stale, found.read_at) == (True, START)


async def test_a_record_that_is_gone_is_gone(world: World) -> None:
    """When the site takes a record away, a stale copy is not shown."""
    await world.lookup.find(REFERENCE)
    world.now += FRESH
    world.pages.answer = RecordNotFound(REFERENCE)
    with pytest.raises(RecordNotFound):
        await world.lookup.find(REFERENCE)


async def test_not_found_is_remembered_briefly(world: World) -> None:
    """A wrong number, pasted again and again, costs the site one request."""
    world.pages.answer = RecordNotFound(REFERENCE)
    for _ in range(3):
        with pytest.raises(RecordNotFound):
            await world.lookup.find(REFERENCE)
    assert world.pages.asked[REFERENCE] == 1
    world.now += MISSING
    world.pages.answer = invented_page()
    assert await world.title()


async def test_failures_are_not_remembered(world: World) -> None:
    """Once the site is back, so is the record."""
    world.pages.answer = Unreachable("down")
    with pytest.raises(Unreachable):
        await world.lookup.find(REFERENCE)
    world.pages.answer = invented_page()
    assert await world.title()


async def test_a_page_that_is_not_understood_is_not_stored(world: World) -> None:
    """Nothing is taken from a page without the landmarks."""
    world.pages.answer = b"<html><body><p>Welcome to the new site!</p></body></html>"
    with pytest.raises(PageChanged):
        await world.lookup.find(REFERENCE)
    assert not world.store.kept


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (b"<html><body><p>Welcome to the new site!</p></body></html>", True),
        (b"<html><title>Erowid Vault : Water</title><body><h1>Water</h1>A clear liquid.", True),
        (invented_page(), False),
        (b"<html><title>403 Forbidden</title></html>", False),
        (b"<html><body><p>There is no such reference.</p></body></html>", False),
        (Unreachable("down"), False),
        (RecordNotFound(REFERENCE), False),
        (None, False),
    ],
)
async def test_which_pages_are_kept(engine: AsyncEngine, answer, kept: bool) -> None:
    """Pages that should have shown a record and cannot be read, with what is known of them."""
    world, store = World(), UnreadablePages(engine)
    watch = PageWatch(store)
    world.lookup = Lookup(world.pages, world.store, SOURCES, now=lambda: world.now, fresh=FRESH, watch=watch)
    if answer is not None:
        world.pages.answer = answer
        await asyncio.gather(world.lookup.find(REFERENCE), return_exceptions=True)
    pages = await store.all()
    assert len(pages) == kept
    for one in pages:
        assert (one.page.reference, one.page.body, one.page.charset) == (REFERENCE, answer, "utf-8")
        assert (one.page.site, one.url, one.parser, one.at) == ("Erowid", record_url(REFERENCE), PARSER_VERSION, START)
        assert one.reason.startswith(("page not understood: ", "not a record: "))
    world.pages.answer = invented_page()
    await world.lookup.find(erowid(2))
    assert all(site.unreadable == 0 for site in await store.health())
    await world.lookup.close()


async def test_another_parser_reads_the_stored_bytes_again(world: World) -> None:
    """A better parser needs no fetch."""
    await world.lookup.find(REFERENCE)
    kept = world.store.kept[REFERENCE]
    world.store.kept[REFERENCE] = replace(kept, parser=PARSER_VERSION - 1, record=replace(kept.record, title="misread"))
    world.restart()
    assert await world.title() == "On a drug that does not exist"
    assert world.store.kept[REFERENCE] == kept
    assert world.pages.asked[REFERENCE] == 1


async def test_stored_bytes_that_today_s_parser_refuses_are_fetched_again(world: World) -> None:
    """What cannot be read any more is no record."""
    await world.lookup.find(REFERENCE)
    kept = world.store.kept[REFERENCE]
    world.store.kept[REFERENCE] = replace(kept, parser=PARSER_VERSION - 1, page=replace(kept.page, body=b"<p>?</p>"))
    world.restart()
    assert await world.title() == "On a drug that does not exist"
    assert world.pages.asked[REFERENCE] == 2


async def test_a_broken_store_stops_no_card(world: World) -> None:
    """Records can be shown while the database is gone."""
    world.store.broken = True
    assert await world.title() == "On a drug that does not exist"


async def test_what_was_seen_serves_while_the_store_is_gone(world: World) -> None:
    """While the store does not answer, records that were shown here are shown again, without asking the site."""
    found = await world.lookup.find(REFERENCE)
    world.store.broken = True
    assert await world.lookup.find(REFERENCE) == found
    assert world.pages.asked[REFERENCE] == 1
    world.now += 2 * FRESH
    world.pages.answer = TooBusy("nobody knows whose turn it is")
    assert (await world.lookup.find(REFERENCE)).stale
    with pytest.raises(TooBusy):
        await world.lookup.find(erowid(1))


async def test_a_large_page_is_read_all_the_same(world: World) -> None:
    """A page beyond the bound is read in a thread, to the same record."""
    world.pages.answer = invented_page("On a drug that does not exist", "It grew. " * (LARGE // 8))
    assert await world.title() == "On a drug that does not exist"


async def test_close_stops_what_is_under_way(world: World) -> None:
    """Nothing is left running when the bot stops."""
    world.pages.gate.clear()
    asking = asyncio.create_task(world.lookup.find(REFERENCE))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await world.lookup.close()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_record_asked_for_lately_needs_no_store(world: World) -> None:
    """It is held in memory while it is fresh, and only so many are, the last asked for."""
    world.lookup = Lookup(world.pages, world.store, SOURCES, now=lambda: world.now, limits=LookupLimits(recent=2))
    first = await world.lookup.find(erowid(1))
    await world.lookup.find(erowid(2))
    world.store.kept.clear()
    world.store.broken = True
    assert await world.lookup.find(erowid(1)) == first
    await world.lookup.find(erowid(3))
    assert await world.lookup.find(erowid(1)) == first
    await world.lookup.find(erowid(2))
    assert world.pages.asked == {erowid(1): 1, erowid(2): 2, erowid(3): 1}


async def test_a_source_that_is_known_no_more(world: World) -> None:
    """A button of a card from before says that there is no such study; nothing is asked."""
    with pytest.raises(RecordNotFound):
        await world.lookup.find(Reference("newt", "5"))
    assert not world.pages.asked


class Nothing:
    """What is known of works beside their records."""

    async def shown(self, _reference: Reference) -> None:
        return None

    async def of(self, reference: Reference) -> frozenset[Reference]:
        return frozenset({reference})


async def test_a_card_of_a_record_read_anew_is_made_anew(world: World) -> None:
    """Cards are held in memory under all that they are made of: page, style, size and time."""
    cards = Cards(world.lookup, Nothing(), Nothing())
    first = await cards.card(REFERENCE, APA)
    assert await cards.card(REFERENCE, APA) is first
    assert (await cards.card(REFERENCE, ChannelSettings(style="ieee"))).citation != first.citation
    assert len((await cards.card(REFERENCE, ChannelSettings(size=Size.COMPACT))).findings) == 1
    world.now += FRESH
    world.pages.answer = invented_page("On a drug that still does not exist")
    assert (await cards.card(REFERENCE, APA)).record.title == "On a drug that still does not exist"
    world.now += FRESH
    world.pages.answer = Unreachable("down")
    assert (await cards.card(REFERENCE, APA)).stale
