"""Pages of records on a site: the real `PageSource`."""

from collections.abc import Callable

import httpx

from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.responses import Answer, charset_of, validator
from bot.adapters.site.service_state import OpenPeriod
from bot.core.errors import BadAnswer, RecordNotFound
from bot.core.reference import Reference
from bot.services.ports import Page


class Pages:
    """Fetches the pages of records.

    `url_of` gives the address of a record; `reference_at` reads the record from a path (with its query) on the site.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        url_of: Callable[[Reference], str],
        reference_at: Callable[[str], Reference | None],
    ) -> None:
        self._fetcher = fetcher
        self._url_of = url_of
        self._reference_at = reference_at

    @property
    def waiting(self) -> int:
        """Requests that wait for their turn."""
        return self._fetcher.waiting

    @property
    def breaker(self) -> str:
        """The state of the circuit breaker: "closed", "open" or "probing"."""
        return self._fetcher.breaker

    @property
    def open_period(self) -> OpenPeriod | None:
        """How long the circuit is open, and why, as far as this process knows; None while it is closed."""
        return self._fetcher.open_period

    async def fetch(self, reference: Reference, known: Page | None = None) -> Page | None:
        """See `PageSource`."""
        validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        answer = await self._fetcher.get(
            self._url_of(reference),
            headers={name: value for name, value in validators.items() if value and validator(value)},
            tries=1 if known else None,  # a known page will do, and need not wait
            may_redirect_to=lambda url: self._reference_at(_path(url)) == reference,
            facts={"record": reference.id},
        )
        return _page(reference, known, answer)

    async def allows(self, reference: Reference) -> bool:
        """Whether robots.txt lets a record be read: one request if that is not known yet. Raises a SiteError."""
        return await self._fetcher.allows(self._url_of(reference))


def _page(reference: Reference, known: Page | None, answer: Answer) -> Page | None:
    match answer.status:
        case httpx.codes.OK:
            return Page(
                reference,
                answer.body,
                charset=charset_of(answer.headers),
                etag=validator(answer.headers.get("etag")),
                last_modified=validator(answer.headers.get("last-modified")),
            )
        case httpx.codes.NOT_MODIFIED if known is not None:
            return None
        case httpx.codes.NOT_FOUND | httpx.codes.GONE:
            raise RecordNotFound(reference)
        case _:
            raise BadAnswer(f"status {answer.status}")


def _path(url: str) -> str:
    return httpx.URL(url).raw_path.decode("ascii", "replace")
