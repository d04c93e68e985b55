"""Retractions, concerns and corrections, as Crossref and Europe PMC report them. All works are invented."""

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.site import crossref, europe_pmc
from bot.adapters.site.responses import Answer
from bot.core.enrichment import Notice, NoticeKind
from bot.sources.doi.notices import retraction_note

RETRACTED = {"DOI": "10.5555/r", "type": "retraction"}
RETRACTION, CONCERN, CORRECTION = NoticeKind.RETRACTION, NoticeKind.CONCERN, NoticeKind.CORRECTION


def answered(value: object) -> Answer:
    return Answer(200, {}, json.dumps(value).encode())


def item(**fields: object) -> Answer:
    return answered({"status": "ok", "message": {"DOI": "10.5555/X", **fields}})


@pytest.mark.parametrize(
    ("updates", "notices"),
    [
        (
            [
                {"DOI": "10.5555/C", "type": "correction", "updated": {"date-parts": [[2004, 3, 6]]}},
                {
                    "DOI": "10.5555/r",
                    "type": "retraction",
                    "source": "retraction-watch",
                    "updated": {"date-parts": [[2010]]},
                },
            ],
            (
                Notice(CORRECTION, "Crossref", (2004, 3, 6), "10.5555/c"),
                Notice(RETRACTION, "Retraction Watch", (2010,), "10.5555/r"),
            ),
        ),
        ([{"DOI": "10.5555/e", "type": "expression_of_concern"}], (Notice(CONCERN, "Crossref", (), "10.5555/e"),)),
        ([{"DOI": "10.5555/w", "type": "withdrawal"}], (Notice(RETRACTION, "Crossref", (), "10.5555/w"),)),
        ([{"DOI": "10.5555/p", "type": "partial_retraction"}], (Notice(CORRECTION, "Crossref", (), "10.5555/p"),)),
        ([{"DOI": "10.5555/x", "type": "retraction"}], ()),  # the work itself
        ([{"DOI": "10.5555/n", "type": "new_version"}], ()),
    ],
)
def test_notices_at_crossref(updates: list[Any], notices: tuple[Notice, ...]) -> None:
    """`updated-by` names the notices about a work; a new version, or the work itself, is none."""
    work = crossref.read_work(item(**{"updated-by": updates}))
    assert work is not None
    assert (work.notices, work.is_notice) == (notices, False)


@pytest.mark.parametrize(
    ("update", "is_notice"),
    [
        ({"DOI": "10.5555/other", "type": "retraction"}, True),
        ({"DOI": "10.5555/other", "type": "correction"}, True),
        ({"DOI": "10.5555/other", "type": "new_version"}, False),
        ({"DOI": "10.5555/x", "type": "retraction"}, False),
    ],
)
def test_a_notice_is_not_the_retracted_work(update: dict[str, str], is_notice: bool) -> None:
    """`update-to` another DOI makes a notice, and nothing of it says that the notice was retracted."""
    work = crossref.read_work(item(**{"update-to": [update]}))
    assert work is not None
    assert (work.is_notice, work.notices) == (is_notice, ())


def test_the_list_of_retractions() -> None:
    """Each retracted work with its notice, page by page; other updates, and a work that names itself, are left out."""
    url = urlsplit(crossref.retractions_url("https://site", date(2026, 11, 27), "a+b=", "me@invented.org"))
    asked = parse_qs(url.query)
    assert asked["filter"] == ["update-type:retraction,from-update-date:2026-11-27"]
    assert (asked["cursor"], asked["mailto"]) == (["a+b="], ["me@invented.org"])
    retracted = {"DOI": "10.5555/Work", "type": "retraction", "updated": {"date-parts": [[2026, 11, 27]]}}
    items = [
        {"DOI": "10.5555/notice", "update-to": [retracted, {"DOI": "10.5555/other", "type": "correction"}]},
        {"DOI": "10.5555/itself", "update-to": [{"DOI": "10.5555/Itself", "type": "retraction"}]},
        {"DOI": None, "update-to": [retracted]},
        {"DOI": "10.5555/odd", "update-to": {}},
    ]
    page = crossref.read_retractions(answered({"message": {"items": items, "next-cursor": "more"}}))
    assert page.next_cursor == "more"
    assert page.notices == (("10.5555/work", Notice(RETRACTION, "Crossref", (2026, 11, 27), "10.5555/notice")),)
    last = crossref.read_retractions(answered({"message": {"items": [], "next-cursor": "more"}}))
    assert last == crossref.Retractions((), None)


@pytest.mark.parametrize(
    ("title", "note"),
    [
        ("RETRACTED: Sleep in rats", "RETRACTED"),
        ("RETRACTED ARTICLE: Sleep in rats", "RETRACTED"),
        ("Retracted - Sleep in rats", "Retracted"),
        ("[Retracted] Sleep in rats", "Retracted"),
        ("Sleep in rats (Retracted article)", "Retracted article"),
        ("Retracted articles on sleep in rats", None),
        ("Sleep in rats: what was retracted: a review", None),
    ],
)
def test_a_title_that_says_retracted(title: str, note: str | None) -> None:
    """Crossref's title mark counts where no notice is linked; the note says no more than the title."""
    work = crossref.read_work(item(title=[title]))
    assert work is not None
    assert work.notices == ((Notice(RETRACTION, "Crossref"),) if note else ())
    assert retraction_note({}, "10.5555/own", title) == note


COMMENT = {"source": "MED", "orderIn": 1}


@pytest.mark.parametrize(
    ("types", "comments", "notices", "is_notice"),
    [
        (["Journal Article", "Retracted Publication"], [], (Notice(RETRACTION, "Europe PMC"),), False),
        (
            ["Retracted Publication"],
            [{"type": "Retraction in", "id": "9", "reference": "Doe J. Invent J. 1998 Feb 6;53(2):346. doi: 10.5555/R.1."}],
            (Notice(RETRACTION, "Europe PMC", (1998, 2, 6), "10.5555/r.1"),),
            False,
        ),
        (
            [],
            [{"type": "Erratum in", "reference": "Invent J 1997 Mar;51(3):533"}],
            (Notice(CORRECTION, "Europe PMC", (1997, 3)),),
            False,
        ),
        (
            [],
            [{"type": "Retracted and republished in", "reference": "Invent J 1997 Mar;51(3):533"}],
            (Notice(RETRACTION, "Europe PMC", (1997, 3)),),
            False,
        ),
        ([], [{"type": "Retracted and republished from"}], (), True),
        ([], [{"type": "Expression of concern in"}], (Notice(CONCERN, "Europe PMC"),), False),
        ([], [{"type": "Comment in"}, {"type": "Preprint in"}, {"type": None}], (), False),
        (["Retraction of Publication"], [{"type": "Retraction of", "id": "1"}], (), True),
        (["Published Erratum"], [{"type": "Erratum for", "id": "1"}], (), True),
    ],
)
def test_notices_at_europe_pmc(
    types: list[str], comments: list[dict[str, str]], notices: tuple[Notice, ...], is_notice: bool
) -> None:
    """What a work says of its notices, with the date and DOI of their reference; what a notice says of its work."""
    found = {
        "title": "Sleep in rats.",
        "pubTypeList": {"pubType": types},
        "commentCorrectionList": {"commentCorrection": [COMMENT | one for one in comments]},
    }
    (work,) = europe_pmc.read_works(answered({"resultList": {"result": [found]}}))
    assert (work.notices, work.is_notice) == (notices, is_notice)
