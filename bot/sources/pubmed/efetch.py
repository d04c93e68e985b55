"""Works as PubMed's own XML describes them (`efetch` with `db=pubmed&retmode=xml`; dtd.nlm.nih.gov, "pubmed_250101.dtd").

The date is that of the journal's issue (`JournalIssue/PubDate`), as citation managers take it, not the day of electronic
publication. A title in brackets is PubMed's translation, and keeps its brackets; the original title is read as well.

The XML is parsed without a DTD, own entities or network access.
"""

import re
from collections.abc import Iterator
from html import escape

from lxml import etree

from bot.core.errors import BadAnswer
from bot.core.json_values import doi
from bot.core.record import Name, Record
from bot.core.reference import Reference
from bot.core.source_work import SourceWork
from bot.sources.abstracts import labelled, without_mark
from bot.sources.answers import check_is_no_page, failure, read_json
from bot.sources.bibliographic_services import PUBMED
from bot.sources.language_codes import language_code, title_language
from bot.sources.names import is_et_al, person
from bot.sources.pubmed.dates import read_issue_date
from bot.sources.pubmed.journals import journal_name
from bot.sources.pubmed.notices import read_notices, retraction_note
from bot.sources.rich_text import to_plain
from bot.sources.titles import title_of

_SETS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{1,6}[.-]?\d{1,8}[A-Za-z]?|\d{1,6}[A-Za-z]?")
"""A publisher's item ID that is cited as a page; `S0140-6736(31)60175-4` and `5551346` are not."""
_NOT_AVAILABLE = re.compile(r"\W*not available\W*", re.IGNORECASE)


def read_work(body: bytes, wanted: Reference) -> SourceWork | None:
    """Read the work with an identifier from an answer; None if PubMed has none.

    Raises Refused, BadAnswer (not an answer of this kind) and PageChanged (a work without a title).
    """
    root = _parse(body)
    if root.tag not in _SETS:
        raise BadAnswer(f"{root.tag}: {to_plain(_markup(root))[:200]}")
    for article in root:
        entry = article.find("MedlineCitation") if article.tag == "PubmedArticle" else article.find("BookDocument")
        if entry is None:
            continue
        ids = _ids(article, entry)
        if wanted in {Reference.made(source, number) for source, number in ids.items()}:
            return _article(entry, ids) if entry.tag == "MedlineCitation" else _book(entry, ids)
    return None


def _parse(body: bytes) -> etree._Element:
    check_is_no_page(body)
    if body.lstrip()[:1] == b"{":
        raise failure(read_json(body))
    if b"<!ENTITY" in body:
        raise BadAnswer("XML that declares entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswer(f"no XML: {error}") from None
    return root


def _ids(article: etree._Element, entry: etree._Element) -> dict[str, str]:
    """Read the IDs of the article itself, not those of its references and notices, which are nested deeper."""
    found = {"pubmed": _text(entry, "PMID")}
    for one in [*article.iterfind("*/ArticleIdList/ArticleId"), *entry.iterfind("Article/ELocationID")]:
        kind = one.get("IdType") or one.get("EIdType")
        if kind == "doi":
            found.setdefault("doi", doi(_plain(one)))
        elif kind == "pmc" and re.fullmatch(r"PMC\d+", _plain(one)):
            found["pmc"] = _plain(one)
    return {source: number for source, number in found.items() if number}


def _article(entry: etree._Element, ids: dict[str, str]) -> SourceWork:
    types = _texts(entry, "Article/PublicationTypeList/PublicationType")
    comments = [
        (one.get("RefType") or "", _text(one, "RefSource") or "")
        for one in entry.iterfind("CommentsCorrectionsList/CommentsCorrections")
    ]
    languages = _languages(entry, "Article/Language")
    vernacular = _title(entry, "Article/VernacularTitle")
    title = _title(entry, "Article/ArticleTitle") or title_of(vernacular)
    authors, more_authors = _authors(entry.find("Article/AuthorList"))
    paragraphs, truncated = without_mark(labelled(_sections(entry, "Article/Abstract")))
    issued, season = read_issue_date(_date(entry.find("Article/Journal/JournalIssue/PubDate")))
    record = Record(
        reference=None,
        title=title,
        type="article" if "Preprint" in types else "article-journal",
        language=title_language(title, languages),
        authors=authors,
        more_authors=more_authors,
        container_title=journal_name(_text(entry, "Article/Journal/Title")),
        issued=issued,
        season=season,
        volume=_text(entry, "Article/Journal/JournalIssue/Volume"),
        issue=_text(entry, "Article/Journal/JournalIssue/Issue"),
        page=_page(entry),
        abstract=paragraphs,
        truncated=truncated,
        keywords=_texts(entry, "KeywordList/Keyword"),
        retraction=retraction_note(types, comments),
        publication_types=types,
        mesh=_texts(entry, "MeshHeadingList/MeshHeading/DescriptorName"),
        original_title=vernacular if vernacular != title else None,
        languages=languages,
    )
    return SourceWork(
        record=record,
        doi=ids.get("doi"),
        pmid=ids.get("pubmed"),
        pmcid=ids.get("pmc"),
        journal_short=_text(entry, "Article/Journal/ISOAbbreviation") or _text(entry, "MedlineJournalInfo/MedlineTA"),
        issn=tuple(dict.fromkeys(_texts(entry, "Article/Journal/ISSN") + _texts(entry, "MedlineJournalInfo/ISSNLinking"))),
        notices=read_notices(types, comments, PUBMED),
    )


def _book(entry: etree._Element, ids: dict[str, str]) -> SourceWork:
    """Read a book, or a chapter of one."""
    book, chapter = _title(entry, "Book/BookTitle"), _title(entry, "ArticleTitle")
    title = chapter or title_of(book)
    languages = _languages(entry, "Language")
    lists = [*entry.iterfind("AuthorList"), *([] if chapter else entry.iterfind("Book/AuthorList"))]
    authors, more_authors = _authors(next((one for one in lists if one.get("Type") != "editors"), None))
    issued, season = read_issue_date(_date(entry.find("ContributionDate")) or _date(entry.find("Book/PubDate")))
    paragraphs, truncated = without_mark(labelled(_sections(entry, "Abstract")))
    record = Record(
        reference=None,
        title=title,
        type="chapter" if chapter else "book",
        language=title_language(title, languages),
        authors=authors,
        more_authors=more_authors,
        container_title=to_plain(book) if chapter and book else None,
        issued=issued,
        season=season,
        volume=_text(entry, "Book/Volume"),
        page=_text(entry, "Pagination/MedlinePgn"),
        abstract=paragraphs,
        truncated=truncated,
        keywords=tuple(dict.fromkeys(_texts(entry, "KeywordList/Keyword"))),
        publication_types=_texts(entry, "PublicationType"),
        languages=languages,
    )
    return SourceWork(
        record=record,
        doi=ids.get("doi"),
        pmid=ids.get("pubmed"),
        pmcid=ids.get("pmc"),
    )


def _title(entry: etree._Element, path: str) -> str | None:
    """Give a title; None if it is missing, or "not available" in PubMed's words."""
    sent = _markup(entry.find(path))
    if not any(map(str.isalnum, to_plain(sent))) or _NOT_AVAILABLE.fullmatch(to_plain(sent)):
        return None
    return title_of(sent)


def _languages(entry: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(filter(None, map(language_code, _texts(entry, path))))


def _date(parts: etree._Element | None) -> str:
    """Give a date as one text: `2031 Sep 5`, `2031 Fall`, or PubMed's free text (`MedlineDate`)."""
    if parts is None:
        return ""
    names = ("MedlineDate",) if parts.find("MedlineDate") is not None else ("Year", "Month", "Day", "Season")
    return " ".join(filter(None, (_text(parts, name) for name in names)))


def _page(entry: etree._Element) -> str | None:
    """Give the pages, or the article number of an article without pages."""
    if printed := _text(entry, "Article/Pagination/MedlinePgn"):
        return printed
    pages = (_text(entry, "Article/Pagination/StartPage"), _text(entry, "Article/Pagination/EndPage"))
    if known := "-".join(filter(None, pages)):
        return known
    ids = (one for one in entry.iterfind("Article/ELocationID") if one.get("EIdType") == "pii" and one.get("ValidYN") != "N")
    return next((number for one in ids if _ARTICLE_NUMBER.fullmatch(number := _plain(one))), None)


def _sections(entry: etree._Element, path: str) -> Iterator[tuple[str | None, str]]:
    return ((one.get("Label"), _plain(one)) for one in entry.iterfind(f"{path}/AbstractText"))


def _authors(found: etree._Element | None) -> tuple[tuple[Name, ...], bool]:
    """Read the authors, and whether there are more. `ValidYN="N"` marks a misspelt name, which is left out."""
    if found is None:
        return (), False
    names = [name for one in found.iterfind("Author") if one.get("ValidYN") != "N" and (name := _name(one))]
    known = tuple(name for name in names if not is_et_al(name))
    return known, bool(known) and (found.get("CompleteYN") == "N" or len(known) < len(names))


def _name(author: etree._Element) -> Name | None:
    if collective := _text(author, "CollectiveName"):
        return Name(literal=collective)
    initials = _text(author, "Initials")
    return person(_text(author, "LastName"), _text(author, "ForeName") or initials, _text(author, "Suffix"), initials)


def _texts(entry: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(filter(None, map(_plain, entry.iterfind(path))))


def _text(entry: etree._Element, path: str) -> str | None:
    found = entry.find(path)
    return None if found is None else _plain(found) or None


def _plain(element: etree._Element) -> str:
    return to_plain(_markup(element))


def _markup(element: etree._Element | None) -> str:
    """Give the content of an element with its inner markup and entities."""
    if element is None:
        return ""
    inner = (etree.tostring(one, encoding="unicode") for one in element)
    return escape(element.text or "", quote=False) + "".join(inner)
