import textwrap
from itertools import product

import pytest

from bot.core.errors import NotARecord, PageChanged, RecordNotFound, Refused
from bot.core.record import Name, Paragraph, Record
from bot.sources.erowid import read_record
from bot.sources.refusal import is_refusal
from tests.pages import BANNER, ENCODINGS, MARKUPS, PageText, write_page
from tests.references import erowid
from tests.shared import SHARED, needs_shared, rows

ONE = erowid(1066)
ABSTRACT = (
    "[Excerpt] BACKGROUND: Made-up mice were given water and watched by two observers.",
    "Each drank (<5 ng/mL) and “slept”; p < 0.05, T<Cmax.",
    "RESULTS",
    "They slept 13.3±2 h.",
    "Notes # : Invented throughout.",
)
PARAGRAPHS = (
    Paragraph("Made-up mice were given water and watched by two observers.", "BACKGROUND"),
    Paragraph("Each drank (<5 ng/mL) and “slept”; p < 0.05, T<Cmax."),
    Paragraph("They slept 13.3±2 h.", "RESULTS"),
)
COMMENTS = ("Abstract: “A fake title”. Doe X. J Fake. 1999;1:2. NOTE: Retracted by authors.", "Key Words: none")
PLAIN = PageText("“Sleep of mice”.", "Doe JA, Roe RB.", "J Made Up. 1998 Dec;51(6):1532-7.", ABSTRACT, COMMENTS, BANNER)


WAYS = {
    markup: list(product(("utf-8", "windows-1252", "ascii") if markup != "plain" else ("utf-8",), (True, False)))
    for markup in MARKUPS
}
"""How a page of each markup is written: its encoding, and whether it is of the template that has a heading."""


@needs_shared
@pytest.mark.parametrize("every_way", [False, pytest.param(True, marks=pytest.mark.storm)])
@pytest.mark.parametrize("row", rows("records.jsonl"), ids=lambda row: str(row["id"]))
def test_real_records(row, every_way):
    """Every real record comes out right in every markup: written in every way, or in another one for each record."""
    for markup, ways in WAYS.items():
        for encoding, heading in ways if every_way else [ways[row["id"] % len(ways)]]:
            page = PageText(
                row["title_line"], row["authors_line"], row["source_line"], ABSTRACT, COMMENTS, BANNER, heading=heading
            )
            record = read_record(write_page(page, markup, encoding), erowid(row["id"]))
            how = (markup, encoding, heading)
            csl = record.to_csl()
            assert csl.pop("language", None) in {None, "de", "fr", "it"}, how  # which the shared rows leave out
            assert csl == row["csl"], how
            assert record.source == row["source_line"], how
            assert record.abstract == PARAGRAPHS, how
            assert (record.excerpt, record.notes, record.retracted) == (True, ("Invented throughout.",), False), how


@needs_shared
def test_the_one_real_page():
    """The text of the one page that is known whole, as it stands, and as somebody's paragraph or `<pre>`."""
    text = (SHARED / "seed-page.txt").read_text("utf-8")
    pages = [text, text.replace("\n", "\r\n"), f"<html><body><pre>{text}</pre>", f"<html><body>{text}</body></html>"]
    pages += [f"<body><p>{text}</p></body>", "<br>\n".join(text.splitlines()), "<p>".join(text.splitlines())]
    for page in pages:
        record = read_record(page.encode(), ONE)
        assert record.to_csl() == {
            "type": "article-journal",
            "id": "1066",
            "title": "Lack of Opioid System in the Antidepressant Actions of Ketamine",
            "author": [{"family": "Zhang", "given": "K."}, {"family": "Hashimoto", "given": "K."}],
            "container-title": "Biol Psychiatry",
            "issued": {"date-parts": [[2019, 3, 19]]},
            "volume": "85",
            "issue": "6",
            "page": "e25-e27",
        }
        assert record.excerpt
        assert [paragraph.text[:32] for paragraph in record.abstract] == ["The N-methyl-D-aspartate receptor"[:32]]
        assert record.abstract[0].text.endswith("inflammation models of depression.")
        assert (record.notes, record.comments, record.repairs) == ((), (), ())


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_sites_own_words_are_in_no_field(markup):
    """Neither banner nor menu nor foot is in any field; readers' comments only in their own."""
    for page in (
        PLAIN,
        PageText("“Sleep”.", "", "J Made Up. 1998;1:2.", (), (), BANNER),
        PageText("“Sleep”.", banner=BANNER),
    ):
        record = read_record(write_page(page, markup), ONE)
        text = repr(record)
        for word in (
            "supported",
            "Knowledge",
            "give a little",
            "Plants",
            "noref",
            "Submit",
            "Cite",
            "References Database",
            "Responses",
        ):
            assert word not in text
        shown = repr([getattr(record, name) for name in Record.__slots__ if name != "comments"])
        assert "fake" not in shown.casefold()
        assert record.title in {"Sleep of mice", "Sleep"}
        assert record.authors == (() if not page.authors_line else (Name("Doe", "J. A."), Name("Roe", "R. B.")))
    assert len(read_record(write_page(PLAIN, markup), ONE).comments) == 2


def test_a_banner_anywhere_before_the_record():
    """A banner is no author and no title, even unmarked and right above the record."""
    record = "<p>“Sleep of mice”.<p>J Made Up. 1998;1:2.<h3>Comments and Responses to this Article</h3>"
    for banner in (
        BANNER,
        "Please give today.",
        "“Knowledge is power”.",
        "Help Us Keep This Site Alive.",
        "Psychoactive Plants and Chemicals",
    ):
        for top in ("<b>Erowid References Database</b>", ""):
            found = read_record(f"<html>{top}<div>{banner}</div>{record}".encode(), ONE)
            assert (found.title, found.authors, found.container_title) == ("Sleep of mice", (), "J Made Up")


def test_the_banners_marks_may_have_wandered():
    """Marks around the record itself do not hide it."""
    body = (
        write_page(PLAIN, "p")
        .replace(b"<!-- Sperowider </exclude> -->", b"")
        .replace(b"noref", b"<!-- Sperowider </exclude> -->")
    )
    assert read_record(body, ONE).title == "Sleep of mice"


@pytest.mark.parametrize(
    ("page", "checks"),
    [
        (PageText("“Sleep”.", "", "J Made Up. 1998;1:2."), {"authors": (), "abstract": (), "container_title": "J Made Up"}),
        (PageText("“Sleep”.", "Doe J."), {"authors": (Name("Doe", "J."),), "source": None, "issued": ()}),
        (PageText("“Sleep”."), {"title": "Sleep", "authors": (), "source": None, "type": "article-journal"}),
        (
            PageText("“Sleep”.", "Doe J.", "", ("In 1998, mice slept.",)),
            {"source": None, "abstract": (Paragraph("In 1998, mice slept."),)},
        ),
        (
            PageText("“Sleep”.", "Doe J.", "Unpublished manuscript.", ("Mice slept.",)),
            {"source": "Unpublished manuscript.", "container_title": None},
        ),
        (
            PageText("“Sleep”.", "Doe J.", "", ("Notes # : See J X. 1998;1:2.",)),
            {"source": None, "notes": ("See J X. 1998;1:2.",)},
        ),
        (PageText("“Sleep”.", "Doe J.", "", ("[13 pages]",)), {"source": None, "notes": ("[13 pages]",)}),
        (
            PageText("“Sleep”.", "Doe J.", "J Made Up. 1998;1:2.", ("NOTE: Retracted by authors.", "Mice slept.")),
            {"retraction": "NOTE: Retracted by authors.", "abstract": (Paragraph("Mice slept."),)},
        ),
        (
            PageText("“Retracted: Sleep”.", "Doe J.", "J Made Up. 1998;1:2."),
            {"retraction": "Retracted: Sleep", "title": "Retracted: Sleep"},
        ),
        (
            PageText("“Sleep”.", "Doe J.", "J Made Up. 1998;1:2.", ("Mice.",), ("NOTE: Retracted by authors.",)),
            {"retraction": None},
        ),
        (
            PageText("“Sl|[eacute]|ep”.", "D&oacute;e J.", "J Made Up. 1998;1:2..", ("|[alpha]|",)),
            {"title": "Sléep", "authors": (Name("Dóe", "J."),)},
        ),
    ],
)
@pytest.mark.parametrize("heading", [True, False])
def test_records_that_lack_something(page, checks, heading):
    """What a page lacks, its record lacks too."""
    for markup in MARKUPS:
        record = read_record(
            write_page(PageText(**{**vars(page), "heading": heading or markup in {"br", "plain"}}), markup), ONE
        )
        assert {name: getattr(record, name) for name in checks} == checks, markup


def test_repairs_are_listed():
    page = PageText("“Sl|[eacute]|ep”.", "D&oacute;e J.", "J Made Up. 1998;l7:2..", ("|[alpha]|",))
    assert read_record(write_page(page), ONE).repairs == (
        "&oacute; read as ó",
        "|[eacute]| read as é",
        "doubled stop at the end of the source dropped",
        "letter for a digit: l7 read as 17",
        "|[alpha]| read as \u03b1",
    )


LONG = (
    "BACKGROUND: Made-up mice were given plain water by two observers who watched them through the night with a lamp. "
    "They drank. METHODS: Twelve mice were taken from the shelf and put back on the shelf after one hour, as is usual."
)
SECOND = "The second paragraph says that nothing more was seen in any of the mice."
FOOT = (
    "<br>Comments and Responses to this Article<br>#<br><a href=x>Submit Comment</a> [ <a>Cite HTML</a> ]<br>noref"
    "</table></body></html>"
)


def wrapped(text, width=72):
    return "<br/>\n".join(textwrap.wrap(text, width))


@pytest.mark.parametrize(
    "record",
    [
        f"Doe JA, Roe RB.<br>“On sleep”.<br>J Made Up. 1998;1:2-3.<br><br>{wrapped(LONG)}<br><br>{wrapped(SECOND)}<br>",
        f"Doe JA, Roe RB.<br>“On sleep”.<br>J Made Up. 1998;1:2-3.<br>Abstract<br>{wrapped(LONG)}<br>{wrapped(SECOND)}<br>",
        f"Doe JA,<br>Roe RB.<br>“On<br>sleep”.<br>J Made Up. 1998;1:2-3.<p>{LONG}<p>{SECOND}",
        f"<b>Doe JA, Roe RB.</b> <i>“On sleep”.</i> J Made Up. 1998;1:2-3. <b>Abstract</b> {LONG}<br><br>{SECOND}",
        f"Doe JA, Roe RB. “On sleep”. J Made Up. 1998;1:2-3. {LONG}<p>{SECOND}",
        f"<h3>Doe JA, Roe RB.</h3>“On <i>sl</i>eep”.<h2>J Made Up. 1998;1:2-3.</h2><h4>Abstract</h4>{LONG}<p>{SECOND}",
        f"<dl><dt>Doe JA, Roe RB.<dd>“On&nbsp;sleep&rdquo;.<dt>J Made Up. 1998;1:2-3.</dl>ABSTRACT:<hr>{LONG}<p>{SECOND}",
        f"Doe&#32;JA, Roe RB.<br>&#8220;On sleep&#x201d;.<br>J Made Up. 1998;1:2-3.<br><ul><li>{LONG}<li>{SECOND}</ul>",
        f"<p>Doe JA, Roe RB.\n“On sleep”.\nJ Made Up. 1998;1:2-3.</p>Abstract<pre>{LONG}\n\n{SECOND}</pre>",
    ],
)
def test_markup_that_nobody_planned(record):
    """Breaks inside paragraphs, lines that run on, entities, odd elements: the text is the same, so is the record."""
    found = read_record(f"<html><table><tr><td>Erowid<br>Erowid References Database<br>{record}{FOOT}".encode(), ONE)
    assert (found.title, found.authors) == ("On sleep", (Name("Doe", "J. A."), Name("Roe", "R. B.")))
    assert (found.container_title, found.issued, found.volume, found.page) == ("J Made Up", ((1998,),), "1", "2-3")
    background, methods = LONG.split(" METHODS: ")
    assert found.abstract == (
        Paragraph(background.removeprefix("BACKGROUND: "), "BACKGROUND"),
        Paragraph(methods, "METHODS"),
        Paragraph(SECOND),
    )
    assert (found.notes, found.comments) == ((), ())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", PageChanged),
        (b"\x00\xff\xfe", PageChanged),
        (b"<html></html>", PageChanged),
        (write_page(PageText("Sleep of mice.", "Doe JA.", "J Made Up. 1998;1:2.")), PageChanged),
        (b"<p>\xe2\x80\x9cSleep\xe2\x80\x9d.</p>", PageChanged),
        (b"<p>Doe J.<p>\xe2\x80\x9cSleep\xe2\x80\x9d.<p>J Made Up. 1998;1:2.</p></html>", PageChanged),
        (write_page(PLAIN)[:-700], PageChanged),
        (b"x" * 1_000_001, PageChanged),
        (b"<html><title>Erowid Vault : Water</title><body><h1>Water</h1>A clear liquid.", NotARecord),
        (b"<title>Erowid</title><h1>Erowid References Database</h1><form>Search</form><p>12 matches</p>", NotARecord),
        (b"<title>Erowid</title><p>Articles on mice of unknown age.", NotARecord),
        (b"<title>The Vaults of Erowid : 403 - Blocked</title>", Refused),
        (b"<TITLE >\n The Vaults of Erowid : 403 - Blocked</TITLE><p>\x93Sleep\x94.", Refused),
        (b"<title>Erowid</title><h1>Erowid References Database</h1><p>No such record.", RecordNotFound),
        (b"<title>Erowid</title><p>Sorry, that reference could not be found.</p>", RecordNotFound),
        (b"<title>Erowid</title><p>There is no reference with ID 99999.</p>", RecordNotFound),
        (b"<title>Erowid : Record Not Found</title><p>Try a search.", RecordNotFound),
        (write_page(PageText("“”.")), RecordNotFound),
    ],
)
def test_pages_that_are_no_records(body, error):
    """Each says what it is; none gives half a record."""
    with pytest.raises(error) as raised:
        read_record(body, ONE)
    assert type(raised.value) is error
    assert is_refusal(body) == (error is Refused)


def test_a_page_that_says_not_found_without_a_reference():
    with pytest.raises(NotARecord):
        read_record(b"<title>Erowid</title><p>No such record.")


def test_words_of_a_block_page_in_an_abstract_refuse_nothing():
    page = PageText("“403 - Blocked”.", "Doe J.", "J Made Up. 1998;1:2.", ("The Vaults of Erowid : 403 - Blocked",))
    assert read_record(write_page(page), ONE).title == "403 - Blocked"


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_page_cut_short_gives_no_half_record(cut):
    """Wherever a page breaks off, it gives the whole record or none."""
    page = PageText("“Sleep of mice”.", "Doe JA.", "J Made Up. 1998;1:2.", ("Mice slept.", "They woke."))
    for markup in MARKUPS:
        body = write_page(page, markup)
        try:
            record = read_record(body[: len(body) * cut // 100], ONE)
        except (PageChanged, NotARecord):
            continue
        assert record == read_record(body, ONE)


def test_a_wrong_charset_changes_nothing():
    """Neither the header nor the page can make a page be misread."""
    expected = read_record(write_page(PLAIN), ONE)
    for encoding in ENCODINGS:
        for declared in (None, "utf-8", "iso-8859-1", "shift_jis", "utf-16", "bogus"):
            body = write_page(PLAIN, "table", encoding, declared=declared)
            for charset in (None, "utf-8", "windows-1252", "koi8-r", "utf-7", "bogus"):
                assert read_record(body, ONE, charset) == expected
