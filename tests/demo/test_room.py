"""The simulated guild, with the real client, services, fetcher and parser in it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.adapters.site.limits import FetchLimits
from bot.app import build_client
from bot.core.channel_settings import Layout, Scope, Target
from bot.demo.command import LIMITS, open_stand_ins
from bot.demo.page import open_page
from bot.demo.room import NAME, Room, converse, open_room
from bot.demo.sample import Behaviour
from bot.demo.samples import SAMPLES

SERVED = [sample for sample in SAMPLES if sample.served]


@asynccontextmanager
async def opened(limits: FetchLimits = LIMITS) -> AsyncIterator[Room]:
    async with open_stand_ins(limits) as (services, settings), open_room(build_client(services, settings)) as room:
        yield room
        assert not room.env.errors


def text_of(message: discord.Message) -> str:
    """All text of a message's components."""
    found: list[str] = []

    def walk(components: Sequence[object]) -> None:
        for component in components:
            if isinstance(component, discord.TextDisplay):
                found.append(component.content)
            walk(getattr(component, "children", ()))

    walk(message.components)
    return "\n".join(found)


def containers(message: discord.Message) -> list[discord.Container]:
    return [component for component in message.components if isinstance(component, discord.Container)]


async def test_opening_conversation() -> None:
    """Samples are named without cards, the choices are told, the links have cards: hidden, retracted twice, plain."""
    async with opened() as room:
        await converse(room)
        first, *rest = room.channel.history()
        told = [message.content for message in rest if message.author.bot and not message.components]
        cards = [message for message in rest if message.author.bot and message.components]
        assert ["Log of changes" in told[0], "Reply to links" in told[1]] == [True, True]
        assert all(sample.short_link in first.content for sample in SAMPLES)
        assert [message.author.name for message in cards] == [NAME] * 4
        assert [containers(message)[0].spoiler for message in cards] == [True, False, False, False]
        assert ["Retracted" in text_of(message) for message in cards] == [False, True, True, False]
        assert room.channel.last_message.author.bot


async def test_clock() -> None:
    """The simulation's time is the real one: messages are dated now, and timers in the bot come due."""
    async with opened() as room:
        sent = await room.member.send(room.channel, "hello")
        assert abs(datetime.now(UTC) - sent.created_at) < timedelta(minutes=1)


async def test_samples_get_their_cards() -> None:
    """Every record that comes gets one card, with its number, and pings nobody.

    No service is asked, which would take more than a second for each.
    """
    async with open_stand_ins() as (services, settings), open_room(build_client(services, settings)) as room:
        whole = Target(Scope.GUILD, room.guild_id)
        await services.settings.set(room.guild_id, whole, {"enrich": False}, by=room.moderator.id)
        for sample in SERVED:
            before = len(room.channel.history())
            await room.member.send(room.channel, sample.link)
            _, card = room.channel.history()[before:]
            assert f"Erowid reference {sample.id}" in text_of(card), sample.shows
            assert not card.mention_everyone, sample.shows
            assert not card.mentions, sample.shows


@pytest.mark.parametrize(
    ("answer", "limits"), [(Behaviour.SILENT, replace(LIMITS, read=0.5, answer=0.5)), (Behaviour.MISSING, LIMITS)]
)
async def test_failure_is_quiet_and_bounded(answer: Behaviour, limits: FetchLimits) -> None:
    """A link whose record cannot be had gets a reaction and no message, within the limits of a fetch."""
    sample = next(sample for sample in SAMPLES if sample.answer is answer)
    async with opened(limits) as room:
        async with asyncio.timeout(60):
            await room.member.send(room.channel, sample.link)
        (only,) = room.channel.history()
        assert len(only.reactions) == 1


async def test_embeds_have_small_text() -> None:
    """The page draws what begins with `-#` in an embed as small text, as Discord does."""
    async with open_stand_ins() as (services, settings), open_room(build_client(services, settings)) as room:
        target = Target(Scope.GUILD, room.guild_id)
        await services.settings.set(room.guild_id, target, {"layout": Layout.EMBED}, by=room.moderator.id)
        await room.member.send(room.channel, SERVED[0].link)
        async with open_page(room, 0) as preview:
            shown = json.dumps(await preview.snapshot())
            assert '"type": "subtext"' in shown
            assert '"content": "-# ' not in shown
