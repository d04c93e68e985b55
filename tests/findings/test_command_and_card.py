"""`python -m bot findings` answers what a card quotes: `card` and `aim` are the sentences of `key_findings`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.card import Finding
from bot.core.record import Paragraph
from bot.findings import CUT, findings_of, key_findings
from bot.findings.quotes import MOST_READ, MOST_SENTENCES
from tests.bench.findings import precis
from tests.findings.test_choice import AIM, GERMAN, METHOD, RESULT
from tests.findings.test_verbatim import PARAGRAPHS
from tests.shared import needs_shared, rows

ENDLESS = f"These results suggest that inventamine delays sleep in newts{' or in frogs' * 80}."
LONG = f"These results suggest that inventamine delays sleep in newts{', and in frogs' * 80}."


def agree(abstract: list[Paragraph], title: str = "") -> bool:
    """Whether the command, given an abstract as a row, quotes what a card does; a card may shorten a sentence."""
    row = {"id": 1, "title": title, "abstract": [{"label": one.label, "text": one.text} for one in abstract]}
    answer, quoted = findings_of(row, 4), key_findings(abstract, title)
    sentences = answer["sentences"]

    def same(found: Finding, index: int) -> bool:
        return found.text.removesuffix(CUT) in sentences[index]

    assert answer["picks"] == [*answer["card"], *answer["picks"][len(answer["card"]) :]]
    assert len(quoted.findings) == len(answer["card"])
    assert all(map(same, quoted.findings, answer["card"]))
    assert (quoted.aim is None) == (answer["aim"] is None)
    return quoted.aim is None or same(quoted.aim, answer["aim"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{AIM} {METHOD} {RESULT}", id="plain"),
        pytest.param(f"{AIM} {METHOD}", id="aim"),
        pytest.param(GERMAN, id="another language"),
        pytest.param(f"{AIM} {LONG}", id="shortened"),
        pytest.param(f"{AIM} {ENDLESS}", id="too long to be shortened"),
        pytest.param("Newts slept. " * (MOST_SENTENCES + 1), id="too many sentences"),
        pytest.param(f"{RESULT} " * (MOST_READ // len(RESULT)), id="too many characters"),
        pytest.param("", id="nothing"),
    ],
)
def test_agreement(text: str) -> None:
    """What a card cannot quote, the command does not give as quoted."""
    assert agree([Paragraph(text)])


@given(st.lists(PARAGRAPHS, max_size=4), st.text(max_size=20))
def test_agreement_on_any_text(abstract: list[Paragraph], title: str) -> None:
    assert agree(abstract, title)


@needs_shared
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.storm)])
@pytest.mark.parametrize("name", ["read-abstracts", "attribution"])
def test_agreement_on_read_abstracts(name: str, every: int) -> None:
    for row in rows(f"findings/{name}.jsonl")[::every]:
        assert agree([Paragraph(" ".join(row["sentences"]))], row.get("title") or ""), row["id"]


@needs_shared
@pytest.mark.parametrize("name", ["read-abstracts", "attribution"])
def test_benchmarks_choose_alike(name: str) -> None:
    """Benchmarks measure what the command answers, but for texts that are cut off (these two) or in another language."""
    read = rows(f"findings/{name}.jsonl")[::3]
    other = {row["id"] for row in read if tuple(findings_of(row, 3)["card"]) != precis(row).quoted}
    assert other <= {"bb-118", "bb-463"}


@pytest.mark.parametrize("sentences", [["Newts slept."] * (MOST_SENTENCES + 1), [RESULT * (MOST_READ // len(RESULT) + 1)]])
def test_sentences_of_no_abstract(sentences: list[str]) -> None:
    """More sentences or characters than any abstract has are answered as an empty abstract is."""
    empty = findings_of({"id": 1, "sentences": []}, 4)
    assert findings_of({"id": 1, "sentences": sentences}, 4) == empty
