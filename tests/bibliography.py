"""Europe PMC, Crossref, Unpaywall and PubMed's API on loopback, in their real shapes, for invented works.

They fail on demand.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from aiohttp import web

from bot.demo.bibliography import Publication

Json = dict[str, Any]

NOTICE_DOI = "10.5555/notice.7"
SERVICES = ("europepmc", "crossref", "unpaywall", "ncbi")
_IDENTIFIER = re.compile(r'(?:DOI|EXT_ID|PMCID):"?([^"\s]+)')


@dataclass(frozen=True)
class Work(Publication):
    """An invented work; what a test does not say is as here."""

    title: str = "Effects of a made-up tryptamine on sleep in the rat"
    families: tuple[str, ...] = ("Doe", "Roe")
    year: int = 1988
    volume: str | None = "447"
    page: str | None = "141-144"
    doi: str | None = "10.5555/Sleep.1"
    pmid: str | None = "90000001"
    journal: str = "Invented Brain Research"
    journal_short: str = "Invent. Brain Res."


@dataclass(frozen=True)
class Retraction:
    """A notice of retraction, as Crossref lists it."""

    doi: str
    """Of the retracted work."""
    registered: date
    notice: str = NOTICE_DOI

    def in_crossref(self) -> Json:
        """An item of the list."""
        day = self.registered
        update = {
            "DOI": self.doi,
            "type": "retraction",
            "label": "Retraction",
            "source": "retraction-watch",
            "updated": {"date-parts": [[day.year, day.month, day.day]], "date-time": f"{day}T00:00:00Z"},
            "record-id": "7",
        }
        return {"DOI": self.notice, "update-to": [update]}


@dataclass(frozen=True)
class Fault:
    """An answer in place of the right one; status 0 resets the connection."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


FAULTS = {
    "429": Fault(429, "<html>Too Many Requests</html>", {"Retry-After": "0"}),
    "500": Fault(500, '{"status":"error","message-type":"exception"}'),
    "504": Fault(504, "<html><body><h1>504 Gateway Time-out</h1></body></html>"),
    "html": Fault(200, "<!DOCTYPE html><html><body>We are down for maintenance</body></html>"),
    "bad json": Fault(200, '{"status":"ok","message":{"items":[{"DOI":"10.5555/x'),
    "a list": Fault(200, "[]"),
    "no list": Fault(200, '{"status":"ok","message":{}}'),
    "reset": Fault(0),
}


class Bibliography:
    """The services; a search finds every work, since it is the matcher that has to choose."""

    def __init__(self) -> None:
        self.url = ""
        self.works: dict[str, list[Work]] = {"europepmc": [], "crossref": []}
        self.results: list[Json] = []
        """Further works as Europe PMC describes them: whole results, found by their identifiers."""
        self.items: list[Json] = []
        """The same of Crossref."""
        self.articles: dict[str, str] = {}
        """PubMed's XML of an article, by PubMed IDs."""
        self.free: dict[str, str] = {}
        """Free copies, by DOI in lower case."""
        self.retractions: list[Retraction] = []
        self.page = 500
        """Retraction notices in one answer at most."""
        self.faults: dict[str, list[Fault]] = {name: [] for name in SERVICES}
        self.asked: list[web.Request] = []
        self.open = asyncio.Event()
        """Answers wait while it is clear."""
        self.open.set()
        self.begun = asyncio.Event()
        """Set once something was asked."""

    def add(self, *works: Work) -> None:
        """Let both services know works: Europe PMC those with a PubMed ID, Crossref those with a DOI."""
        self.works["europepmc"] += [work for work in works if work.pmid]
        self.works["crossref"] += [work for work in works if work.doi]

    def asked_of(self, service: str) -> int:
        """Count the requests to a service."""
        return sum(request.path.startswith(f"/{service}/") for request in self.asked)

    def environment(self, **more: str) -> dict[str, str]:
        """Give the settings with which the bot asks these services."""
        return {f"{name.upper()}_URL": f"{self.url}/{name}" for name in SERVICES} | more

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.asked.append(request)
        self.begun.set()
        await self.open.wait()
        service = request.path.split("/")[1]
        if self.faults[service]:
            fault = self.faults[service].pop(0)
            if not fault.status:
                assert request.transport is not None
                request.transport.abort()
            return web.Response(status=fault.status or 500, text=fault.body, headers=fault.headers)
        if service == "europepmc":
            return self._europe_pmc(request.query["query"])
        if service == "ncbi":
            return self._efetch(request.query)
        key = request.path.rsplit("/v2/" if service == "unpaywall" else "/works/", 1)[-1].lower()
        return self._unpaywall(key) if service == "unpaywall" else self._crossref(key, request.query)

    def _crossref(self, doi: str, query: Mapping[str, str]) -> web.Response:
        if {"filter", "query.bibliographic"} & query.keys():
            return self._crossref_list(query)
        for item in (*(work.in_crossref() for work in self.works["crossref"]), *self.items):
            if (item["DOI"] or "").lower() == doi:
                return web.json_response({"status": "ok", "message-type": "work", "message": item})
        return web.Response(status=404, text="Resource not found.")

    def _europe_pmc(self, query: str) -> web.Response:
        results = [work.in_europe_pmc() for work in self.works["europepmc"]]
        if wanted := _IDENTIFIER.search(query):
            names = ("doi", "pmid", "pmcid", "id")
            known = [*results, *self.results]
            results = [one for one in known if wanted[1].lower() in {str(one.get(name)).lower() for name in names}]
        return web.json_response({"version": "6.9", "hitCount": len(results), "resultList": {"result": results}})

    def _efetch(self, query: Mapping[str, str]) -> web.Response:
        assert (query["db"], query["retmode"], query["tool"]) == ("pubmed", "xml", "Precis")
        articles = self.articles.get(query["id"], "")
        return web.Response(text=f"<PubmedArticleSet>{articles}</PubmedArticleSet>", content_type="text/xml")

    def _crossref_list(self, query: Mapping[str, str]) -> web.Response:
        message = {"items": [work.in_crossref() for work in self.works["crossref"]]}
        if "filter" in query:
            message = self._retractions(query["filter"], query["cursor"], int(query["rows"]))
        return web.json_response({"status": "ok", "message-type": "work-list", "message": message})

    def _retractions(self, wanted: str, cursor: str, rows: int) -> Json:
        """Give a page of notices; as at Crossref the last one is empty, and still names a next one."""
        filters = dict(one.split(":") for one in wanted.split(","))
        assert filters.pop("update-type") == "retraction"
        since = date.fromisoformat(filters.pop("from-update-date"))
        assert not filters
        found = [one.in_crossref() for one in self.retractions if one.registered >= since]
        first = 0 if cursor == "*" else int(cursor.removeprefix("after "))
        items = found[first : first + min(rows, self.page)]
        return {"total-results": len(found), "items": items, "next-cursor": f"after {first + len(items)}"}

    def _unpaywall(self, doi: str) -> web.Response:
        if doi not in self.free:
            return web.json_response({"HTTP_status_code": 404, "error": True}, status=404)
        best = {"url": self.free[doi], "url_for_pdf": None, "url_for_landing_page": self.free[doi]}
        return web.json_response({"doi": doi, "is_oa": True, "best_oa_location": best})


@asynccontextmanager
async def open_bibliography() -> AsyncIterator[Bibliography]:
    """Serve a Bibliography on a free port."""
    services = Bibliography()
    server = web.ServerRunner(web.Server(services.answer, access_log=None), shutdown_timeout=0.01)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    services.url = f"http://127.0.0.1:{server.addresses[0][1]}"
    try:
        yield services
    finally:
        await server.cleanup()


def line(identity: str, work: Work, **changed: object) -> str:
    """Give the line of `python -m bot match` that asks for a work."""
    item: Json = {
        "type": "article-journal",
        "title": work.title,
        "author": [{"family": family, "given": "J. A."} for family in work.families],
        "container-title": "Invent Brain Res",
        "issued": {"date-parts": [[work.year]]},
        "volume": work.volume,
        "page": work.page,
    }
    return json.dumps({"id": identity, "record": {key: value for key, value in (item | changed).items() if value}}) + "\n"
