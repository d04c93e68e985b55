"""Pages of works, fetched from their sites: implements `PageSource`."""

from collections.abc import Mapping

import httpx

from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.responses import Answer, charset_of, validator
from bot.core.errors import BadAnswer, RecordNotFound
from bot.core.source import Request
from bot.services.ports import Page


class Pages:
    """Fetches pages, each from its site by that site's fetcher."""

    def __init__(self, fetchers: Mapping[str, Fetcher]) -> None:
        """`fetchers`: by site name, without the sites whose setting is not set."""
        self._fetchers = fetchers

    def may_ask(self, site: str) -> bool:
        return site in self._fetchers

    async def fetch(self, request: Request, known: Page | None = None) -> Page | None:
        validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        answer = await self._fetchers[request.site].get(
            request.url,
            headers={name: value for name, value in validators.items() if value and validator(value)},
            tries=1 if known else request.tries,  # the stored page serves if this try fails
            may_redirect_to=request.may_redirect_to,
            facts={"record": str(request.reference)},
        )
        return _page(request, known, answer)


def _page(request: Request, known: Page | None, answer: Answer) -> Page | None:
    match answer.status:
        case httpx.codes.OK:
            return Page(
                request.reference,
                answer.body,
                charset=charset_of(answer.headers),
                etag=validator(answer.headers.get("etag")),
                last_modified=validator(answer.headers.get("last-modified")),
                site=request.site,
            )
        case httpx.codes.NOT_MODIFIED if known is not None:
            return None
        case httpx.codes.NOT_FOUND | httpx.codes.GONE:
            raise RecordNotFound(request.reference)
        case _:
            raise BadAnswer(f"status {answer.status}")
