"""Crossref (api.crossref.org): DOIs and notices of retraction; asked after Europe PMC."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.responses import Answer
from bot.adapters.site.service_answers import Pace, read_object
from bot.core.enrichment import Candidate, NoticeKind
from bot.core.errors import BadAnswer
from bot.core.json_values import Json, child, children, date_parts, doi, first, text, texts
from bot.core.record import Name, Record
from bot.services.enrichment_ports import Retractions
from bot.sources.bibliographic_services import CROSSREF, crossref_work, mailto
from bot.sources.doi.notices import is_notice, read_notices, read_updates

LIST_GAP = 1.25
WORK_GAP = 0.4
"""Seconds between two requests: for one search or three single works a second, and a margin, since some requests take
longer to arrive than others.
"""
AT_ONCE = 3
"""Requests under way at a time if the contact is an e-mail address; else one."""
ROWS = 10
PAGE = 500
"""Retraction notices on one page of answers; a day brings some tens."""
FIRST_PAGE = "*"
"""Crossref's cursor for the first page of a list."""
SELECT = (
    "DOI,type,title,subtitle,original-title,author,container-title,short-container-title,ISSN,volume,issue,page,"
    "article-number,issued,published,published-print,published-online,update-to,updated-by"
)


class Crossref:
    """Implements `WorkSource` and `RetractionSource`; `contact` is an address of the host."""

    def __init__(self, fetcher: Fetcher, base: str, contact: str, *, pace: Pace = float) -> None:
        self._fetcher = fetcher
        self._base = base
        self._contact = contact
        self._pace = pace
        self._at_once = asyncio.Semaphore(AT_ONCE if "@" in contact else 1)

    async def search(self, record: Record) -> tuple[Candidate, ...]:
        return read_list(await self._ask(search_url(self._base, record, self._contact), LIST_GAP))

    async def work(self, doi: str) -> Candidate | None:
        return read_work(await self._ask(crossref_work(self._base, doi, self._contact), WORK_GAP))

    async def retractions(self, since: date, cursor: str | None = None) -> Retractions:
        url = retractions_url(self._base, since, cursor or FIRST_PAGE, self._contact)
        return read_retractions(await self._ask(url, LIST_GAP))

    async def _ask(self, url: str, gap: float) -> Answer:
        async with self._at_once:
            return await self._fetcher.get(url, tries=1, gap=self._pace(gap))


def search_url(base: str, record: Record, contact: str) -> str:
    """Build the address of a search for works like a record."""
    years = [str(parts[0]) for parts in record.issued[:1] if parts]
    names = [name.family or name.literal for name in record.authors[:3]]
    said = [record.plain_title, *names, record.container_title, *years, record.volume, record.page]
    query = " ".join(filter(None, said))
    parameters = {"query.bibliographic": query, "rows": str(ROWS), "select": SELECT, **mailto(contact)}
    return f"{base}/works?{urlencode(parameters)}"


def retractions_url(base: str, since: date, cursor: str, contact: str) -> str:
    """Build the address of a page of retraction notices from a day on; `cursor` comes from the page before."""
    wanted = f"update-type:retraction,from-update-date:{since:%Y-%m-%d}"
    parameters = {"filter": wanted, "rows": str(PAGE), "cursor": cursor, "select": "DOI,update-to", **mailto(contact)}
    return f"{base}/works?{urlencode(parameters)}"


def read_list(answer: Answer) -> tuple[Candidate, ...]:
    """Read the works of a search. Raises BadAnswer."""
    found = read_object(answer)
    if found is None or not isinstance(child(found, "message").get("items"), list):
        raise BadAnswer("no list of works")
    return tuple(filter(None, map(_work, children(found, "message", "items"))))


def read_retractions(answer: Answer) -> Retractions:
    """Read a page of retraction notices, and the cursor of the next one if there may be one. Raises BadAnswer."""
    message = child(read_object(answer) or {}, "message")
    if not isinstance(message.get("items"), list):
        raise BadAnswer("no list of works")
    items = list(children(message, "items"))
    found = tuple(
        (update.doi, replace(update.notice, doi=notice))
        for item in items
        if (notice := doi(item.get("DOI")))
        for update in read_updates(item, "update-to")
        if update.kind is NoticeKind.RETRACTION and update.doi and update.doi != notice
    )
    return Retractions(found, text(message, "next-cursor") if items else None)


def read_work(answer: Answer) -> Candidate | None:
    """Read one work; None if Crossref has none with that DOI. Raises BadAnswer."""
    found = read_object(answer)
    if found is None:
        return None
    work = _work(child(found, "message"))
    if work is None:
        raise BadAnswer("no work")
    return work


def _work(item: Json) -> Candidate | None:
    own = doi(item.get("DOI"))
    if own is None:
        return None
    title = first(texts(item, "title")) or ""
    return Candidate(
        source=CROSSREF,
        title=title,
        subtitle=first(texts(item, "subtitle")) or "",
        original_title=first(texts(item, "original-title")) or "",
        authors=tuple(_names(item)),
        journal=first(texts(item, "container-title")),
        journal_short=first(texts(item, "short-container-title")),
        issn=texts(item, "ISSN"),
        years=frozenset(
            parts[0]
            for key in ("issued", "published", "published-print", "published-online")
            if (parts := date_parts(child(item, key)))
        ),
        volume=text(item, "volume"),
        issue=text(item, "issue"),
        page=text(item, "page") or text(item, "article-number"),
        doi=own,
        type=text(item, "type"),
        is_notice=is_notice(item, own),
        notices=read_notices(item, own, title),
    )


def _names(item: Json) -> Iterator[Name]:
    for author in children(item, "author"):
        if family := text(author, "family"):
            yield Name(family=family, given=text(author, "given"), suffix=text(author, "suffix"))
        elif name := text(author, "name") or text(author, "given"):
            yield Name(literal=name)
