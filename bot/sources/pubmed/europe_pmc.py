"""Works as Europe PMC's JSON describes them with `resultType=core` (europepmc.org/RestfulWebService).

The date is that of the journal's issue, as citation managers take it from PubMed; without an issue, as for preprints, it is
the day of first publication.
"""

import re
from collections.abc import Iterator

from bot.core.json_values import Json, child, children, doi, text, texts, web_address
from bot.core.record import DateParts, Name, Record
from bot.core.reference import Reference
from bot.core.source_work import SourceWork
from bot.sources.abstracts import read_abstract, without_mark
from bot.sources.answers import failure, read_json
from bot.sources.bibliographic_services import EUROPE_PMC
from bot.sources.language_codes import language_code, title_language
from bot.sources.names import SUFFIX, is_et_al, person
from bot.sources.pubmed.dates import read_issue_date
from bot.sources.pubmed.journals import journal_name
from bot.sources.pubmed.notices import read_notices, retraction_note
from bot.sources.rich_text import to_plain
from bot.sources.titles import title_of

_TYPES = {"PPR": "article", "ETH": "thesis", "PAT": "patent"}
"""The CSL type for each of Europe PMC's sources that is not journals: preprints, theses, patents."""
_ET_AL = re.compile(r"\bet al\.?$")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def read_work(body: bytes, wanted: Reference) -> SourceWork | None:
    """Read the work with an identifier from an answer; None if Europe PMC has none.

    Raises Refused, BadAnswer (not an answer of this kind) and PageChanged (a work without a title).
    """
    value = read_json(body)
    if isinstance(value.get("result"), dict):
        results = [child(value, "result")]
    elif isinstance(child(value, "resultList").get("result"), list):
        results = list(children(value, "resultList", "result"))
    elif value.get("hitCount") == 0:
        return None
    else:
        raise failure(value)
    fitting = [result for result in results if _ids(result).get(wanted.source) == wanted.id]
    fitting.sort(key=lambda result: result.get("source") != "MED")  # an article before its preprint of the same DOI
    return _work(fitting[0]) if fitting else None


def _ids(result: Json) -> dict[str, str | None]:
    found = {"pubmed": text(result, "pmid"), "pmc": text(result, "pmcid"), "doi": doi(result.get("doi"))}
    found["ppr"] = text(result, "id") if result.get("source") == "PPR" else None
    return found


def _work(result: Json) -> SourceWork:
    issue = child(result, "journalInfo")
    journal = child(issue, "journal")
    types = texts(result, "pubTypeList", "pubType")
    comments = [
        (text(one, "type") or "", text(one, "reference") or "")
        for one in children(result, "commentCorrectionList", "commentCorrection")
    ]
    return SourceWork(
        record=_record(result, types, retraction_note(types, comments)),
        doi=doi(result.get("doi")),
        pmid=text(result, "pmid"),
        pmcid=text(result, "pmcid"),
        journal_short=text(journal, "isoabbreviation") or text(journal, "medlineAbbreviation"),
        issn=tuple(filter(None, (text(journal, "issn"), text(journal, "essn")))),
        notices=read_notices(types, comments, EUROPE_PMC),
        free_text_url=free_text(result),
    )


def _record(result: Json, types: tuple[str, ...], retraction: str | None) -> Record:
    languages = tuple(filter(None, [language_code(text(result, "language"))]))
    issue = child(result, "journalInfo")
    printed = result.get("title")
    title = title_of(printed if isinstance(printed, str) else None)
    book = text(result, "bookOrReportDetails", "comprisingTitle")
    preprint = result.get("source") == "PPR"
    authors = tuple(_names(result))
    line, abstract = result.get("authorString"), result.get("abstractText")
    line = to_plain(line) if isinstance(line, str) else ""
    paragraphs, truncated = without_mark(read_abstract(abstract) if isinstance(abstract, str) else ())
    issued, season = _issued(result, issue)
    return Record(
        reference=None,
        title=title,
        type=_TYPES.get(text(result, "source") or "", "chapter" if book else "article-journal"),
        language=title_language(title, languages),
        authors=tuple(name for name in authors if not is_et_al(name)),
        more_authors=bool(authors) and (_ET_AL.search(line) is not None or any(map(is_et_al, authors))),
        container_title=journal_name(text(issue, "journal", "title"))
        or text(result, "journalTitle")
        or book
        or (text(result, "bookOrReportDetails", "publisher") if preprint else None),
        issued=issued,
        season=season,
        volume=text(issue, "volume") or text(result, "journalVolume"),
        issue=text(issue, "issue") or text(result, "issue"),
        page=text(result, "pageInfo"),
        authors_line=line or None,
        abstract=paragraphs,
        truncated=truncated,
        keywords=texts(result, "keywordList", "keyword"),
        retraction=retraction,
        publication_types=types,
        mesh=tuple(
            filter(None, (text(one, "descriptorName") for one in children(result, "meshHeadingList", "meshHeading")))
        ),
        languages=languages,
    )


def free_text(result: Json) -> str | None:
    """Give the address where the text is free to read, a page rather than a PDF; None if there is none."""
    urls = [
        one
        for one in children(result, "fullTextUrlList", "fullTextUrl")
        if one.get("availabilityCode") in ("OA", "F") and web_address(one.get("url"))
    ]
    urls.sort(key=lambda one: one.get("documentStyle") != "html")
    return web_address(urls[0].get("url")) if urls else None


def _names(result: Json) -> Iterator[Name]:
    for author in children(result, "authorList", "author"):
        if collective := text(author, "collectiveName"):
            yield Name(literal=collective)
            continue
        family, initials = text(author, "lastName"), text(author, "initials")
        name = person(family, text(author, "firstName") or initials, _suffix(author), initials)
        if name is None and (full := text(author, "fullName")):
            name = Name(literal=full)
        if name is not None:
            yield name


def _suffix(author: Json) -> str | None:
    """Give the suffix of a name, which some entries have only at the end of the full name: `Doe JA Jr`."""
    if suffix := text(author, "suffix"):
        return suffix
    known = f"{text(author, 'lastName')} {text(author, 'initials')} "
    full = text(author, "fullName") or ""
    rest = full.removeprefix(known)
    return rest if rest != full and SUFFIX.fullmatch(rest) else None


def _issued(result: Json, issue: Json) -> tuple[tuple[DateParts, ...], str | None]:
    issued, season = read_issue_date(text(issue, "dateOfPublication") or "")
    if issued:
        return issued, season
    year, month = text(issue, "yearOfPublication"), text(issue, "monthOfPublication")
    if year and year != "0":
        return read_issue_date(f"{year} {month}" if month and month != "0" else year)
    day = _DAY.fullmatch(text(result, "firstPublicationDate") or "")
    return read_issue_date(" ".join(day.groups()) if day else text(result, "pubYear") or "")
