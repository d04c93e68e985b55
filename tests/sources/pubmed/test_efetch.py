"""PubMed's own XML. All works but those of the samples are invented."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.enrichment import NoticeKind
from bot.core.errors import BadAnswer, BotError, PageChanged, Refused
from bot.core.record import Name, Paragraph, Record
from bot.core.reference import Reference
from bot.core.source_work import SourceWork
from bot.sources.pubmed.efetch import read_work
from tests.shared import SHARED, needs_shared
from tests.sources.damage import cut_or_changed, outcome
from tests.sources.naps import told_by

WANTED = Reference("pubmed", "99000001")
HEAD = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.invalid/pubmed_250101.dtd">
"""
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">99000001</PMID>
<Article PubModel="Print-Electronic"><Journal>
<ISSN IssnType="Electronic">0000-0002</ISSN><JournalIssue CitedMedium="Internet">
<Volume>12</Volume><Issue>4</Issue><PubDate><Year>2031</Year><Month>Sep</Month><Day>05</Day></PubDate></JournalIssue>
<Title>Naps (Nowhere, Utopia)</Title><ISOAbbreviation>Naps</ISOAbbreviation></Journal>
<ArticleTitle>Effects of <i>Somnus fictus</i> on 5-HT<sub>2A</sub> &amp; sleep.</ArticleTitle>
<Pagination><StartPage>101</StartPage><EndPage>109</EndPage><MedlinePgn>101-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.5555/Nap.2031.7</ELocationID>
<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To nap.</AbstractText>
<AbstractText Label="RESULTS" NlmCategory="RESULTS">10<sup>3</sup> naps (p &lt; 0.05).</AbstractText>
<CopyrightInformation>Copyright 2031 Naps.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y">
<Author ValidYN="Y"><LastName>Doe</LastName><ForeName>Jane A</ForeName><Initials>JA</Initials></Author>
<Author ValidYN="Y"><LastName>Roe</LastName><ForeName>R B</ForeName><Initials>RB</Initials><Suffix>Jr</Suffix></Author>
<Author ValidYN="N"><LastName>Row</LastName><ForeName>R B</ForeName><Initials>RB</Initials></Author>
<Author ValidYN="Y"><CollectiveName>Imaginary Sleep Group</CollectiveName></Author>
<Author ValidYN="Y"><LastName>Poe</LastName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2031</Year><Month>07</Month><Day>02</Day></ArticleDate></Article>
<MedlineJournalInfo><MedlineTA>Naps</MedlineTA><ISSNLinking>0000-0001</ISSNLinking></MedlineJournalInfo>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>Naps. 2032 Jan 5;13(1):3. doi: 10.5555/Nap.R.
</RefSource><PMID Version="1">99000009</PMID></CommentsCorrections></CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D0">Sleep</DescriptorName><QualifierName UI="Q0">physiology</QualifierName>
</MeshHeading><MeshHeading><DescriptorName UI="D1">Rats</DescriptorName></MeshHeading></MeshHeadingList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">naps</Keyword><Keyword MajorTopicYN="N">rest</Keyword></KeywordList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">99000001</ArticleId>
<ArticleId IdType="pmc">PMC99001</ArticleId><ArticleId IdType="doi">10.5555/Nap.2031.7</ArticleId></ArticleIdList>
<ReferenceList><Reference><Citation>Elsewhere</Citation><ArticleIdList><ArticleId IdType="pubmed">99000005</ArticleId>
<ArticleId IdType="doi">10.5555/elsewhere</ArticleId></ArticleIdList>
</Reference></ReferenceList></PubmedData></PubmedArticle>"""
BOOK = """<PubmedBookArticle><BookDocument><PMID Version="1">99000001</PMID><ArticleIdList><ArticleId IdType="bookaccession">
NBK9</ArticleId></ArticleIdList><Book><Publisher><PublisherName>Nowhere Press</PublisherName></Publisher>
<BookTitle book="naps">All <i>about</i> naps</BookTitle><PubDate><Year>2029</Year></PubDate>
<AuthorList Type="editors"><Author><LastName>Moe</LastName><ForeName>Max</ForeName></Author></AuthorList></Book>
<ArticleTitle book="naps" part="one">Why rats nap</ArticleTitle><Language>eng</Language><AuthorList Type="authors"><Author>
<LastName>Doe</LastName><ForeName>Jane</ForeName></Author></AuthorList><PublicationType UI="D016454">Review</PublicationType>
<Abstract><AbstractText>Rats nap.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"""


def answer(*articles: str, head: str = HEAD) -> bytes:
    return f"{head}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode()


def work(old: str = "", new: str = "") -> SourceWork:
    """Read the article with one part of it replaced: an element, or a piece of text."""
    pattern = rf"<{old}\b.*?</{old}>" if old.isalpha() else re.escape(old)
    changed = re.sub(pattern, lambda _: new, ARTICLE, flags=re.DOTALL) if old else ARTICLE
    assert not old or changed != ARTICLE
    found = read_work(answer(changed), WANTED)
    assert found is not None
    return found


def test_every_field_is_read() -> None:
    """The record has what a card shows; IDs, notices and the like stand beside it."""
    assert work() == told_by("PubMed", record={}, issn=("0000-0002", "0000-0001"))


PII = '<ELocationID EIdType="pii" ValidYN="Y">{}</ELocationID>'


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("PubDate", "<PubDate><MedlineDate>2030 Dec-2031 Jan</MedlineDate></PubDate>", "issued", ((2030, 12), (2031, 1))),
        ("PubDate", "<PubDate><Year>2031</Year><Season>Jan-Mar</Season></PubDate>", "issued", ((2031, 1), (2031, 3))),
        ("PubDate", "<PubDate><Year>2031</Year><Season>Fall</Season></PubDate>", "season", "3"),
        ("PubDate", "<PubDate><Year>2031</Year></PubDate>", "issued", ((2031,),)),
        ("PubDate", "<PubDate/>", "issued", ()),
        ("Pagination", "", "page", None),
        ("Pagination", PII.format("e1234"), "page", "e1234"),
        ("Pagination", PII.format("239"), "page", "239"),
        ("Pagination", PII.format("5551346"), "page", None),
        ("Pagination", PII.format("S0140-6736(31)60175-4"), "page", None),
        ("Pagination", PII.format("239").replace('"Y"', '"N"'), "page", None),
        ("Pagination", "<Pagination><StartPage>5</StartPage></Pagination>", "page", "5"),
        ("Pagination", "<Pagination><StartPage>5</StartPage><EndPage>8</EndPage></Pagination>", "page", "5-8"),
        ("Abstract", "", "abstract", ()),
        ("Abstract", "<Abstract><AbstractText>We slept.</AbstractText></Abstract>", "abstract", (Paragraph("We slept."),)),
        (
            "Abstract",
            "<Abstract><AbstractText Label='UNLABELLED'>AIM: To nap. RESULTS: We did.</AbstractText></Abstract>",
            "abstract",
            (Paragraph("To nap.", "AIM"), Paragraph("We did.", "RESULTS")),
        ),
        (
            "Abstract",
            "<Abstract><AbstractText>We slept.(ABSTRACT TRUNCATED AT 250 WORDS)</AbstractText></Abstract>",
            "truncated",
            True,
        ),
        ("AuthorList", "", "authors", ()),
        ('AuthorList CompleteYN="Y"', 'AuthorList CompleteYN="N"', "more_authors", True),
        ("<LastName>Poe</LastName>", "<LastName>et al</LastName>", "more_authors", True),
        ("ArticleTitle", "<ArticleTitle>[Naps in rats].</ArticleTitle>", "title", "[Naps in rats]"),
        ("ArticleTitle", "<ArticleTitle>Naps &beta;<!-- x --><?x?> &#946;?</ArticleTitle>", "title", "Naps β β?"),
        ("Language", "<Language>eng</Language><Language>fre</Language>", "language", None),
        ("Retracted Publication", "Preprint", "type", "article"),
        ("CommentsCorrectionsList", "", "retraction", "Retracted Publication"),
        ("KeywordList", "", "keywords", ()),
    ],
)
def test_one_field_at_a_time(old: str, new: str, field: str, expected: object) -> None:
    """What is missing or odd changes its own field alone."""
    assert getattr(work(old, new).record, field) == expected


@pytest.mark.parametrize(
    ("titles", "title", "language", "original"),
    [
        (("[Naps].", "Drzemki."), "[Naps]", "en", "Drzemki"),
        (("[Not Available].", "Drzemki."), "Drzemki", "pl", None),
        (("", "Drzemki."), "Drzemki", "pl", None),
    ],
)
def test_translated_titles(titles: tuple[str, str], title: str, language: str, original: str | None) -> None:
    """PubMed's translation stays in its brackets; where there is none, the work's own title stands."""
    article = re.sub(r"<ArticleTitle>.*?</ArticleTitle>", f"<ArticleTitle>{titles[0]}</ArticleTitle>", ARTICLE)
    article = article.replace("<Language>eng</Language>", "<Language>pol</Language>")
    article = article.replace("<ArticleDate", f"<VernacularTitle>{titles[1]}</VernacularTitle><ArticleDate")
    read = read_work(answer(article), WANTED)
    assert read is not None
    assert (read.record.title, read.record.language, read.record.original_title) == (title, language, original)
    assert read.record.languages == ("pl",)


def test_a_chapter_and_a_book() -> None:
    """A chapter's own authors and title; a book's where there is no chapter."""
    chapter = read_work(answer(BOOK), WANTED)
    assert chapter is not None
    assert chapter.record == Record(
        reference=None,
        title="Why rats nap",
        type="chapter",
        language="en",
        authors=(Name("Doe", "Jane"),),
        container_title="All about naps",
        issued=((2029,),),
        abstract=(Paragraph("Rats nap."),),
        publication_types=("Review",),
        languages=("en",),
    )
    book = read_work(answer(re.sub("<ArticleTitle.*?</ArticleTitle>", "", BOOK)), WANTED)
    assert book is not None
    assert (book.record.title, book.record.type, book.record.container_title) == ("All <i>about</i> naps", "book", None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (WANTED, True),
        (Reference("doi", "10.5555/nap.2031.7"), True),
        (Reference("pmc", "PMC99001"), True),
        (Reference("pubmed", "99000009"), False),
        (Reference("pubmed", "99000005"), False),
        (Reference("doi", "10.5555/elsewhere"), False),
    ],
)
def test_only_the_wanted_work_is_taken(wanted: Reference, found: bool) -> None:
    """IDs of its notices and references are not its own."""
    assert (read_work(answer(ARTICLE), wanted) is not None) == found
    assert read_work(answer(), wanted) is None


def test_an_article_whose_ids_are_none() -> None:
    """It is another work: `9 9` is no PMID, and a DOI of over 80 characters is in no link."""
    article = re.sub("<PMID[^>]*>[^<]*", "<PMID>9 9", ARTICLE).replace("10.5555/nap.2031.7", f"10.5555/{'nap' * 30}")
    assert read_work(answer(article), Reference("pubmed", "99000001")) is None
    assert read_work(answer(article), Reference("pmc", "PMC99001")) is not None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", BadAnswer),
        (b"plain text", BadAnswer),
        (b"<PubmedArticleSet>", BadAnswer),
        (b"<eFetchResult><ERROR>Empty id list</ERROR></eFetchResult>", BadAnswer),
        (b'{"error":"API rate limit exceeded","api-key":"x","count":"4","limit":"3"}', BadAnswer),
        (b'{"error":"API key invalid","count":"11"}', Refused),
        (b"<html><head><title>502 Bad Gateway</title></head></html>", BadAnswer),
        (b"<!DOCTYPE html><html><head><title>NCBI - Error Blocked Diagnostic</title></head></html>", Refused),
        (answer(ARTICLE.replace("ArticleTitle", "ArticleTitles")), PageChanged),
        (answer(ARTICLE, head='<!DOCTYPE x [<!ENTITY a "b">]>'), BadAnswer),
    ],
)
def test_what_is_no_work_says_why(body: bytes, error: type[BotError]) -> None:
    """A refusal, an answer of another kind, and a work without a title are told apart."""
    with pytest.raises(error):
        read_work(body, WANTED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_and_files_are_never_read(encoding: str, tmp_path: Path) -> None:
    """Neither an entity that grows nor one that names a file gives text; no DTD is fetched."""
    secret = tmp_path / "secret"
    secret.write_text("SECRET", "utf-8")
    head = f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY b "BIG">]>'
    body = f"{head}<PubmedArticleSet>{ARTICLE}</PubmedArticleSet>".replace("Effects of", "&a; &b; Effects of").encode(
        encoding
    )
    read = outcome(lambda: read_work(body, WANTED), BotError)
    assert isinstance(read, BadAnswer) or not re.search("SECRET|BIG", read.record.title)


@given(cut_or_changed(answer(ARTICLE)) | cut_or_changed(answer(BOOK)) | st.binary(max_size=50))
def test_damaged_answers_give_a_record_or_a_reason(body: bytes) -> None:
    """Nothing else ever comes out."""
    read = outcome(lambda: read_work(body, WANTED), BotError)
    assert read is None or isinstance(read, (BadAnswer, PageChanged, Refused)) or read.record.title


SAMPLES = SHARED / "matching/samples/pubmed"


@needs_shared
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("[0-9]*.xml")), ids=lambda path: path.name)
def test_samples_are_read(path: Path) -> None:
    """Each real article is found by its ID; what its file's name says of it is seen."""
    wanted = Reference("pubmed", path.name.split("-")[0])
    read = read_work(path.read_bytes(), wanted)
    assert read is not None
    record, kind = read.record, path.stem.split("-", 1)[1]
    assert read.pmid == wanted.id
    assert (record.type in {"book", "chapter"}) == (kind == "book")
    assert record.retracted == (NoticeKind.RETRACTION in {notice.kind for notice in read.notices}) == (kind == "retracted")
    assert (record.authors == ()) == (kind == "no-authors")
    assert not kind.startswith("no-abstract") or record.abstract == ()
    assert kind != "structured" or all(one.label for one in record.abstract)
    assert kind != "collective" or record.authors[-1].literal
    assert kind != "suffix" or record.authors[-1].suffix == "Sr"
    assert kind != "markup-title" or record.title.endswith("(<i>Macaca mulatta</i>)")
    assert not re.search(r"</?[a-z]", "".join(one.text for one in record.abstract))
    stated = ET.fromstring(path.read_bytes())  # noqa: S314 - our own samples
    labels = [one.get("Label") for one in stated.iterfind(".//Abstract/AbstractText")]
    assert [one.label for one in record.abstract] == labels
    assert [one.family or one.literal for one in record.authors] == [
        one.findtext("LastName") or one.findtext("CollectiveName")
        for names in stated.iterfind(".//AuthorList")
        for one in names.iterfind("Author")
        if names.get("Type") != "editors" and one.get("ValidYN") != "N"
    ]
