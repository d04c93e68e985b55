"""Which services are asked, what their answers add up to, how long that is kept. All works are invented."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.core.enrichment import STATED, Candidate, MatchOutcome, Notice, NoticeKind
from bot.core.errors import Refused, SiteError, Unreachable
from bot.core.record import Name, Record
from bot.services.enrichment import MOST_REQUESTS, Enricher
from tests.enrichments import matched

NOW = datetime(2026, 11, 28, tzinfo=UTC)
RECORD = Record(
    None,
    "Effects of a made-up tryptamine on sleep in the rat",
    authors=(Name("Doe", "J. A."),),
    container_title="Invent Brain Res",
    issued=((1988,),),
    volume="447",
    page="141-4",
)
PUBMED = Candidate(
    source="Europe PMC",
    title=RECORD.title,
    authors=(Name("Doe", "JA"),),
    journal="Invented brain research",
    journal_short="Invent Brain Res",
    issn=("0000-0001",),
    years=frozenset({1988}),
    volume="447",
    page="141-144",
    doi="10.5555/sleep.1",
    pmid="90000001",
)
WORK = replace(PUBMED, source="Crossref", journal="Invented Brain Research", pmid=None, type="journal-article")
FREE = "https://invented.org/free"
BY_PUBMED = Notice(NoticeKind.RETRACTION, "Europe PMC")
BY_CROSSREF = Notice(NoticeKind.RETRACTION, "Crossref", (1990, 2, 6), "10.5555/notice.7")

Fault = SiteError | None
Works = tuple[Candidate, ...]
Asked = tuple[list[str], list[str], list[str]]
"""What Europe PMC, Crossref and Unpaywall were asked."""
Found = tuple[str | None, str | None, str | None]
"""DOI, PubMed ID and free text."""


@dataclass
class Service:
    """All three services: what they know, and which of their next requests fail."""

    works: Works = ()
    free: str | None = None
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault

    async def search(self, record: Record) -> Works:
        self._ask("search")
        return self.works

    async def work(self, doi: str) -> Candidate | None:
        self._ask(f"work {doi}")
        return next((work for work in self.works if work.doi == doi), None)

    async def article(self, pmid: str) -> Candidate | None:
        self._ask(f"article {pmid}")
        return next((work for work in self.works if work.pmid == pmid), None)

    async def free_text(self, doi: str) -> str | None:
        self._ask(f"free text {doi}")
        return self.free


@dataclass
class Services:
    """The services of one test."""

    europe_pmc: Service = field(default_factory=Service)
    crossref: Service = field(default_factory=Service)
    unpaywall: Service = field(default_factory=Service)

    def enricher(self) -> Enricher:
        return Enricher(self.europe_pmc, self.crossref, self.unpaywall, now=lambda: NOW)

    @property
    def asked(self) -> Asked:
        return self.europe_pmc.asked, self.crossref.asked, self.unpaywall.asked


def knowing(europe_pmc: Works = (), crossref: Works = (), free: str | None = None) -> Services:
    return Services(Service(europe_pmc), Service(crossref), Service(free=free))


DOI, PMID = "10.5555/sleep.1", "90000001"
BY_DOI, COPY = f"work {DOI}", f"free text {DOI}"
OPEN = replace(PUBMED, free_text_url="https://europepmc.org/x")
WITHOUT_DOI = replace(PUBMED, doi=None)

WAYS: list[tuple[Works, Works, str | None, Asked, Found]] = [
    # Europe PMC knows, Crossref knows, Unpaywall knows; what each is asked; what comes of it
    ((PUBMED,), (WORK,), FREE, (["search"], [BY_DOI], [COPY]), (DOI, PMID, FREE)),
    ((PUBMED,), (), FREE, (["search"], [BY_DOI], [COPY]), (DOI, PMID, FREE)),
    ((OPEN,), (WORK,), FREE, (["search"], [BY_DOI], []), (DOI, PMID, "https://europepmc.org/x")),
    ((), (WORK,), FREE, (["search", BY_DOI], ["search"], []), (DOI, None, None)),
    ((WITHOUT_DOI,), (WORK,), None, (["search"], ["search"], [COPY]), (DOI, PMID, None)),
    ((WITHOUT_DOI,), (), FREE, (["search"], ["search"], []), (None, PMID, None)),
    ((), (), FREE, (["search"], ["search"], []), (None, None, None)),
]


@pytest.mark.parametrize(("europe_pmc", "crossref", "free", "asked", "found"), WAYS)
async def test_who_is_asked(europe_pmc: Works, crossref: Works, free: str | None, asked: Asked, found: Found) -> None:
    """Three requests at most, each only for what is not known yet."""
    services = knowing(europe_pmc, crossref, free)
    told = await services.enricher().enrich(RECORD)
    assert services.asked == asked
    assert (told.doi, told.pmid, told.free_text_url) == found
    assert told.outcome is (MatchOutcome.MATCH if any(found) else MatchOutcome.NONE)
    assert (told.failed, told.asked_at, told.notices_asked_at) == ((), NOW, NOW)


async def test_a_doi_that_europe_pmc_confirms() -> None:
    """What Europe PMC's search missed is found by Crossref's DOI."""
    services = knowing(crossref=(WORK,))
    services.europe_pmc.works = (replace(PUBMED, title="[Schlaf der Ratte]", free_text_url=FREE, notices=(BY_PUBMED,)),)
    told = await services.enricher().enrich(replace(RECORD, authors=()))
    assert services.asked == (["search", "work 10.5555/sleep.1"], ["search"], [])
    assert (told.doi, told.pmid, told.free_text_url, told.retracted) == ("10.5555/sleep.1", "90000001", FREE, True)


async def test_a_doi_of_another_work_is_dropped() -> None:
    """Where Crossref has another work under the DOI of the article, the PubMed ID alone is told."""
    other = replace(WORK, title="Pharmacology of something else", volume="3", page="9", notices=(BY_CROSSREF,))
    told = await knowing((PUBMED,), (other,)).enricher().enrich(RECORD)
    assert (told.doi, told.pmid, told.notices) == (None, "90000001", ())


async def test_a_record_without_a_title() -> None:
    """Nobody is asked, since no answer could be taken."""
    services = knowing((PUBMED,), (WORK,))
    told = await services.enricher().enrich(replace(RECORD, title=" "))
    assert (told.outcome, told.reason, told.failed) == (MatchOutcome.NONE, "the record has no title", ())
    assert services.asked == ([], [], [])


async def test_without_a_contact() -> None:
    """Europe PMC alone is asked."""
    service = Service((PUBMED,))
    told = await Enricher(service, now=lambda: NOW).enrich(RECORD)
    assert (told.doi, told.pmid, told.failed, service.asked) == ("10.5555/sleep.1", "90000001", (), ["search"])


@pytest.mark.parametrize(
    ("by_pubmed", "by_crossref", "shown"),
    [
        ((), (), None),
        ((BY_PUBMED,), (), BY_PUBMED),
        ((), (BY_CROSSREF,), BY_CROSSREF),
        ((BY_PUBMED,), (BY_CROSSREF,), BY_CROSSREF),
    ],
)
async def test_retraction(by_pubmed: tuple[Notice, ...], by_crossref: tuple[Notice, ...], shown: Notice | None) -> None:
    """Either service's word is enough; the notice with a DOI is shown."""
    services = knowing((replace(PUBMED, notices=by_pubmed),), (replace(WORK, notices=by_crossref),))
    told = await services.enricher().enrich(RECORD)
    assert (told.retraction, told.retracted) == (shown, shown is not None)
    assert set(told.notices) == {*by_pubmed, *by_crossref}


async def test_corrections_are_no_retraction() -> None:
    """Corrections and concerns are told; the same notice is told once."""
    correction = Notice(NoticeKind.CORRECTION, "Crossref", (1989,), "10.5555/notice.8")
    concern = Notice(NoticeKind.CONCERN, "Crossref", (1989,), "10.5555/notice.9")
    both = replace(WORK, notices=(correction, concern))
    again = replace(PUBMED, notices=(replace(correction, source="Europe PMC"),))
    told = await knowing((again,), (both,)).enricher().enrich(RECORD)
    assert not told.retracted
    assert {notice.doi for notice in told.notices} == {"10.5555/notice.8", "10.5555/notice.9"}
    assert len(told.notices) == 2


async def test_the_journal_is_named_as_it_names_itself() -> None:
    """Crossref's name of the journal comes first, Europe PMC's where there is no other."""
    assert (await knowing((PUBMED,), (WORK,)).enricher().enrich(RECORD)).journal == "Invented Brain Research"
    assert (await knowing((PUBMED,)).enricher().enrich(RECORD)).journal == "Invented brain research"


DOWN = Unreachable("reset")


@pytest.mark.parametrize(
    ("europe_pmc", "crossref", "outcome", "failed"),
    [
        ([DOWN], [], MatchOutcome.MATCH, ()),
        ([], [DOWN], MatchOutcome.MATCH, ()),
        ([DOWN] * 2, [], MatchOutcome.MATCH, ("Europe PMC",)),
        ([], [DOWN, DOWN], MatchOutcome.MATCH, ("Crossref",)),
        ([DOWN, DOWN], [DOWN], MatchOutcome.NONE, ("Europe PMC", "Crossref")),
        ([Refused("403")], [], MatchOutcome.MATCH, ("Europe PMC",)),
    ],
)
async def test_faults(
    europe_pmc: list[Fault], crossref: list[Fault], outcome: MatchOutcome, failed: tuple[str, ...]
) -> None:
    """One fault is tried again within the three requests; who stays silent is named, and nothing is raised."""
    services = knowing((PUBMED,), (WORK,))
    services.europe_pmc.faults, services.crossref.faults = list(europe_pmc), list(crossref)
    told = await services.enricher().enrich(RECORD)
    assert (told.outcome, told.failed) == (outcome, failed)
    assert sum(map(len, services.asked)) <= MOST_REQUESTS
    if outcome is MatchOutcome.NONE:
        assert told.reason == "Europe PMC and Crossref did not answer; nothing found"


async def test_recheck() -> None:
    """Both services are asked for the known work's notices; if one does not answer, those known stay."""
    services = knowing((PUBMED,), (WORK,))
    known = await services.enricher().enrich(RECORD)
    services = knowing((PUBMED,), (replace(WORK, notices=(BY_CROSSREF,)),))
    renewed = await services.enricher().recheck(known)
    assert services.asked == (["article 90000001"], ["work 10.5555/sleep.1"], [])
    assert (renewed.notices, renewed.doi, renewed.failed) == ((BY_CROSSREF,), known.doi, ())
    services.crossref.faults = [DOWN, DOWN]
    silent = await services.enricher().recheck(renewed)
    assert (silent.notices, silent.failed) == ((BY_CROSSREF,), ("Crossref",))
    services.europe_pmc.faults = [Refused("403")]
    heard = await services.enricher().recheck(known)
    assert (heard.notices, heard.failed) == ((BY_CROSSREF,), ("Europe PMC",))  # one service's word is enough
    lost = await knowing((PUBMED,)).enricher().recheck(renewed)
    assert (lost.notices, lost.failed) == ((BY_CROSSREF,), ())  # Crossref no longer finds the work
    cleared = await knowing((PUBMED,), (WORK,)).enricher().recheck(renewed)
    assert cleared.notices == ()


async def test_recheck_of_what_nobody_can_be_asked_for() -> None:
    """A preprint without a DOI: what its source said of it stays."""
    stated = replace(matched(doi=None, pmid=None, notices=(BY_PUBMED,)), matcher=STATED)
    services = knowing((PUBMED,), (WORK,))
    renewed = await services.enricher().recheck(stated)
    assert (renewed.notices, services.asked) == ((BY_PUBMED,), ([], [], []))
