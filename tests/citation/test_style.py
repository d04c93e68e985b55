"""Styles: found by any of their names, each read once, each able to cite."""

import pytest

from bot.citation import HOUSE_STYLES, cite, find_styles, resolve_style, style_names, style_title
from bot.citation.csl.style import load_style
from bot.core.errors import BotError, UnknownStyle
from tests.citation.works import ARTICLE


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("apa", "apa"),
        ("APA", "apa"),
        ("apa.csl", "apa"),
        ("https://www.zotero.org/styles/apa", "apa"),
        ("http://www.zotero.org/styles/nature/", "nature"),
        ("mla", "modern-language-association"),
        ("chicago", "chicago-author-date"),
        ("Vancouver", "nlm-citation-sequence"),
        ("ama", "american-medical-association"),
        ("harvard", "harvard-cite-them-right"),
        ("modern-language-association-8th-edition", "modern-language-association"),
        ("  American Medical Association ", "american-medical-association"),
        ("neurology", "neurology"),
        ("psychopharmacology", "psychopharmacology"),
        ("apa 7", "apa"),
        ("APA 7th edition", "apa"),
        ("apa6", "apa-6th-edition"),
        ("mla 9", "modern-language-association"),
        ("chicago 17", "chicago-author-date-17th-edition"),
        ("van", "nlm-citation-sequence"),
        ("Vancouvr", "nlm-citation-sequence"),
        ("Vancouver (NLM)", "nlm-citation-sequence"),
        ("Chigaco", "chicago-author-date"),
        ("Harvrd", "harvard-cite-them-right"),
        ("Harvard", "harvard-cite-them-right"),
        ("The Lancet", "the-lancet"),
        ("lancet", "the-lancet"),
        ("lancett", "the-lancet"),
        ("NEJM", "the-new-england-journal-of-medicine"),
        ("new england journal", "the-new-england-journal-of-medicine"),
        ("The Journal of Biological Chemistry", "journal-of-biological-chemistry"),
        ("ACS Applied Materials & Interfaces", "acs-applied-materials-and-interfaces"),
        ("Acta Médica Colombiana", "acta-medica-colombiana"),
        ("psychopharmacolgy", "psychopharmacology"),
    ],
)
def test_resolve(name, style):
    """A style has many names; one is its own."""
    assert style == resolve_style(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "no-such-style",
        "../apa",
        "/etc/passwd",
        "apa\0",
        "dependent/neuron",
        ".",
        "-apa",
        "a" * 999,
        "ap",
        "apa 9",
        "nurse",
        "a",
    ],
)
def test_unknown(name):
    """A name of no style is refused, with words for whoever gave it."""
    with pytest.raises(UnknownStyle) as caught:
        cite(ARTICLE, name)
    assert isinstance(caught.value, BotError)
    assert "citation style" in caught.value.advice
    assert len(caught.value.advice) < 300


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nurse", "Did you mean Nurse Leader; Nurse Education Today; Nurse Education in Practice?"),
        ("springer", "Did you mean SpringerPlus; SpringerProtocols; springer-vancouver?"),  # whose title is ambiguous
        ("qqqqqq", "Try APA, MLA, Chicago, Vancouver, AMA, Harvard, IEEE or Nature."),
    ],
)
def test_what_was_meant(name, hint):
    """Where several styles fit, they are proposed by what finds them."""
    with pytest.raises(UnknownStyle) as caught:
        resolve_style(name)
    assert caught.value.advice.startswith(f"There is no citation style “{name}”. {hint}")
    if "mean" in hint:
        for proposed in hint.removeprefix("Did you mean ").removesuffix("?").split("; "):
            assert resolve_style(proposed)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", list(HOUSE_STYLES)),
        ("van", ["nlm-citation-sequence"]),
        ("mla", ["modern-language-association"]),
        ("apa 7", ["apa"]),
        ("Vancouvr", ["nlm-citation-sequence"]),
        ("psychopharmacolgy", ["psychopharmacology"]),
        ("neurology", ["neurology"]),
        ("qqqqqq", []),
    ],
)
def test_find(typed, first):
    """What was probably meant comes first."""
    found = find_styles(typed)
    assert found[: len(first)] == first
    assert bool(found) == bool(first)


@pytest.mark.parametrize(
    ("name", "title"), [("nlm-citation-sequence", "Vancouver (NLM)"), ("the-lancet", "The Lancet"), ("no-such", "no-such")]
)
def test_title(name, title):
    assert style_title(name) == title


def test_a_citation_says_its_style():
    assert (cite(ARTICLE, "van").label, cite(ARTICLE, "the-lancet").label) == ("Vancouver (NLM)", "The Lancet")


def test_names():
    """Every style of the package is offered, house styles among them."""
    names = style_names()
    assert len(names) > 10_000
    assert list(names) == sorted(set(names))
    assert set(HOUSE_STYLES) <= set(names)


def test_dependent():
    """A dependent style is its parent, under its own name."""
    own, parent = load_style("psychopharmacology"), load_style("springer-basic-author-date")
    assert own.layout is parent.layout
    assert cite(ARTICLE, "psychopharmacology").text == cite(ARTICLE, "springer-basic-author-date").text
    assert cite(ARTICLE, "psychopharmacology").style == "psychopharmacology"


def test_read_once():
    """A style is read from its file once."""
    assert load_style("apa") is load_style("apa")


@pytest.mark.parametrize("name", style_names()[::250])
def test_any_style_cites(name):
    """Any style names the first author of a work; none falls back on the work's own lines."""
    made = cite(ARTICLE, name)
    assert name == made.style
    assert "doe" in made.text.lower()
