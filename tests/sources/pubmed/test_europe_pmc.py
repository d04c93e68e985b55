"""Europe PMC's answers. All works but those of the samples are invented."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadAnswer, BotError, PageChanged, Refused
from bot.core.record import Name, Paragraph
from bot.core.reference import Reference
from bot.core.source_work import SourceWork
from bot.sources.pubmed.europe_pmc import free_text, read_work
from tests.shared import SHARED, needs_shared
from tests.sources.damage import cut_or_changed, other_values, outcome
from tests.sources.naps import NAPS, told_by

WANTED = Reference("pubmed", "99000001")
RESULT: dict[str, Any] = {
    "id": "99000001",
    "source": "MED",
    "pmid": "99000001",
    "pmcid": "PMC99001",
    "doi": "10.5555/Nap.2031.7",
    "title": "Effects of <i>Somnus fictus</i> on 5-HT<sub>2A</sub> &amp; sleep.",
    "authorString": "Doe JA, Roe RB Jr, Imaginary Sleep Group, Poe C.",
    "authorList": {
        "author": [
            {"fullName": "Doe JA", "firstName": "Jane A", "lastName": "Doe", "initials": "JA"},
            {"fullName": "Roe RB Jr", "firstName": "R B", "lastName": "Roe", "initials": "RB"},
            {"collectiveName": "Imaginary Sleep Group"},
            {"fullName": "Poe C", "lastName": "Poe", "initials": "C"},
        ]
    },
    "journalInfo": {
        "issue": "4",
        "volume": "12",
        "dateOfPublication": "2031 Sep-Oct",
        "monthOfPublication": 9,
        "yearOfPublication": 2031,
        "printPublicationDate": "2031-09-01",
        "journal": {
            "title": "Naps (Nowhere, Utopia)",
            "medlineAbbreviation": "Naps",
            "isoabbreviation": "Naps",
            "issn": "0000-0001",
            "essn": "0000-0002",
        },
    },
    "pubYear": "2031",
    "pageInfo": "101-9",
    "abstractText": "<h4>Aim</h4>To nap.<h4>Results</h4>10<sup>3</sup> naps (p &lt; 0.05).",
    "language": "eng",
    "pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]},
    "meshHeadingList": {"meshHeading": [{"majorTopic_YN": "N", "descriptorName": "Sleep"}, {"descriptorName": "Rats"}]},
    "keywordList": {"keyword": ["naps", "rest"]},
    "fullTextUrlList": {
        "fullTextUrl": [
            {"availabilityCode": "OA", "documentStyle": "html", "url": "https://europepmc.org/articles/PMC99001"}
        ]
    },
    "commentCorrectionList": {
        "commentCorrection": [
            {"id": "9", "reference": "Naps. 2032 Jan 5;13(1):3. doi: 10.5555/Nap.R.", "type": "Retraction in"},
            {"id": "8", "reference": "Naps. 2031 Dec;12(6):300", "type": "Comment in"},
        ]
    },
    "firstPublicationDate": "2031-07-02",
}
PREPRINT = {
    "id": "PPR99001",
    "source": "PPR",
    "doi": "10.5555/Nap.2031.7",
    "title": "Naps",
    "pubTypeList": {"pubType": ["Preprint"]},
    "bookOrReportDetails": {"publisher": "napRxiv", "yearOfPublication": 2030},
    "pubYear": "2030",
    "firstPublicationDate": "2030-06-16",
}


OLD_DOI = "10.1002/(sici)1097-0258(20310815/30)17:15/16<1661::aid-nap968>3.0.co;2-#"


def answer(*results: dict[str, Any]) -> bytes:
    return json.dumps({"version": "6.9", "hitCount": len(results), "resultList": {"result": list(results)}}).encode()


def work(**fields: Any) -> SourceWork:
    result = {key: value for key, value in (RESULT | fields).items() if value is not None}
    found = read_work(answer(result), WANTED)
    assert found is not None
    return found


@pytest.mark.parametrize("between", ["<{}>", "&lt;{}&gt;"])
def test_an_old_doi(between: str) -> None:
    """With brackets of its own, however they were sent."""
    sent = f"10.1002/(SICI)1097-0258(20310815/30)17:15/16{between.format('1661::AID-NAP968')}3.0.CO;2-#"
    read = read_work(answer(RESULT | {"doi": sent}), Reference("doi", OLD_DOI))
    assert read is not None
    assert read.doi == OLD_DOI


def test_every_field_is_read() -> None:
    """The record has what a card shows; IDs, notices and the like stand beside it."""
    assert work() == told_by(
        "Europe PMC",
        record={
            "authors": (*NAPS.record.authors[:-1], Name("Poe", "C.")),
            "issued": ((2031, 9), (2031, 10)),
            "authors_line": "Doe JA, Roe RB Jr, Imaginary Sleep Group, Poe C.",
        },
        free_text_url="https://europepmc.org/articles/PMC99001",
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "Why nap?"}, {"title": "Why nap?"}),
        ({"title": "[Naps in rats].", "language": "pol"}, {"title": "[Naps in rats]", "language": "en"}),
        ({"title": "Schlaf der Molche.", "language": "ger"}, {"title": "Schlaf der Molche", "language": "de"}),
        ({"language": None}, {"language": None}),
        ({"abstractText": None}, {"abstract": ()}),
        (
            {"abstractText": "AIM: To nap. RESULTS: We did."},
            {"abstract": (Paragraph("To nap.", "AIM"), Paragraph("We did.", "RESULTS"))},
        ),
        (
            {"abstractText": "We napped. (ABSTRACT TRUNCATED AT 250 WORDS)"},
            {"abstract": (Paragraph("We napped."),), "truncated": True},
        ),
        ({"authorList": None, "authorString": None}, {"authors": (), "authors_line": None}),
        ({"authorString": "Doe JA, Roe RB, et al."}, {"more_authors": True}),
        ({"pageInfo": "e1234"}, {"page": "e1234"}),
        ({"pageInfo": None}, {"page": None}),
        ({"keywordList": None}, {"keywords": ()}),
        (
            {"pubTypeList": {"pubType": ["Retracted Publication"]}, "commentCorrectionList": None},
            {"retraction": "Retracted Publication"},
        ),
        ({"pubTypeList": {"pubType": ["Journal Article"]}, "commentCorrectionList": None}, {"retraction": None}),
        (
            {"journalInfo": RESULT["journalInfo"] | {"dateOfPublication": "2031 Spring"}},
            {"issued": ((2031,),), "season": "1"},
        ),
        ({"journalInfo": RESULT["journalInfo"] | {"dateOfPublication": None}}, {"issued": ((2031, 9),)}),
        (
            {"journalInfo": RESULT["journalInfo"] | {"dateOfPublication": None, "monthOfPublication": 0}},
            {"issued": ((2031,),)},
        ),
        ({"journalInfo": None}, {"issued": ((2031, 7, 2),), "container_title": None, "volume": None, "issue": None}),
    ],
)
def test_one_field_at_a_time(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    """What is missing or odd changes its own field alone."""
    record = work(**fields).record
    assert {name: getattr(record, name) for name in expected} == expected


def test_a_notice_is_not_the_retracted_work() -> None:
    """A notice names its work; nothing says that the notice was retracted."""
    types, links = ["Retraction of Publication"], [{"type": "Retraction of", "reference": "Naps. 2031;12:101", "id": "1"}]
    notice = work(pubTypeList={"pubType": types}, commentCorrectionList={"commentCorrection": links})
    assert (notice.notices, notice.record.retraction) == ((), None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (WANTED, "MED"),
        (Reference("pmc", "PMC99001"), "MED"),
        (Reference("doi", "10.5555/nap.2031.7"), "MED"),
        (Reference("ppr", "PPR99001"), "PPR"),
        (Reference("pubmed", "1"), None),
        (Reference("doi", "10.5555/other"), None),
    ],
)
def test_only_the_wanted_work_is_taken(wanted: Reference, found: str | None) -> None:
    """Whatever else the service offers; of an article and its preprint under one DOI, the article."""
    read = read_work(answer(PREPRINT, RESULT), wanted)
    assert (read and ("PPR" if read.record.type == "article" else "MED")) == found
    assert read_work(answer(), wanted) is None


def test_a_preprint() -> None:
    """It has no journal: its server stands there, and its day of publication."""
    read = read_work(answer(PREPRINT), Reference("ppr", "PPR99001"))
    assert read is not None
    assert (read.record.type, read.record.container_title, read.record.issued) == ("article", "napRxiv", ((2030, 6, 16),))


def test_the_answer_for_one_article() -> None:
    """`/article/MED/ID` gives a result without a list."""
    body = json.dumps({"version": "6.9", "hitCount": 1, "result": RESULT}).encode()
    assert read_work(body, WANTED) == work()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", BadAnswer),
        (b"[]", BadAnswer),
        (b"null", BadAnswer),
        (b"{}", BadAnswer),
        (b'{"hitCount": 3}', BadAnswer),
        (b'{"errCode": 404, "errMsg": "No such method"}', BadAnswer),
        (b'{"error": "access denied", "status": 403}', Refused),
        (b"<html><head><title>503 Service Unavailable</title></head></html>", BadAnswer),
        (b"<!DOCTYPE html><html><head><title>Access Denied</title></head></html>", Refused),
        (b"<html><body>Your access has been temporarily blocked.</body></html>", Refused),
        (b"\xff\xfe{", BadAnswer),
        (b"[" * 100_000, BadAnswer),
        (answer(RESULT | {"title": None}), PageChanged),
        (answer(RESULT | {"title": "<i></i>."}), PageChanged),
    ],
)
def test_what_is_no_work_says_why(body: bytes, error: type[BotError]) -> None:
    """A refusal, an answer of another kind, and a work without a title are told apart."""
    with pytest.raises(error):
        read_work(body, WANTED)


@given(cut_or_changed(answer(RESULT)) | other_values(json.loads(answer(RESULT))) | st.binary(max_size=50))
def test_damaged_answers_give_a_record_or_a_reason(body: bytes) -> None:
    """Nothing else ever comes out."""
    read = outcome(lambda: read_work(body, WANTED), BotError)
    assert read is None or isinstance(read, (BadAnswer, PageChanged, Refused)) or read.record.title


SAMPLES = SHARED / "matching/samples/europepmc"


def sample(name: str, pmid: str) -> SourceWork:
    read = read_work((SAMPLES / name).read_bytes(), Reference("pubmed", pmid))
    assert read is not None
    return read


@needs_shared
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_samples_are_read(path: Path) -> None:
    """Each work of a real answer is found by its ID, with its own title and IDs."""
    for result in json.loads(path.read_text("utf-8"))["resultList"]["result"]:
        wanted = Reference("ppr", result["id"]) if result["source"] == "PPR" else Reference("pubmed", result["pmid"])
        if "title" not in result:
            with pytest.raises(PageChanged):
                read_work(path.read_bytes(), wanted)
            continue
        read = read_work(path.read_bytes(), wanted)
        assert read is not None
        assert read.record.title == result["title"].removesuffix(".")
        assert (read.doi, read.pmid, read.pmcid) == (result.get("doi"), result.get("pmid"), result.get("pmcid"))


@needs_shared
def test_samples_field_by_field() -> None:
    """What two real answers state."""
    read = sample("core-no-abstract.json", "39709209")
    assert read.record.authors[1:] == (Name("Haas-Kogan", "Daphne A"), Name("O'Neill", "Allison F"))
    assert (read.record.container_title, read.record.issued) == ("Lancet", ((2025, 12),))
    assert (read.record.volume, read.record.issue, read.record.page) == ("404", "10471", "2603-2604")
    assert (read.record.abstract, read.record.language, read.issn) == ((), "en", ("0140-6736", "1474-547X"))
    read = sample("core-no-doi.json", "39038316")
    assert [one.label for one in read.record.abstract] == ["OBJECTIVE", "METHODS", "RESULTS", "CONCLUSION"]
    assert (read.doi, read.record.mesh[:2], read.record.issued) == (None, ("Humans", "Lung Neoplasms"), ((2025, 7),))


def test_a_code_that_is_no_text() -> None:
    """An address whose availability is a list, of all things, is none."""
    assert (
        free_text({"fullTextUrlList": {"fullTextUrl": [{"availabilityCode": ["F"], "url": "https://a.example/1"}]}}) is None
    )
