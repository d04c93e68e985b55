import re
import time
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import BotError, NotARecord, PageChanged, RecordNotFound, Refused
from bot.core.record import Name, Paragraph, Record
from bot.sources.erowid import read_record
from bot.sources.language import language_of
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


LINES = (
    "<p>Erowid References Database<p>Doe J.<p>“Sleep”.<p>J Made Up. 1998;1:2.<p>{}<p>Comments and Responses to this Article"
)
RECORD = LINES.format
HOSTILE = {
    "nesting": "<div>" * 200_000,
    "nesting in a record": RECORD("<b>" * 15_000 + "x"),
    "open tags": "<" * 1_000_000,
    "open comments": "<!--" * 250_000,
    "quotes": "“" * 300_000,
    "straight quotes": '"' * 900_000,
    "quoted quotes": "<p>“" + "“x”. " * 100_000,
    "quoted lines": "<p>" + "“x”.\n<br>" * 15_000,
    "unclosed quotes": "“x\n" * 150_000,
    "half sources": "<p>“" + "x”. J. 1998;" * 60_000,
    "stops": RECORD("A. " * 300_000),
    "labels": RECORD("x. RESULTS: " * 60_000),
    "capitals": RECORD("METHODS AND " * 80_000),
    "wrapped": RECORD("mice slept in a room and<br>" * 15_000),
    "wrapped authors": "Doe J,\n" * 120_000 + "“Sleep”.\nJ. 1998;1:2.\nSubmit Comment",
    "degrees": RECORD("x").replace("Doe J.", "MBBS" * 1_000 + " x"),
    "initials": RECORD("x").replace("Doe J.", "A-" * 1_990 + "x."),
    "commas": RECORD("x").replace("Doe J.", ", " * 1_990 + "x."),
    "years": RECORD("x").replace("J Made Up. 1998;1:2.", "1998 " * 99),
    "long years": RECORD("x").replace("J Made Up. 1998;1:2.", "1998 " * 100_000),
    "small ls": RECORD("x").replace("J Made Up. 1998;1:2.", "J. 1998;" + "l" * 490),
    "pages": RECORD("x").replace("J Made Up. 1998;1:2.", "J. 1998;1:" + "1-1, " * 90),
    "punctuation": RECORD("!" * 900_000),
    "menus": RECORD("home " * 150_000 + "x"),
    "entities": RECORD("&amp;" * 150_000),
    "bars": RECORD("|[" * 400_000),
    "brackets": RECORD("[" * 900_000),
    "affiliations": RECORD("<p>University of X, Y" * 15_000),
    "links": "<a href=x>" * 19_000,
    "comments": RECORD("x") + "<p>Status: display<p>x" * 9_000,
    "spaces": RECORD("x" + " " * 900_000 + "x"),
    "one word of stops": RECORD("NOTE: Retracted by authors " + "aaaa." * 150_000),
    "sentences of a note": RECORD("NOTE: Retracted by authors. " + "See a. " * 120_000),
    "printf": RECORD("10 0a " * 120_000),
    "run-on labels": RECORD("x. Methods A " * 60_000),
    "backslashes": RECORD("\\'" * 400_000),
    "groups": RECORD("x").replace("Doe J.", "Doe J; " * 280),
    "editors": RECORD("x").replace("J Made Up. 1998;1:2.", "A.B. Roe, " * 45 + "x. 1998;p1."),
    "bot checks": "verify you are human " * 3_000,
    "C1": "\x93" * 450_000,
    "twice": "Ã\x83" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_cost_little(name):
    """No page within the bounds takes long, whatever it was made to provoke."""
    body = HOSTILE[name].encode()
    start = time.process_time()
    read_or_reason(body, ONE)
    assert time.process_time() - start < 3
