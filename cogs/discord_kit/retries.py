"""Requests to Discord, repeated if that may help; errors of Discord become ChatError.

discord.py itself repeats requests that were answered with 500, 502 or 504, and those that must wait for a rate limit; what
it leaves, a 503 and a broken connection, is repeated here.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import discord
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from bot.core.errors import ChatRefused, ChatUnavailable, MessageGone

T = TypeVar("T")

PAUSE = 60.0
"""Seconds to wait after a 429 that names no time."""

_RETRY = AsyncRetrying(
    retry=retry_if_exception(lambda error: isinstance(error, ChatUnavailable) and error.retry_after is None),
    stop=stop_after_attempt(3),
    wait=wait_random_exponential(multiplier=0.2, max=2),
    reraise=True,
)


@contextmanager
def chat_errors() -> Iterator[None]:
    """Turn errors of Discord, and of the connection to it, into ChatError."""
    try:
        yield
    except discord.NotFound as error:
        raise MessageGone(f"404 ({error.code})") from error
    except discord.HTTPException as error:
        reason = f"{error.status} ({error.code})"
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise ChatUnavailable(reason, retry_after=PAUSE) from error
        raise (ChatUnavailable if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else ChatRefused)(reason) from error
    except discord.RateLimited as error:
        raise ChatUnavailable("rate limited", retry_after=error.retry_after) from error
    except (aiohttp.ClientError, OSError) as error:
        raise ChatUnavailable(type(error).__name__) from error


async def repeat(ask: Callable[[], Awaitable[T]]) -> T:
    """Call `ask`, and again after an error that may pass: three times at most, within a few seconds. Raises ChatError."""

    async def once() -> T:
        with chat_errors():
            return await ask()

    return await _RETRY.copy()(once)
