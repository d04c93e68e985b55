"""The state of one service (a site, an API): when the next request may leave, and whether the circuit is open.

The rules are methods of the state; they take the current time. A `StateStore` keeps the state: in memory for one process,
or in the database for all processes that share it (`bot.adapters.database.shared_state`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core import errors
from bot.core.errors import SiteError, TooBusy

Clock = Callable[[], float]
"""Gives seconds since any moment, which never run backwards."""
Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """The clocks, which tests replace. The limits on a single answer use the event loop's clock instead."""

    clock: Clock = time.monotonic
    sleep: Sleep = asyncio.sleep
    """Sleeps for seconds on `clock`."""
    now: Callable[[], float] = time.time
    """The time of day in seconds since 1970, for a Retry-After that is a date."""


PROBE_SECONDS = 30.0
"""Seconds within which a probe must be answered; after that another request may probe."""
HORIZON = 60.0
"""How far ahead of now, in seconds, a time in the state may always lie; a longer patience allows more."""
_TOLERANCE = 1.0
"""Seconds by which the clocks of processes may differ without one having been set back."""


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """A time for which the circuit is open, so that no request leaves."""

    left: float
    """Seconds from now; 0 or less once a probe may leave."""
    seconds: float
    """The whole length in seconds; the circuit opens for as long again if the probe fails."""
    error: type[SiteError]
    """The error that requests get during the period."""
    reason: str

    def as_error(self) -> SiteError:
        """Make the error for a request; its `retry_after` is the rest of the period."""
        left = max(self.left, 0.0)
        return self.error(f"not asked for another {left:.0f} s: {self.reason}", retry_after=left)


@dataclass(frozen=True, slots=True)
class Slot:
    """A reserved time for one request."""

    ahead: float
    """Seconds until the slot; 0 or less if its time has come."""
    probe: float | None = None
    """The end of the probe's time if the request is a probe after an open period; reports name the probe by it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions of a request for its turn, in seconds."""

    gap: float
    """The least time since the last request."""
    patience: float
    """The longest wait."""
    delay: float | None = None
    """What robots.txt asks for; None if this process has not read it, which leaves the last known delay in force."""


@dataclass(slots=True)
class ServiceState:
    """The state of one service; times are seconds on the clock of its store."""

    next_free: float = 0.0
    """The earliest time that no request has reserved."""
    last_sent: float = 0.0
    """When the last request left."""
    last_sender: str = ""
    """The request that left last; see `depart`."""
    held_until: float = 0.0
    """The end of the time for which the service asked all to wait."""
    crawl_delay: float = 0.0
    """Seconds between two requests that robots.txt asks for."""
    open_until: float | None = None
    """The end of the open period, or of the time that a probe has; None while the circuit is closed."""
    open_seconds: float = 0.0
    open_error: str = ""
    """The name of an error in `bot.core.errors`."""
    open_reason: str = ""

    def reserve(self, now: float, terms: Terms) -> Slot | SiteError:
        """Reserve the next slot; give the error if the circuit is open or the slot is too far away."""
        period = self._repair(now, terms)
        if period is not None and period.left > 0:
            return period.as_error()
        gap = self._gap(terms)
        slot = max(self.next_free, self.last_sent + gap, self.held_until, now)
        if slot - now > terms.patience:
            return TooBusy(f"the next turn is {slot - now:.0f} s away", retry_after=slot - now)
        if terms.delay is not None:
            self.crawl_delay = terms.delay
        self.next_free = slot + gap
        if period is not None:
            self.open_until = slot + PROBE_SECONDS
        return Slot(slot - now, self.open_until)

    def wait(self, now: float, terms: Terms, probe: float | None) -> float | SiteError:
        """Give the seconds until a request may leave; give the error if the circuit is open, except to the probe."""
        period = self._repair(now, terms)
        if probe is None and period is not None and period.left > 0:
            return period.as_error()
        return max(self.last_sent + self._gap(terms) - now, self.held_until - now, 0.0)

    def depart(self, now: float, terms: Terms, probe: float | None, sender: str) -> float | SiteError:
        """Let a request leave now and give 0.0; if it must not leave, give what `wait` gives.

        `sender` names the request. The last one that left may call again, to report that it left later.
        """
        left = self.wait(now, terms, probe)
        if isinstance(left, SiteError) or (left > 0 and self.last_sender != sender):
            return left
        self.last_sent, self.last_sender = now, sender
        self.next_free = max(self.next_free, now + self._gap(terms))
        return 0.0

    def hold(self, now: float, seconds: float) -> None:
        """Let no request leave for some seconds."""
        self.held_until = max(self.held_until, now + seconds)

    def open(self, now: float, period: OpenPeriod, *, probe: float | None = None) -> bool:
        """Open the circuit; False if it is open for longer already, not counting the time of the probe `probe`."""
        until = now + period.left
        if self.open_until is not None and until <= self.open_until and (probe is None or probe != self.open_until):
            return False
        self.open_until, self.open_seconds = until, period.seconds
        self.open_error, self.open_reason = period.error.__name__, period.reason
        return True

    def close(self, probe: float) -> bool:
        """Close the circuit after the probe was answered; False if the circuit was opened or closed since the probe left."""
        if self.open_until != probe:
            return False
        self.open_until = None
        return True

    def end_probe(self, now: float, probe: float, *, failed: bool) -> bool:
        """Open the circuit for as long again if the probe failed, else let the next request probe; False as in `close`."""
        if self.open_until != probe:
            return False
        self.open_until = now + (self.open_seconds if failed else 0)
        return True

    def period(self, now: float) -> OpenPeriod | None:
        """Give the open period; None while the circuit is closed."""
        if self.open_until is None:
            return None
        error = getattr(errors, self.open_error, TooBusy)
        known = isinstance(error, type) and issubclass(error, SiteError)
        return OpenPeriod(self.open_until - now, self.open_seconds, error if known else TooBusy, self.open_reason)

    def _gap(self, terms: Terms) -> float:
        return max(terms.gap, self.crawl_delay if terms.delay is None else terms.delay)

    def _repair(self, now: float, terms: Terms) -> OpenPeriod | None:
        """Give the open period, after moving back times so far ahead that the clock must have been set back."""
        soon, far = now + max(terms.gap, self.crawl_delay), now + max(terms.patience, HORIZON) + _TOLERANCE
        if self.last_sent > now + _TOLERANCE or self.held_until > far or self.next_free > far + soon - now:
            self.last_sent = min(self.last_sent, now)
            self.held_until = min(self.held_until, soon)
            self.next_free = min(self.next_free, soon)
        if self.open_until is not None and self.open_until > max(now + self.open_seconds + _TOLERANCE, far + PROBE_SECONDS):
            self.open_until = now + self.open_seconds
        return self.period(now)


class StateStore(Protocol):
    """Keeps the state of one service."""

    def period(self) -> OpenPeriod | None:
        """Give the open period as far as this process knows; None while the circuit is closed."""

    async def apply(self, step: Callable[[ServiceState, float], T]) -> T:
        """Call a step with the state and the time, save the state, and give the step's result, as one atomic change.

        Raises StorageError if the store cannot be reached; the step has then changed only this process's copy of the state,
        which `period` reads.
        """


class MemoryState:
    """The state of a service in memory, for a single process."""

    def __init__(self, clock: Clock) -> None:
        self._state = ServiceState()
        self._clock = clock

    def period(self) -> OpenPeriod | None:
        return self._state.period(self._clock())

    async def apply(self, step: Callable[[ServiceState, float], T]) -> T:
        return step(self._state, self._clock())
