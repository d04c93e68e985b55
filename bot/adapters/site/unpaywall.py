"""Unpaywall: where a work can be read without paying (unpaywall.org/products/api)."""

from urllib.parse import quote, urlencode

from bot.adapters.site.service_answers import Answer, Get, child, read_object, web_address

EVERY = 1 / 5
"""Seconds between two requests."""


class Unpaywall:
    """Asks Unpaywall, which wants an e-mail address with each request."""

    def __init__(self, get: Get, base: str, contact: str) -> None:
        self._get = get
        self._base = base
        self._contact = contact

    async def free_text(self, doi: str) -> str | None:
        """Find where a work can be read: one request. Raises SiteError."""
        return read_free_text(await self._get(free_text_url(self._base, doi, self._contact), every=EVERY))


def free_text_url(base: str, doi: str, contact: str) -> str:
    """Build the address of a DOI's entry."""
    return f"{base}/v2/{quote(doi, safe='')}?{urlencode({'email': contact})}"


def read_free_text(answer: Answer) -> str | None:
    """Read the address of the best free copy: its page before its PDF; None if there is none. Raises BadAnswer."""
    found = read_object(answer)
    if found is None or found.get("is_oa") is not True:
        return None
    best = child(found, "best_oa_location")
    return web_address(best.get("url_for_landing_page")) or web_address(best.get("url"))
