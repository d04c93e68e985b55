import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.pubmed import address, read_address
from tests.counting import count_steps
from tests.sources.endings import AFTER
from tests.tables import table_of

NCBI = "https://www.ncbi.nlm.nih.gov"
PUBMED = "https://pubmed.ncbi.nlm.nih.gov"
PMC = "https://pmc.ncbi.nlm.nih.gov"
EUROPE = "https://europepmc.org"

WORKS = [
    (f"{PUBMED}/12351788", "pubmed:12351788"),
    (f"{PUBMED}/12351788/", "pubmed:12351788"),
    (f"{PUBMED}//12351788/", "pubmed:12351788"),
    (f"{PUBMED}/12351788/?from_term=psilocybin&from_pos=2", "pubmed:12351788"),
    (f"{PUBMED}/12351788/#affiliation-1", "pubmed:12351788"),
    (f"{PUBMED}/12351788?dopt=Abstract", "pubmed:12351788"),
    (f"{PUBMED}:443/12351788", "pubmed:12351788"),
    (f"{PUBMED}./12351788", "pubmed:12351788"),
    ("http://pubmed.ncbi.nlm.nih.gov/1", "pubmed:1"),
    ("HTTPS://PubMed.NCBI.nlm.nih.gov/12351788", "pubmed:12351788"),
    ("https://pubmed.gov/12351788", "pubmed:12351788"),
    ("https://www.pubmed.gov/12351788/", "pubmed:12351788"),
    (f"{NCBI}/pubmed/12351788", "pubmed:12351788"),
    (f"{NCBI}/pubmed/12351788/", "pubmed:12351788"),
    (f"{NCBI}/pubmed/12351788?dopt=Citation", "pubmed:12351788"),
    (f"{NCBI}/pubmed/12351788?report=abstract#comments", "pubmed:12351788"),
    ("http://ncbi.nlm.nih.gov/pubmed/12351788", "pubmed:12351788"),
    (f"{NCBI}/PubMed/12351788", "pubmed:12351788"),
    (f"{NCBI}/m/pubmed/12351788/", "pubmed:12351788"),
    (f"{NCBI}/pmc/articles/PMC3550777", "pmc:PMC3550777"),
    (f"{NCBI}/pmc/articles/PMC3550777/", "pmc:PMC3550777"),
    (f"{NCBI}/pmc/articles/pmc3550777/", "pmc:PMC3550777"),
    (f"{NCBI}/pmc/articles/PMC3550777/?report=classic", "pmc:PMC3550777"),
    (f"{NCBI}/pmc/articles/PMC3550777/#S2title", "pmc:PMC3550777"),
    (f"{NCBI}/pmc/articles/PMC3550777/pdf/nihms-1.pdf", "pmc:PMC3550777"),
    (f"{NCBI}/pmc/articles/PMC3550777/figure/F1/", "pmc:PMC3550777"),
    (f"{NCBI}/labs/pmc/articles/PMC3550777/", "pmc:PMC3550777"),
    (f"{PMC}/articles/PMC3550777", "pmc:PMC3550777"),
    (f"{PMC}/articles/PMC3550777/", "pmc:PMC3550777"),
    (f"{PMC}/articles/PMC3550777/pdf/x.pdf", "pmc:PMC3550777"),
    (f"{PMC}/articles/PMC3550777/#sec2", "pmc:PMC3550777"),
    (f"{PMC}/articles/pmid/12351788/", "pubmed:12351788"),
    (f"{NCBI}/pmc/articles/pmid/12351788", "pubmed:12351788"),
    (f"{EUROPE}/article/MED/12351788", "pubmed:12351788"),
    (f"{EUROPE}/article/med/12351788", "pubmed:12351788"),
    (f"{EUROPE}/article/MED/12351788?singleResult=true", "pubmed:12351788"),
    (f"{EUROPE}/article/MED/12351788#impact", "pubmed:12351788"),
    (f"{EUROPE}/abstract/MED/12351788", "pubmed:12351788"),
    ("http://www.europepmc.org/abstract/MED/12351788/", "pubmed:12351788"),
    (f"{EUROPE}/article/PMC/PMC3550777", "pmc:PMC3550777"),
    (f"{EUROPE}/article/pmc/pmc3550777", "pmc:PMC3550777"),
    (f"{EUROPE}/abstract/PMC/PMC3550777", "pmc:PMC3550777"),
    (f"{EUROPE}/articles/PMC3550777", "pmc:PMC3550777"),
    (f"{EUROPE}/articles/PMC3550777?pdf=render", "pmc:PMC3550777"),
    (f"{EUROPE}/article/PPR/PPR1036674", "ppr:PPR1036674"),
    (f"{EUROPE}/article/ppr/ppr1036674/", "ppr:PPR1036674"),
]

LOOK_ALIKES = [
    PUBMED,
    f"{PUBMED}/",
    f"{PUBMED}/?term=12351788",
    f"{PUBMED}/?term=12351788&sort=date",
    f"{PUBMED}?12351788",
    f"{PUBMED}/#12351788",
    f"{PUBMED}/advanced/12351788",
    f"{PUBMED}/trending/",
    f"{PUBMED}/collections/12351788/",
    f"{PUBMED}/12351788/citations/",
    f"{PUBMED}/12351788x",
    f"{PUBMED}/x12351788",
    f"{PUBMED}/12351788.5",
    f"{PUBMED}/12351788-2",
    f"{PUBMED}/12351788,12351789",
    f"{PUBMED}/12351788%2C12351789",
    f"{PUBMED}/12351788+12351789",
    f"{PUBMED}/-12351788",
    f"{PUBMED}/0",
    f"{PUBMED}/0012351788",
    f"{PUBMED}/123517881",
    f"{PUBMED}/PMC3550777",
    f"{PUBMED}/pubmed/12351788",
    f"{PUBMED}:8080/12351788",
    f"{PUBMED}.evil.example/12351788",
    "https://evil.example/pubmed.ncbi.nlm.nih.gov/12351788",
    f"https://evil.example/?u={PUBMED}/12351788",
    "https://pubmed.ncbi.nlm.nih.gov@evil.example/12351788",
    "https://me@pubmed.ncbi.nlm.nih.gov/12351788",
    "https://pubmed.ncbi.nlm.nih.gov\\@evil.example/12351788",
    "https://notpubmed.ncbi.nlm.nih.gov/12351788",
    "https://www.pubmed.ncbi.nlm.nih.gov/12351788",
    "https://pubmed-ncbi.nlm.nih.gov/12351788",
    "https://pubmed.com/12351788",
    "https://рubmed.gov/12351788",  # noqa: RUF001 - the first letter is Cyrillic
    "ftp://pubmed.ncbi.nlm.nih.gov/12351788",
    "pubmed.ncbi.nlm.nih.gov/12351788",
    NCBI,
    f"{NCBI}/pubmed",
    f"{NCBI}/pubmed/",
    f"{NCBI}/pubmed/?term=12351788",
    f"{NCBI}/pubmed?term=12351788",
    f"{NCBI}/pubmed/12351788,12351789",
    f"{NCBI}/pubmed/PMC3550777",
    f"{NCBI}/pubmed/clinical/12351788",
    f"{NCBI}/12351788",
    f"{NCBI}/m/12351788",
    f"{NCBI}/gene/12351788",
    f"{NCBI}/books/NBK1403/",
    f"{NCBI}/search/all/?term=12351788",
    f"{NCBI}/pmc/?term=PMC3550777",
    f"{NCBI}/pmc/articles/3550777",
    f"{NCBI}/pmc/articles/PMC",
    f"{NCBI}/pmc/articles/PMC0",
    f"{NCBI}/pmc/articles/PMC3550777x",
    f"{NCBI}/pmc/articles/PMC3550777.2",
    f"{NCBI}/pmc/articles/XPMC3550777",
    f"{NCBI}/pmc/journals/3550777",
    f"{NCBI}/x/pmc/articles/PMC3550777",
    f"{PMC}/PMC3550777",
    f"{PMC}/articles/3550777",
    f"{PMC}/search/?term=PMC3550777",
    f"{PMC}/journals/319/",
    "https://pmc.ncbi.nlm.nih.gov.evil.example/articles/PMC3550777",
    EUROPE,
    f"{EUROPE}/search?query=12351788",
    f"{EUROPE}/article/MED/",
    f"{EUROPE}/article/MED/PMC3550777",
    f"{EUROPE}/article/PMC/12351788",
    f"{EUROPE}/article/MED/PPR1036674",
    f"{EUROPE}/article/PPR/1036674",
    f"{EUROPE}/article/PAT/12351788",
    f"{EUROPE}/article/12351788",
    f"{EUROPE}/articles/12351788",
    f"{EUROPE}/authors/0000-0002-1825-0097",
    f"{EUROPE}/abstract/MED/12351788x",
    "https://www.ebi.ac.uk/europepmc/webservices/rest/article/MED/12351788",
    "https://europepmc.org.evil.example/article/MED/12351788",
    "https://europepmc.example/article/MED/12351788",
]


def test_every_form_of_address_gives_its_id() -> None:
    """Host, source, and letters in upper or lower case do not matter; the ID does."""
    assert [(address, str(read_address(address))) for address, _ in WORKS] == WORKS


def test_look_alikes_and_lists_give_nothing() -> None:
    """A page of no work, of several, or of somebody else's names none."""
    assert [address for address in LOOK_ALIKES if read_address(address)] == []


@pytest.mark.parametrize("place", [f"{PUBMED}/12351788", f"{PUBMED}/12351788/", f"{EUROPE}/article/PPR/PPR1"])
def test_punctuation_after_an_address_is_no_part_of_it(place: str) -> None:
    """Addresses end where people end them."""
    assert read_address(place) is not None
    assert [after for after in AFTER if read_address(place + after) != read_address(place)] == []


@pytest.mark.parametrize("row", table_of(address.__doc__), ids=lambda row: row[0])
def test_the_table_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    found = read_address(row[0].strip("`"))
    assert str(found) == row[1].strip("`") if row[1] != "none" else found is None


PARTS = st.sampled_from(
    [
        *(address for address, _ in WORKS[::4]),
        *"/?#.,%:@\\()[]",
        "PMC",
        "1",
        "0",
        "12351788",
        "pubmed",
        "MED/",
        "é",
        " ",
        "x",
    ]
)


@given(st.text(max_size=80) | st.lists(PARTS, max_size=12).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Whatever is given, only an ID that it holds comes out."""
    found = read_address(text)
    assert found is None or found.id.lower() in text.lower()


@pytest.mark.parametrize("unit", ["/", "1", "PMC", "pubmed/", "article/MED/", ".", "m/", "%", "&"])
def test_time_is_linear(unit: str) -> None:
    """Twice the text makes at most little more than twice the work; counted, not timed."""
    steps = [count_steps(lambda size=size: read_address((f"{NCBI}/" + unit * size)[:size])) for size in (2_000, 4_000)]
    assert steps[1] <= 2.6 * steps[0] + 200
