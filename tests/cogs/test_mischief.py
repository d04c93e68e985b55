"""What somebody could paste, or a page could hold, to do more than be read: it does nothing, and costs little."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citation import cite, to_bibtex, to_ris
from bot.core.channel_settings import Layout
from bot.core.links import find_links
from bot.core.record import Paragraph, Record
from bot.core.study import Study
from bot.findings import Quotes, key_findings, split_sentences, study_facts
from bot.findings.quotes import MOST_READ, MOST_SENTENCES
from bot.services.cards import make_card
from bot.sources.erowid import read_record
from cogs.discord_kit.markdown import escape
from tests.cogs.conftest import Room
from tests.cogs.test_watch import VIEW
from tests.invented import REFERENCE, invented_page
from tests.references import SOURCES, erowid

LONG = 100_000
LINK = "https://erowid.org/references/refs_view.php?ID=1&"
UNITS = [
    *(
        "(",
        "[",
        "<",
        "<a ",
        "&",
        "&#",
        "a.",
        "A. ",
        "A.B.",
        "1.",
        "1-",
        "p < ",
        "0.",
        "||",
        "`",
        "\\",
        "](",
        "https://",
        LINK,
    ),
    *(
        "ID=1&ID=1",
        "erowid ",
        "and ",
        "Doe J, ",
        "“",
        '"',
        "'",
        " ",
        "\n",
        "\xa0",
        "e\u0301",
        "\u202e",
        "1988 Jan;",
        "; ",
        ": ",
    ),
    *(
        "RESULTS: ",
        "RESULTS ",
        "5 mg/kg ",
        "(n = 5) ",
        "- ",
        "vs. ",
        "Jr. ",
        "LSD, ",
        "rats and ",
        "O'",
        "*",
        "_",
        "@",
        "http://a ",
    ),
]
READERS: dict[str, Callable[[str], object]] = {
    "links": lambda text: find_links(f"erowid {text}", SOURCES),
    "sentences": split_sentences,
    "escape": escape,
    "facts": lambda text: study_facts(text[:300], [Paragraph(text)]),
    "findings": lambda text: key_findings([Paragraph(text)]),
    "card": lambda text: make_card(
        Study(Record(erowid(1), text[:4_000], abstract=(Paragraph(text[:4_000]),))), "apa", url=None
    ),
}


@pytest.mark.parametrize("name", READERS)
def test_no_text_costs_much(name: str) -> None:
    """100,000 characters that were made to let a pattern try again and again: each takes the time of any other text."""
    read = READERS[name]
    read("A warm start.")
    slowest = 0.0
    for unit in UNITS:
        began = time.process_time()
        read((unit * LONG)[:LONG])
        slowest = max(slowest, time.process_time() - began)
    assert slowest < 3


def test_an_abstract_that_is_none() -> None:
    """Beyond any real abstract's length nothing is quoted, and nothing computed: the bot would stand still meanwhile."""
    finding = "We found that the rats slept longer after the drug than before (p < 0.05). "
    assert key_findings([Paragraph(finding * 5)]).findings
    for text in ("We slept. " * (MOST_SENTENCES + 1), finding * (MOST_READ // len(finding) + 1)):
        began = time.process_time()
        assert key_findings([Paragraph(text)]) == Quotes()
        assert time.process_time() - began < 0.5


ACTIVE = (
    "@everyone <@1> <@&2> </x:3> <t:5> [a](https://evil.example/a) https://evil.example/b <https://evil.example> ||s|| ```"
)
"""What Discord would act on."""
TURNED = "\u202egnidaer\u202c\u2066x\u2069"


async def test_a_page_that_wants_to_act(room: Room) -> None:
    """Whatever stands in title, authors, journal or abstract shows as text in everything that the bot ever says of it."""
    body = invented_page(f"On {ACTIVE} {TURNED}", f"We found {ACTIVE} {TURNED}. We conclude that {ACTIVE} works.")
    room.pages.answer = body.replace(b"Doe JA", b"Doe@everyone JA").replace(b"J Imag", b"J @here Imag")
    await room.alice.send(room.channel, VIEW)
    (card,) = room.cards()
    for label in ("Abstract", "Cite"):
        await room.alice.click(card, label=label)
    for command, options in (
        ("study search", {"query": "found"}),
        ("study recent", {}),
        ("study bibliography", {}),
        ("study show", {"reference": REFERENCE.id}),
    ):
        await room.alice.slash(room.channel, command, **options)
    await room.choose(layout=Layout.EMBED, cooldown=0)
    await room.alice.send(room.channel, VIEW)
    said = [text for request in room.env.http_requests for text in texts(request.json)]
    assert sum("everyone" in text for text in said) >= 6
    for text in said:
        fences = text.count("```")
        if fences:
            assert fences == 2, text
            assert text.rstrip().endswith("```")
        plain = re.sub(r"```.*```", "", text, flags=re.DOTALL)
        plain = re.sub(r"\\[^0-9A-Za-z\s]", "", plain)
        assert not re.search(r"@everyone|@here|<[@#/]|<t:5|\]\(https://evil|https?://evil|\|\|s\|\|", plain), text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text), text
    for request in room.env.http_requests:
        mentions = (request.json or {}).get("allowed_mentions") if isinstance(request.json, dict) else None
        assert mentions is None or mentions["parse"] == []


def texts(payload: Any) -> Iterator[str]:
    """All that people read of a message that is sent."""
    if isinstance(payload, list):
        for part in payload:
            yield from texts(part)
    elif isinstance(payload, dict):
        for key, value in payload.items():
            if key in {"content", "description", "title"} and isinstance(value, str):
                yield value
            else:
                yield from texts(value)


WILD = st.text(alphabet=st.sampled_from('ab{}\\"%#&~^$_<>/i\n\r\t\u2028-@=,'), max_size=60)


@given(WILD)
def test_no_field_gets_out_of_its_line(text: str) -> None:
    """In RIS a line is a field, in BibTeX a brace its end: no title adds either."""
    item = Record(erowid(1), f"T {text}", container_title=f"J {text}").to_csl()
    ris = to_ris([item])
    tags = [line[:2] for line in ris.splitlines() if line]
    assert tags.count("TI") == tags.count("ER") == 1
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in ris.splitlines() if line), ris
    bibtex = re.sub(r"\\[{}]", "", to_bibtex([item]))
    assert bibtex.count("@article") == 1
    depth = 0
    for mark in re.findall(r"[{}]", bibtex.rstrip()[:-1]):
        depth += 1 if mark == "{" else -1
        assert depth >= 1
    assert cite(item, "apa").text


def test_what_turns_the_direction_is_dropped() -> None:
    """A page cannot let what is shown read other than it is: in a code block or a menu nothing else would stop it."""
    record = read_record(invented_page(f"On {TURNED}", f"We did {TURNED} it."), REFERENCE)
    assert (record.title, record.abstract[0].text) == ("On gnidaerx", "We did gnidaerx it.")
    assert json.dumps(record.title).isascii()
