"""The real bot in a simulated Discord, with pages from memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import discord
import pytest
import simcord

from bot.app import Services, build_client
from bot.client import Precis
from bot.core.channel import Choice
from bot.erowid import record_url
from bot.services.cards import Cards
from bot.services.lookup import Lookup
from bot.settings import Settings
from tests.fakes import Pages, Store


@dataclass
class Room:
    """A guild with a channel, somebody in it, and the bot."""

    env: simcord.Env
    pages: Pages
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor

    def cards(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """The bot's messages in the channel."""
        return [message for message in (channel or self.channel).history() if message.author.id == self.env.bot.user.id]

    def marks(self, message: discord.Message) -> list[str]:
        """The reactions to a message."""
        (found,) = [one for one in self.channel.history() if one.id == message.id]
        return [str(reaction.emoji) for reaction in found.reactions]


@pytest.fixture
def choice() -> Choice:
    """What holds in every channel; tests put theirs in its place."""
    return Choice()


@pytest.fixture
def pages() -> Pages:
    """What the site says."""
    return Pages()


@pytest.fixture
async def simcord_bot(pages: Pages, choice: Choice) -> AsyncIterator[Precis]:
    """The bot that simcord's own fixture runs; an error that it swallowed fails the test."""
    lookup = Lookup(pages, Store(), now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    yield build_client(Services(Cards(lookup, record_url), choice), Settings(_env_file=None))
    await lookup.close()


@pytest.fixture
async def room(simcord_env: simcord.Env, pages: Pages) -> Room:
    """A room for one test."""
    await simcord_env.bot.tree.sync()
    guild = simcord_env.create_guild("Reading Room")
    channel = guild.create_text_channel("studies")
    return Room(simcord_env, pages, guild, channel, guild.add_member(simcord_env.create_user("alice")))
