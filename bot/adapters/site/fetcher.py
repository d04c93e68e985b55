"""Requests to one site or service over HTTP, politely.

Every request (page, redirect, another try, robots.txt) takes four steps: check the circuit (`circuit_breaker`), wait for a
turn (`rate_limiter`), send within limits (`limits`), read the answer (`responses`, `body`). One fetch is at most `tries`
requests (redirects and robots.txt not counted), with tenacity's pauses between them.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import httpx
import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from bot.adapters.site import responses
from bot.adapters.site.body import ACCEPTED, read_body
from bot.adapters.site.circuit_breaker import CircuitBreaker
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.rate_limiter import RateLimiter, Turn
from bot.adapters.site.responses import Answer, MayPass
from bot.adapters.site.robots import EVERYTHING, Robots, Rules
from bot.adapters.site.service_state import MemoryState, OpenPeriod, StateStore, Timing
from bot.core.errors import BadAnswer, Refused, SiteError, Unreachable, UntrustedSite
from bot.core.site import SiteProfile

Observer = Callable[[str, float], None]
"""Called after each request with the status of the answer ("none" without one) and the seconds that it took."""


@dataclass(slots=True, eq=False)
class _Fetch:
    """What all requests of one call of `Fetcher.get` share."""

    url: httpx.URL
    headers: Mapping[str, str]
    most: int
    """The number of tries allowed."""
    gap: float | None
    may_redirect_to: Callable[[str], bool]
    began: float
    facts: Mapping[str, object]
    """Fields of each log line about the fetch."""
    tries: int = 0
    status: int | None = None
    """The status of the answer to the latest request; None until it came."""


class Fetcher:
    """Fetches from one site or service; safe for any number of callers at once on one event loop.

    Args:
        http: the client, as `http_client.new_client` makes it; the caller closes it.
        site: the site's address, and which answers are acceptable.
        agent: the User-Agent; robots.txt is read for the name before its slash.
        store: the state of the rate limit and the circuit breaker; in memory unless given.
        observe: called after each request, for metrics.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        site: SiteProfile,
        *,
        agent: str,
        limits: FetchLimits | None = None,
        store: StateStore | None = None,
        timing: Timing | None = None,
        observe: Observer | None = None,
    ) -> None:
        self._http = http
        self._site = site
        self._origin = httpx.URL(site.url)
        self._agent = agent
        self._limits = limits = limits or FetchLimits()
        self._timing = timing = timing or Timing()
        self._observe = observe
        self._log = structlog.get_logger()
        self._robots = Robots(agent=agent.partition("/")[0], life=limits.robots_life, clock=timing.clock)
        store = store or MemoryState(timing.clock)
        self._limiter = RateLimiter(store, gap=limits.gap, patience=limits.patience, timing=timing)
        self._breaker = CircuitBreaker(
            store,
            failures=limits.failures,
            seconds=limits.open_seconds,
            failed=(MayPass, UntrustedSite),
            service=site.name,
        )
        self._jitter = wait_exponential_jitter(multiplier=limits.pause, max=limits.whole, jitter=limits.pause)
        self._retrying = AsyncRetrying(
            retry=retry_if_exception_type(MayPass), wait=self._wait, stop=self._stop, sleep=timing.sleep, reraise=True
        )

    @property
    def waiting(self) -> int:
        """The number of requests that wait for their turn."""
        return self._limiter.waiting

    @property
    def breaker(self) -> str:
        """The state of the circuit breaker: "closed", "open" or "probing"."""
        return self._breaker.state

    @property
    def open_period(self) -> OpenPeriod | None:
        """How long the circuit stays open, and why, as far as this process knows; None while the circuit is closed."""
        return self._breaker.period

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        tries: int | None = None,
        gap: float | None = None,
        may_redirect_to: Callable[[str], bool] = lambda _: True,
        facts: Mapping[str, object] = MappingProxyType({}),
    ) -> Answer:
        """Fetch an address. A status that asks to try later (`responses.PASSING`) or a refusal raises; any other is given.

        `tries` and `gap` replace those of the limits. `may_redirect_to` says where a redirect within the site may lead.
        `facts` are added to each log line. Raises a SiteError once the tries are used up, and at once while the circuit is
        open; the error's `retry_after` is then the rest of that period in seconds.
        """
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise BadAnswer(f"no address: {error}") from error
        fetch = _Fetch(address, headers, tries or self._limits.tries, gap, may_redirect_to, self._timing.clock(), facts)
        try:
            async with asyncio.timeout(self._limits.whole):
                # A copy, since tenacity keeps the state of a call in the object.
                return await self._retrying.copy()(self._try, fetch)
        except MayPass as failure:
            raise failure.error from failure
        except TimeoutError:
            raise Unreachable(f"no answer within {self._limits.whole:.0f} s") from None

    async def allows(self, url: str) -> bool:
        """Whether robots.txt allows an address; the file is fetched unless it was read lately. Raises a SiteError."""
        fetch = _Fetch(httpx.URL(url), {}, 1, None, lambda _: True, self._timing.clock(), {})
        try:
            return (await self._rules(fetch)).allows(url)
        except MayPass as failure:
            raise failure.error from failure

    def _wait(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.error.retry_after if isinstance(failure, MayPass) else None
        return max(self._jitter(state), asked or 0)

    def _stop(self, state: RetryCallState) -> bool:
        fetch: _Fetch = state.args[0]
        over = self._timing.clock() - fetch.began + state.upcoming_sleep >= self._limits.whole
        return over or fetch.tries >= fetch.most or self._breaker.period is not None

    async def _try(self, fetch: _Fetch) -> Answer:
        fetch.tries += 1
        rules = await self._rules(fetch)
        answer = await self._follow(fetch, fetch.url, {"Accept": self._site.accept} | dict(fetch.headers), rules)
        if answer.status == httpx.codes.OK and not answer.body.strip():
            raise MayPass(BadAnswer("an empty body"))
        return answer

    async def _rules(self, fetch: _Fetch) -> Rules:
        if not self._site.has_robots:
            return EVERYTHING
        return await self._robots.rules(partial(self._read_robots, fetch))

    async def _read_robots(self, fetch: _Fetch) -> bytes | None:
        try:
            answer = await self._follow(fetch, self._origin.join("/robots.txt"), {"Accept": "text/plain"}, None)
        except BadAnswer as error:  # redirects that lead nowhere count as no file (RFC 9309, 2.3.1.2)
            self._log.warning("no robots.txt", site=self._site.name, reason=str(error))
            return None
        if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise MayPass(BadAnswer(f"robots.txt: status {answer.status}"))
        return answer.body

    async def _follow(self, fetch: _Fetch, url: httpx.URL, headers: dict[str, str], rules: Rules | None) -> Answer:
        """Send a request and follow its redirects; `rules` is None for robots.txt itself, which is always allowed."""
        seen: set[httpx.URL] = set()
        while url not in seen and len(seen) <= self._limits.redirects:
            seen.add(url)
            if rules and not rules.allows(str(url)):
                self._log.error("robots.txt disallows", **fetch.facts, url=str(url), advice=self._site.advice)
                raise Refused(f"robots.txt does not allow {url}")
            answer = await self._ask(fetch, url, headers, robots=rules is None)
            if answer.status not in responses.REDIRECTS:
                return answer
            url = responses.next_hop(self._origin, self._site.hosts, url, answer.headers.get("location"))
            if rules and not fetch.may_redirect_to(str(url)):
                raise BadAnswer(f"a redirect to {str(url)[:100]!r}, which is something else")
        raise BadAnswer(f"redirects in a loop, or more than {self._limits.redirects}")

    async def _ask(self, fetch: _Fetch, url: httpx.URL, headers: dict[str, str], *, robots: bool) -> Answer:
        """Send one request when its turn comes, and report its outcome to the breaker, the log and the observer."""
        self._breaker.check()
        async with (
            self._limiter.turn(gap=fetch.gap, delay=self._robots.delay) as turn,
            self._breaker.request(fetch, probe=turn.probe),
        ):
            began, fetch.status, reason = self._timing.clock(), None, "cancelled"
            try:
                answer = await self._send(fetch, url, headers, turn, robots=robots)
                if refusal := self._refusal(answer, robots=robots):
                    await self._stay_away(fetch, refusal, turn)
            except MayPass as failure:
                reason = str(failure)
                await self._heed(failure.error, turn)
                raise
            except SiteError as error:
                reason = str(error)
                raise
            else:
                reason = ""
                return answer
            finally:
                self._report(fetch, self._timing.clock() - began, "robots.txt" if robots else "page", reason)

    def _refusal(self, answer: Answer, *, robots: bool) -> str:
        """Say how an answer refuses the bot; empty if it does not. A 403 for robots.txt is no refusal."""
        if responses.is_challenge(answer.headers):
            reason = "a bot check"
        elif answer.status == httpx.codes.OK and self._site.is_refusal(answer.body):
            reason = "a block page"
        elif answer.status == httpx.codes.FORBIDDEN and not robots:
            reason = "status 403"
        else:
            return ""
        return f"{reason} in place of robots.txt" if robots else reason

    async def _stay_away(self, fetch: _Fetch, reason: str, turn: Turn) -> None:
        """Open the circuit for `refusal_seconds`, and raise Refused."""
        seconds = self._limits.refusal_seconds
        self._log.error("site refuses", **fetch.facts, reason=reason, seconds=seconds, advice=self._site.advice)
        await self._breaker.open(OpenPeriod(seconds, seconds, Refused, reason), probe=turn.probe)
        raise Refused(f"refused by {reason}", retry_after=seconds)

    async def _heed(self, error: SiteError, turn: Turn) -> None:
        """Obey Retry-After: delay all requests, or open the circuit if that is longer than a request may wait."""
        seconds = error.retry_after or 0
        if seconds > self._limits.patience:
            period = OpenPeriod(seconds, seconds, type(error), f"{error}, and the site asked to wait")
            await self._breaker.open(period, probe=turn.probe)
        elif seconds:
            await self._limiter.hold(seconds)

    def _report(self, fetch: _Fetch, seconds: float, what: str, reason: str) -> None:
        """Log one request, and call the observer."""
        facts = {**fetch.facts, "attempt": fetch.tries, "what": what, "seconds": round(seconds, 3), "status": fetch.status}
        if reason:
            self._log.warning("site asked", site=self._site.name, **facts, reason=reason)
        else:
            self._log.info("site asked", site=self._site.name, **facts)
        if self._observe:
            self._observe(str(fetch.status or "none"), seconds)

    async def _send(self, fetch: _Fetch, url: httpx.URL, headers: dict[str, str], turn: Turn, *, robots: bool) -> Answer:
        headers = {"User-Agent": self._agent, "Accept-Encoding": ACCEPTED} | headers
        limits = self._limits
        stream = self._http.stream(
            "GET", url, headers=headers, follow_redirects=False, extensions={"trace": partial(_traced, turn)}
        )
        try:
            async with asyncio.timeout(limits.answer), stream as response:
                fetch.status = status = response.status_code
                if responses.is_challenge(response.headers):
                    return Answer(status, response.headers)
                if status in responses.PASSING:
                    raise responses.failure_of(status, response.headers, self._timing.now())
                body = b""
                if status == httpx.codes.OK:
                    if not robots:
                        responses.check_type(response.headers, self._site.types)
                    body = await read_body(response, limits.robots_size if robots else limits.size, cut=robots)
                return Answer(status, response.headers, body)
        except TimeoutError as error:
            raise MayPass(Unreachable(f"no whole answer within {limits.answer:.0f} s")) from error
        except (httpx.InvalidURL, UnicodeError) as error:  # httpx parses Location even with follow_redirects=False
            raise BadAnswer(f"a redirect to no address: {error}"[:200]) from error
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise responses.failure_from(error, url.host) from error


async def _traced(turn: Turn, event: str, _: object) -> None:
    """Wait for the turn once more after connecting, which may take long, and report when the request has left."""
    if event.endswith("send_request_headers.started"):
        await turn.depart()
    elif event.endswith("send_request_headers.complete"):
        await turn.departed()
