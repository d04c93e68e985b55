"""The simulated guild: its channels, its people, and the conversation at the start of the demo.

simcord's clock only moves when it is told to, and with it all timers in the bot, so a fetch from a silent server would never
time out. So the clock is set to the real time at the start, and then moved along with it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import discord
import simcord
from discord.ext import commands
from simcord import ChannelHandle, MemberActor

from bot.demo.sample import Sample
from bot.demo.samples import SAMPLES

NAME = "Precis"
TICK = 0.1
"""Seconds between two steps of the simulated clock."""
SETTLE = 60.0
"""Seconds that simcord waits until the bot has nothing to do; longer than all limits of the fetcher."""


@dataclass(frozen=True, slots=True)
class Room:
    """A guild with its channels and three people."""

    env: simcord.Env
    guild_id: int
    channel: ChannelHandle
    elsewhere: ChannelHandle
    """A channel whose mode is "ask"."""
    member: MemberActor
    """A member who posts links."""
    moderator: MemberActor
    """A member who may manage the server and its messages."""
    onlooker: MemberActor
    """A member without these permissions."""


@asynccontextmanager
async def open_room(client: commands.Bot) -> AsyncIterator[Room]:
    """Log the client in to a simulated Discord, with its commands synced, and yield its guild."""
    env = simcord.Env(client, settle_timeout=SETTLE)
    env.backend.advance_clock((datetime.now(UTC) - env.now()).total_seconds())
    await env.start()
    clock = asyncio.create_task(_follow_clock(env))
    try:
        await client.tree.sync()
        if client.user is not None:
            await client.user.edit(username=NAME)
        guild = env.create_guild("Reading Room")
        rights = discord.Permissions(manage_guild=True, manage_messages=True, manage_channels=True)
        moderators = guild.create_role("Moderators", permissions=rights, color=0x3BA55D)
        channel = guild.create_text_channel("studies", topic="Paste a link to an Erowid reference, get a study card.")
        yield Room(
            env,
            guild.id,
            channel,
            guild.create_text_channel("off-topic", topic="Anything but studies."),
            member=guild.add_member(env.create_user("ann", global_name="Ann")),
            moderator=guild.add_member(env.create_user("morgan", global_name="Morgan (moderator)"), roles=[moderators]),
            onlooker=guild.add_member(env.create_user("robin", global_name="Robin")),
        )
    finally:
        clock.cancel()
        await env.shutdown()


async def _follow_clock(env: simcord.Env) -> None:
    """Move the simulated clock along with the real one."""
    then = time.perf_counter()
    while True:
        await asyncio.sleep(TICK)
        now = time.perf_counter()
        env.backend.advance_clock(now - then)
        then = now


async def converse(room: Room) -> None:
    """Post the first messages: what to try, and links that get the first cards."""
    plain, hidden, retracted, withdrawn, silent = (_sample(number) for number in (900001, 900003, 900005, 900014, 900016))
    listed = "\n".join(f"- `{sample.short_link}` {sample.shows}" for sample in SAMPLES)
    await room.moderator.send(
        room.channel,
        f"Welcome. Every record here is invented. Links to try (written as code they get no card):\n{listed}",
    )
    await _choose(room)
    await room.member.send(room.elsewhere, f"Here the bot asks first; click its mark: {plain.link}")
    await room.member.send(room.channel, f"No spoilers please, so hidden: || {hidden.link} ||")
    await room.onlooker.send(room.channel, f"Careful with this one, it was retracted: {retracted.link}")
    await room.member.send(room.channel, f"So was this, though Erowid does not say so: {withdrawn.link}")
    await room.moderator.send(
        room.channel,
        f"Next, paste <{_sample(900006).short_link}> (25 authors) or <{silent.short_link}> (never answers). "
        "The whole list is at the top.",
    )
    await room.member.send(room.channel, f"Has anyone read this one? {plain.link}")


async def _choose(room: Room) -> None:
    """Let the moderator set by the panel: news of changes are posted in this channel; the mode of `elsewhere` is "ask"."""
    panel = await room.moderator.slash(room.channel, "settings panel")
    log = f"precis:set:log_channel:guild:{room.guild_id}"
    panel = await room.moderator.click(_answer(panel), label="Whole server")
    panel = await room.moderator.click(_answer(panel), label="People and log")
    await room.moderator.select(_answer(panel), [room.channel], custom_id=log)
    panel = await room.moderator.slash(room.channel, "settings panel", channel=room.elsewhere)
    await room.moderator.click(_answer(panel), label="Ask first here")


def _answer(result: simcord.InteractionResult) -> discord.Message:
    if result.response is None:
        raise RuntimeError("the bot did not answer its moderator")
    return result.response.message


def _sample(number: int) -> Sample:
    return next(sample for sample in SAMPLES if sample.id == number)
