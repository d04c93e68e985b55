"""Which candidate is a record's work, and above all which is not. All works are invented."""

from dataclasses import replace

import pytest

from bot.core.enrichment import Candidate, MatchOutcome
from bot.core.record import Name, Record
from bot.matching import contradicts, match_record

RECORD = Record(
    None,
    "Effects of a made-up tryptamine on sleep in the rat",
    authors=(Name("Doe", "J. A."), Name("Roe", "R. B.")),
    container_title="Invent Brain Res",
    issued=((1988, 4),),
    volume="447",
    issue="1",
    page="141-4",
)
WORK = Candidate(
    source="Crossref",
    title="Effects of a made-up tryptamine on sleep in the rat",
    authors=(Name("Doe", "Jane A."), Name("Roe", "Richard")),
    journal="Invented Brain Research",
    journal_short="Invent. Brain Res.",
    years=frozenset({1988}),
    volume="447",
    issue="1",
    page="141-144",
    doi="10.5555/sleep.1",
    type="journal-article",
)
ALL = ("title", "authors", "year", "volume", "page", "journal")
MATCH, NONE, AMBIGUOUS = MatchOutcome.MATCH, MatchOutcome.NONE, MatchOutcome.AMBIGUOUS

Change = dict[str, object]


def changed(candidate: Candidate = WORK, **fields: object) -> Candidate:
    return replace(candidate, **fields)  # type: ignore[arg-type]


def test_a_match_says_what_agrees() -> None:
    """It names the work and the fields that confirm it."""
    verdict = match_record(RECORD, [WORK])
    assert (verdict.outcome, verdict.doi, verdict.agree, verdict.differ) == (MATCH, "10.5555/sleep.1", ALL, ())
    assert verdict.sure
    slipped = match_record(RECORD, [changed(volume="448")])
    assert (slipped.agree, slipped.differ) == (tuple(name for name in ALL if name != "volume"), ("volume",))
    assert not slipped.sure


TITLE = RECORD.title

TITLES = [
    # the candidate's title, what comes of it with the page, and without
    (TITLE.upper(), MATCH, MATCH),
    ("Effects of a made up tryptamine on sleep in the rat.", MATCH, MATCH),
    (f"RETRACTED: {TITLE}", MATCH, MATCH),
    (f"{TITLE}: retracted", MATCH, MATCH),
    (f"{TITLE} (author's transl)", MATCH, MATCH),
    (f"Ef{TITLE[3:]}", MATCH, MATCH),
    (f"{TITLE}. The Invented Sleep Group", MATCH, NONE),
    (f"{TITLE}. II", MATCH, NONE),
    (f"{TITLE}: Part 2", MATCH, NONE),
    (f"Correction to: {TITLE}", NONE, NONE),
    (f"Author Correction: {TITLE}", NONE, NONE),
    (f"Erratum: {TITLE}", NONE, NONE),
    (f"Corrigendum to \N{LEFT DOUBLE QUOTATION MARK}{TITLE}\N{RIGHT DOUBLE QUOTATION MARK}", NONE, NONE),
    (f"Retraction notice to: {TITLE}", NONE, NONE),
    (f"Retraction\N{EM DASH}{TITLE}", NONE, NONE),
    (f"Expression of concern: {TITLE}", NONE, NONE),
    (f"Comment on \N{LEFT DOUBLE QUOTATION MARK}{TITLE}\N{RIGHT DOUBLE QUOTATION MARK}", NONE, NONE),
    (f"Reply to: {TITLE}", NONE, NONE),
    (f"Re: {TITLE}", NONE, NONE),
    (f"Authors\N{RIGHT SINGLE QUOTATION MARK} response: {TITLE}", NONE, NONE),
    (f"Review of: {TITLE}", NONE, NONE),
    ("Pharmacology of another compound altogether", NONE, NONE),
]


@pytest.mark.parametrize(("title", "with_page", "without"), TITLES)
def test_titles(title: str, with_page: MatchOutcome, without: MatchOutcome) -> None:
    """A title printed otherwise matches; one that was added to needs the page; notices, comments and others never match."""
    assert match_record(RECORD, [changed(title=title)]).outcome is with_page
    assert match_record(RECORD, [changed(title=title, page=None)]).outcome is without


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Sleep in the rat. Part I", "Sleep in the rat. Part II"),
        ("Sleep in the rat. First of two parts", "Sleep in the rat. Second of two parts"),
        ("Sleep after 5-HT1A receptor agonists", "Sleep after 5-HT2A receptor agonists"),
        ("Invented vaccine against hepatitis B in rats", "Invented vaccine against hepatitis C in rats"),
        ("Sleep in rats: 3-year outcomes of the trial", "Sleep in rats: 5-year outcomes of the trial"),
    ],
)
def test_another_number_is_another_work(ours: str, theirs: str) -> None:
    """A part, a receptor or a year that differs is never overlooked, even if all else agrees."""
    verdict = match_record(replace(RECORD, title=ours), [changed(title=theirs)])
    assert (verdict.outcome, verdict.reason) == (NONE, "another part or number")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Effects of \N{GREEK SMALL LETTER BETA}-carbolines on sleep", "Effects of beta-carbolines on sleep"),
        (
            "Behaviour and oestrogen in anaesthetised rats",
            "Behavior and estrogen in anesthetized rats",
        ),
        ("Schlaf und Traume: M\N{LATIN SMALL LETTER U WITH DIAERESIS}de Ratten", "Schlaf und Traume: Mude Ratten"),
        ("Sleep at the 20l9 meeting of rats", "Sleep at the 2019 meeting of rats"),
        ("Part II. Sleep in the made-up rat", "Part 2. Sleep in the made-up rat"),
        ("Binding at D1 and D2 receptors", "Binding at D 1 and D 2 receptors"),
    ],
)
def test_spellings(ours: str, theirs: str) -> None:
    """Greek letters, British spelling, diacritics, l for 1 and Roman numbers make no other title."""
    verdict = match_record(replace(RECORD, title=ours), [changed(title=theirs, page=None)])
    assert (verdict.outcome, "title" in verdict.agree) == (MATCH, True)


FIELDS: list[tuple[Change, Change, MatchOutcome]] = [
    # the record's fields, the candidate's fields, what comes of it
    ({"page": "141"}, {}, MATCH),
    ({"page": "l41-4"}, {}, MATCH),
    ({"page": "pp. 141-4"}, {}, MATCH),
    ({"page": "e0198081"}, {"page": "0198081"}, MATCH),
    ({"page": "S62"}, {"page": "62"}, NONE),
    ({"page": "151-4"}, {}, MATCH),  # one slip in the page, all else agrees
    ({"page": "151-4", "volume": None}, {}, NONE),
    ({"page": "241-8"}, {"volume": "448"}, NONE),
    ({"page": "200-4"}, {}, NONE),
    ({"volume": "447 Suppl 1"}, {}, MATCH),
    ({"volume": "Vol. 447"}, {}, MATCH),
    ({"volume": "446"}, {}, MATCH),
    ({"volume": "446", "issued": ((1987,),)}, {}, NONE),  # the guideline of the year before, on the same page
    ({"issued": ((1989,),)}, {}, MATCH),
    ({"issued": ((1968,),)}, {}, MATCH),
    ({"issued": ((1968,),), "volume": "446"}, {}, NONE),
    ({"issued": ((1987, 12), (1988, 1))}, {"years": frozenset({1988, 2003})}, MATCH),
    ({"issued": ()}, {}, MATCH),
    ({"authors": ()}, {}, MATCH),
    ({"authors": (Name("Poe"),)}, {}, NONE),  # letters under one title share a page
    ({"authors": (Name("Doe JA"),)}, {}, MATCH),
    ({"authors": (Name("Jane"), Name("Richard"))}, {}, MATCH),  # given names in place of family names
    ({"authors": (Name("Roe"), Name("Doe"))}, {}, MATCH),
    ({"authors": (Name("Van Doe"),)}, {}, MATCH),
    ({"authors": (Name(literal="Invented Sleep Group"),)}, {}, MATCH),
    ({"authors": (Name("Lin"),)}, {"authors": (Name("Liu"),)}, NONE),
    ({"authors": (Name("Invemtor"),)}, {"authors": (Name("Inventor"),)}, MATCH),
    ({"container_title": "Invented brain research"}, {}, MATCH),
    ({"container_title": "J Other Things"}, {}, MATCH),
    ({"container_title": "J Other Things"}, {"volume": "448"}, NONE),
    # without volume and page the journal has to tell: one guideline is printed in several
    ({"volume": None, "page": None}, {}, MATCH),
    ({"volume": None, "page": None, "container_title": "Circ Res"}, {}, NONE),
    ({"volume": None, "page": None, "container_title": None}, {}, NONE),
    ({"volume": None, "page": None, "container_title": "Invent Brain"}, {}, NONE),
    ({"volume": None, "page": None, "authors": ()}, {}, NONE),
    ({"volume": None, "page": None, "issued": ()}, {}, NONE),
    ({"page": None, "container_title": None}, {}, MATCH),
    # volume and page alone are never enough
    ({"title": "Pharmacology of another compound altogether"}, {}, NONE),
    ({"title": ""}, {}, NONE),
    ({"title": "Editorial"}, {"title": "Editorial", "page": None}, NONE),
    ({"title": "Editorial", "authors": ()}, {"title": "Editorial", "volume": "448", "years": frozenset({1989})}, NONE),
    # a title that was cut, when all else agrees
    ({"title": "Effects of a made-up tryptamine"}, {"title": "Effects of a made-up tryptamine: sleep in the rat"}, MATCH),
    ({}, {"title": "Effects of a made-up tryptamine", "subtitle": "on sleep in the rat"}, MATCH),
    (
        {"title": "Effects of a made-up tryptamine", "volume": "446"},
        {"title": "Effects of a made-up tryptamine: sleep in the rat"},
        NONE,
    ),
    ({"title": "[Sleep of a rat]"}, {"title": "Schlaf der Ratte", "original_title": "Sleep of a rat"}, MATCH),
]


@pytest.mark.parametrize(("ours", "theirs", "outcome"), FIELDS)
def test_fields(ours: Change, theirs: Change, outcome: MatchOutcome) -> None:
    """Each field that is damaged, missing or another."""
    record = replace(RECORD, **ours)  # type: ignore[arg-type]
    assert match_record(record, [changed(**theirs)]).outcome is outcome


@pytest.mark.parametrize(
    ("record_type", "fields", "outcome"),
    [
        ("article-journal", {"type": "peer-review"}, NONE),
        ("article-journal", {"type": "component"}, NONE),
        ("article-journal", {"type": "posted-content"}, NONE),
        ("article-journal", {"type": "journal-issue"}, NONE),
        ("article-journal", {"type": "dissertation"}, NONE),
        ("article-journal", {"type": "book"}, NONE),
        ("article-journal", {"type": "book-chapter"}, MATCH),
        ("article-journal", {"type": None}, MATCH),
        ("article-journal", {"publication_types": frozenset({"preprint"})}, NONE),
        ("article-journal", {"publication_types": frozenset({"published erratum", "journal article"})}, NONE),
        ("article-journal", {"publication_types": frozenset({"retraction of publication"})}, NONE),
        ("article-journal", {"publication_types": frozenset({"retracted publication", "journal article"})}, MATCH),
        ("article-journal", {"is_notice": True}, NONE),
        ("thesis", {"type": "dissertation"}, MATCH),
        ("thesis", {"type": "journal-article"}, NONE),
        ("book", {"type": "journal-article"}, NONE),
        ("chapter", {"type": "book-chapter"}, MATCH),
        ("chapter", {"type": "book-chapter", "page": None}, NONE),  # a chapter of another edition
    ],
)
def test_kinds(record_type: str, fields: Change, outcome: MatchOutcome) -> None:
    """What is no work of its own never matches, nor a work of another kind."""
    assert match_record(replace(RECORD, type=record_type), [changed(**fields)]).outcome is outcome


PUBMED = changed(source="Europe PMC", doi=None, pmid="90000001", type=None)


@pytest.mark.parametrize(
    ("candidates", "outcome", "doi", "pmid"),
    [
        ([], NONE, None, None),
        ([WORK, changed(doi="10.5555/sleep.2")], AMBIGUOUS, None, None),
        ([WORK, changed(doi="10.5555/sleep.2", page="300")], MATCH, "10.5555/sleep.1", None),
        ([WORK, changed(PUBMED, doi="10.5555/sleep.1")], MATCH, "10.5555/sleep.1", "90000001"),
        ([PUBMED, WORK], MATCH, "10.5555/sleep.1", "90000001"),
        ([PUBMED, changed(PUBMED, pmid="90000002")], AMBIGUOUS, None, None),
        ([PUBMED, PUBMED], MATCH, None, "90000001"),
        ([PUBMED, changed(page=None)], AMBIGUOUS, None, None),
    ],
)
def test_several(candidates: list[Candidate], outcome: MatchOutcome, doi: str | None, pmid: str | None) -> None:
    """Two works are no match; one work that two services describe has the identifiers of both."""
    verdict = match_record(RECORD, candidates)
    assert (verdict.outcome, verdict.doi, verdict.pmid) == (outcome, doi, pmid)


@pytest.mark.parametrize(
    ("candidates", "reason"),
    [
        ([], "nothing found"),
        ([changed(is_notice=True)], "only notices, reviews or preprints found"),
        ([changed(title="Something else")], "no title is alike"),
        ([changed(page="300", volume="500")], "volume, page differ"),
        ([changed(authors=(Name("Poe"),))], "authors differ"),
        ([changed(page="300")], "page differs"),
        ([WORK, changed(doi="10.5555/sleep.2")], "2 works fit equally well"),
    ],
)
def test_reasons(candidates: list[Candidate], reason: str) -> None:
    """Each refusal says why."""
    assert match_record(RECORD, candidates).reason == reason


@pytest.mark.parametrize(
    ("fields", "another"),
    [
        ({}, False),
        ({"title": "Schlaf der Ratte"}, False),
        ({"title": "Schlaf der Ratte", "page": None}, True),
        ({"title": "Pharmacology of another compound", "volume": "1", "page": "9"}, True),
        ({"page": None, "volume": None}, False),
    ],
)
def test_a_doi_of_another_work(fields: Change, another: bool) -> None:
    """A work found by its DOI is another where neither the title nor volume and page agree."""
    assert contradicts(RECORD, changed(**fields)) is another
