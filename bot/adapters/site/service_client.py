"""One bibliographic service over HTTP: in turn, within bounds, and left in peace for as long as it asks."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx

from bot.adapters.site.retry_after import retry_after
from bot.adapters.site.service_answers import Answer
from bot.core.errors import BadAnswer, TooBusy, Unreachable

TIMEOUT = httpx.Timeout(10, connect=5)
WHOLE = 20.0
"""Seconds for one answer, however steadily it drips."""
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer, once decoded."""
PATIENCE = 30.0
"""Longest wait for a turn, in seconds; a service that asks for more is not asked until then."""
DEFAULT_REST = 5.0
"""Seconds that a service is left in peace after a 429 or 503 that does not say for how long."""

_TOO_MANY, _UNAVAILABLE, _SERVER_ERROR = 429, 503, 500


class ServiceClient:
    """Asks one service: at most `at_once` requests at a time, and no sooner after one another than the caller says.

    Args:
        http: the client, which the caller closes; it says who asks.
        at_once: requests under way at a time.
        pace: seconds kept between two requests, given those that the caller asks for.
        clock: seconds that never run backwards.
        sleep: sleeps by that clock.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        at_once: int = 3,
        pace: Callable[[float], float] = float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = http
        self._free = asyncio.Semaphore(at_once)
        self._pace = pace
        self._order = asyncio.Lock()  # fair: it wakes its waiters in the order of asking
        self._clock = clock
        self._sleep = sleep
        self._next = clock()
        self._rest_until = clock()

    async def __call__(self, url: str, *, every: float) -> Answer:
        """Fetch an address; see `Get`."""
        async with self._free:
            await self._turn(every)
            try:
                async with asyncio.timeout(WHOLE), self._http.stream("GET", url, timeout=TIMEOUT) as response:
                    body = bytearray()
                    async for piece in response.aiter_bytes():
                        body += piece
                        if len(body) > LARGEST:
                            raise BadAnswer(f"more than {LARGEST} bytes")
            except (TimeoutError, httpx.TimeoutException):
                raise Unreachable("no answer in time") from None
            except httpx.HTTPError as error:
                raise Unreachable(f"{type(error).__name__}: {error}") from error
        if response.status_code in {_TOO_MANY, _UNAVAILABLE}:
            rest = retry_after(response.headers.get("retry-after"), time.time())
            self._rest_until = self._clock() + (DEFAULT_REST if rest is None else rest)
            raise TooBusy(f"status {response.status_code}", retry_after=rest)
        if response.status_code >= _SERVER_ERROR:
            raise BadAnswer(f"status {response.status_code}")
        return Answer(response.status_code, bytes(body))

    async def _turn(self, every: float) -> None:
        """Wait for a turn. Raises TooBusy if the service asked to be left in peace for longer than is waited for."""
        async with self._order:
            while (left := max(self._next, self._rest_until) - self._clock()) > 0:
                rest = self._rest_until - self._clock()
                if rest > PATIENCE:
                    raise TooBusy(f"left in peace for another {rest:.0f} s")
                await self._sleep(left)
            self._next = self._clock() + self._pace(every)
