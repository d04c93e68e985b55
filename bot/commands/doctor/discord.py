"""Checks whether Discord accepts the token, grants the intents, and has the commands; no session begins at the gateway."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord

from bot.app import build_client, open_services
from bot.commands.doctor.report import Check, failed, not_checked, ok, warning
from bot.commands.doctor.slash_commands import differences
from bot.core.errors import ConfigurationError, DiscordUnreachable
from bot.discord_client.client import Precis
from bot.discord_client.retry import asking_discord
from bot.discord_client.workarounds.gateway import first_frame, gateway_limits
from bot.discord_client.workarounds.http import registered_commands
from bot.settings import Settings, token_of

SKEW = 10.0
"""Seconds by which this machine's clock may differ from Discord's."""
FEW = 50
"""From this number of sessions left for the day on, a warning is given; each start of a shard takes one."""
PATIENCE = 30.0
"""Seconds that one check may take."""
HELLO = 10
"""The opcode of the gateway's first frame (docs.discord.com, "Gateway Opcodes")."""
PORTAL = "discord.com/developers/applications > your application"
TOPICS = ("token", "intent", "application", "clock", "commands", "sessions", "gateway")


async def discord_checks(settings: Settings) -> AsyncIterator[Check]:
    """Log in as the bot does and check what Discord grants; without a valid token, report only that."""
    try:
        token = token_of(settings)
    except ConfigurationError as error:
        yield failed("token", "none that can be used", error.advice, configuration=True)
        yield not_checked(", ".join(TOPICS[1:]), "needs the token")
        return
    dates: list[tuple[datetime, datetime]] = []
    async with _client(settings, dates) as client:
        try:
            with asking_discord():
                async with asyncio.timeout(PATIENCE):
                    await client.login(token)
        except (ConfigurationError, DiscordUnreachable, TimeoutError) as error:
            yield _refusal("token", error)
            yield not_checked(", ".join(TOPICS[1:]), "needs a login")
            return
        yield ok("token", f"Discord knows it as {client.user} (application {client.application_id})")
        for check in (_intent(client, wanted=settings.message_content), _application(client), _clock(dates)):
            yield check
        for topic, look in (("commands", _commands), ("sessions", _sessions), ("gateway", _gateway)):
            try:
                with asking_discord():
                    async with asyncio.timeout(PATIENCE):
                        yield await look(client)
            except (ConfigurationError, DiscordUnreachable, TimeoutError) as error:
                yield _refusal(topic, error)


@asynccontextmanager
async def _client(settings: Settings, dates: list[tuple[datetime, datetime]]) -> AsyncIterator[Precis]:
    """Build the bot on a database in memory; for each answer, note its date and this machine's in `dates`."""
    trace = aiohttp.TraceConfig()

    async def note(_session: aiohttp.ClientSession, _: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
        if date := end.response.headers.get("Date"):
            dates.append((parsedate_to_datetime(date), datetime.now(UTC)))

    trace.on_request_end.append(note)
    in_memory = settings.model_copy(update={"database_url": "sqlite+aiosqlite://"})
    async with open_services(in_memory) as services, build_client(services, settings, trace=trace) as client:
        yield client


def _refusal(topic: str, error: Exception) -> Check:
    match error:
        case ConfigurationError():
            return failed(topic, "Discord refuses", error.advice, configuration=True)
        case DiscordUnreachable():
            return failed(topic, f"Discord does not answer ({error})", error.advice)
        case _:
            return failed(topic, f"no answer within {PATIENCE:.0f} s", DiscordUnreachable.advice)


def _intent(client: Precis, *, wanted: bool) -> Check:
    flags = client.application.flags if client.application else discord.ApplicationFlags()
    granted = flags.gateway_message_content or flags.gateway_message_content_limited
    if granted:
        return ok("intent", "message content is granted" + ("" if wanted else ", and not asked for (MESSAGE_CONTENT=false)"))
    if wanted:
        advice = f"{PORTAL} > Bot > Message Content Intent, or set MESSAGE_CONTENT=false"
        return failed("intent", "message content is not granted", advice, configuration=True)
    return ok("intent", "message content is neither granted nor asked for: links count where the bot is mentioned")


def _application(client: Precis) -> Check:
    about = client.application
    if about is not None and about.interactions_endpoint_url:
        advice = f"clear it at {PORTAL} > General Information"
        return failed(
            "application", "has an Interactions Endpoint URL, so no command reaches the bot", advice, configuration=True
        )
    if about is not None and about.bot_require_code_grant:
        advice = f"switch it off at {PORTAL} > Bot"
        return warning("application", "requires an OAuth2 code grant, with which its invitation does not work", advice)
    return ok("application", "nothing that stands in the way")


def _clock(dates: list[tuple[datetime, datetime]]) -> Check:
    if not dates:
        return not_checked("clock", "Discord's answers have no date")
    theirs, ours = dates[-1]
    seconds = (ours - theirs).total_seconds()
    if abs(seconds) > SKEW:
        ahead = "ahead of" if seconds > 0 else "behind"
        return warning(
            "clock", f"{abs(seconds):,.0f} s {ahead} Discord's", "let it be set by NTP (timedatectl set-ntp true)"
        )
    return ok("clock", "as Discord's")


async def _commands(client: Precis) -> Check:
    tree, translator = client.tree, client.tree.translator
    if translator is None or client.application_id is None:  # never so after login
        return not_checked("commands", "the client is not set up")
    ours = [await command.get_translated_payload(tree, translator) for command in _top(client)]
    lacking, other, more = differences(ours, await registered_commands(client))
    found = [
        f"{what}: {', '.join(names)}" for what, names in (("missing", lacking), ("older", other), ("no more", more)) if names
    ]
    if found:
        return warning("commands", f"Discord has other ones ({'; '.join(found)})", "python -m bot sync")
    return ok("commands", f"Discord has all {len(ours)}, as they are here")


def _top(client: Precis) -> list[Any]:
    """Give all that `sync` sends: commands and groups of every kind."""
    kinds = discord.AppCommandType
    return [one for kind in (kinds.chat_input, kinds.user, kinds.message) for one in client.tree.get_commands(type=kind)]


async def _sessions(client: Precis) -> Check:
    shards, limit = await gateway_limits(client)
    found = f"{limit.remaining} of {limit.total} left for now; Discord recommends {shards} shard{'s' * (shards != 1)}"
    if limit.remaining <= min(FEW, limit.total // 10):
        hours = limit.reset_after / 3_600_000
        return warning("sessions", found, f"start the bot less often; the count begins anew in {hours:.1f} hours")
    return ok("sessions", found)


async def _gateway(client: Precis) -> Check:
    frame = await first_frame(client)
    try:
        word = json.loads(frame.data) if frame.type is aiohttp.WSMsgType.TEXT else {}
    except json.JSONDecodeError:
        word = {}
    if not isinstance(word, dict) or word.get("op") != HELLO:
        return failed(
            "gateway", "does not greet as Discord's does", "look at DISCORD_GATEWAY_URL if it is set, and the network"
        )
    return ok("gateway", "greets")
