import pytest

from bot.core.errors import BadTarget
from bot.core.record import Paragraph
from bot.findings import CUT, choose, findings_of, key_findings, label_sentences
from bot.findings.announcements import announces
from bot.findings.language import is_english
from tests.bench.findings import INVENTED
from tests.findings.endings import KEPT, SEEN

BACKGROUND = "Inventamine is a made-up compound that people in a made-up valley are said to chew."
AIM = "The aim of this study was to determine the effect of inventamine on sleep in the rat."
METHOD = "Twelve rats were injected with saline or inventamine (5 mg/kg i.p.) and were recorded for 6 h."
RESULT = "Inventamine increased REM latency from 42.5 to 61.0 min (p less than 0.05)."
OPENING = "Inventamine markedly increased REM latency in rats and decreased the number of awakenings."
NEGATIVE = "It had no effect on total sleep time."
CONCLUSION = "These results suggest that inventamine delays REM sleep in the rat."
REGISTERED = "This trial was registered at clinicaltrials.gov as NCT00000000."
FUNDED = "Funding was provided by the Made-up Foundation."
DISCUSSED = "The implications of these findings are discussed."
MORE = "Further research is needed."
RIGHTS = "© 2001 Made-up Press. All rights reserved."
RETRACTED = "This article has been retracted by its authors."


def quotes(*sentences: str, label: str | None = None, **limits: int) -> list[str]:
    return [one.text for one in key_findings([Paragraph(" ".join(sentences), label)], "", **limits).findings]


def ranked(sentences: list[str]) -> tuple[int, ...]:
    return choose(sentences, label_sentences(sentences)).ranked


@pytest.mark.parametrize("tail", [REGISTERED, FUNDED, DISCUSSED, MORE, RIGHTS, RETRACTED])
def test_what_is_never_a_finding(tail: str) -> None:
    """Registration, funding, rights, discussions and calls for more work are not quoted, and are picked last of all."""
    sentences = [AIM, METHOD, RESULT, CONCLUSION, tail]
    assert quotes(*sentences) == [CONCLUSION, RESULT]
    assert ranked(sentences)[-1] == 4


@pytest.mark.parametrize("ending", [*SEEN, *KEPT])
def test_endings(ending: str) -> None:
    """Consent, funding, thanks, references and the like are not quoted, and are picked after all that was found."""
    sentences = [AIM, METHOD, RESULT, CONCLUSION, ending]
    assert quotes(*sentences) == [CONCLUSION, RESULT]
    assert ranked(sentences)[-1] == 4


@pytest.mark.parametrize(
    ("sentences", "found"),
    [
        pytest.param([BACKGROUND, AIM, METHOD, RESULT, CONCLUSION], [CONCLUSION, RESULT], id="plain"),
        pytest.param([f"1. {METHOD}", f"2. {RESULT}", f"3. {CONCLUSION}"], [CONCLUSION, RESULT], id="numbered summary"),
        pytest.param([OPENING, METHOD, CONCLUSION], [CONCLUSION, OPENING], id="opens with the finding"),
        pytest.param([AIM, METHOD, RESULT, CONCLUSION, CONCLUSION], [CONCLUSION, RESULT], id="said twice"),
        pytest.param([METHOD], [], id="one sentence, a method"),
        pytest.param([CONCLUSION], [CONCLUSION], id="one sentence, a finding"),
        pytest.param([AIM, METHOD], [], id="no finding"),
        pytest.param([AIM, DISCUSSED], [], id="nothing but talk"),
        pytest.param(["This paper reviews the chemistry of inventamine.", DISCUSSED], [], id="a review that only announces"),
        pytest.param(
            ["Inventamine often causes sleep.", AIM, METHOD, RESULT, CONCLUSION], [CONCLUSION, RESULT], id="a generality"
        ),
        pytest.param([AIM, METHOD, RESULT, "Tissue had been stored in a freezer."], [RESULT], id="a method last"),
        pytest.param([AIM, METHOD, RESULT, CONCLUSION, "It is argued that the"], [CONCLUSION, RESULT], id="cut off"),
        pytest.param([AIM, METHOD, RESULT, CONCLUSION[:-1]], [CONCLUSION[:-1], RESULT], id="the last full stop missing"),
        pytest.param(
            [METHOD, "We found that sleep rose in 500ut the rats.", "We found that 16 0n the group woke.", CONCLUSION],
            [CONCLUSION],
            id="damaged by a printf",
        ),
        pytest.param(
            [
                METHOD,
                "We found that sleep rose by 20 0.000000 in rats.",
                "We found that 730x0p+0ctive rats woke.",
                CONCLUSION,
            ],
            [CONCLUSION],
            id="damaged by a printf, only numbers left",
        ),
        pytest.param([RETRACTED], [], id="one sentence, and that a retraction"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_quotes(sentences: list[str], found: list[str]) -> None:
    """What was found is quoted, the most important first, and nothing else is."""
    assert quotes(*sentences) == found


@pytest.mark.parametrize(
    "text",
    [
        "This review takes into account what is known of inventamine and sleep.",
        "We also discuss the actions of inventamine on newts.",
        "The effects of inventamine on other animals are reviewed.",
        "Therefore, the present manuscript covered the chemistry of inventamine and its actions on newts.",
        "We further highlight the role of inventamine in the sleep of newts.",
        "An overview of the actions of inventamine on newts is provided.",
        "The application of this method to newts will guide researchers who plan the care of amphibians.",
        "Our results would be useful in framing guidelines for the care of newts and frogs.",
        "The next steps will be to look at newts of other valleys and to develop a better cage.",
        "Future work must aim to expand the use of inventamine beyond newts and toads with clear reports.",
        "On the basis of our findings we recommend further long-term studies on the sleep of newts.",
        "These findings may help to advance the treatment of newts.",
    ],
)
def test_announcements(text: str) -> None:
    """What a paper treats, and what good it may do, is not quoted."""
    assert quotes(AIM, METHOD, RESULT, CONCLUSION, text) == [CONCLUSION, RESULT]


def test_what_a_review_tells() -> None:
    """A review that says what the evidence shows does not only announce its contents."""
    assert announces("This article reviews the evidence on inventamine and sleep.")
    assert not announces("This article reviews the evidence demonstrating that inventamine delays sleep.")


def test_a_longer_sentence_repeats_nothing() -> None:
    """A sentence that says what another one says, and more, is quoted beside it."""
    more = f"{CONCLUSION.removesuffix('.')}, lengthens naps by day, and lowers body temperature without loss of weight."
    assert set(quotes(AIM, METHOD, RESULT, CONCLUSION, more)) >= {CONCLUSION, more}


GERMAN = (
    "Die Ratten schliefen nach der Gabe von Inventamin länger als die Tiere der Kontrollgruppe, und das war zu erwarten."
)


def test_another_language() -> None:
    """An abstract that is not in English gets its printed conclusions alone."""
    assert not is_english(GERMAN)
    plain = key_findings([Paragraph(GERMAN)])
    assert (plain.findings, plain.aim, plain.foreign) == ((), None, True)
    labelled = key_findings([Paragraph(GERMAN), Paragraph(GERMAN, "CONCLUSIONS")])
    assert [(one.text, one.label) for one in labelled.findings] == [(GERMAN, "CONCLUSIONS")]
    twice = [Paragraph(GERMAN, "CONCLUSIONS")] * 2
    assert [len(key_findings(twice, budget=len(GERMAN) * count).findings) for count in (1, 2)] == [1, 2]
    assert not key_findings([Paragraph(RESULT)]).foreign


def test_labels() -> None:
    """A finding carries the label printed over it, and none that is not printed."""
    paragraphs = [Paragraph(METHOD, "METHODS"), Paragraph(RESULT, "RESULTS"), Paragraph(CONCLUSION, "CONCLUSIONS")]
    found = key_findings(paragraphs).findings
    assert [(one.label, one.text) for one in found] == [("CONCLUSIONS", CONCLUSION), ("RESULTS", RESULT)]
    assert {one.label for one in key_findings([Paragraph(f"{METHOD} {RESULT} {CONCLUSION}")]).findings} == {None}


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
    found = key_findings([Paragraph(text, head) for head, text in paragraphs]).findings
    assert [one.text for one in found] == [CONCLUSION, RESULT]
    row = {"id": 1, "abstract": [{"label": head, "text": text} for head, text in paragraphs]}
    assert findings_of(row, 4)["picks"][-1] == 3


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"abstract": None},
        {"abstract": [{}]},
        {"abstract": [{"text": None}]},
        {"abstract": ["a"]},
        {"sentences": [1]},
        {"title": 1},
    ],
)
def test_rows_of_another_shape(row: dict[str, object]) -> None:
    """A row that holds no abstract is named and refused."""
    with pytest.raises(BadTarget, match="row 7"):
        findings_of({"id": 7, **row}, 2)


def test_budget() -> None:
    """What does not fit is left out; a finding longer than the whole budget ends where a clause does, and says so."""
    assert quotes(AIM, METHOD, RESULT, CONCLUSION, budget=len(CONCLUSION)) == [CONCLUSION]
    assert quotes(AIM, METHOD, RESULT, CONCLUSION, most=1) == [CONCLUSION]
    long = (
        "These results suggest that inventamine increased REM latency, (a, b) whereas saline changed it not, nor did water."
    )
    assert quotes(AIM, METHOD, long, budget=80) == [
        "These results suggest that inventamine increased REM latency, (a, b)" + CUT
    ]
    assert quotes(AIM, METHOD, long, budget=20) == []


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
    assert answer["card"][0] == 4
    assert answer["aim"] is None
    nothing = {"id": 9, "sentences": [], "labels": [], "picks": [], "card": [], "aim": None}
    assert findings_of({"id": 9, "sentences": []}, 3) == nothing
    only_aim = findings_of({"id": 9, "title": "Sleep", "sentences": [BACKGROUND, AIM]}, 3)
    assert (only_aim["card"], only_aim["aim"]) == ([], 1)
