import pytest

from bot.sources.erowid import read_record, record_url
from bot.sources.erowid.saved import read_file_name
from tests.pages import MARKUPS, PageText, write_page
from tests.references import erowid
from tests.tables import table_of, values_of

ONE = erowid(1066)
PLAIN = PageText("“Sleep of mice”.", "Doe JA, Roe RB.", "J Made Up. 1998 Dec;51(6):1532-7.", ("Mice slept.",))


@pytest.mark.parametrize(
    ("html", "number"),
    [
        ("<link rel='canonical' href='https://www.erowid.org/references/refs_view.php?ID=281&C=x'>", 281),
        ("<link href='https://erowid.org/references/281' rel=canonical>", 281),
        ("<!-- saved from url=(0067)https://erowid.org/references/refs_view.php?S=a+b%20c&ID=281 -->", 281),
        ("<a href='refs_cite.php?ID=281'>[ Cite HTML ]</a>", 281),
        ("<a href='/references/x.php?A=Comment&ID=281'>Submit <b>Comment</b></a>", 281),
        ("<link rel=canonical href='https://erowid.org.evil.example/references/refs_view.php?ID=281'>", None),
        ("<link rel=canonical href='https://www.erowid.org/experiences/exp.php?ID=281'>", None),
        ("<!-- saved from url=(0067)https://evil.example/references/refs_view.php?ID=281 -->", None),
        ("<a href='https://evil.example/refs_cite.php?ID=281'>[ Cite HTML ]</a>", None),
        ("<a href='refs_view.php?ID=281'>A related paper</a>", None),
        (
            "<a href='refs_cite.php?ID=281'>[ Cite HTML ]</a><link rel=canonical href='https://erowid.org/references/282'>",
            None,
        ),
        ("<a href='refs_cite.php?ID=0'>[ Cite HTML ]</a><a href='http://[::1/x?ID=281'>Submit Comment</a>", None),
        ("<a href='refs_cite.php?ID=281&ID=282'>[ Cite HTML ]</a>", None),
        ("", None),
    ],
)
def test_the_record_that_a_saved_page_names(html, number):
    """A saved page names its record only where nothing else can be meant."""
    body = write_page(PLAIN, "p").replace(b"<body>", b"<body>" + html.encode())
    assert read_record(body).reference == (erowid(number) if number else None)
    assert read_record(body, erowid(5)).reference == erowid(5)


@pytest.mark.parametrize(("names", "number", "_why"), table_of(read_file_name.__doc__))
def test_the_table_of_file_names_holds(names, number, _why):
    for name in values_of(names):
        assert read_file_name(name) == (None if number == "none" else erowid(int(number)))


def test_links_of_the_page_itself():
    for markup in MARKUPS:
        page = PageText("“Sleep”.", "Doe J.", "J Made Up. 1998;1:2.", reference=281)
        assert read_record(write_page(page, markup)).reference == (None if markup == "plain" else erowid(281))


def test_record_url():
    assert record_url(ONE) == "https://www.erowid.org/references/refs_view.php?ID=1066"
    assert record_url(ONE, "http://127.0.0.1:8080/") == "http://127.0.0.1:8080/references/refs_view.php?ID=1066"
