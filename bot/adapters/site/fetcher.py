"""Pages of the references database over HTTP: the real side of `PageSource`.

Every request (page, redirect, another try, robots.txt) goes one way: is the site left in peace? (`peace`) - wait for a
turn (`pace`) - ask, within bounds - understand the answer (`answers`, `body`). One fetch is at most `tries` requests (more
only along redirects), with tenacity's pauses between them.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from bot.adapters.site import http_client as client
from bot.adapters.site import responses as answers
from bot.adapters.site.body import ACCEPTED, read_body
from bot.adapters.site.circuit_breaker import Breaker
from bot.adapters.site.limits import Bounds
from bot.adapters.site.peace import Peace
from bot.adapters.site.rate_limiter import Clock, LocalPace, Pace, Sleep, Turn
from bot.adapters.site.responses import Answer, MayPass
from bot.adapters.site.robots import Robots
from bot.core.errors import BadAnswer, RecordNotFound, Refused, SiteError, Unreachable, UntrustedSite
from bot.core.reference import Reference
from bot.services.ports import Page

Observer = Callable[[str, float], None]
"""Told of each request: its status ("none" if there was none) and its seconds."""


@dataclass(slots=True, eq=False)
class _Fetch:
    """One fetch under way."""

    reference: Reference
    known: Page | None
    began: float
    tries: int = 0
    status: int | None = None
    """Of the answer to the request under way."""


class ErowidPages:
    """Fetches pages, politely; safe for any number of callers at once on one event loop.

    Args:
        http: the client, as `client.new_client` makes it; the caller closes it.
        url_of: gives the canonical address of a record; its scheme, host and port are all that is asked.
        is_refusal: tells the page by which the site blocks a client with status 200.
        agent: the User-Agent; what stands before its slash is the name that robots.txt is read for.
        pace: who gives turns; this process alone, unless told otherwise.
        clock: seconds that never run backwards; the bounds on a single answer use the event loop's.
        sleep: sleeps by that clock.
        now: the time of day in seconds since 1970, for a Retry-After that is a date.
        observe: told of each request, for metrics.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        url_of: Callable[[Reference], str],
        is_refusal: Callable[[bytes], bool],
        agent: str,
        bounds: Bounds | None = None,
        pace: Pace | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        now: Callable[[], float] = time.time,
        observe: Observer | None = None,
    ) -> None:
        self._http = http
        self._url_of = url_of
        self._is_refusal = is_refusal
        self._agent = agent
        self._bounds = bounds = bounds or Bounds()
        self._clock = clock
        self._now = now
        self._observe = observe
        self._log = structlog.get_logger()
        self._site = client.origin(url_of(Reference(1)))
        self._robots = Robots(agent=agent.partition("/")[0], life=bounds.robots_life, clock=clock)
        breaker = Breaker(failures=bounds.failures, rest=bounds.rest, failed=(MayPass, UntrustedSite), clock=clock)
        self._peace = Peace(breaker, pace or LocalPace(clock=clock, sleep=sleep), bounds)
        self._jitter = wait_exponential_jitter(multiplier=bounds.pause, max=bounds.whole, jitter=bounds.pause)
        self._retrying = AsyncRetrying(
            retry=retry_if_exception_type(MayPass), wait=self._wait, stop=self._stop, sleep=sleep, reraise=True
        )

    @property
    def peace(self) -> Peace:
        """Whether and when the site may be asked."""
        return self._peace

    async def fetch(self, reference: Reference, known: Page | None = None) -> Page | None:
        """Fetch a record's page; None when the site says that `known` still holds. See `PageSource`."""
        fetch = _Fetch(reference, known, self._clock())
        try:
            async with asyncio.timeout(self._bounds.whole):
                # A copy, since tenacity keeps the state of a call in the object.
                return await self._retrying.copy()(self._try, fetch)
        except MayPass as failure:
            raise failure.error from failure
        except TimeoutError:
            raise Unreachable(f"no page within {self._bounds.whole:.0f} s") from None

    async def allows(self, reference: Reference) -> bool:
        """Whether robots.txt lets a record be read: one request where that is not known yet. Raises a SiteError."""
        fetch = _Fetch(reference, None, self._clock())
        try:
            return (await self._robots.rules(partial(self._read_robots, fetch))).allows(self._url_of(reference))
        except MayPass as failure:
            raise failure.error from failure

    def _wait(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.error.retry_after if isinstance(failure, MayPass) else None
        return max(self._jitter(state), asked or 0)

    def _stop(self, state: RetryCallState) -> bool:
        fetch: _Fetch = state.args[0]
        over = self._clock() - fetch.began + state.upcoming_sleep >= self._bounds.whole
        most = self._bounds.tries if fetch.known is None else 1  # who knows a page can do with it, and need not wait
        return over or fetch.tries >= most or not self._peace.closed

    async def _try(self, fetch: _Fetch) -> Page | None:
        fetch.tries += 1
        try:
            return await self._once(fetch)
        finally:
            await self._peace.share()

    async def _once(self, fetch: _Fetch) -> Page | None:
        rules = await self._robots.rules(partial(self._read_robots, fetch))
        headers = {"Accept": "text/html, application/xhtml+xml, text/plain;q=0.5"}
        if fetch.known is not None:
            wanted = {"If-None-Match": fetch.known.etag, "If-Modified-Since": fetch.known.last_modified}
            headers |= {name: value for name, value in wanted.items() if answers.validator(value) and value}
        url = httpx.URL(self._url_of(fetch.reference))
        return self._page(fetch, await self._follow(fetch, url, headers, allows=rules.allows))

    def _page(self, fetch: _Fetch, answer: Answer) -> Page | None:
        match answer.status:
            case httpx.codes.OK if self._is_refusal(answer.body):
                raise self._refused(fetch, "a block page")
            case httpx.codes.OK if not answer.body.strip():
                raise MayPass(BadAnswer("an empty body"))
            case httpx.codes.OK:
                return Page(
                    fetch.reference,
                    answer.body,
                    charset=answers.charset_of(answer.headers),
                    etag=answers.validator(answer.headers.get("etag")),
                    last_modified=answers.validator(answer.headers.get("last-modified")),
                )
            case httpx.codes.NOT_MODIFIED if fetch.known is not None:
                return None
            case httpx.codes.NOT_FOUND | httpx.codes.GONE:
                raise RecordNotFound(fetch.reference)
            case httpx.codes.FORBIDDEN:
                raise self._refused(fetch, "status 403")
            case _:
                raise BadAnswer(f"status {answer.status}")

    def _refused(self, fetch: _Fetch, reason: str) -> Refused:
        seconds = self._bounds.refusal
        self._peace.leave(seconds, Refused, reason)
        self._log.error("site_refuses", record=fetch.reference.id, reason=reason, seconds=seconds, advice=answers.ADVICE)
        return Refused(f"refused by {reason}")

    async def _read_robots(self, fetch: _Fetch) -> bytes | None:
        url = self._site.join("/robots.txt")
        try:
            answer = await self._follow(fetch, url, {"Accept": "text/plain"}, allows=None)
        except BadAnswer as error:  # redirects that lead nowhere count as no file (RFC 9309, 2.3.1.2)
            self._log.warning("no_robots", reason=str(error))
            return None
        if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise MayPass(BadAnswer(f"robots.txt: status {answer.status}"))
        if answer.status == httpx.codes.OK and self._is_refusal(answer.body):
            raise self._refused(fetch, "a block page in place of robots.txt")
        return answer.body

    async def _follow(
        self, fetch: _Fetch, url: httpx.URL, headers: dict[str, str], *, allows: Callable[[str], bool] | None
    ) -> Answer:
        """Ask, and follow redirects by hand; `allows` is None for robots.txt itself, which is always allowed.

        Erowid's hosts are one site to us: the robots.txt of the canonical one holds for a redirect between them.
        """
        seen: set[httpx.URL] = set()
        while url not in seen and len(seen) <= self._bounds.hops:
            seen.add(url)
            if allows and not allows(str(url)):
                self._log.error("robots_disallow", record=fetch.reference.id, url=str(url), advice=answers.ADVICE)
                raise Refused(f"robots.txt does not allow {url}")
            answer = await self._ask(fetch, url, headers, robots=allows is None)
            if answer.status not in answers.REDIRECTS:
                return answer
            url = answers.next_hop(self._site, url, answer.headers.get("location"))
            if allows and not answers.is_of(url, fetch.reference):
                raise BadAnswer(f"a redirect to {str(url)[:100]!r}, which is not that record's")
        raise BadAnswer(f"redirects in a loop, or more than {self._bounds.hops}")

    async def _traced(self, turn: Turn, event: str, _: object) -> None:
        """Let a request leave when its turn says so: connecting may have taken long."""
        if event.endswith("send_request_headers.started"):
            await turn.depart()
        elif event.endswith("send_request_headers.complete"):
            await turn.departed()

    async def _ask(self, fetch: _Fetch, url: httpx.URL, headers: dict[str, str], *, robots: bool) -> Answer:
        """Send one request in its turn, and tell of it."""
        async with self._peace.request(fetch, self._robots.delay) as turn:
            began, fetch.status, reason = self._clock(), None, "cancelled"
            try:
                answer = await self._send(fetch, url, headers, turn, robots=robots)
            except MayPass as failure:
                reason = str(failure)
                await self._peace.heed(failure.error)
                raise
            except SiteError as error:
                reason = str(error)
                raise
            else:
                reason = ""
                return answer
            finally:
                self._tell(fetch, self._clock() - began, "robots.txt" if robots else "page", reason)

    def _tell(self, fetch: _Fetch, seconds: float, what: str, reason: str) -> None:
        """Log one request, and tell who observes."""
        facts = {"record": fetch.reference.id, "attempt": fetch.tries, "what": what, "seconds": round(seconds, 3)}
        if reason:
            self._log.warning("site_asked", **facts, status=fetch.status, reason=reason)
        else:
            self._log.info("site_asked", **facts, status=fetch.status)
        if self._observe:
            self._observe(str(fetch.status or "none"), seconds)

    async def _send(self, fetch: _Fetch, url: httpx.URL, headers: dict[str, str], turn: Turn, *, robots: bool) -> Answer:
        headers = {"User-Agent": self._agent, "Accept-Encoding": ACCEPTED} | headers
        try:
            async with (
                asyncio.timeout(self._bounds.answer),
                self._http.stream(
                    "GET",
                    url,
                    headers=headers,
                    follow_redirects=False,
                    extensions={"trace": partial(self._traced, turn)},
                ) as response,
            ):
                fetch.status = status = response.status_code
                if status in answers.PASSING:
                    raise answers.failure_of(status, response.headers, self._now())
                body = b""
                if status == httpx.codes.OK:
                    if not robots:
                        answers.check_type(response.headers)
                    body = await read_body(response, self._bounds.robots_size if robots else self._bounds.size, cut=robots)
                return Answer(status, response.headers, body)
        except TimeoutError as error:
            raise MayPass(Unreachable(f"no whole answer within {self._bounds.answer:.0f} s")) from error
        except (httpx.InvalidURL, UnicodeError) as error:  # httpx reads Location even when told not to follow it
            raise BadAnswer(f"a redirect to no address: {error}"[:200]) from error
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise answers.failure_from(error, url.host) from error


@asynccontextmanager
async def open_pages(
    *,
    url_of: Callable[[Reference], str],
    is_refusal: Callable[[bytes], bool],
    version: str,
    contact: str,
    ca_bundle: Path | None = None,
    bounds: Bounds | None = None,
    pace: Pace | None = None,
    observe: Observer | None = None,
) -> AsyncIterator[ErowidPages]:
    """Open the way to the site, and close it at the end. ConfigurationError for a setting that cannot be.

    `version` and `contact`, the address of who runs the bot, make the User-Agent; `ca_bundle` is a PEM file of the CAs to
    trust in place of the usual ones (see `client`). The others are those of `ErowidPages`.
    """
    bounds = bounds or Bounds()
    agent = client.user_agent(version, contact)
    site = client.origin(url_of(Reference(1)))
    async with await asyncio.to_thread(client.new_client, site, bounds, ca_bundle) as http:  # reads many certificates
        yield ErowidPages(http, url_of=url_of, is_refusal=is_refusal, agent=agent, bounds=bounds, pace=pace, observe=observe)
