"""Stand-ins for Europe PMC and Crossref, with answers about the works of the samples. All are invented.

DOIs have the prefix 10.5555, which belongs to nobody; PubMed IDs are far above the real ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

JsonObject = dict[str, Any]

_TITLE_WORDS = re.compile(r"TITLE:\(([^)]*)\)")
_IDENTIFIER = re.compile(r'(?:DOI|EXT_ID):"([^"]*)"')


@dataclass(frozen=True)
class Publication:
    """An invented work as both services know it: Europe PMC if it has a PubMed ID, Crossref if it has a DOI."""

    title: str
    families: tuple[str, ...]
    """The family names of the authors."""
    year: int
    volume: str | None = None
    page: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    journal: str = "Journal of Imaginary Pharmacology"
    journal_short: str = "J. Imag. Pharmacol."
    free_text: str | None = None
    """The address where it is free to read."""
    retracted_by: str | None = None
    """The DOI of the retraction notice that Crossref knows."""
    types: tuple[str, ...] = ("Journal Article",)

    def in_europe_pmc(self) -> JsonObject:
        """Give the work as Europe PMC's search with `resultType=core` does."""
        urls = [{"availabilityCode": "S", "documentStyle": "doi", "url": f"https://doi.org/{self.doi}"}]
        if free := self.free_text or (self.pmcid and f"https://europepmc.org/articles/{self.pmcid}"):
            urls += [
                {"availabilityCode": "F", "documentStyle": "pdf", "url": f"{free}?pdf=render"},
                {"availabilityCode": "F", "documentStyle": "html", "url": free},
            ]
        authors = [{"fullName": f"{one} JA", "firstName": "J A", "lastName": one, "initials": "JA"} for one in self.families]
        journal = {
            "title": self.journal.capitalize(),
            "isoabbreviation": self.journal_short.replace(".", ""),
            "issn": "0000-0001",
        }
        result = {
            "id": self.pmid,
            "source": "MED",
            "pmid": self.pmid,
            "pmcid": self.pmcid,
            "doi": self.doi and self.doi.lower(),
            "title": f"{self.title}.",
            "authorList": {"author": authors},
            "journalInfo": {"volume": self.volume, "yearOfPublication": self.year, "journal": journal},
            "pubYear": str(self.year),
            "pageInfo": self.page,
            "pubTypeList": {"pubType": list(self.types)},
            "fullTextUrlList": {"fullTextUrl": urls},
        }
        return {key: value for key, value in result.items() if value is not None}

    def in_crossref(self) -> JsonObject:
        """Give the work as Crossref does, in a list or as the message of a single work."""
        item: JsonObject = {
            "DOI": self.doi,
            "type": "journal-article",
            "title": [self.title],
            "subtitle": [],
            "container-title": [self.journal],
            "short-container-title": [self.journal_short],
            "ISSN": ["0000-0001", "0000-0002"],
            "author": [{"given": "J. A.", "family": one, "sequence": "first"} for one in self.families],
            "issued": {"date-parts": [[self.year, 4, 26]]},
            "published-online": {"date-parts": [[None]]},
            "volume": self.volume,
            "page": self.page,
        }
        if self.retracted_by:
            item["updated-by"] = [
                {
                    "DOI": self.retracted_by,
                    "type": "retraction",
                    "label": "Retraction",
                    "source": "retraction-watch",
                    "updated": {"date-parts": [[self.year + 2, 2, 6]], "date-time": f"{self.year + 2}-02-06T00:00:00Z"},
                    "record-id": "7",
                }
            ]
        return {key: value for key, value in item.items() if value is not None}


PRETENDOLINE = Publication(
    "Pretendoline for imaginary insomnia: a randomised trial",
    ("Doe", "Roe", "Poe"),
    2031,
    "12",
    "101-109",
    doi="10.5555/imaginary.2031.101",
    pmid="99000001",
    free_text="https://example.org/journal-of-imaginary-pharmacology/12/101",
)
WAKAMINE = Publication(
    "Patterns of imaginary caffeine-substitute use among students of a university that was not founded",
    ("Specimen", "Placeholder", "D'Exemple"),
    2033,
    "14",
    "7-15",
    doi="10.5555/imaginary.2033.7",
    pmid="99000014",
    retracted_by="10.5555/imaginary.2035.1",
)
VANISHINOL = Publication(
    "Transient invisibility after ingestion of vanishinol: a case report",
    ("Noone", "Nobody"),
    2031,
    "8",
    "601-602",
    doi="10.5555/pretend.2031.601",
    journal="Pretend Clinical Research",
    journal_short="Pretend Clin. Res.",
)
VANISHINOL_AGAIN = Publication(
    VANISHINOL.title, VANISHINOL.families, 2031, "8", "601-602", doi="10.5555/fict.case.88", journal=VANISHINOL.journal
)
FICTAMINE = "Dose-dependent effects of fictamine on wheel running and core temperature in the rat"
"""A title for which both stand-ins answer as if they were down."""

WORKS = (PRETENDOLINE, WAKAMINE, VANISHINOL, VANISHINOL_AGAIN)


class StandIns:
    """The handlers of both services."""

    def __init__(self, works: Sequence[Publication] = WORKS, down: Sequence[str] = (FICTAMINE,)) -> None:
        self._works = works
        self._down = [_words(title) for title in down]

    def add_to(self, application: web.Application) -> None:
        """Serve Europe PMC below /europepmc, Crossref below /crossref."""
        application.router.add_get("/europepmc/webservices/rest/search", self._europe_pmc)
        application.router.add_get("/crossref/works", self._crossref_list)
        application.router.add_get("/crossref/works/{doi:.+}", self._crossref_work)

    async def _europe_pmc(self, request: web.Request) -> web.Response:
        query = request.query.get("query", "")
        identifiers = {one.lower() for one in _IDENTIFIER.findall(query)}
        groups = [_words(group) for group in _TITLE_WORDS.findall(query)]
        if any(group <= down for group in groups for down in self._down):
            return _unavailable()
        found = [
            work.in_europe_pmc()
            for work in self._works
            if work.pmid
            and ({work.pmid, (work.doi or "").lower()} & identifiers or any(group <= _words(work.title) for group in groups))
        ]
        return web.json_response({"version": "6.9", "hitCount": len(found), "resultList": {"result": found}})

    async def _crossref_list(self, request: web.Request) -> web.Response:
        asked = _words(request.query.get("query.bibliographic", ""))
        if any(down <= asked for down in self._down):
            return _unavailable()
        found = [work.in_crossref() for work in self._works if work.doi and asked and _words(work.title) <= asked]
        message = {"total-results": len(found), "items": found}
        return web.json_response({"status": "ok", "message-type": "work-list", "message": message})

    async def _crossref_work(self, request: web.Request) -> web.Response:
        wanted = request.match_info["doi"].lower()
        for work in self._works:
            if (work.doi or "").lower() == wanted:
                return web.json_response({"status": "ok", "message-type": "work", "message": work.in_crossref()})
        return web.Response(status=HTTPStatus.NOT_FOUND, text="Resource not found.")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _unavailable() -> web.Response:
    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text="Service Unavailable", headers={"Retry-After": "1"})
