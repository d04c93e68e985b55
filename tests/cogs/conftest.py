"""The real bot in a simulated Discord, with pages from memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
import pytest_asyncio
import simcord
import simcord.interactions
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.stores.records import Records
from bot.app import build_client
from bot.core.channel_settings import Scope, Target, Value
from bot.core.source import Sources
from bot.discord_client.client import Precis
from bot.discord_client.limits import DiscordLimits
from bot.services.lookup import Lookup
from bot.settings import Settings
from bot.use_cases import Services, build_services
from tests.databases import SharedEngine
from tests.fakes import Pages
from tests.references import SOURCES

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SETTINGS = Settings(_env_file=None)
RARELY = 30 * 24 * 3600.0
"""Seconds between two looks for pending jobs after the first: tests that let days pass would wait for thousands."""
RARE: dict[str, Any] = {"limits": DiscordLimits(resume_every=RARELY, catch_up_pause=0)}
"""Waits of the client."""


@dataclass
class Room:
    """A guild with a channel, somebody in it, and the bot."""

    env: simcord.Env
    pages: Pages
    services: Services
    engine: AsyncEngine
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor

    async def choose(self, **values: Value) -> None:
        """Let a moderator choose for the whole guild."""
        await self.services.settings.set(self.guild.id, Target(Scope.GUILD, self.guild.id), values, by=1)

    def add_moderator(self, name: str = "mod") -> simcord.MemberActor:
        """Add somebody with Manage Server and nothing else."""
        role = self.guild.roles.get("Moderators") or self.guild.create_role(
            "Moderators", permissions=discord.Permissions(manage_guild=True)
        )
        return self.guild.add_member(self.env.create_user(name), roles=[role])

    async def restart(self) -> None:
        """Let a new process take over a while later: it knows what is stored, and nothing else."""
        await self.env.advance_time(60)
        await self.env.restart_bot(build_client(self.services, SETTINGS, **RARE))

    def cards(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """The bot's messages in the channel."""
        return [message for message in (channel or self.channel).history() if message.author.id == self.env.bot.user.id]

    def marks(self, message: discord.Message) -> list[str]:
        """The reactions to a message."""
        (found,) = [one for one in self.channel.history() if one.id == message.id]
        return [str(reaction.emoji) for reaction in found.reactions]


@pytest.fixture
def pages() -> Pages:
    """What the site says."""
    return Pages()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Discord says of each interaction beside what simcord does, to be filled in: locale, context, who installed."""
    more: dict[str, Any] = {}
    base_payload = simcord.interactions.base_payload

    def with_more(*args: Any, **kwargs: Any) -> Any:
        record, payload = base_payload(*args, **kwargs)
        return record, payload | more

    monkeypatch.setattr(simcord.interactions, "base_payload", with_more)
    return more


@pytest.fixture
async def engine(one_engine: SharedEngine) -> AsyncIterator[AsyncEngine]:
    """A database in memory."""
    async with one_engine.new_database() as engine:
        yield engine


@pytest.fixture
def sources() -> Sources:
    """The sources that the bot knows."""
    return SOURCES


@pytest.fixture
async def services(pages: Pages, engine: AsyncEngine, sources: Sources) -> AsyncIterator[Services]:
    """The real services; their time stands still."""
    lookup = Lookup(pages, Records(engine), sources, now=lambda: NOW)
    yield build_services(lookup, engine, now=lambda: NOW)
    await lookup.close()


@pytest.fixture
def simcord_bot(services: Services) -> Precis:
    """The bot that simcord's own fixture runs; an error that it swallowed fails the test."""
    return build_client(services, SETTINGS, **RARE)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def commands(one_engine: SharedEngine) -> list[dict[str, Any]]:
    """The commands as `tree.sync` sends them, translated once in a process: that took a third of a room's time."""
    return await asyncio.create_task(_commands(one_engine))  # what simcord sets in its context ends with the task


async def _commands(one_engine: SharedEngine) -> list[dict[str, Any]]:
    async with one_engine.new_database() as engine:
        lookup = Lookup(Pages(), Records(engine), SOURCES, now=lambda: NOW)
        bot = build_client(build_services(lookup, engine, now=lambda: NOW), SETTINGS, **RARE)
        async with simcord.run(bot) as env:
            await bot.tree.sync()
        await lookup.close()
    sent = env.http_requests[-1].json
    # simcord's own route drops this field, too
    return [{name: value for name, value in command.items() if name != "nsfw"} for command in sent]


@pytest.fixture
async def room(
    simcord_env: simcord.Env, pages: Pages, services: Services, engine: AsyncEngine, commands: list[dict[str, Any]]
) -> Room:
    """A room for one test."""
    simcord_env.backend.register_commands(None, commands)
    guild = simcord_env.create_guild("Reading Room")
    channel = guild.create_text_channel("studies")
    alice = guild.add_member(simcord_env.create_user("alice"))
    return Room(simcord_env, pages, services, engine, guild, channel, alice)


@pytest.fixture
def mod(room: Room) -> simcord.MemberActor:
    return room.add_moderator()
