import pytest

from bot.core.record import Paragraph
from bot.findings import LABELS, Label, findings_of, key_findings, sections
from bot.findings.sections import printed_labels, stands_apart
from tests.tables import table_of


@pytest.mark.parametrize(("printed", "promised"), table_of(sections.__doc__))
def test_table(printed: str, promised: str) -> None:
    """The module's table is true."""
    names = promised.split(", ")
    assert stands_apart(printed) == ("apart" in names)
    assert printed_labels(printed) == {Label(name) for name in names if name != "apart"}


@pytest.mark.parametrize("printed", [None, "", "ABSTRACT", "SUMMARY", "NEWTS", "DOSE"])
def test_no_section(printed: str | None) -> None:
    """A label that names no section narrows nothing."""
    assert printed_labels(printed) == set(LABELS)
    assert not stands_apart(printed)


@pytest.mark.parametrize(
    ("printed", "apart"),
    [
        ("FUNDAMENTALS", False),
        ("VARIABLES OF INTEREST", False),
        ("RESULTS AND LIMITATIONS", False),
        ("CONCLUSIONS AND LIMITATIONS", False),
        ("FINANCIAL DISCLOSURE(S)", True),
        ("DECLARATION OF INTEREST", True),
        ("CLINICAL TRIALS REGISTRY", True),
        ("TRIAL NUMBER", True),
        ("AUTHOR CONTRIBUTIONS", True),
        ("GRANT SUPPORT", True),
        ("GRANTS", True),
        ("COMMERCIAL RELATIONSHIPS", True),
        ("ISRCTN", True),
    ],
)
def test_apart(printed: str, apart: bool) -> None:
    """A label of findings is never set apart, whatever else the label names."""
    assert stands_apart(printed) == apart


ABSTRACT = [
    (
        "ETHNOPHARMACOLOGICAL RELEVANCE",
        "Newtus is a plant of Nowhere. It was more potent than all other sedatives of healers.",
    ),
    ("AIM OF THE STUDY", "To study newtol in mice."),
    ("MATERIALS AND METHODS", "Mice were given an extract by mouth."),
    ("RESULTS", "Sleep was prolonged by 35% (p < 0.05)."),
    ("CONCLUSION", "Newtol is a sedative in mice."),
    ("TRIAL REGISTRATION", "This result was filed under number 12345678."),
    ("ETHICS AND DISSEMINATION", "The committee found that newts were treated well, and results were shown at meetings."),
]


def test_folk_claims_are_no_findings() -> None:
    """What stands under a label of background, registration or ethics is not quoted."""
    row = {"id": "1", "abstract": [{"label": label, "text": text} for label, text in ABSTRACT]}
    assert findings_of(row, 4)["labels"] == [
        *("BACKGROUND", "BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS", "BACKGROUND", "BACKGROUND")
    ]
    quoted = key_findings([Paragraph(text, label) for label, text in ABSTRACT]).findings
    assert sorted(str(finding.label) for finding in quoted) == ["CONCLUSION", "RESULTS"]
