"""Failures of Discord or of the network: retried if another try may help, else explained with what to do."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial

import discord
import structlog
from aiohttp import ClientError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from bot.adapters.site.retry_after import retry_after
from bot.adapters.site.service_state import Clock, Sleep
from bot.core.errors import ConfigurationError, DiscordUnreachable
from cogs.discord_kit.errors import describe

_REFUSED = (
    "Discord refuses the token: copy it anew into DISCORD_TOKEN "
    "(discord.com/developers/applications > your application > Bot > Reset Token)"
)
CLOSED_FOR_GOOD = {
    4004: _REFUSED,
    4010: "Discord refuses the shard's number: look at SHARD_COUNT and SHARD_IDS",
    4011: "Discord asks for more shards: set SHARD_COUNT=auto, or a higher number",
    4012: "Discord no longer speaks this version of its gateway",
    4013: "Discord refuses the intents",
}
"""Gateway close codes after which another try cannot help (docs.discord.com, "Gateway Close Event Codes")."""

LONG_RUN = 120.0
"""Seconds after which a run counts as a success, so that the next pause is a short one again."""
LONGEST_PAUSE = 60.0
"""Seconds up to which the pauses grow; only Discord can ask for longer ones."""
LONGEST_ASKED = 3600.0
"""Seconds to which a longer Retry-After is cut."""

log = structlog.get_logger(__name__)


async def outlast(
    run: Callable[[], Awaitable[None]], pause: float, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep
) -> None:
    """Call `run` again after each failure that may pass, after growing pauses or the time that Discord asks for.

    `pause` is the first pause in seconds; up to as much jitter is added.
    """
    growing = wait_exponential_jitter(multiplier=pause, max=LONGEST_PAUSE, jitter=pause)
    async for attempt in AsyncRetrying(
        retry=retry_if_exception(may_pass), wait=partial(_pause, growing), before_sleep=_log_retry, sleep=sleep
    ):
        began = clock()
        with attempt:
            try:
                await run()
            finally:
                if clock() - began >= LONG_RUN:
                    attempt.retry_state.attempt_number = 1


@contextmanager
def asking_discord() -> Iterator[None]:
    """Turn errors of a block into ConfigurationError, or DiscordUnreachable if another try may help."""
    try:
        yield
    except (discord.DiscordException, OSError, ClientError) as error:
        known = explained(error)
        raise DiscordUnreachable(_named(known)) if may_pass(known) else known from None


def may_pass(error: BaseException) -> bool:
    """Whether another try may help, since the network or Discord itself failed."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429  # noqa: PLR2004 - HTTP's own numbers
    passing = (discord.GatewayNotFound, discord.ConnectionClosed, discord.RateLimited)
    return isinstance(error, (OSError, ClientError, TimeoutError, *passing))


def explained(error: Exception) -> Exception:
    """Turn a refusal into a ConfigurationError that says what to do; give any other error back."""
    if isinstance(error, discord.LoginFailure):
        return ConfigurationError(f"{_REFUSED}.")
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return ConfigurationError(
            "Discord does not grant the Message Content Intent: switch it on (discord.com/developers/applications > your "
            "application > Bot > Message Content Intent), or set MESSAGE_CONTENT=false."
        )
    if isinstance(error, discord.ConnectionClosed) and error.code in CLOSED_FOR_GOOD:
        return ConfigurationError(f"{CLOSED_FOR_GOOD[error.code]} (gateway close code {error.code}).")
    ours = isinstance(error, discord.app_commands.CommandSyncFailure)  # a mistake in the commands, to be shown in full
    if isinstance(error, discord.HTTPException) and not ours and not may_pass(error):
        return ConfigurationError(
            f"Discord, or what stands between, refuses this bot (status {error.status}): look at DISCORD_API_URL if it is "
            "set, at the network's proxy, and at your application on discord.com/developers/applications."
        )
    return error


def _named(error: BaseException | None) -> str:
    if isinstance(error, discord.HTTPException):
        return f"{type(error).__name__}: {describe(error)}"
    return f"{type(error).__name__}: {error}".partition("\n")[0][:200]  # an answer may be a whole page


def _pause(growing: wait_exponential_jitter, state: RetryCallState) -> float:
    """Give the seconds before the next try: more each time, and at least the time that Discord asks for."""
    error = state.outcome.exception() if state.outcome else None
    asked: float | None = None
    if isinstance(error, discord.RateLimited):
        asked = error.retry_after
    elif isinstance(error, discord.HTTPException):
        asked = retry_after(error.response.headers.get("Retry-After"), time.time())
    return max(growing(state), min(asked or 0, LONGEST_ASKED))


def _log_retry(state: RetryCallState) -> None:
    """Log one line for each failure that may pass."""
    error = state.outcome.exception() if state.outcome else None
    seconds = round(state.next_action.sleep, 1) if state.next_action else None
    log.warning(
        "Discord cannot be reached; trying again. If this goes on, look at the network and at discordstatus.com",
        reason=_named(error),
        pause=seconds,
        tries=state.attempt_number,
    )
