import pytest

from bot.core.errors import PageChanged
from bot.core.record import Paragraph
from bot.sources.erowid import end_matter, read_record
from tests.references import erowid
from tests.tables import table_of, values_of

ONE = erowid(1066)
TOP = "<html><body>Erowid<p>Erowid References Database<p>Doe J.<p>“On goats”.<p>J Made Up. 1998;1:2.<p>"
FOOT = "<p>Submit Comment [ Cite HTML ]<p>Home | Mushrooms & Goats<p>noref</body></html>"
COMMENT = "<p>Jan 1, 2009<p>My goat #<p>Mine slept better."


def read(body):
    return read_record(f"{TOP}{body}".encode(), ONE)


@pytest.mark.parametrize(("printed", "kept", "_why"), table_of(end_matter.__doc__))
def test_the_table_of_endings_holds(printed: str, kept: str, _why: str) -> None:
    """What stands between the two is in no field, and decides what the second is."""
    for text in values_of(printed):
        record = read(f"Goats slept.<p>{text}<p>Mine slept.{FOOT}")
        assert record.abstract[0] == Paragraph("Goats slept.")
        assert record.abstract[1:] == ((Paragraph("Mine slept."),) if kept == "a paragraph" else ())
        assert [one.removeprefix("Status: display ") for one in record.comments] == ["Mine slept."] * (kept == "a comment")
        assert not record.notes


@pytest.mark.parametrize("status", ["", "<p>Status: display"])
@pytest.mark.parametrize(
    "heading",
    [
        "Comments and Responses to this Article",
        "Comments and Responses<br>to this Article",
        "Comments<br>and Responses to<br>this Article #",
        "<table><tr><td>Comments and Responses</td><td>to this Article</td></tr></table>",
        "Comments &amp; Responses to this Article",
        "COMMENTS &#38; RESPONSES to this article",
        "Comments and Responses",
        "Comments &amp; Responses:",
        "Responses to this Article",
        "Reader Comments",
        "Readers' comments:",
        "Comments",
    ],
)
def test_the_comments_heading(heading, status):
    """However the heading is broken or worded, what readers wrote after it is in no field but their own."""
    record = read(f"Goats slept.<p>{heading}{status}{COMMENT}{FOOT}")
    assert record.abstract == (Paragraph("Goats slept."),)
    assert record.notes == ()
    assert " ".join(record.comments).removeprefix("Status: display ") == "Jan 1, 2009 My goat # Mine slept better."


@pytest.mark.parametrize("heading", ["Comments & Responses to this Article", "Comments and Responses to this Article #"])
def test_a_heading_that_runs_on(heading):
    assert read(f"Goats slept. {heading}{COMMENT}{FOOT}").abstract == (Paragraph("Goats slept."),)


@pytest.mark.parametrize(
    "text",
    [
        "Comments and responses were counted in goats.",
        "Comments were few.",
        "Comments by goats and responses to this article of dress were few.",
    ],
)
def test_a_sentence_is_no_heading(text):
    assert read(f"{text}<p>Comments and Responses to this Article{FOOT}").abstract == (Paragraph(text),)


@pytest.mark.parametrize(
    "foot",
    [
        '<div id="footer">Home | About Us | Mushrooms</div>',
        "<p>The Made-Up Center is a 501(c)(3) of nowhere.",
        "<p>noref",
        "",
    ],
)
def test_a_page_without_its_end(foot):
    """Where no landmark ends the record, its last words may be the site's: the page is no record."""
    with pytest.raises(PageChanged):
        read(f"Goats slept.{foot}</body></html>")


@pytest.mark.parametrize(
    "clutter",
    [
        '<div style="display:none">Not to be seen <b>at</b> all<br>.</div>',
        "<p hidden>Not to be seen.</p>",
        "<span style='color: red; VISIBILITY : hidden'>Not to be seen.</span>",
        '<p>Related: <a href="refs_view.php?ID=2">Another record</a>',
        '<p>Related references: <a href="refs_view.php?ID=2">Another record</a>',
    ],
)
def test_what_is_not_the_abstract(clutter):
    """Neither hidden text nor the site's links to other records are the abstract."""
    record = read(f"Goats slept.{clutter}<p>They woke.<p>Comments and Responses to this Article{FOOT}")
    assert (record.abstract, record.notes) == ((Paragraph("Goats slept."), Paragraph("They woke.")), ())


@pytest.mark.parametrize("link", ["Submit Comment", "[ Cite HTML ]", "Submit Comment | [ Cite HTML ]"])
def test_links_above_the_abstract(link):
    """The site's links may stand above the abstract, too."""
    for body in (f"{link}<p>Abstract<p>Goats slept.", f"{link}<p>Goats slept.", f"Goats slept.<p>{link}"):
        record = read(f"{body}<p>Comments and Responses to this Article{COMMENT}{FOOT}")
        assert (record.abstract, record.notes) == ((Paragraph("Goats slept."),), ())
        assert record.source == "J Made Up. 1998;1:2."
