"""Unpaywall: where a work can be read without paying (unpaywall.org/products/api)."""

from urllib.parse import quote, urlencode

from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.responses import Answer
from bot.adapters.site.service_answers import Pace, read_object
from bot.core.json_values import child, web_address

GAP = 0.25
"""Seconds between two requests."""


class Unpaywall:
    """Implements `FreeTextSource`. `contact` is the e-mail address that Unpaywall wants with each request."""

    def __init__(self, fetcher: Fetcher, base: str, contact: str, *, pace: Pace = float) -> None:
        self._fetcher = fetcher
        self._base = base
        self._contact = contact
        self._gap = pace(GAP)

    async def free_text(self, doi: str) -> str | None:
        url = free_text_url(self._base, doi, self._contact)
        return read_free_text(await self._fetcher.get(url, tries=1, gap=self._gap))


def free_text_url(base: str, doi: str, contact: str) -> str:
    """Build the address of a DOI's entry."""
    return f"{base}/v2/{quote(doi, safe='')}?{urlencode({'email': contact})}"


def read_free_text(answer: Answer) -> str | None:
    """Give the address of the best free copy, its page rather than its PDF; None without one. Raises BadAnswer."""
    found = read_object(answer)
    if found is None or found.get("is_oa") is not True:
        return None
    best = child(found, "best_oa_location")
    return web_address(best.get("url_for_landing_page")) or web_address(best.get("url"))
