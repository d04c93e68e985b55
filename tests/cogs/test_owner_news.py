"""The owner of the application hears of pages that can no longer be read: once, and only where the host wants it."""

from collections.abc import AsyncIterator

import discord
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from bot.adapters.stores.records import Records
from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.app import build_client
from bot.core.errors import StorageError
from bot.discord_client.client import Precis
from bot.services.lookup import Lookup
from bot.services.page_watch import PageWatch
from bot.settings import Settings
from bot.use_cases import Services, build_services
from tests.cogs.conftest import NOW, RARE, Room
from tests.cogs.test_watch import LINK, VIEW
from tests.fakes import Pages
from tests.references import SOURCES, erowid

CHANGED = b"<html><p>Welcome to the new vaults!</p></html>"


@pytest.fixture
async def services(pages: Pages, engine: AsyncEngine) -> AsyncIterator[Services]:
    """The real services, with the watch over what the lookup reads."""
    watch = PageWatch(UnreadablePages(engine))
    lookup = Lookup(pages, Records(engine), SOURCES, now=lambda: NOW, watch=watch)
    yield build_services(lookup, engine, now=lambda: NOW, page_watch=watch)
    await lookup.close()


@pytest.fixture(params=["on"])
def simcord_bot(services: Services, request: pytest.FixtureRequest) -> Precis:
    return build_client(services, Settings(_env_file=None, tell_owner=request.param), **RARE)


async def fail(room: Room, *numbers: int) -> None:
    """Let Alice paste links whose pages nobody can read."""
    for number in numbers:
        room.pages.answers[erowid(number)] = CHANGED
    await room.alice.send(room.channel, " ".join(map(LINK.format, numbers)))


async def mend(room: Room) -> None:
    """Let Alice paste a link whose page is as it was."""
    await room.alice.send(room.channel, VIEW)


def own(room: Room, *, team: bool = False) -> None:
    """Let Alice own the application: simcord says that it is the bot's own."""
    about = room.env.bot.application
    about.owner = discord.Object(1 if team else room.alice.id)
    if team:
        about.team = discord.Object(2)
        about.team.owner_id = room.alice.id


def told(room: Room) -> list[str]:
    return [message.content for message in room.alice.user.dm_channel.history()]


@pytest.mark.parametrize("team", [False, True])
async def test_the_owner_is_told_once(room: Room, team: bool) -> None:
    """Of an application that a team owns, the team's owner; and once it is over."""
    own(room, team=team)
    await fail(room, 1, 2)
    assert told(room) == []
    await fail(room, 3, 4, 5)
    await room.restart()
    own(room, team=team)
    await fail(room, 6)
    (said,) = told(room)
    assert said.startswith("The pages of Erowid can no longer be read: the last 3 that it gave")
    await mend(room)
    assert told(room)[-1] == "The pages of Erowid can be read again."
    assert len(told(room)) == 2


async def test_in_the_language_of_the_owner_s_server(room: Room) -> None:
    own(room)
    guild = next(iter(room.env.bot.guilds))
    guild.owner_id, guild.preferred_locale = room.alice.id, discord.Locale.german
    await fail(room, 1, 2, 3)
    assert told(room)[0].startswith("Die Seiten von Erowid lassen sich nicht mehr lesen")


@pytest.mark.parametrize("simcord_bot", ["off"], indirect=True)
async def test_an_owner_who_wants_none(room: Room) -> None:
    own(room)
    with capture_logs() as log:
        await fail(room, 1, 2, 3)
    assert told(room) == []
    assert "pages can no longer be read" in {line["event"] for line in log}


async def test_an_owner_who_takes_no_messages(room: Room) -> None:
    """As the bot itself, which simcord gives as the owner: it is logged, and later changes are looked for."""
    with capture_logs() as log:
        await fail(room, 1, 2, 3)
    assert "owner not told" in {line["event"] for line in log}
    own(room)
    await mend(room)
    assert told(room) == ["The pages of Erowid can be read again."]


async def test_a_database_that_is_gone(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next page that cannot be read is a new try."""
    own(room)

    async def gone():
        raise StorageError("gone")

    with monkeypatch.context() as patched, capture_logs() as log:
        patched.setattr(room.services.page_watch, "changes", gone)
        await fail(room, 1, 2, 3)
    assert told(room) == []
    assert "changes of pages not looked for" in {line["event"] for line in log}
    await fail(room, 4)
    assert len(told(room)) == 1
