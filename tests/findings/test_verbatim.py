from hypothesis import given
from hypothesis import strategies as st

from bot.core.record import Paragraph
from bot.findings import CUT, key_findings, study_facts

WORDS = [
    "rats",
    "increased",
    "no effect",
    "we conclude that",
    "i.p.",
    "5 mg/kg",
    "p < 0.05",
    "12 volunteers",
    "et al.",
    "suggest",
]
PIECES = st.sampled_from([*WORDS, "\n\n", ". ", "; ", ", and ", "(", ")", "[", "…", "\u00a0", "\ufffd", "1. ", "\u2009"])
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=30).map(" ".join) | st.text(max_size=200)
PARAGRAPHS = st.builds(Paragraph, TEXTS, st.none() | st.sampled_from(["RESULTS", "CONCLUSIONS", "METHODS", "ODD"]))


@given(st.lists(PARAGRAPHS, max_size=4), st.integers(0, 5), st.integers(0, 700))
def test_findings_are_verbatim(abstract: list[Paragraph], most: int, budget: int) -> None:
    """Every finding stands in a paragraph of its label letter for letter, or up to the mark that it goes on; limits hold."""
    found = key_findings(abstract, most=most, budget=budget).findings
    assert len(found) <= most
    assert sum(len(one.text) for one in found) <= budget
    for one in found:
        quoted = one.text.removesuffix(CUT)
        assert quoted.strip()
        assert any(quoted in paragraph.text and paragraph.label == one.label for paragraph in abstract)


@given(st.text(max_size=60), st.lists(PARAGRAPHS, max_size=3))
def test_evidence_is_verbatim(title: str, abstract: list[Paragraph]) -> None:
    """Every fact's evidence stands in the title or a paragraph letter for letter."""
    for fact in study_facts(title, abstract):
        assert fact.evidence in title or any(fact.evidence in paragraph.text for paragraph in abstract)
