"""The watch for retractions on both databases: how many processes do one run, and how far it reads."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.database.engine import open_database
from bot.adapters.database.session_locks import open_locks
from bot.adapters.stores.daily_tasks import DailyTasks
from bot.adapters.stores.enrichments import SqlEnrichments
from bot.adapters.stores.records import Records
from bot.core.channel_settings import ChannelSettings, Scope, Target
from bot.core.enrichment import Enrichment, MatchOutcome, Notice, NoticeKind
from bot.core.errors import RecordNotFound, Unreachable
from bot.core.record import Record
from bot.core.reply import Reply
from bot.core.study import Study
from bot.services.cards import make_card
from bot.services.enrichment import Enricher
from bot.services.enrichment_ports import Retractions
from bot.services.lookup import Lookup
from bot.services.ports import CardContent, Page, PointerContent, StoredPage
from bot.services.retraction_watch import MOST_PAGES, NAME, NewRetraction
from bot.use_cases import Services, build_replies, build_services
from tests.chat import ALICE, CHANNEL, GUILD, NOW, FakeChat, Sent
from tests.fakes import Pages
from tests.invented import invented_page
from tests.newt import BOTH, newt, newt_page
from tests.references import erowid

DOI = "10.5555/drug.1"
NOTICE = Notice(NoticeKind.RETRACTION, "Crossref", (2026, 11, 23), "10.5555/notice.7")
MATCH = Enrichment(
    outcome=MatchOutcome.MATCH, reason="", matcher=1, asked_at=NOW, notices_asked_at=NOW, doi=DOI, agree=("title",)
)
SAME = "the same"


@dataclass
class Source:
    """Lists retractions: `pages` by their cursors, the first under None."""

    pages: dict[str | None, Retractions] = field(default_factory=dict)
    asked: list[tuple[date, str | None]] = field(default_factory=list)
    failing: bool = False

    async def retractions(self, since: date, cursor: str | None = None) -> Retractions:
        self.asked.append((since, cursor))
        await asyncio.sleep(0)
        if self.failing:
            raise Unreachable("reset")
        return self.pages.get(cursor, Retractions((), None))


@pytest.fixture
def source() -> Source:
    return Source({None: Retractions(((DOI, NOTICE),), None)})


async def open_process(
    opened: AsyncExitStack, database: AsyncEngine | str, source: Source, pages: Pages | None = None, *, stored: bool = True
) -> Services:
    """Open the services of a process of its own, on an open database or that at a URL."""
    engine = await opened.enter_async_context(open_database(database)) if isinstance(database, str) else database
    locks = await opened.enter_async_context(open_locks(engine))
    lookup = Lookup(pages or Pages(), Records(engine), BOTH, now=lambda: NOW)
    opened.push_async_callback(lookup.close)
    enricher = Enricher(None, now=lambda: NOW)
    services = build_services(lookup, engine, now=lambda: NOW, locks=locks, enricher=enricher, retractions=source)
    if stored:
        await Records(engine).put(StoredPage(Page(erowid(1), b""), Record(erowid(1), "Inventamine"), 1, NOW))
    await SqlEnrichments(engine).put(erowid(1), MATCH)
    return services


async def no_chat(_channel_id: int) -> FakeChat:
    raise AssertionError("no card shows the study")


async def test_one_process_of_many(database_url: str, source: Source) -> None:
    """Four that look at once on one database: one asks, and one tells."""
    told: list[NewRetraction] = []

    async def tell(found: NewRetraction) -> None:
        told.append(found)

    async with AsyncExitStack() as opened:
        processes = [await open_process(opened, database_url, source) for _ in range(4)]
        await asyncio.gather(*(process.watch.run(no_chat, tell) for process in processes))
    assert source.asked == [((NOW - timedelta(days=92)).date(), None)]
    assert [(one.study.record.title, one.notice, one.cards) for one in told] == [("Inventamine", NOTICE, ())]


async def test_a_run_that_did_not_end(database_url: str, source: Source) -> None:
    """It is repeated from where the last whole one was; what was told is not told again."""
    told: list[NewRetraction] = []

    async def tell(found: NewRetraction) -> None:
        told.append(found)

    async with AsyncExitStack() as opened:
        services = await open_process(opened, database_url, source)
        source.failing = True
        with pytest.raises(Unreachable):
            await services.watch.run(no_chat, tell)
        source.failing = False
        await services.watch.run(no_chat, tell)
        await services.watch.run(no_chat, tell)
        assert (len(source.asked), len(told)) == (2, 1)
        async with open_database(database_url) as engine:
            tasks = DailyTasks(engine)
            async with tasks.held(NAME, done_before=NOW) as task:
                assert (task.began_at, task.done_at) == (NOW, NOW)
                await tasks.put(replace(task, done_at=NOW - timedelta(days=3)))
            async with tasks.held("another", done_before=NOW) as task:
                assert (task.began_at, task.done_at) == (None, None)
            kept = await SqlEnrichments(engine).get(erowid(1))
        assert kept.notices == (NOTICE,)
        await services.watch.run(no_chat, tell)
        assert source.asked[-1] == ((NOW - timedelta(days=5)).date(), None)
        assert len(told) == 1


async def test_a_run_of_another_process(database_url: str, source: Source) -> None:
    """Nothing is asked while its lease is alive, which it keeps so; once a dead process's lease is over, the run is done."""
    expire, look = text("UPDATE daily_tasks SET lease_until = 0"), text("SELECT lease_until FROM daily_tasks")
    async with AsyncExitStack() as opened:
        services = await open_process(opened, database_url, source)
        engine = await opened.enter_async_context(open_database(database_url))
        async with DailyTasks(engine, renew=0.01).held(NAME, done_before=NOW):
            async with engine.begin() as connection:
                await connection.execute(expire)
            renewed = 0.0
            while not renewed:
                async with engine.connect() as connection:
                    renewed = await connection.scalar(look)
            await services.watch.run(no_chat, _ignore)
            assert source.asked == []
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE daily_tasks SET lease = 'dead', lease_until = :ever"), {"ever": 1e12})
        await services.watch.run(no_chat, _ignore)
        assert source.asked == []
        async with engine.begin() as connection:
            await connection.execute(expire)
        await services.watch.run(no_chat, _ignore)
        assert len(source.asked) == 1


async def test_a_card_that_cannot_be_drawn_now(engine: AsyncEngine, source: Source) -> None:
    """Its record is not stored any more and the site is down: the run is repeated, until the card is red."""
    chat, pages = FakeChat(), Pages()
    chat.sent[1001] = Sent(
        1, CardContent(make_card(Study(Record(erowid(1), "")), "apa", url=None), ChannelSettings(), ALICE), ""
    )

    async def open_chat(_channel_id: int) -> FakeChat:
        return chat

    async with AsyncExitStack() as opened:
        services = await open_process(opened, engine, source, pages, stored=False)
        await services.replies.add(Reply(1001, 1, erowid(1), CHANNEL, ALICE, NOW))
        pages.answer = Unreachable("reset")
        await services.watch.run(open_chat, _ignore)
        assert "edit" not in chat.calls
        pages.answer = invented_page()
        await services.watch.run(open_chat, _ignore)
    assert chat.sent[1001].content.card.study.retracted


async def test_a_card_whose_message_is_worked_on(database_url: str, source: Source) -> None:
    """While another process holds its lease the card stays, and the run is repeated; no lease is left behind."""
    chat = FakeChat()

    async def open_chat(_channel_id: int) -> FakeChat:
        return chat

    async with AsyncExitStack() as opened:
        services, other = [await open_process(opened, database_url, source, stored=False) for _ in range(2)]
        await build_replies(services).posted(chat, chat.write(100, 1))
        job = await other.jobs.claim(100, CHANNEL, GUILD)
        await services.watch.run(open_chat, _ignore)
        assert not chat.sent[1001].content.card.study.retracted
        await other.jobs.settle(job, retry_in=None)
        await services.watch.run(open_chat, _ignore)
        assert chat.sent[1001].content.card.study.retracted
        assert await other.jobs.claim(100, CHANNEL, GUILD) is not None


async def test_an_event_while_a_card_is_redrawn(engine: AsyncEngine, source: Source) -> None:
    """It is followed once the card is redrawn: what the message links to by then is what stands."""
    chat, edited = FakeChat(), asyncio.Event()

    async def open_chat(_channel_id: int) -> FakeChat:
        return chat

    async with AsyncExitStack() as opened:
        services = await open_process(opened, engine, source, stored=False)
        replies = build_replies(services)
        await replies.posted(chat, chat.write(100, 1))
        edit = chat.edit

        async def edit_slowly(*given) -> None:
            chat.edit = edit
            following.append(asyncio.create_task(replies.edited(chat, chat.write(100, 2), recent=True)))
            await edited.wait()
            await edit(*given)

        following: list[asyncio.Task[None]] = []
        chat.edit = edit_slowly
        run = asyncio.create_task(services.watch.run(open_chat, _ignore))
        while not following:  # noqa: ASYNC110 - the edit is under way
            await asyncio.sleep(0)
        await asyncio.wait(following, timeout=0.05)
        assert (chat.shown(), chat.calls.count("edit")) == (["1"], 0)
        edited.set()
        await asyncio.gather(run, *following)
    assert (chat.shown(), chat.calls.count("edit")) == (["2"], 2)


async def test_one_of_several_studies_in_a_message(engine: AsyncEngine, source: Source) -> None:
    """The message is drawn anew as it was, with that study marked as retracted."""
    chat, pages = FakeChat(), Pages()
    pages.answers[erowid(2)] = RecordNotFound(erowid(2))

    async def open_chat(_channel_id: int) -> FakeChat:
        return chat

    async with AsyncExitStack() as opened:
        services = await open_process(opened, engine, source, pages, stored=False)
        await build_replies(services).posted(chat, chat.write(99, 3))
        await build_replies(services).posted(chat, chat.write(100, 3, *range(1, 8)))
        before = max(chat.sent.items())[1].content
        await services.watch.run(open_chat, _ignore)
    after = max(chat.sent.items())[1].content
    assert [isinstance(one, PointerContent) for one in after.entries] == [True, False, False, False, False]
    assert [one.card.study.retracted for one in before.entries[1:]] == [False, False, False, False]
    assert [one.card.study.retracted for one in after.entries[1:]] == [True, False, False, False]
    assert (after.failed, after.more) == (before.failed, before.more) == (("Erowid 2",), 1)
    assert chat.calls.count("edit") == 1


async def test_a_card_of_a_record_that_states_its_doi(engine: AsyncEngine, source: Source) -> None:
    """It is found without any match: a record by DOI, or of another source; the other cards of its study are found too."""
    chat, pages = FakeChat(), Pages()
    pages.answers[newt(1)] = newt_page(doi=DOI)

    async def open_chat(_channel_id: int) -> FakeChat:
        return chat

    async with AsyncExitStack() as opened:
        services = await open_process(opened, engine, source, pages, stored=False)
        await services.settings.set(
            GUILD, Target(Scope.GUILD, GUILD), {"cooldown": 0, "links": frozenset({"erowid", "newt"})}, by=1
        )
        for number, reference in enumerate((newt(1), erowid(1))):
            await build_replies(services).posted(chat, chat.write(100 + number, reference))
        assert [one.content.card.study.retracted for one in chat.sent.values()] == [False, False]
        await services.watch.run(open_chat, _ignore)
    assert [one.content.card.study.retracted for one in chat.sent.values()] == [True, True]


@pytest.mark.parametrize(
    ("pages", "asked"),
    [
        ({None: Retractions((), None)}, [None]),
        (
            {None: Retractions((), "b"), "b": Retractions(((DOI, NOTICE),), "c"), "c": Retractions((), None)},
            [None, "b", "c"],
        ),
        # a cursor that stays the same, and a service that does not move on
        ({None: Retractions(((DOI, NOTICE),), SAME), SAME: Retractions(((DOI, NOTICE),), SAME)}, [None, SAME]),
        ({None: Retractions((), SAME), SAME: Retractions(((DOI, NOTICE),), SAME)}, [None, SAME, SAME]),
    ],
)
async def test_how_far_it_reads(
    engine: AsyncEngine, source: Source, pages: dict[str | None, Retractions], asked: list[str | None]
) -> None:
    """To the last page, and no further."""
    source.pages = pages
    async with AsyncExitStack() as opened:
        services = await open_process(opened, engine, source)
        await services.watch.run(no_chat, _ignore)
    assert [cursor for _, cursor in source.asked] == asked


async def test_a_list_without_end(engine: AsyncEngine, source: Source) -> None:
    """Even a service that says new things for ever is left at last."""

    class Endless(dict):
        def get(self, cursor: str | None, _: object = None) -> Retractions:
            return Retractions((), f"{cursor}+")

    source.pages = Endless()
    async with AsyncExitStack() as opened:
        services = await open_process(opened, engine, source)
        await services.watch.run(no_chat, _ignore)
    assert len(source.asked) == MOST_PAGES


async def _ignore(_found: NewRetraction) -> None:
    """Tell nobody."""
