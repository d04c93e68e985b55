"""Europe PMC (europepmc.org/RestfulWebService): articles by their PMID or DOI or by a search; asked first."""

import re
from collections.abc import Iterator

from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.responses import Answer
from bot.adapters.site.service_answers import Pace, read_object
from bot.core.enrichment import Candidate
from bot.core.errors import BadAnswer
from bot.core.json_values import Json, child, children, doi, text, texts
from bot.core.record import Name, Record
from bot.sources.bibliographic_services import EUROPE_PMC, europe_pmc_search, europe_pmc_work
from bot.sources.pubmed.europe_pmc import free_text
from bot.sources.pubmed.journals import journal_name
from bot.sources.pubmed.notices import is_notice, read_notices

GAP = 0.25
"""Seconds between two requests: five a second are allowed, and some requests take longer to arrive than others."""

_SHORTEST_WORD = 4
_GROUP = 4
"""Words in a group: all must occur. A second group finds the work if a word of the first is misspelt."""

_TYPES = {"PPR": "posted-content", "ETH": "dissertation", "PAT": "patent"}
"""Crossref's type for each of Europe PMC's sources that is not journals: preprints, theses, patents."""
_COMMON = frozenset({"with", "from", "that", "this", "into", "their"})
"""Words too common to search for; the index may leave them out."""


class EuropePmc:
    """Implements `bot.services.enrichment_ports.ArticleSource`."""

    def __init__(self, fetcher: Fetcher, base: str, *, pace: Pace = float) -> None:
        self._fetcher = fetcher
        self._base = base
        self._gap = pace(GAP)

    async def search(self, record: Record) -> tuple[Candidate, ...]:
        query = search_query(record)
        return await self._get(europe_pmc_search(self._base, query)) if query else ()

    async def work(self, doi: str) -> Candidate | None:
        found = await self._get(europe_pmc_work(self._base, "doi", doi))
        return next((one for one in found if one.doi == doi.lower()), None)

    async def article(self, pmid: str) -> Candidate | None:
        found = await self._get(europe_pmc_work(self._base, "pubmed", pmid))
        return next((one for one in found if one.pmid == pmid), None)

    async def _get(self, url: str) -> tuple[Candidate, ...]:
        return read_works(await self._fetcher.get(url, tries=1, gap=self._gap))


def search_query(record: Record) -> str:
    """Build the query: title words, or author and volume, or volume and page; empty for a record with too little."""
    found = re.findall(r"[^\W_]+", record.plain_title.lower())
    words = list(dict.fromkeys(word for word in found if len(word) >= _SHORTEST_WORD and word not in _COMMON))
    years = [parts[0] for parts in record.issued if parts]
    around = f" AND PUB_YEAR:[{min(years) - 1} TO {max(years) + 1}]" if years else ""
    ways = []
    for start in range(0, min(len(words), 2 * _GROUP), _GROUP):
        group = words[start : start + _GROUP]
        near = around if len(group) < _GROUP else ""
        if near or len(group) == _GROUP or start == 0:
            ways.append(f"(TITLE:({' '.join(group)}){near})")
    name = next((name.family or name.literal for name in record.authors), None)
    author = " ".join(re.sub(r'["\\]', " ", name or "").split())
    volume = re.match(r"\w+", record.volume or "")
    if volume and author and around:
        ways.append(f'(AUTH:"{author}" AND VOLUME:"{volume[0]}"{around})')
    page = re.match(r"\w+", record.page or "")
    if volume and page and around:
        ways.append(f'(VOLUME:"{volume[0]}" AND PAGE_INFO:"{page[0]}"{around})')
    return " OR ".join(ways)


def read_works(answer: Answer) -> tuple[Candidate, ...]:
    """Read the works of a search with `resultType=core`. Raises BadAnswer."""
    found = read_object(answer)
    if found is None or not isinstance(found.get("resultList"), dict):
        raise BadAnswer("no list of results")
    return tuple(_work(result) for result in children(found, "resultList", "result"))


def _work(result: Json) -> Candidate:
    issue = child(result, "journalInfo")
    journal = child(issue, "journal")
    types = frozenset(one.lower() for one in texts(result, "pubTypeList", "pubType"))
    types |= frozenset(filter(None, (text(result, "pubType") or "").lower().split("; ")))  # one text in a `lite` answer
    comments = [
        (text(one, "type") or "", text(one, "reference") or "")
        for one in children(result, "commentCorrectionList", "commentCorrection")
    ]
    return Candidate(
        source=EUROPE_PMC,
        title=(text(result, "title") or "").removesuffix("."),
        authors=tuple(_names(result)),
        journal=journal_name(text(journal, "title"))
        or text(result, "journalTitle")
        or text(result, "bookOrReportDetails", "comprisingTitle"),
        journal_short=text(journal, "isoabbreviation") or text(journal, "medlineAbbreviation"),
        issn=tuple(filter(None, (text(journal, "issn"), text(journal, "essn")))),
        years=frozenset(_years(result, issue)),
        volume=text(issue, "volume") or text(result, "journalVolume"),
        issue=text(issue, "issue") or text(result, "issue"),
        page=text(result, "pageInfo"),
        doi=doi(result.get("doi")),
        pmid=text(result, "pmid"),
        pmcid=text(result, "pmcid"),
        type=_TYPES.get(text(result, "source") or ""),
        publication_types=types,
        is_notice=is_notice(comments),
        notices=read_notices(types, comments, EUROPE_PMC),
        free_text_url=free_text(result),
    )


def _names(result: Json) -> Iterator[Name]:
    for author in children(result, "authorList", "author"):
        if family := text(author, "lastName"):
            yield Name(family=family, given=text(author, "firstName") or text(author, "initials"))
        elif name := text(author, "collectiveName") or text(author, "fullName"):
            yield Name(literal=name)


def _years(result: Json, issue: Json) -> Iterator[int]:
    dates = (text(result, "pubYear"), text(issue, "yearOfPublication"), text(issue, "printPublicationDate"))
    for date in (*dates, text(result, "firstPublicationDate"), text(result, "electronicPublicationDate")):
        if year := re.match(r"\d{4}", date or ""):
            yield int(year[0])
