"""Addresses asked of Europe PMC, Crossref and Unpaywall, and how their answers are read. All works are invented."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.site import crossref, europe_pmc, unpaywall
from bot.adapters.site.fetcher import Fetcher
from bot.adapters.site.responses import Answer
from bot.core.enrichment import NoticeKind
from bot.core.errors import BadAnswer
from bot.core.record import Name, Record
from bot.core.site import json_api
from bot.sources.bibliographic_services import crossref_work, europe_pmc_search
from tests.adapters.conftest import AGENT, FakeTime, Watched, timing
from tests.bibliography import FAULTS, Work
from tests.shared import SHARED, needs_shared
from tests.site import Reply, Site

RECORD = Record(
    None,
    'Effects of a made-up tryptamine (NOT a salt) on sleep: "rats" AND mice',
    authors=(Name("O'Doe", "J. A."), Name("Roe")),
    container_title="Invent Brain Res",
    issued=((1988, 4),),
    volume="447 Suppl 1",
    page="141-4",
)
SAMPLES = SHARED / "matching" / "samples"


def answered(value: object, status: int = 200) -> Answer:
    return Answer(status, {}, value if isinstance(value, bytes) else json.dumps(value).encode())


def results(*found: object) -> Answer:
    return answered({"hitCount": len(found), "resultList": {"result": list(found)}})


def item(**fields: object) -> Answer:
    return answered({"status": "ok", "message": {"DOI": "10.5555/X", **fields}})


def test_the_query_for_europe_pmc() -> None:
    """Title words in two groups, author and volume, volume and page: one request; no word is taken for an operator."""
    query = europe_pmc.search_query(RECORD)
    assert query == (
        "(TITLE:(effects made tryptamine salt)) OR (TITLE:(sleep rats mice) AND PUB_YEAR:[1987 TO 1989])"
        ' OR (AUTH:"O\'Doe" AND VOLUME:"447" AND PUB_YEAR:[1987 TO 1989])'
        ' OR (VOLUME:"447" AND PAGE_INFO:"141" AND PUB_YEAR:[1987 TO 1989])'
    )
    asked = urlsplit(europe_pmc_search("https://site/europepmc", query))
    assert (asked.netloc, asked.path) == ("site", "/europepmc/webservices/rest/search")
    assert parse_qs(asked.query) == {"query": [query], "resultType": ["core"], "format": ["json"], "pageSize": ["25"]}
    assert europe_pmc.search_query(Record(None, "To be")) == ""


def test_addresses_at_crossref_and_unpaywall() -> None:
    """A DOI's signs are escaped; whom to write to is said where it is an e-mail address."""
    search = urlsplit(crossref.search_url("https://site", RECORD, "me@invented.org"))
    asked = parse_qs(search.query)
    assert (search.path, asked["mailto"]) == ("/works", ["me@invented.org"])
    assert asked["query.bibliographic"] == [f"{RECORD.title} O'Doe Roe Invent Brain Res 1988 447 Suppl 1 141-4"]
    assert {"updated-by", "update-to"} <= set(asked["select"][0].split(","))
    doi = "10.5555/a(b)<1>:2;3#4?5"
    assert unquote(urlsplit(crossref_work("https://site", doi, "me@invented.org")).path) == f"/works/{doi}"
    assert crossref_work("https://site", "10.5555/x", "https://invented.org") == "https://site/works/10.5555%2Fx"
    free = urlsplit(unpaywall.free_text_url("https://site", doi, "me@invented.org"))
    assert (unquote(free.path), parse_qs(free.query)) == (f"/v2/{doi}", {"email": ["me@invented.org"]})


def test_a_result_of_europe_pmc() -> None:
    """All fields of a work; a free page is preferred to its PDF, and one that costs is none."""
    (work,) = europe_pmc.read_works(results(Work(pmcid="PMC900001").in_europe_pmc()))
    assert (work.doi, work.pmid, work.pmcid) == ("10.5555/sleep.1", "90000001", "PMC900001")
    assert (work.title, work.authors[0]) == ("Effects of a made-up tryptamine on sleep in the rat", Name("Doe", "J A"))
    assert (work.journal, work.journal_short, work.issn) == ("Invented brain research", "Invent Brain Res", ("0000-0001",))
    assert (work.years, work.volume, work.page) == (frozenset({1988}), "447", "141-144")
    assert work.free_text_url == "https://europepmc.org/articles/PMC900001"
    (closed,) = europe_pmc.read_works(results(Work().in_europe_pmc()))
    assert closed.free_text_url is None


def test_a_work_of_crossref() -> None:
    """All fields of a work."""
    work = crossref.read_work(answered({"message": Work().in_crossref()}))
    assert work is not None
    assert (work.doi, work.type, work.title) == ("10.5555/sleep.1", "journal-article", Work().title)
    assert (work.journal, work.journal_short) == ("Invented Brain Research", "Invent. Brain Res.")
    assert (work.years, work.volume, work.page) == (frozenset({1988}), "447", "141-144")
    assert work.issn == ("0000-0001", "0000-0002")


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Effects of <i>made-up</i> CO<sub>2</sub> at p < 0.05", "Effects of made-up CO2 at p < 0.05"),
        ("<jats:title>Made</jats:title><br/>up", "Made up"),
        ("Sleep &amp; rats &lt;i&gt;in vivo&lt;/i&gt;", "Sleep & rats in vivo"),
        ("Sleep &amp;amp; rats", "Sleep & rats"),
        ("One\n   line\u2028only", "One line only"),
    ],
)
def test_titles_are_plain_text(title: str, plain: str) -> None:
    """Tags and entities are gone, words stay apart."""
    work = crossref.read_work(item(title=[title]))
    assert work is not None
    assert work.title == plain
    assert europe_pmc.read_works(results({"title": title}))[0].title == plain


@pytest.mark.parametrize(
    "fields",
    [
        {"title": []},
        {"title": None, "author": None, "issued": None, "ISSN": None},
        {"title": "A text", "issued": {"date-parts": [[None]]}},
        {"issued": {"date-parts": []}, "published": {"date-parts": "1988"}, "published-print": [[1988]]},
        {"issued": {"date-parts": [["1988", 4]]}, "author": [None, "Doe", {}, {"sequence": "first"}]},
        {"updated-by": {"DOI": "10.5555/y"}, "update-to": [None, {"type": None}, {"DOI": 7, "type": ["retraction"]}]},
        {"volume": ["447"], "page": {"first": "141"}, "type": 7},
    ],
)
def test_odd_values_are_no_values(fields: dict[str, object]) -> None:
    """Whatever is not as it should be is not there; nothing is raised."""
    work = crossref.read_work(item(**fields))
    assert work is not None
    assert (work.years, work.notices, work.is_notice) == (frozenset(), (), False)
    europe_pmc.read_works(results(fields, {"journalInfo": [], "authorList": {"author": {}}, "pubTypeList": "x"}))


def test_an_answer_without_a_work() -> None:
    """A single work's answer that holds none is no answer, not a work that is not there."""
    with pytest.raises(BadAnswer):
        crossref.read_work(answered({"status": "ok", "message": {}}))


READERS: list[Callable[[Answer], object]] = [europe_pmc.read_works, crossref.read_list, crossref.read_retractions]


KEYS = [
    "resultList",
    "result",
    "message",
    "items",
    "DOI",
    "title",
    "author",
    "issued",
    "date-parts",
    "updated-by",
    "update-to",
]
KEYS += ["type", "journalInfo", "journal", "authorList", "commentCorrectionList", "commentCorrection", "fullTextUrlList"]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["10.5555/x", "retraction"])
JSON = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(KEYS), one), max_leaves=20
)


@given(JSON)
def test_any_json(value: object) -> None:
    """Whatever JSON comes, works or BadAnswer come of it."""
    for reader in (*READERS, crossref.read_work, unpaywall.read_free_text):
        for body in (value, {"resultList": {"result": [value]}, "message": {"items": [value]}}, {"message": value}):
            with suppress(BadAnswer):
                reader(answered(body))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("fault", ["html", "bad json", "a list", "no list"])
def test_what_is_no_answer(reader: Callable[[Answer], object], fault: str) -> None:
    """A page, half an answer, another shape: BadAnswer, never "nothing found"."""
    with pytest.raises(BadAnswer):
        reader(answered(FAULTS[fault].body.encode()))


@pytest.mark.parametrize("reader", [*READERS, crossref.read_work, unpaywall.read_free_text])
@pytest.mark.parametrize("status", [301, 400, 403, 422])
def test_other_statuses(reader: Callable[[Answer], object], status: int) -> None:
    """No status but 200 is an answer, except a 404 for a single work."""
    with pytest.raises(BadAnswer):
        reader(answered({}, status))


def test_a_work_that_is_not_there() -> None:
    """A 404 is an answer, in plain text at Crossref."""
    assert crossref.read_work(answered(b"Resource not found.", 404)) is None
    assert unpaywall.read_free_text(answered({"HTTP_status_code": 404, "error": True}, 404)) is None


def test_preprints_and_lite_answers() -> None:
    """A preprint says so by its source; a `lite` answer has one text in lower case for its types."""
    found = {"title": "Sleep", "source": "PPR", "pubType": "retraction of publication; journal article"}
    (work,) = europe_pmc.read_works(results(found))
    assert work.type == "posted-content"
    assert work.publication_types == {"retraction of publication", "journal article"}


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ({"is_oa": True, "best_oa_location": {"url": "https://a.org/x.pdf"}}, "https://a.org/x.pdf"),
        (
            {"is_oa": True, "best_oa_location": {"url": "https://a.org/x.pdf", "url_for_landing_page": "https://a.org/x"}},
            "https://a.org/x",
        ),
        ({"is_oa": True, "best_oa_location": {"url": "javascript:alert(1)"}}, None),
        ({"is_oa": True, "best_oa_location": None}, None),
        ({"is_oa": False, "best_oa_location": {"url": "https://a.org/x.pdf"}}, None),
    ],
)
def test_free_text(entry: dict[str, object], url: str | None) -> None:
    """The page of the best free copy, else its file; only http addresses."""
    assert unpaywall.read_free_text(answered(entry)) == url


Ask = Callable[[Fetcher, str], Awaitable[object]]
ASKS: list[tuple[Ask, object, float]] = [
    (lambda fetcher, url: europe_pmc.EuropePmc(fetcher, url).search(RECORD), {"resultList": {"result": []}}, 1 / 5),
    (lambda fetcher, url: europe_pmc.EuropePmc(fetcher, url).work("10.5555/x"), {"resultList": {"result": []}}, 1 / 5),
    (lambda fetcher, url: crossref.Crossref(fetcher, url, "me@b.org").search(RECORD), {"message": {"items": []}}, 1),
    (
        lambda fetcher, url: crossref.Crossref(fetcher, url, "me@b.org").work("10.5555/x"),
        {"message": {"DOI": "10.5555/x"}},
        1 / 3,
    ),
    (lambda fetcher, url: unpaywall.Unpaywall(fetcher, url, "me@b.org").free_text("10.5555/x"), {}, 1 / 5),
]


@pytest.mark.parametrize(("ask", "answer", "gap"), ASKS)
async def test_the_pace(site: Site, fake_time: FakeTime, ask: Ask, answer: object, gap: float) -> None:
    """However many are asked at once, requests leave as far apart as the service wishes, one for each call."""
    body = json.dumps(answer).encode()
    site.otherwise = Reply(200, body, {"Content-Type": "application/json"})
    async with httpx.AsyncClient(transport=Watched(httpx.AsyncHTTPTransport(), fake_time)) as http:
        fetcher = Fetcher(
            http, json_api("Invented", site.url, "INVENTED_URL", gap=1.25), agent=AGENT, timing=timing(fake_time)
        )
        await asyncio.gather(*(ask(fetcher, site.url) for _ in range(4)))
    assert len(site.asked) == 4
    assert all(later.at - sooner.at >= gap for sooner, later in pairwise(site.asked))


def paths(folder: str) -> list[Path]:
    return sorted((SAMPLES / folder).glob("*.json"))


@needs_shared
@pytest.mark.parametrize("path", [*paths("europepmc"), *paths("crossref"), *paths("unpaywall")], ids=lambda path: path.name)
def test_real_answers(path: Path) -> None:
    """Every sample of a real answer is read; a notice is known by its name, and so is a retracted work."""
    answer = answered(path.read_bytes())
    if path.parent.name == "unpaywall":
        unpaywall.read_free_text(answer)
        return
    reader = {"europepmc": europe_pmc.read_works}.get(path.parent.name, crossref.read_list)
    works = list(reader(answer)) if path.name.startswith(("search", "core", "lite", "no-res", "id")) else []
    if not works and path.parent.name == "crossref" and not path.name.startswith("search"):
        works = [crossref.read_work(answer)]
    assert all(work is not None for work in works)
    assert all("<" not in work.title and "&amp;" not in work.title for work in works)
    if path.name.startswith(("notice", "core-comment")):
        assert works[0].is_notice
    kinds = {notice.kind for work in works for notice in work.notices}
    assert (NoticeKind.RETRACTION in kinds) == path.name.startswith("work-retracted")
