"""The circuit breaker of one service: after failures no request leaves for a while, then one request probes.

| state        | what happens                    | next state       |
|--------------|---------------------------------|------------------|
| closed       | an answer                       | closed           |
| closed       | a failure, not the last allowed | closed           |
| closed       | the last failure allowed        | open             |
| closed, open | `open`                          | open             |
| open         | a request within the period     | refused: open    |
| open         | a request after the period      | probing          |
| probing      | another request                 | refused: probing |
| probing      | an answer to the probe          | closed           |
| probing      | a failure of the probe          | open             |
| probing      | a cancellation of the probe     | open             |

An answer forgets the failures, which count once for each asker. After a cancellation the next request is the probe.
An answer to a request that left before the circuit opened changes nothing. The open period is in the `StateStore`, so
that all processes keep it; each process counts its own failures. The rate limiter decides which request is the probe.

It is written here, since purgatory, the maintained library, lets every request through while it probes and takes no clock.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from bot.adapters.site.service_state import OpenPeriod, ServiceState, StateStore
from bot.core.errors import Refused, StorageError, TooBusy

log = structlog.get_logger(__name__)


class CircuitBreaker:
    """Stops requests to a service that keeps failing, as the table above says.

    `failed` are the exceptions that count as failures; `service` is the name in the log.
    """

    def __init__(
        self,
        store: StateStore,
        *,
        failures: int,
        seconds: float,
        failed: tuple[type[Exception], ...],
        service: str = "",
    ) -> None:
        self._store = store
        self._failures = failures
        self._seconds = seconds
        self._failed = failed
        self._service = service
        self._failing: set[object] = set()
        self._probes = 0

    @property
    def period(self) -> OpenPeriod | None:
        return self._store.period()

    @property
    def state(self) -> str:
        """The state, as the table at the top names it."""
        return "closed" if self.period is None else "probing" if self._probes else "open"

    def check(self) -> None:
        """Raise the error of the open period, if there is one that is not over."""
        if (period := self.period) is not None and period.left > 0:
            raise period.as_error()

    async def open(self, period: OpenPeriod, *, probe: float | None = None) -> None:
        """Open the circuit for all processes, unless it is open for longer. `probe`: the probe whose answer asks for it."""
        self._failing.clear()
        if await self._tell(lambda state, now: state.open(now, period, probe=probe)):
            self._log_open(period)

    @asynccontextmanager
    async def request(self, asker: object, *, probe: float | None) -> AsyncIterator[None]:
        """Count the outcome of the request that the block sends. Several failures of one `asker` count once.

        TooBusy and Refused count neither as a failure nor as an answer: the rate limiter raises them for a request that
        never left, and the caller who finds a refusal in an answer calls `open`.
        """
        self._probes += probe is not None
        try:
            yield
        except self._failed as error:
            await self._count_failure(asker, error, probe)
            raise
        except (TooBusy, Refused):
            await self._release(probe)
            raise
        except Exception:
            await self._answered(probe)
            raise
        except BaseException:
            await self._release(probe)
            raise
        else:
            await self._answered(probe)
        finally:
            self._probes -= probe is not None

    async def _answered(self, probe: float | None) -> None:
        if probe is None:
            if self.period is None:
                self._failing.clear()
        elif await self._tell(lambda state, _: state.close(probe)):
            self._failing.clear()
            log.info("circuit closed", service=self._service)

    async def _release(self, probe: float | None) -> None:
        """Give up a probe, so that the next request becomes it."""
        if probe is not None:
            await self._tell(lambda state, now: state.end_probe(now, probe, failed=False))

    async def _count_failure(self, asker: object, error: Exception, probe: float | None) -> None:
        if probe is not None:
            if await self._tell(lambda state, now: state.end_probe(now, probe, failed=True)) and (period := self.period):
                self._log_open(period)
        elif self.period is None:
            self._failing.add(asker)
            if len(self._failing) >= self._failures:
                reason = f"{self._failures} requests in a row failed, the last with: {error}"
                await self.open(OpenPeriod(self._seconds, self._seconds, TooBusy, reason))

    def _log_open(self, period: OpenPeriod) -> None:
        log.warning("circuit open", service=self._service, seconds=round(period.seconds), reason=period.reason)

    async def _tell(self, step: Callable[[ServiceState, float], bool]) -> bool:
        """Run a step; give whether it changed the shared state, which it does not if the store cannot be reached."""
        try:
            return await self._store.apply(step)
        except StorageError as error:
            log.warning("other processes were not told of the circuit", service=self._service, reason=str(error))
            return False
