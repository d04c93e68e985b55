"""A circuit breaker: leaves the site in peace after failures, then asks it once.

    state      what happens                          next state
    closed     an answer                             closed, failures forgotten
    closed     a failure, fewer than `failures`      closed, one more counted (once for each asker)
    closed     a failure, the last allowed           open for `rest` seconds
    any        `leave(seconds)`                      open for at least so long
    open       a request, too early                  refused with the reason
    open       the first request after that          probing: this request is let through
    probing    any other request                     refused with the reason
    probing    the probe is answered                 closed
    probing    the probe fails                       open for as long again
    probing    the probe is given up (cancelled)     open, and the next request is the probe

An answer to a request that was on its way before the breaker opened changes nothing. Our own, since purgatory (the one
kept library) lets everyone through while it probes, and takes no clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.adapters.site.rate_limiter import Clock, Rest
from bot.core.errors import SiteError, TooBusy


class Breaker:
    """Whether the site may be asked now. `failed` are the exceptions that count as failures; any other is an answer."""

    def __init__(self, *, failures: int, rest: float, failed: tuple[type[Exception], ...], clock: Clock) -> None:
        self._failures = failures
        self._rest = rest
        self._failed = failed
        self._clock = clock
        self._askers: set[object] = set()
        self._until: float | None = None
        self._seconds = rest
        self._why: type[SiteError] = TooBusy
        self._reason = ""
        self._probe: object | None = None
        self.opened = 0
        """How many times it opened, or stayed open for longer."""

    @property
    def closed(self) -> bool:
        """Whether requests pass freely."""
        return self._until is None

    @property
    def state(self) -> str:
        """The state, as the table above names it."""
        return "closed" if self._until is None else "open" if self._probe is None else "probing"

    @property
    def rest(self) -> Rest | None:
        """The rest that runs, or has run and is not yet known to have helped."""
        if self._until is None:
            return None
        return Rest(self._until - self._clock(), self._seconds, self._why, self._reason)

    def resume(self, rest: Rest) -> None:
        """Let the next request try after a rest that others began."""
        if self._until is None or self._until > self._clock():
            self._until, self._seconds, self._why, self._reason = self._clock(), rest.seconds, rest.why, rest.reason
            self._probe = None

    def check(self) -> None:
        """Raise what requests get while the breaker is open; nothing if one may pass."""
        if self._until is None:
            return
        left = self._until - self._clock()
        if left > 0:
            raise self._why(f"left in peace for another {left:.0f} s: {self._reason}")
        if self._probe is not None:
            raise self._why(f"one request tries whether this has passed: {self._reason}")

    def leave(self, seconds: float, why: type[SiteError], reason: str) -> None:
        """Open for `seconds`, during which requests get a `why`; a longer rest that runs already is kept."""
        until = self._clock() + seconds
        self._probe = None
        self._askers.clear()
        if self._until is None or until > self._until:
            self._until, self._seconds, self._why, self._reason = until, seconds, why, reason
            self.opened += 1
            structlog.get_logger().warning("site_left_in_peace", seconds=round(seconds), reason=reason)

    @contextmanager
    def request(self, asker: object) -> Iterator[None]:
        """Hold one request; how the block ends is its outcome. `asker` is the page it is for, which counts once."""
        self.check()
        mark = object()
        if self._until is not None:
            self._probe = mark
        try:
            yield
        except self._failed as error:
            self._fail(asker, mark, error)
            raise
        except Exception:
            self._answered(mark)
            raise
        except BaseException:
            if self._probe is mark:
                self._probe = None
            raise
        else:
            self._answered(mark)

    def _answered(self, mark: object) -> None:
        if self._until is None:
            self._askers.clear()
        elif self._probe is mark:
            self._probe = self._until = None
            structlog.get_logger().info("site_answers_again")

    def _fail(self, asker: object, mark: object, error: Exception) -> None:
        if self._probe is mark:
            self.leave(self._seconds, self._why, self._reason)
        elif self._until is None:
            self._askers.add(asker)
            if len(self._askers) >= self._failures:
                self.leave(self._rest, TooBusy, f"{self._failures} pages in a row failed, the last with: {error}")
