"""Whose words a sentence is: what others found, and what the authors found earlier, is no finding of the study."""

import pytest

from bot.core.record import Paragraph
from bot.findings import key_findings
from bot.findings.attribution import names_aim, sets_out, told_by_others
from tests.findings.test_choice import AIM, BACKGROUND, CONCLUSION, METHOD, RESULT, quotes

OTHERS = [
    "Recently, Quist et al. (1) reported that inventamine delays sleep in newts.",
    "They found that naps were shorter in 12 newts given inventamine (5 mg/kg) than in controls.",
    "The authors conclude that inventamine acts on the made-up receptor.",
    "However, the sample was too small.",
]
OUR_AIM = "Therefore, the present study was undertaken to examine whether inventamine delays sleep in rats."


def test_a_conclusion_beside_others() -> None:
    """A text that tells of others' work states a finding only where it draws a conclusion of its own."""
    known = ["Quist et al. (1990) reported that newts given inventamine slept longer.", "Marlow found no effect in frogs."]
    conclusion = "Taken together, these reports show that inventamine delays sleep in newts alone."
    assert quotes(*known, conclusion) == [conclusion]
    assert quotes(*known) == []


def test_a_case_beside_others() -> None:
    """What a case report presents is its finding, though all before it is others'."""
    known = [
        "Inventamine, a leaf of a made-up valley, remains widely used (Quist et al., 1993).",
        "Its effects include long sleep and, in some, loss of appetite (Marlow, 1992).",
        "Over the past few years several cases of sleep for days have been reported in the literature.",
    ]
    presented = "We present a fatal case with long sleep, but without the usual loss of appetite."
    assert quotes(*known, presented) == [presented]


def test_own_findings_beside_others() -> None:
    """After others' words the study's own findings are quoted, and no aim."""
    quoted = key_findings([Paragraph(" ".join([*OTHERS, OUR_AIM, METHOD, RESULT, CONCLUSION]))])
    assert [one.text for one in quoted.findings] == [CONCLUSION, RESULT]
    assert quoted.aim is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Quist and colleagues have shown that newts sleep.", True),
        ("In a previous study we found that newts sleep.", True),
        ("Newts sleep at night (Quist and Marlow, 1990).", True),
        ("Several cases have been reported in the literature.", True),
        ("These authors suggested that newts sleep.", True),
        ("Our results confirm earlier findings of Quist et al. that newts sleep.", False),
        ("Quist previously reported the effect on newts.", True),
        ("Sleep lengthened through a gene that has recently been implicated in memory.", False),
        ("Newts lacked the previously described gene.", False),
        ("This form of sleep has not previously been observed in newts.", False),
        ("We found that newts sleep.", False),
        ("Newts slept for 5 h in 1,990 trials.", False),
        ("Sleep was longer in newts than in rats.", False),
    ],
)
def test_told_by_others(text: str, told: bool) -> None:
    assert told_by_others(text) is told


@pytest.mark.parametrize(
    ("text", "aim"), [(AIM, True), (OUR_AIM, True), (RESULT, False), ("Quist et al. examined whether newts sleep.", False)]
)
def test_names_aim(text: str, aim: bool) -> None:
    assert names_aim(text) is aim


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        (OUR_AIM, True),
        (AIM, True),
        ("Thus, we examined whether newts sleep.", True),
        ("We therefore asked whether newts sleep.", True),
        ("The aim was to review what is known of newts.", False),
        ("Newts were examined daily.", False),
    ],
)
def test_sets_out(text: str, sets: bool) -> None:
    assert sets_out(text) is sets


@pytest.mark.parametrize("sentences", [[BACKGROUND, *OTHERS, OUR_AIM], [*OTHERS, OUR_AIM, METHOD]])
def test_others(sentences: list[str]) -> None:
    """What others found is no finding of the study; where none is stated the aim is quoted."""
    quoted = key_findings([Paragraph(" ".join(sentences))], "Inventamine does not delay sleep in rats")
    assert quoted.findings == ()
    assert quoted.aim is not None
    assert quoted.aim.text == OUR_AIM


@pytest.mark.parametrize(
    "opening",
    [
        "Quist (1) reported that inventamine delays sleep in newts.",
        "A recent trial (1) showed that inventamine delays sleep in newts.",
        "A study from Quistham demonstrated that inventamine delays sleep in newts.",
        "Evidence was presented last year (1) that inventamine delays sleep in newts.",
        "Two groups (1, 2) have found that inventamine delays sleep in newts.",
        "According to Quist, inventamine delays sleep in newts.",
        "Quistham researchers made the claim that inventamine delays sleep in newts.",
    ],
)
@pytest.mark.parametrize("conclusion", [OTHERS[2], "They conclude that inventamine acts on the made-up receptor."])
def test_others_in_other_words(opening: str, conclusion: str) -> None:
    """Results before the aim of a text that was cut off there are others', however these are named."""
    sentences = [opening, OTHERS[1], conclusion, OTHERS[3], OUR_AIM]
    quoted = key_findings([Paragraph(" ".join(sentences))], "Inventamine does not delay sleep in rats")
    assert quoted.findings == ()
    assert quoted.aim is not None
    assert quoted.aim.text == OUR_AIM


def test_literature_beside_a_case() -> None:
    """What is generally documented is no finding of a case report; what became of the patient is."""
    patient = "A 45-year-old woman was given inventamine for pain."
    course = "The patient became progressively less responsive and developed severe drowsiness."
    known = "Over the last decade long sleep has been documented as an adverse effect of inventamine therapy."
    found = quotes(patient, course, "No change in drowsiness was observed after naloxone.", known)
    assert course in found
    assert known not in found
