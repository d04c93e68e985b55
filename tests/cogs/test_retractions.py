"""Retractions that appear after the cards, through the real bot and a loopback Crossref. All works are invented."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.records import Records
from bot.core.channel_settings import Layout, Scope, Size, Target
from bot.services.lookup import Lookup
from bot.settings import Settings
from bot.sites import open_bibliographic_services
from bot.use_cases import Services, build_services
from cogs.discord_kit.colours import QUIET, RED
from tests.bibliography import FAULTS, NOTICE_DOI, Bibliography, Retraction, Work, open_bibliography
from tests.cogs.conftest import Room
from tests.cogs.test_enriched import edits, shown, updated
from tests.cogs.test_watch import LINK, VIEW
from tests.fakes import Pages
from tests.invented import REFERENCE, invented_page
from tests.references import SOURCES, erowid

OTHER = erowid(2)
WORK = Work(title="On a drug that does not exist", doi="10.5555/Drug.1")
SOUND = Work(title="On a drug that never was", doi="10.5555/drug.2", pmid="90000002", volume="448")
TODAY = date(2026, 11, 28)


@dataclass
class Clock:
    """The time, which only tests move."""

    now: datetime = datetime(2026, 11, 28, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def works(pages: Pages) -> AsyncIterator[Bibliography]:
    """Two studies, and the services on loopback that know both."""
    pages.answers[OTHER] = invented_page(SOUND.title).replace(b"447(1)", b"448(1)")
    async with open_bibliography() as services:
        services.add(WORK, SOUND)
        yield services


@pytest.fixture
async def services(pages: Pages, engine: AsyncEngine, works: Bibliography, clock: Clock) -> AsyncIterator[Services]:
    """The real services, with the watch."""
    given = {name.lower(): value for name, value in works.environment(CONTACT="test@invented.org").items()}
    settings = Settings(_env_file=None, **given)
    lookup = Lookup(pages, Records(engine), SOURCES, now=clock)
    async with open_bibliographic_services(settings, pace=lambda _: 0.0) as opened:
        built = build_services(lookup, engine, now=clock, enricher=opened.enricher(), retractions=opened.crossref)
        yield built
        await built.inquiries.close()
        await lookup.close()


@pytest.fixture
async def pasted(room: Room, works: Bibliography) -> Room:
    """A room with a card of each study, the first run done."""
    await room.alice.send(room.channel, VIEW)
    await room.alice.send(room.channel, LINK.format(OTHER.id))
    await updated()
    assert [colour(card) for card in room.cards()] == [QUIET, QUIET]
    works.asked.clear()
    room.env.http_requests.clear()
    return room


def colour(message: discord.Message) -> discord.Colour:
    return message.components[0].accent_colour


async def look(room: Room, clock: Clock, **later: float) -> None:
    """Let time pass, and the loop look whether a run is due."""
    clock.now += timedelta(**later)
    await room.env.bot.cogs["RetractionLoop"].look()
    await room.env.settle()


def lists(works: Bibliography) -> list[Any]:
    return [request for request in works.asked if "filter" in request.query]


async def test_the_right_cards_turn_red(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """Within one run, by one edit each; the other study's card is untouched, and nothing is asked for each study."""
    log = pasted.guild.create_text_channel("log")
    await pasted.choose(log_channel=log.id)
    works.retractions = [Retraction("10.5555/DRUG.1", TODAY), Retraction("10.5555/nobody", TODAY, "10.5555/notice.8")]
    await look(pasted, clock, days=1)
    red, quiet = pasted.cards()
    assert (colour(red), colour(quiet)) == (RED, QUIET)
    assert len(edits(pasted)) == 1
    assert works.asked == lists(works)
    (said,) = log.history()
    assert said.content == (
        f"Retracted, says Retraction Watch: “{WORK.title}” (<https://doi.org/{NOTICE_DOI}>). Its cards here are marked now: "
        f"https://discord.com/channels/{pasted.guild.id}/{pasted.channel.id}/{red.id}"
    )
    assert said.flags.suppress_notifications
    later = pasted.guild.create_text_channel("later")
    await pasted.alice.send(later, VIEW)
    assert colour(pasted.cards(later)[0]) == RED
    (hit,) = await pasted.services.library.search(WORK.title, most=1)
    assert hit.retracted


async def test_a_hidden_study_is_not_named(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """The log channel hides the title of a study whose card there is a spoiler."""
    log, hidden = pasted.guild.create_text_channel("log"), pasted.guild.create_text_channel("hidden")
    await pasted.choose(log_channel=log.id)
    await pasted.alice.send(hidden, f"||{VIEW}||")
    works.retractions = [Retraction("10.5555/DRUG.1", TODAY)]
    await look(pasted, clock, days=1)
    (said,) = log.history()
    assert f"“||{WORK.title}||”" in said.content


async def test_once_a_day(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """Crossref is asked politely for what came since the last run, with two days' overlap."""
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    await look(pasted, clock, hours=1)
    assert works.asked == []
    await look(pasted, clock, hours=22)
    asked = len(lists(works))
    assert asked
    assert lists(works)[0].query["filter"] == "update-type:retraction,from-update-date:2026-11-26"
    assert {one.query["mailto"] for one in lists(works)} == {"test@invented.org"}
    await look(pasted, clock, hours=22)
    assert len(lists(works)) == asked
    await look(pasted, clock, hours=2)
    assert len(lists(works)) > asked
    assert len(edits(pasted)) == 1  # what the overlap lists again is known


async def test_all_pages_are_read(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """However many pages there are, up to the empty one."""
    works.page = 2
    works.retractions = [Retraction(f"10.5555/nobody.{number}", TODAY, f"10.5555/notice.{number}") for number in range(5)]
    works.retractions.append(Retraction("10.5555/drug.1", TODAY))
    await look(pasted, clock, days=1)
    assert colour(pasted.cards()[0]) == RED
    assert len(lists(works)) == 4


@pytest.mark.parametrize("fault", FAULTS)
async def test_crossref_fails(pasted: Room, works: Bibliography, clock: Clock, fault: str) -> None:
    """Nothing changes, nobody hears of it, and the run is repeated."""
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    works.faults["crossref"] = [FAULTS[fault]] * 2
    await look(pasted, clock, days=1)
    assert (edits(pasted), pasted.env.errors) == ([], [])
    assert works.asked
    works.faults["crossref"].clear()
    await look(pasted, clock, hours=1)
    assert colour(pasted.cards()[0]) == RED


async def test_discord_fails(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """A card that Discord does not take now is redrawn by the next look; the log channel is told once."""
    log = pasted.guild.create_text_channel("log")
    await pasted.choose(log_channel=log.id)
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    for _ in range(3):
        pasted.env.inject_error("PATCH", "/channels/*/messages/*", status=503)
    await look(pasted, clock, days=1)
    assert colour(pasted.cards()[0]) == QUIET
    await look(pasted, clock, hours=1)
    assert colour(pasted.cards()[0]) == RED
    assert len(list(log.history())) == 1
    asked = len(works.asked)
    await look(pasted, clock, hours=1)
    assert len(works.asked) == asked


async def test_the_database_fails(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """The run is repeated."""
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    async with pasted.engine.begin() as connection:
        await connection.execute(sql("ALTER TABLE enrichments RENAME TO gone"))
    await look(pasted, clock, days=1)
    assert edits(pasted) == []
    async with pasted.engine.begin() as connection:
        await connection.execute(sql("ALTER TABLE gone RENAME TO enrichments"))
    await look(pasted, clock, hours=1)
    assert colour(pasted.cards()[0]) == RED


async def test_which_cards(room: Room, works: Bibliography, clock: Clock) -> None:
    """Each layout, and a command's answer too; not those of more than 90 days ago, nor pointers."""
    await room.alice.send(old := room.guild.create_text_channel("old"), VIEW)
    clock.now += timedelta(days=60)
    await room.alice.send(room.channel, VIEW)
    await room.alice.send(room.channel, f"again: {VIEW}")
    asked = room.guild.create_text_channel("asked")
    await room.alice.slash(asked, "study show", reference=REFERENCE.id)
    gone = room.guild.create_text_channel("gone")
    await room.alice.send(gone, VIEW)
    await room.choose(layout=Layout.EMBED)
    await room.alice.send(embed := room.guild.create_text_channel("embed"), VIEW)
    await updated()
    room.env.http_requests.clear()
    room.env.backend.delete_message(gone.id, room.cards(gone)[0].id)
    await room.choose(layout=None, enrich=False)
    clock.now += timedelta(days=31)
    works.retractions = [Retraction("10.5555/drug.1", clock.now.date())]
    await look(room, clock)
    red = f"'accent_color': {RED.value}"
    assert red in shown(room.cards()[0])
    assert red in shown(room.cards(asked)[0])
    assert red in shown(room.cards(embed)[0])  # drawn as its channel has it now
    assert red not in shown(room.cards(old)[0])
    assert ": shown <t:" in room.cards()[1].content
    assert "10.5555/drug.1" not in shown(room.cards()[0])  # where services are off, only the retraction is shown
    assert len(edits(room)) == 3


async def test_a_server_of_another_shard(room: Room, works: Bibliography, clock: Clock) -> None:
    """Which this process does not see: its cards keep their language and their category's settings, threads' too."""
    guild = room.env.create_guild("Lesesaal", preferred_locale="de")
    alice = guild.add_member(room.env.create_user("alice in Wien"))
    category = guild.create_category("compact")
    channel, log = guild.create_text_channel("studien", category=category), guild.create_text_channel("log")
    await room.services.settings.set(guild.id, Target(Scope.CATEGORY, category.id), {"size": Size.COMPACT}, by=1)
    await room.services.settings.set(guild.id, Target(Scope.GUILD, guild.id), {"log_channel": log.id}, by=1)
    kind = discord.ChannelType.public_thread
    await room.env.bot.get_channel(channel.id).create_thread(name="thread", type=kind)
    (thread,) = channel.threads
    for place in (channel, thread):
        await alice.send(place, VIEW)
    await updated()
    before = [shown(room.cards(place)[-1]) for place in (channel, thread)]
    await room.env.settle()
    room.env.bot._connection._guilds.pop(guild.id)  # noqa: SLF001 - an event would say that the bot left
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    await look(room, clock, days=1)
    for place, earlier in zip((channel, thread), before, strict=True):
        now = shown(room.cards(place)[-1])
        assert "**Zurückgezogen**" in now
        assert "Key findings" not in now + earlier
        assert "**APA**" not in now + earlier
    (said,) = log.history()
    assert said.content.startswith("Zurückgezogen")


async def test_a_log_channel_of_another_server(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """A settings file can name any channel; none but the server's own is written to."""
    elsewhere = pasted.env.create_guild("Elsewhere").create_text_channel("general")
    await pasted.choose(log_channel=elsewhere.id)
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    await look(pasted, clock, days=1)
    assert colour(pasted.cards()[0]) == RED
    assert list(elsewhere.history()) == []
    assert pasted.env.errors == []


async def test_where_the_bot_may_not_write(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """The cards are red all the same."""
    log = pasted.guild.create_text_channel("log")
    await pasted.choose(log_channel=log.id)
    pasted.env.inject_error("POST", f"/channels/{log.id}/messages", status=403, code=50013)
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    await look(pasted, clock, days=1)
    assert colour(pasted.cards()[0]) == RED
    assert pasted.env.errors == []


async def test_the_notice_of_a_work_that_is_known_as_retracted(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """A second notice is kept and drawn, and is no news."""
    log = pasted.guild.create_text_channel("log")
    await pasted.choose(log_channel=log.id)
    works.retractions = [Retraction("10.5555/drug.1", TODAY)]
    await look(pasted, clock, days=1)
    works.retractions = [Retraction("10.5555/drug.1", clock.now.date(), "10.5555/notice.9")]
    await look(pasted, clock, days=1)
    assert (len(edits(pasted)), len(list(log.history()))) == (2, 1)


async def test_a_bot_that_ends(pasted: Room, works: Bibliography, clock: Clock) -> None:
    """It begins no run."""
    pasted.env.bot.work.stopping = True
    await look(pasted, clock, days=1)
    assert works.asked == []
    pasted.env.bot.work.stopping = False
