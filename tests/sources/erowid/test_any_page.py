import re
import time
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import BotError, NotARecord, PageChanged, RecordNotFound, Refused
from bot.core.record import Name, Paragraph, Record
from bot.sources.erowid import read_record
from bot.sources.title_language import language_of
from tests.pages import BANNER, ENCODINGS, MARKUPS, PageText, write_page
from tests.references import erowid

ONE = erowid(1066)
COMMENTS = ("Abstract: “A fake title”. Doe X. J Fake. 1999;1:2. NOTE: Retracted by authors.", "Key Words: none")

FAMILY = st.sampled_from(["Doe", "Roe-Poe", "O'Moe", "Van Doe", "de la Roe", "Szára", "Müller", "D\u2019Coe"])
NAMES = st.lists(st.tuples(FAMILY, st.text("ABCEFGHJKLNPRST", min_size=1, max_size=3)), max_size=6)
WORD = st.sampled_from(
    [
        "mice",
        "sleep",
        "MDMA",
        "(LSD)",
        "“rave”",
        "3,4-methylene",
        "5-HT2",
        "café",
        "p<.05",
        "<5",
        "2000;",
        "A & B",
        "the",
        "'ecstasy'",
        "Müller\u2019s",
    ]
)
WORDS = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
LABEL = st.sampled_from([None, None, "BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"])
PARTS = st.lists(st.tuples(LABEL, WORDS.map(lambda text: f"Then {text} ended.")), max_size=5)


@given(
    NAMES,
    WORDS,
    PARTS,
    st.tuples(st.sampled_from(sorted(MARKUPS)), st.sampled_from(sorted(ENCODINGS)), st.booleans(), st.integers()),
)
def test_what_is_written_is_read(names, words, parts, how):
    """For any record, in any markup, encoding and template, and whatever clutter, the parse is the record."""
    markup, encoding, heading, seed = how
    authors = ", ".join(f"{family} {initials}" for family, initials in names) + "." if names else ""
    page = PageText(
        f"“On {words} again”.",
        authors,
        "J Made Up. 1998 Dec;51(6):1532-7.",
        [f"{label}: {text}" if label else text for label, text in parts],
        COMMENTS,
        BANNER if seed % 2 else "",
        heading=heading,
    )
    noise = Random(seed)
    record = read_record(write_page(page, markup, "utf-8" if markup == "plain" else encoding, noise=noise), ONE)
    assert record == Record(
        reference=ONE,
        title=f"On {words} again",
        authors=tuple(Name(family, " ".join(f"{letter}." for letter in initials)) for family, initials in names),
        container_title="J Made Up",
        issued=((1998, 12),),
        volume="51",
        issue="6",
        page="1532-7",
        source="J Made Up. 1998 Dec;51(6):1532-7.",
        authors_line=authors or None,
        abstract=tuple(Paragraph(text, label) for label, text in parts),
        comments=record.comments,
        language=language_of(f"On {words} again"),
    )
    assert len(record.comments) == 2


def test_a_quotation_of_the_abstract_is_no_title():
    """Though what stands before it reads as an author, and what follows as a source."""
    abstract = "Then MDMA “rave” MDMA 2000; ended."
    page = PageText("“On mice again”.", "", "J Made Up. 1998 Dec;51(6):1532-7.", [abstract], COMMENTS, "", heading=False)
    record = read_record(write_page(page, "br", "ascii", noise=Random(0)), ONE)
    assert (record.title, record.source, record.abstract) == (
        "On mice again",
        "J Made Up. 1998 Dec;51(6):1532-7.",
        (Paragraph(abstract),),
    )


SCRAPS = st.sampled_from(
    [
        *re.findall(
            r"<[^>]*>", "<p></div><br><table><tr><td><!--x><title><script></script></title><pre></html><div id=message>"
        ),
        *("<?xml version='1.0'?>", "<?php", "<![CDATA[", "<!doctype html>", "<o:p>", "<x-y>", "T<Cmax "),
        *(
            "<!--",
            "-->",
            "&#147;",
            "\x93",
            "\x94.",
            "\udcff",
            "\udc93",
            "\n",
            "“Sleep”. ",
            "Doe J, Roe K. ",
            "J Made Up. 1998;1:2. ",
        ),
        *("Erowid References Database", "Abstract", "RESULTS: ", "Notes # : ", "Status: display", "[ Cite HTML ]"),
        *(
            "Comments and Responses to this Article",
            "Submit Comment",
            "<a href='refs_cite.php?ID=3'>",
            "<link rel=canonical href=/x>",
        ),
    ]
).map(lambda text: text.encode("utf-8", "surrogateescape"))


BYTES = st.binary(max_size=400) | st.lists(SCRAPS | st.binary(max_size=4), max_size=40).map(b"".join)


@given(BYTES, st.booleans())
@example(b"<?xml a?><?xml version='1.0'?><p>", True)
@example(b"<?xml" + b" " * 300 + b"?><br>", False)
def test_any_bytes_give_a_record_or_a_reason(body, known):
    """Nothing else ever comes out."""
    outcome = read_or_reason(body, ONE if known else None)
    assert isinstance(outcome, (Record, PageChanged, NotARecord, RecordNotFound, Refused))
    assert outcome.title if isinstance(outcome, Record) else outcome.advice


def read_or_reason(body, reference):
    try:
        return read_record(body, reference)
    except BotError as error:
        return error


PAGE = (
    "<p>Erowid References Database<p>Doe J.<p>“Sleep”.<p>J Made Up. 1998;1:2.<p>{}<p>Comments and Responses to this Article"
)
RECORD = PAGE.format("x")
AUTHORS = RECORD.replace("Doe J.", "{}")
SOURCE = RECORD.replace("J Made Up. 1998;1:2.", "{}")

FIELDS = {
    "degrees": ("MBBS", 1_000, AUTHORS.replace("{}", "{} x")),
    "initials": ("A-", 1_990, AUTHORS.replace("{}", "{}x.")),
    "commas": (", ", 1_990, AUTHORS.replace("{}", "{}x.")),
    "groups": ("Doe J; ", 280, AUTHORS),
    "years": ("1998 ", 99, SOURCE),
    "small ls": ("l", 490, SOURCE.replace("{}", "J. 1998;{}")),
    "pages": ("1-1, ", 90, SOURCE.replace("{}", "J. 1998;1:{}")),
    "editors": ("A.B. Roe, ", 45, SOURCE.replace("{}", "{}x. 1998;p1.")),
}
"""Fields as long as they are read at most: what is repeated, how often, and the page around it."""

PAGES = {
    "nesting": ("<div>", 200_000, "{}"),
    "nesting in a record": ("<b>", 15_000, PAGE.replace("{}", "{}x")),
    "open tags": ("<", 1_000_000, "{}"),
    "open comments": ("<!--", 250_000, "{}"),
    "quotes": ("“", 300_000, "{}"),
    "straight quotes": ('"', 900_000, "{}"),
    "quoted quotes": ("“x”. ", 100_000, "<p>“{}"),
    "quoted lines": ("“x”.\n<br>", 15_000, "<p>{}"),
    "unclosed quotes": ("“x\n", 150_000, "{}"),
    "half sources": ("x”. J. 1998;", 60_000, "<p>“{}"),
    "stops": ("A. ", 300_000, PAGE),
    "labels": ("x. RESULTS: ", 60_000, PAGE),
    "capitals": ("METHODS AND ", 80_000, PAGE),
    "wrapped": ("mice slept in a room and<br>", 15_000, PAGE),
    "wrapped authors": ("Doe J,\n", 120_000, "{}“Sleep”.\nJ. 1998;1:2.\nSubmit Comment"),
    "long years": ("1998 ", 100_000, SOURCE),
    "punctuation": ("!", 900_000, PAGE),
    "menus": ("home ", 150_000, PAGE.replace("{}", "{}x")),
    "entities": ("&amp;", 150_000, PAGE),
    "bars": ("|[", 400_000, PAGE),
    "brackets": ("[", 900_000, PAGE),
    "affiliations": ("<p>University of X, Y", 15_000, PAGE),
    "links": ("<a href=x>", 19_000, "{}"),
    "comments": ("<p>Status: display<p>x", 9_000, RECORD + "{}"),
    "spaces": (" ", 900_000, PAGE.replace("{}", "x{}x")),
    "one word of stops": ("aaaa.", 150_000, PAGE.replace("{}", "NOTE: Retracted by authors {}")),
    "sentences of a note": ("See a. ", 120_000, PAGE.replace("{}", "NOTE: Retracted by authors. {}")),
    "printf": ("10 0a ", 120_000, PAGE),
    "run-on labels": ("x. Methods A ", 60_000, PAGE),
    "backslashes": ("\\'", 400_000, PAGE),
    "bot checks": ("verify you are human ", 3_000, "{}"),
    "C1": ("\x93", 450_000, "{}"),
    "twice": ("Ã\x83", 200_000, "{}"),
}
"""Pages as large as they are read at most, likewise."""


@pytest.mark.parametrize("name", FIELDS)
def test_hostile_fields_cost_little(name):
    """No line within the bounds takes long, whatever it was made to provoke."""
    unit, times, around = FIELDS[name]
    assert seconds(around.format(unit * times)) < 3


@pytest.mark.parametrize("share", [4, pytest.param(1, marks=pytest.mark.storm)])
@pytest.mark.parametrize("name", PAGES)
def test_hostile_pages_cost_little(name, share):
    """No page within the bounds takes long, nor a quarter of one a quarter of that."""
    unit, times, around = PAGES[name]
    assert seconds(around.format(unit * (times // share))) < 3 / share


def seconds(page):
    body = page.encode()
    start = time.process_time()
    read_or_reason(body, ONE)
    return time.process_time() - start
