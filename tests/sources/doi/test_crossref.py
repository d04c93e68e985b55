"""Crossref's answers. All works but those of the samples are invented."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.enrichment import NoticeKind
from bot.core.errors import BadAnswer, BotError, NotARecord, PageChanged, Refused
from bot.core.json_values import doi
from bot.core.record import Name, Paragraph
from bot.core.reference import Reference
from bot.core.source_work import SourceWork
from bot.sources.doi.crossref import read_work
from tests.shared import SHARED, needs_shared
from tests.sources.damage import cut_or_changed, other_values, outcome
from tests.sources.naps import NAPS, told_by

WANTED = Reference("doi", "10.5555/nap.2031.7")
RETRACTION = {
    "DOI": "10.5555/Nap.R",
    "type": "retraction",
    "label": "Retraction",
    "source": "retraction-watch",
    "updated": {"date-parts": [[2032, 1, 5]], "timestamp": 1},
    "record-id": "7",
}
ITEM: dict[str, Any] = {
    "DOI": "10.5555/Nap.2031.7",
    "type": "journal-article",
    "title": ["Effects of <i>Somnus fictus</i> on 5-HT<sub>2A</sub> &amp;amp; sleep"],
    "subtitle": ["A nap study"],
    "original-title": ["Drzemki"],
    "author": [
        {"given": "Jane A.", "family": "Doe", "sequence": "first", "affiliation": []},
        {"given": "RB", "family": "Roe", "suffix": "Jr", "sequence": "additional"},
        {"name": "Imaginary Sleep Group", "sequence": "additional"},
        {"given": "Ann", "family": "van der Moe"},
    ],
    "container-title": ["Naps &amp; Rest"],
    "short-container-title": ["Naps"],
    "ISSN": ["0000-0001", "0000-0002"],
    "volume": "12",
    "issue": "4",
    "page": "101-109",
    "published-print": {"date-parts": [[2031, 9]]},
    "published-online": {"date-parts": [[2031, 7, 2]]},
    "issued": {"date-parts": [[2031, 7, 2]]},
    "language": "en",
    "abstract": "<jats:title>Abstract</jats:title>\n <jats:sec><jats:title>Aim</jats:title>\n <jats:p>To nap.</jats:p>"
    "</jats:sec><jats:sec><jats:title><jats:bold>Results:</jats:bold></jats:title>"
    "<jats:p>10<jats:sup>3</jats:sup> naps.</jats:p></jats:sec>",
    "updated-by": [RETRACTION],
}


def answer(item: Any) -> bytes:
    return json.dumps({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": item}).encode()


def work(**fields: Any) -> SourceWork:
    changed = ITEM | {name.replace("_", "-"): value for name, value in fields.items()}
    found = read_work(answer({key: value for key, value in changed.items() if value is not None}), WANTED)
    assert found is not None
    return found


def test_every_field_is_read() -> None:
    """The record has what a card shows; IDs, notices and the like stand beside it."""
    doe, roe, group, _ = NAPS.record.authors
    assert work() == told_by(
        "Retraction Watch",
        record={
            "title": f"{NAPS.record.title}: A nap study",
            "authors": (replace(doe, given="Jane A."), roe, group, Name("van der Moe", "Ann")),
            "container_title": "Naps & Rest",
            "issued": ((2031, 9),),
            "page": "101-109",
            "abstract": (Paragraph("To nap.", "AIM"), Paragraph("10³ naps.", "RESULTS")),
            "keywords": (),
            "retraction": "Retraction",
            "original_title": "Drzemki",
            "publication_types": ("journal-article",),
            "mesh": (),
        },
        pmid=None,
        pmcid=None,
    )


NO_DATE = {"date-parts": [[None]]}
OCTOBER = {"date-parts": [[2031, 10]]}
NO_DATES = {"published_print": NO_DATE, "published_online": NO_DATE, "issued": NO_DATE}


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        ({"title": ["Why nap?"]}, "title", "Why nap? A nap study"),
        ({"title": ["Naps: a nap study."]}, "title", "Naps: a nap study"),
        ({"subtitle": []}, "title", "Effects of <i>Somnus fictus</i> on 5-HT<sub>2A</sub> & sleep"),
        ({"subtitle": ["<i></i>"]}, "title", "Effects of <i>Somnus fictus</i> on 5-HT<sub>2A</sub> & sleep"),
        ({"published_print": None}, "issued", ((2031, 7, 2),)),
        ({"published_print": NO_DATE}, "issued", ((2031, 7, 2),)),
        ({"published_print": None, "journal_issue": {"published-print": OCTOBER}}, "issued", ((2031, 10),)),
        ({"published_print": {"date-parts": [[2031, 2, 31]]}}, "issued", ((2031, 2),)),
        ({"published_print": {"date-parts": [[2031, 13]]}}, "issued", ((2031,),)),
        (NO_DATES, "issued", ()),
        ({"page": None, "article_number": "e7"}, "page", "e7"),
        ({"page": "n/a-n/a", "article_number": "e7"}, "page", "e7"),
        ({"page": "n/a"}, "page", None),
        ({"page": "101-101"}, "page", "101"),
        ({"author": None}, "authors", ()),
        ({"author": [{"family": "Doe"}, {"name": "et al."}]}, "authors", (Name("Doe"),)),
        ({"author": [{"family": "Doe"}, {"name": "et al."}]}, "more_authors", True),
        ({"author": [{"family": "-", "given": "Jane"}]}, "authors", (Name(literal="Jane"),)),
        ({"abstract": None}, "abstract", ()),
        ({"abstract": "<jats:p>We slept.</jats:p>"}, "abstract", (Paragraph("We slept."),)),
        (
            {"abstract": "AIM: To nap. RESULTS: We did."},
            "abstract",
            (Paragraph("To nap.", "AIM"), Paragraph("We did.", "RESULTS")),
        ),
        ({"language": "de-AT"}, "language", "de"),
        ({"language": None, "title": ["Der Schlaf der Molche"], "subtitle": []}, "language", "de"),
        ({"language": None, "title": ["Newta"], "subtitle": []}, "language", None),
        ({"type": "posted-content"}, "type", "article"),
        ({"type": "dissertation"}, "type", "thesis"),
        ({"type": None}, "type", "document"),
        ({"type": "book-chapter", "container_title": ["A series", "All about naps"]}, "container_title", "All about naps"),
        ({"container_title": []}, "container_title", None),
        ({"updated_by": None}, "retraction", None),
        ({"updated_by": None, "title": ["RETRACTED: Naps"], "subtitle": []}, "retraction", "RETRACTED"),
        ({"updated_by": [{"DOI": "10.5555/NAP.2031.7", "type": "new_version"}]}, "retraction", None),
    ],
)
def test_one_field_at_a_time(fields: dict[str, Any], field: str, expected: object) -> None:
    """What is missing or odd changes its own field alone."""
    assert getattr(work(**fields).record, field) == expected


def test_a_notice_is_not_the_retracted_work() -> None:
    """A notice updates another work; nothing says that the notice was retracted."""
    notice = work(updated_by=None, update_to=[{"DOI": "10.5555/other", "type": "retraction"}])
    assert (notice.notices, notice.record.retraction) == ((), None)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"Resource not found.", WANTED),
        (b"Resource not found.\n", WANTED),
        (answer(ITEM), Reference("doi", "10.5555/other")),
        (answer(ITEM), Reference("pubmed", "1")),
        (answer(ITEM | {"DOI": f"10.5555/{'nap' * 30}"}), WANTED),  # too long for a reference
    ],
)
def test_only_the_wanted_work_is_taken(body: bytes, wanted: Reference) -> None:
    """Crossref's answer for a DOI that it does not know, or another work's."""
    assert read_work(body, wanted) is None


FAILED = (
    b'{"status":"failed","message-type":"validation-failure","message":[{"type":"x","value":"y","message":"Not valid."}]}'
)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", BadAnswer),
        (b"[]", BadAnswer),
        (FAILED, BadAnswer),
        (b'{"status":"error","message-type":"exception","message":{"name":"x","description":"y"}}', BadAnswer),
        (b'{"status":"error","message":"Access denied for this client"}', Refused),
        (b"<html>\n<head><title>504 Gateway Time-out</title></head>\n<body></body></html>", BadAnswer),
        (b"<html><head><title>Just a moment...</title></head></html>", Refused),
        (answer(None), BadAnswer),
        (answer({}), BadAnswer),
        (answer(ITEM | {"title": []}), PageChanged),
        (answer(ITEM | {"title": [None, "<b></b>"]}), PageChanged),
        (answer(ITEM | {"type": "journal-issue", "title": []}), NotARecord),
    ],
)
def test_what_is_no_work_says_why(body: bytes, error: type[BotError]) -> None:
    """A refusal, an answer of another kind, a whole issue and a work without a title are told apart."""
    with pytest.raises(error):
        read_work(body, WANTED)


def test_a_failure_says_what_the_service_said() -> None:
    """For the log."""
    with pytest.raises(BadAnswer, match="Not valid"):
        read_work(FAILED, WANTED)


@given(cut_or_changed(answer(ITEM)) | other_values(json.loads(answer(ITEM))) | st.binary(max_size=50))
def test_damaged_answers_give_a_record_or_a_reason(body: bytes) -> None:
    """Nothing else ever comes out."""
    read = outcome(lambda: read_work(body, WANTED), BotError)
    assert read is None or isinstance(read, (BadAnswer, NotARecord, PageChanged, Refused)) or read.record.title


SAMPLES = SHARED / "matching/samples"


@needs_shared
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("crossref/*.json")), ids=lambda path: path.name)
def test_samples_are_read(path: Path) -> None:
    """Each work of a real answer is found by its DOI; what its file's name says of it is seen."""
    message = json.loads(path.read_text("utf-8"))["message"]
    for item in message.get("items", [message]):
        wanted = Reference("doi", doi(item["DOI"]) or "")
        if item.get("type") == "journal-issue":
            with pytest.raises(NotARecord):
                read_work(answer(item), wanted)
            continue
        read = read_work(answer(item), wanted)
        assert read is not None
        kind = path.stem
        assert read.record.retracted == kind.startswith("work-retracted")
        assert (NoticeKind.CORRECTION in {one.kind for one in read.notices}) == (
            "updated-by" in kind or "retracted-w" in kind
        )
        assert (read.record.abstract != ()) == ("abstract" in item)
        assert len(read.record.authors) == len(item.get("author", []))
        assert not any(mark in read.record.title for mark in ("&amp;", "&lt;", "jats:"))
        assert kind != "work-html-title-2" or read.record.title == "5,7-Dimethyl-1<i>H</i>-indole-2,3-dione"
        assert "structured" not in kind or [one.label for one in read.record.abstract][:2] == ["PURPOSE", "METHODS"]


@needs_shared
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("errors/api.crossref.org-*.txt")), ids=lambda path: path.name)
def test_real_errors_are_no_works(path: Path) -> None:
    """Not found is none; all others say what the service said."""
    if path.read_bytes() == b"Resource not found.":
        assert read_work(path.read_bytes(), WANTED) is None
    else:
        with pytest.raises(BadAnswer):
            read_work(path.read_bytes(), WANTED)
