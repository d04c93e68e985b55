import pytest

from bot.core.record import Paragraph
from bot.sources.erowid.abstract import read_body
from bot.sources.erowid.html_lines import Line
from bot.sources.erowid.retraction import retraction_in

SLEPT = Paragraph("Goats slept.")


@pytest.mark.parametrize(
    "note",
    [
        "NOTE: Retracted by authors in 1999.",
        "Note: Retracted in 1999.",
        "NOTE: This paper was later retracted.",
        "NOTE: The paper was retracted in 1999.",
        "Notice: Article retracted.",
        "This article has been retracted by the authors.",
        "This article has since been retracted.",
        "The authors have retracted this paper.",
        "The authors of this paper have since retracted this paper.",
        "Retraction in: J Made Up. 2003;5:1.",
        "Retraction published in J Made Up 2003;5:1.",
        "[RETRACTION: see J Made Up 2003;5:1]",
        "[Retracted]",
    ],
)
def test_a_retraction(note):
    """A note of its own says that the work was retracted, before the abstract and after it."""
    for texts in ((note, "Goats slept."), ("Goats slept.", note)):
        found = read_body([Line(text) for text in texts], [])
        assert (found.retraction, found.notes, found.paragraphs) == (note, [note], [SLEPT])


@pytest.mark.parametrize(
    "note",
    [
        "This article has been retracted by the authors.",
        "This paper was retracted by its authors. See J Made Up. 2003;5:1.",
        "The authors have retracted this paper.",
        "Retraction in: J Made Up. 2003;5:1.",
        "Retraction published in J Made Up 2003;5:1.",
        "[RETRACTION: see J Made Up 2003;5:1]",
        "[Retracted]",
        "NOTE: Retracted by authors 2003.",
    ],
)
def test_a_retraction_at_the_end_of_a_paragraph(note):
    found = read_body([Line(f"Goats slept. {note}")], [])
    assert (found.retraction, found.notes, found.paragraphs) == (note, [note], [SLEPT])


@pytest.mark.parametrize(
    "note",
    [
        "NOTE: Retracted by authors 2003.",
        "NOTE: Retracted by R.A. Roe et al., 12 Sept. 2003.",
        "NOTE: Retracted by authors. See J Made Up. 2003;5:1.",
        "NOTE: Retracted by authors (Roe RA, Poe P. J Made Up. 2003;5:1).",
        "[NOTE: Retracted by authors in 2003.]",
        "Note: This paper was retracted by the authors in 2003.",
        "This article has been retracted by the authors.",
        "Retraction in: J Made Up. 2003;5:1.",
        "RETRACTED.",
    ],
)
def test_a_retraction_at_the_head_of_a_paragraph(note):
    """The abstract that goes on behind the note in its paragraph is the abstract."""
    found = read_body([Line(f"{note} BACKGROUND: Goats were given hay. RESULTS: They slept for 3 h.")], [])
    assert (found.retraction, found.notes) == (note, [note])
    assert found.paragraphs == [
        Paragraph("Goats were given hay.", "BACKGROUND"),
        Paragraph("They slept for 3 h.", "RESULTS"),
    ]
    for text in ("Goats slept. They woke.", "This study of 1:2 goats was made to see letters. They saw 73% of alcohol. So."):
        assert read_body([Line(f"{note} {text}")], []).paragraphs == [Paragraph(text)]


def test_an_erratum_at_the_head_of_a_paragraph():
    found = read_body([Line("Erratum in: J Made Up. 2003;5:1. Goats slept in the hay.")], [])
    assert (found.retraction, found.notes) == (None, ["Erratum in: J Made Up. 2003;5:1."])
    assert found.paragraphs == [Paragraph("Goats slept in the hay.")]


@pytest.mark.parametrize(
    "text",
    [
        "NOTE: The retracted paper by Roe is criticised here.",
        "Note: Replies to a retracted paper.",
        "NOTE: This study was not retracted; another paper on goats was retracted.",
        "Note: This paper has not been retracted.",
        "Note: It is unclear why Roe retracted the paper.",
        "Retraction of: J Made Up. 1999;1:2.",
        "Roe reported that goats slept. This paper was retracted in 1999.",
        "The paper was retracted in 1999, and goats slept on.",
        "The authors retracted the paws of goats.",
        "Retracted paws were seen in goats.",
        "Goats slept. Retraction of paws followed.",
    ],
)
def test_talk_of_retraction(text):
    """Talk of another's retraction, of none, or of paws is no retraction of the work."""
    assert read_body([Line(text), Line("Goats slept.")], []).retraction is None


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("Science. 2002;297:2260-3. Retraction in: Science. 2003;301:1479.", "Retraction in: Science. 2003;301:1479"),
        ("RETRACTED: Sleep of mice", "RETRACTED: Sleep of mice"),
        ("Retracted article: Sleep of mice", "Retracted article: Sleep of mice"),
        ("Sleep of mice [Retracted]", "Retracted"),
        ("Why papers are not retracted.", None),
        ("When my paper was retracted", None),
        ("Retraction: see J Made Up. 1999;1:2.", "Retraction: see J Made Up. 1999;1:2"),
        ("Retraction of sleep in mice", None),
        ("Retraction", None),
        ("Retracted paws in mice", None),
        ("Sleep", None),
        (None, None),
    ],
)
def test_retraction_in_a_line(line, note):
    assert retraction_in(line) == note
