import pytest

from bot.core.errors import BadTarget
from bot.core.record import Paragraph
from bot.demo.pages import write_page
from bot.demo.samples import SAMPLES
from bot.findings import CUT, choose, findings_of, key_findings, label_sentences
from bot.findings.attribution import Source, names_aim, told_by_others, whose
from bot.findings.language import is_english
from bot.sources.erowid import read_record
from tests.bench.findings import INVENTED, choice_figures, ending_figures, keyed, precis
from tests.findings.endings import KEPT, SEEN
from tests.shared import needs_shared, rows

BACKGROUND = "Inventamine is a made-up compound that people in a made-up valley are said to chew."
AIM = "The aim of this study was to determine the effect of inventamine on sleep in the rat."
METHOD = "Twelve rats were injected with saline or inventamine (5 mg/kg i.p.) and were recorded for 6 h."
RESULT = "Inventamine increased REM latency from 42.5 to 61.0 min (p less than 0.05)."
NEGATIVE = "It had no effect on total sleep time."
CONCLUSION = "These results suggest that inventamine delays REM sleep in the rat."
REGISTERED = "This trial was registered at clinicaltrials.gov as NCT00000000."
FUNDED = "Funding was provided by the Made-up Foundation."
DISCUSSED = "The implications of these findings are discussed."
MORE = "Further research is needed."
RIGHTS = "© 2001 Made-up Press. All rights reserved."
RETRACTED = "This article has been retracted by its authors."


def quotes(*sentences: str, label: str | None = None, **limits: int) -> list[str]:
    return [one.text for one in key_findings([Paragraph(" ".join(sentences), label)], **limits).findings]


def ranked(sentences: list[str]) -> tuple[int, ...]:
    return choose(sentences, label_sentences(sentences)).ranked


@pytest.mark.parametrize("tail", [REGISTERED, FUNDED, DISCUSSED, MORE, RIGHTS, RETRACTED])
def test_what_is_never_a_finding(tail: str) -> None:
    """Registration, funding, rights, discussions and calls for more work are not quoted, and are picked last of all."""
    sentences = [AIM, METHOD, RESULT, CONCLUSION, tail]
    assert sorted(quotes(*sentences)) == sorted([RESULT, CONCLUSION])
    assert ranked(sentences)[-1] == 4


@pytest.mark.parametrize("ending", [*SEEN, *KEPT])
def test_endings(ending: str) -> None:
    """Consent, funding, thanks, references and the like are not quoted, and are picked after all that was found."""
    sentences = [AIM, METHOD, RESULT, CONCLUSION, ending]
    assert sorted(quotes(*sentences)) == sorted([RESULT, CONCLUSION])
    assert ranked(sentences)[-1] == 4


@pytest.mark.parametrize(
    ("sentences", "found"),
    [
        pytest.param([BACKGROUND, AIM, METHOD, RESULT, CONCLUSION], [RESULT, CONCLUSION], id="plain"),
        pytest.param(
            [AIM, METHOD, RESULT, NEGATIVE, CONCLUSION], [RESULT, NEGATIVE, CONCLUSION], id="no effect is a finding"
        ),
        pytest.param([f"1. {METHOD}", f"2. {RESULT}", f"3. {CONCLUSION}"], [RESULT, CONCLUSION], id="numbered summary"),
        pytest.param([RESULT, METHOD, CONCLUSION], [RESULT, CONCLUSION], id="opens with the finding"),
        pytest.param([AIM, METHOD, RESULT, CONCLUSION, CONCLUSION], [RESULT, CONCLUSION], id="said twice"),
        pytest.param([METHOD], [METHOD], id="one sentence"),
        pytest.param([AIM, METHOD], [], id="no finding"),
        pytest.param([AIM, DISCUSSED], [], id="nothing but talk"),
        pytest.param(["This paper reviews the chemistry of inventamine.", DISCUSSED], [], id="a review that only announces"),
        pytest.param(["Inventamine often causes sleep.", AIM, METHOD, RESULT], [RESULT], id="opens with a generality"),
        pytest.param([AIM, RESULT, "Recruitment is expected to end in 2099."], [RESULT], id="planned"),
        pytest.param(
            [AIM, RESULT, "Sleep is a complex state that involves many transmitters."], [RESULT], id="a generality last"
        ),
        pytest.param([AIM, METHOD, RESULT, "Tissue had been stored in a freezer."], [RESULT], id="a method last"),
        pytest.param([AIM, METHOD, RESULT, "It is argued that the"], [RESULT], id="cut off"),
        pytest.param([AIM, METHOD, RESULT, CONCLUSION[:40]], [RESULT], id="a conclusion cut off"),
        pytest.param(
            [METHOD, "Of 12 rats given inventamine, 8 were asleep within 5 min.", "The others were unchanged."],
            ["Of 12 rats given inventamine, 8 were asleep within 5 min.", "The others were unchanged."],
            id="what a finding leans on comes with it",
        ),
        pytest.param([RETRACTED], [], id="one sentence, and that a retraction"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_quotes(sentences: list[str], found: list[str]) -> None:
    """What was found is quoted in the abstract's order, and nothing else is."""
    assert quotes(*sentences) == found


def test_most_important_first() -> None:
    """The conclusion is picked first, then the result that opens the report."""
    sentences = [AIM, METHOD, RESULT, NEGATIVE, CONCLUSION, DISCUSSED]
    assert pick(sentences, label_sentences(sentences), 2) == [4, 2]


@pytest.mark.parametrize("k", [0, 1, 3, 6, 9])
def test_exactly_as_many(k: int) -> None:
    """As many are picked as are asked for, each once, where there are as many."""
    sentences = [AIM, METHOD, RESULT, RESULT, CONCLUSION, MORE]
    picks = pick(sentences, label_sentences(sentences), k)
    assert len(picks) == len(set(picks)) == min(k, 6)


def test_labels() -> None:
    """A finding carries the label printed over it, and none that is not printed."""
    found = key_findings([Paragraph(METHOD, "METHODS"), Paragraph(RESULT, "RESULTS"), Paragraph(CONCLUSION, "CONCLUSIONS")])
    assert [(one.label, one.text) for one in found] == [("RESULTS", RESULT), ("CONCLUSIONS", CONCLUSION)]
    assert {one.label for one in key_findings([Paragraph(f"{METHOD} {RESULT}")])} == {None}


@pytest.mark.parametrize(
    "label", ["FUNDING", "Ethics", "LIMITATIONS", "PRIMARY FUNDING SOURCE", "TRIAL REGISTRATION", "KEY WORDS"]
)
def test_labels_that_stand_apart(label: str) -> None:
    """Under a printed label that heads no section nothing is a finding, and it is picked last."""
    paragraphs = [
        ("METHODS", METHOD),
        ("RESULTS", RESULT),
        ("CONCLUSIONS", CONCLUSION),
        (label, "Most of it was less in newts."),
    ]
    found = key_findings([Paragraph(text, head) for head, text in paragraphs])
    assert [one.text for one in found] == [RESULT, CONCLUSION]
    row = {"id": 1, "abstract": [{"label": head, "text": text} for head, text in paragraphs]}
    assert findings_of(row, 4)["picks"][-1] == 3


@pytest.mark.parametrize(
    "row",
    [{}, {"abstract": None}, {"abstract": [{}]}, {"abstract": [{"text": None}]}, {"abstract": ["a"]}, {"sentences": [1]}],
)
def test_rows_of_another_shape(row: dict[str, object]) -> None:
    """A row that holds no abstract is named and refused."""
    with pytest.raises(BadTarget, match="row 7"):
        findings_of({"id": 7, **row}, 2)


def test_budget() -> None:
    """What does not fit is left out; a finding longer than the whole budget ends where a clause does, and says so."""
    assert quotes(AIM, METHOD, RESULT, CONCLUSION, budget=len(CONCLUSION)) == [CONCLUSION]
    assert quotes(AIM, METHOD, RESULT, CONCLUSION, most=1) == [CONCLUSION]
    long = "Inventamine increased REM latency in all rats, (a, b) whereas saline changed nothing, and water did less."
    assert quotes(AIM, long, budget=80) == ["Inventamine increased REM latency in all rats, (a, b)" + CUT]
    assert quotes(AIM, long, budget=20) == []


def test_rows() -> None:
    """A row of sentences is answered as it stands; a row of paragraphs is split first."""
    answer = findings_of({"id": "7", "sentences": INVENTED}, 2)
    assert answer["id"] == "7"
    assert answer["sentences"] == INVENTED
    assert answer["labels"] == ["BACKGROUND", "METHODS", "RESULTS", "RESULTS", "CONCLUSIONS"]
    assert answer["picks"][0] == 4
    assert len(answer["picks"]) == 2
    paragraphs = {
        "id": 8,
        "abstract": [{"label": None, "text": " ".join(INVENTED[:4])}, {"label": "CONCLUSION", "text": INVENTED[4]}],
    }
    assert findings_of(paragraphs, 2) == answer | {"id": 8}
    assert findings_of({"id": 9, "sentences": []}, 3) == {"id": 9, "sentences": [], "labels": [], "picks": []}


@needs_shared
def test_floor() -> None:
    """Of sentences that people marked, more are found than by the last sentences; most, in the papers our readers paste."""
    marked = rows("findings/dev-key.jsonl")
    old = [row for row in marked if row["set"] == "old-pilot"]
    figures = choice_figures(old, CHOOSERS["precis"])
    assert figures["at_1"] >= 87
    assert figures["at_2"] >= 70
    newer = [row for row in marked if row["set"] != "old-pilot"][::6]
    assert choice_figures(newer, CHOOSERS["precis"])["at_1"] >= 93
    for endings in (SEEN, KEPT):
        figures = ending_figures(marked[::8], endings)
        assert figures["kept_at_1"] >= 97
        assert figures["clean_at_2"] >= 95


def test_later_results_stand_by_what_they_measure() -> None:
    """After the conclusions the tested result comes before a remark that was told later: the demo's first card."""
    record = read_record(write_page(SAMPLES[0]), SAMPLES[0].reference)
    row = {"id": 1, "abstract": [{"label": part.label, "text": part.text} for part in record.abstract]}
    found = findings_of(row, 6)
    told = [found["sentences"][index] for index in found["picks"]]
    assert [text.startswith("Sleep latency fell") for text in told[2:4]] == [True, False]
    assert "card catalogues" not in " ".join(told[:4])
