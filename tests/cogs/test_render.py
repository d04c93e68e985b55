import html
import json
import re
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.card import MOST_QUOTED, Card, Citation, Fact, Finding
from bot.core.channel_settings import Layout, Size
from bot.core.phrase import Phrase
from bot.core.record import Name, Paragraph, Record
from bot.core.study import Study
from cogs.cards.embed import card_embed
from cogs.cards.payload import payload
from cogs.cards.render import CardView, draw
from cogs.discord_kit.colours import QUIET, RED
from cogs.discord_kit.i18n import languages, speak
from tests.references import erowid

URL = "https://www.erowid.org/references/refs_view.php?ID=900001"


def card(**changes) -> Card:
    record = {
        "reference": erowid(900_001),
        "title": "On a drug that does not exist",
        "authors": (Name(family="Doe", given="J. A."),),
        "container_title": "J Imag Pharmacol",
        "issued": ((1988, 4),),
        "volume": "4",
        "page": "1-9",
        "abstract": (Paragraph("Nothing was found (p < 0.05)."),),
    }
    shown = {
        "findings": (Finding("Nothing was found (p < 0.05)."),),
        "citation": Citation(
            "apa", "Doe, J. A. (1988). On. J, 4, 1.", "Doe, J. A. (1988). On. <i>J</i>, <i>4</i>, 1.", "APA"
        ),
        "facts": (Fact("subjects", "n = 12", "Twelve rats."),),
        "url": URL,
        "name": Phrase("Erowid reference {id}", id=900_001),
        "short_name": "Erowid 900001",
        "read_at": datetime(2026, 11, 23, tzinfo=UTC),
        "stale": False,
    }
    record |= {key: value for key, value in changes.items() if key in Record.__dataclass_fields__}
    shown |= {key: value for key, value in changes.items() if key in Card.__dataclass_fields__}
    return Card(study=Study(Record(**record), changes.get("enrichment")), **shown)


def texts(body: dict) -> list[str]:
    (container,) = body["components"]
    return [part["content"] for part in container["components"] if part["type"] == 10]


def rows(body: dict) -> list[list[str]]:
    """The labels of the buttons, row by row."""
    inside = body["components"][0]["components"] if "embeds" not in body else body["components"]
    return [[button["label"] for button in part["components"]] for part in inside if part["type"] == 1]


def test_a_card_in_components() -> None:
    """Title, who and where, facts, findings, citation, where it is from; the title is the way back."""
    body = payload(draw(card()))
    assert texts(body) == [
        f"### [On a drug that does not exist]({URL})\n-# Doe JA · J Imag Pharmacol · Apr 1988 · 4:1-9\n-# n = 12",
        "**Key findings**\n> Nothing was found (p \\< 0.05).",
        "-# **APA** Doe, J. A. (1988). On. *J*, *4*, 1.",
        "-# Quoted from the abstract · Erowid reference 900001 · read 23 Nov 2026",
    ]
    (container,) = body["components"]
    assert [part["type"] for part in container["components"]] == [10, 10, 10, 10]
    assert container["accent_color"] == QUIET.value
    flags = discord.MessageFlags()
    flags.value = body["flags"]
    assert flags.components_v2
    assert flags.suppress_notifications
    assert body["allowed_mentions"] == {"parse": []}


def test_a_retracted_record_says_so_first() -> None:
    """Red, the note before all else, and its findings struck through."""
    body = payload(draw(card(retraction="NOTE: Retracted by its authors.")))
    assert texts(body)[0] == "**Retracted**\nNOTE: Retracted by its authors."
    assert "> ~~Nothing was found (p \\< 0.05).~~" in texts(body)[2]
    assert body["components"][0]["accent_color"] == RED.value


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"findings": ()}, "-# This abstract states no result of this study."),
        ({"findings": (), "abstract": ()}, "-# The record has no abstract."),
        ({"findings": (), "excerpt": True}, "-# This excerpt states no result of this study."),
        ({"findings": (), "foreign": True}, "-# The abstract is in another language."),
    ],
)
def test_no_finding_is_said_to_be_none(changes, expected: str) -> None:
    """Where nothing is quoted the card says why, and does not say that it quotes."""
    said = texts(payload(draw(card(**changes))))
    assert expected in said
    assert not any("Quoted" in text for text in said)


def test_the_aim_where_no_finding_is_stated() -> None:
    """The aim is quoted under its name, and the card says that it quotes."""
    said = texts(payload(draw(card(findings=(), aim=Finding("We asked *why*.")))))
    assert said[1:3] == ["-# This abstract states no result of this study.", "**Aim**\n> We asked \\*why\\*."]
    assert any("Quoted from the abstract" in text for text in said)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"excerpt": True}, "Quoted from an excerpt of the abstract"),
        ({"stale": True}, "read 23 Nov 2026, not checked since"),
    ],
)
def test_the_last_line_says_where_it_is_from(changes, expected: str) -> None:
    """An excerpt and an old reading are no secret."""
    assert expected in texts(payload(draw(card(**changes))))[-1]


def test_a_saved_page_of_no_known_record_has_no_link() -> None:
    """Without an address there is a title, but neither link nor button."""
    body = payload(draw(card(url=None, reference=None)))
    assert texts(body)[0].startswith("### On a drug that does not exist\n-# Doe JA")
    assert all(part["type"] == 10 for part in body["components"][0]["components"])


def test_spoilers() -> None:
    """A spoilered link gets a spoilered card in both layouts."""
    assert payload(draw(card(), spoiler=True))["components"][0]["spoiler"] is True
    embed = payload(draw(card(), Layout.EMBED, spoiler=True))["embeds"][0]
    assert re.fullmatch(r"\|\|.*\|\|", embed["title"])
    assert re.fullmatch(r"\|\|.*\|\|", embed["description"], re.DOTALL)


def test_the_embed_shows_the_same() -> None:
    """The embed holds what the components hold."""
    embed = payload(draw(card(), Layout.EMBED))["embeds"][0]
    assert (embed["title"], embed["url"]) == ("On a drug that does not exist", URL)
    for part in ("Doe JA", "-# n = 12", "> Nothing was found", "**APA** Doe", "*J*"):
        assert part in embed["description"]
    assert embed["footer"]["text"] == "Quoted from the abstract · Erowid reference 900001 · read 23 Nov 2026"


HOSTILE = st.one_of(
    st.text(max_size=1_000),
    st.sampled_from(["*", "_", "[x](https://evil.example)", "@everyone ", "`", "||", "\u202e", "# ", "w"]).flatmap(
        lambda unit: st.integers(1, 2_000).map(lambda times: (unit * times)[:2_000])
    ),
)


def test_all_that_is_chosen_is_shown() -> None:
    """A card has room for all the characters that the choice may quote."""
    chosen = ["w" * (MOST_QUOTED // 3)] * 3
    said = texts(payload(draw(card(findings=tuple(map(Finding, chosen))))))
    assert [text.rpartition("> ")[2] for text in said[1:4]] == chosen


@given(title=HOSTILE.filter(bool), text=HOSTILE, author=HOSTILE, count=st.integers(0, 60), note=st.none() | HOSTILE)
def test_any_record_fits(title: str, text: str, author: str, count: int, note: str | None) -> None:
    """Whatever a record holds, the card stays within Discord's bounds and pings nobody."""
    shown = card(
        title=title,
        authors=(Name(literal=author),) * count,
        container_title=text,
        page=text[:50],
        retraction=note,
        abstract=(Paragraph(text),),
        findings=tuple(Finding(text) for _ in range(4)),
        facts=tuple(Fact("dose", text, text) for _ in range(5)),
        citation=Citation("apa", text, f"<i>{html.escape(text)}</i>", "APA"),
    )
    view = CardView(shown)
    assert view.content_length() <= 4_000
    assert all(CardView(shown, say=speak(language)).content_length() <= 4_000 for language in languages())
    assert view.total_children_count <= 40
    embed = card_embed(shown, spoiler=True)
    assert len(embed.title) <= 256
    assert len(embed.description) <= 4_096
    assert len(embed) <= 6_000
    body = json.dumps(payload(draw(shown)))
    assert not re.search(r"(?<!\\\\)@everyone", body)


@given(st.text(max_size=300))
def test_findings_stand_word_for_word(text: str) -> None:
    """What stands in the card, unescaped, is the finding, but for white space and what cannot be seen."""
    (line,) = [said for said in texts(payload(draw(card(findings=(Finding(text),))))) if said.startswith("**Key")]
    shown = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", line.removeprefix("**Key findings**\n> "))
    assert all(character in text or character == " " for character in shown)


def test_a_compact_card_is_short() -> None:
    """Title, who and where, one quotation, which record it is; no way to the record but the title."""
    body = payload(draw(card(), size=Size.COMPACT))
    assert texts(body) == [
        f"**[On a drug that does not exist]({URL})**\n-# Doe · 1988 · J Imag Pharmacol",
        "> Nothing was found (p \\< 0.05).",
        "-# Erowid 900001",
    ]
    assert rows(body) == []


def test_each_finding_is_a_part_of_its_own() -> None:
    """Two quotations do not run together."""
    two = (Finding("Nothing was found."), Finding("We looked again."))
    said = texts(payload(draw(card(findings=two))))
    assert said[1:3] == ["**Key findings**\n> Nothing was found.", "> We looked again."]
