"""What a card shows of a study's work: its identifiers, its free text, its retraction and other notices."""

import re

import pytest

from bot.core.card import Citation, Fact, Finding
from bot.core.channel_settings import Layout, Size
from bot.core.enrichment import Enrichment, Notice, NoticeKind
from bot.core.record import Name, Paragraph
from cogs.cards.embed import card_embed
from cogs.cards.payload import payload
from cogs.cards.render import CardView, card_buttons, draw
from cogs.discord_kit.colours import QUIET, RED
from cogs.discord_kit.i18n import languages, speak
from tests.cogs.test_render import card, rows, texts
from tests.enrichments import matched
from tests.references import erowid
from tests.wire.openapi import description
from tests.wire.rules import message_violations

RETRACTION = Notice(NoticeKind.RETRACTION, "Retraction Watch", (1990, 2, 6), "10.5555/notice.7")
CORRECTION = Notice(NoticeKind.CORRECTION, "Crossref", (1989, 3), "10.5555/notice.8")
CONCERN = Notice(NoticeKind.CONCERN, "Europe PMC", (1989,))
FREE = "https://europepmc.example/articles/PMC1"
NOTE = "NOTE: Retracted by its authors."


def found(**changes: object) -> Enrichment:
    """What services might know of the card's work."""
    return matched(**{"free_text_url": FREE, "agree": ("title", "authors", "year", "volume", "page")} | changes)


def shown(enrichment: Enrichment | None, layout: Layout = Layout.COMPONENTS, **changes: object) -> dict:
    """The body that Discord gets for a card with all its buttons."""
    drawn = {key: changes.pop(key) for key in ("size", "say") if key in changes}
    one = card(enrichment=enrichment, **changes)
    return payload(draw(one, layout, buttons=card_buttons(one, poster=1), **drawn))


def addresses(body: dict) -> dict[str, str]:
    """The addresses of the link buttons."""
    inside = body["components"][0]["components"] if "embeds" not in body else body["components"]
    buttons = [button for part in inside if part["type"] == 1 for button in part["components"]]
    return {button["label"]: button["url"] for button in buttons if "url" in button}


CLICKED = ["Abstract", "Cite", "Delete"]


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize(
    ("enrichment", "changes", "expected"),
    [
        (found(), {}, [["DOI", "Free text"], CLICKED]),
        (found(), {"size": Size.COMPACT}, [["DOI", "Free text"], CLICKED]),
        (found(free_text_url=None), {}, [["DOI"], CLICKED]),
        (found(doi=None), {}, [["Free text"], CLICKED]),
        (found(free_text_url="https://doi.org/10.5555/sleep.1"), {}, [["DOI"], CLICKED]),
        (found(doi=None, free_text_url=None), {}, [CLICKED]),
        (found(), {"url": None, "reference": None}, [["DOI", "Free text"]]),
        (None, {}, [CLICKED]),
        (None, {"size": Size.COMPACT}, [CLICKED]),
    ],
)
def test_buttons(layout: Layout, enrichment: Enrichment | None, changes: dict, expected: list[list[str]]) -> None:
    """Links have a row of their own; no row has more than three buttons, which fit a phone."""
    assert rows(shown(enrichment, layout, **changes)) == expected


def test_where_the_buttons_lead() -> None:
    """To the work by its DOI, to its free text."""
    found_at = addresses(shown(found(doi="10.1002/(SICI)1-2(1996)61:1<10::AID-X3>3.0.CO;2-X")))
    assert found_at == {
        "DOI": "https://doi.org/10.1002/%28SICI%291-2%281996%2961:1%3C10::AID-X3%3E3.0.CO;2-X",
        "Free text": FREE,
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "PubMed 12351788 (title, authors, year, volume, page agree)"),
        ({"pmid": None}, "DOI 10.5555/sleep.1 (title, authors, year, volume, page agree)"),
        ({"agree": ("title", "page"), "differ": ("volume",)}, "PubMed 12351788 (title, page agree, not volume)"),
        ({"agree": ()}, "PubMed 12351788"),
        ({"pmid": None, "doi": None}, ""),
    ],
)
@pytest.mark.parametrize("layout", Layout)
def test_the_last_line_names_the_work(layout: Layout, changes: dict, expected: str) -> None:
    """By its PubMed ID, else its DOI, with what confirms it."""
    body = shown(found(**changes), layout)
    foot = body["embeds"][0]["footer"]["text"] if layout is Layout.EMBED else texts(body)[-1].removeprefix("-# ")
    parts = ["Quoted from the abstract", "Erowid reference 900001", expected, "read 23 Nov 2026"]
    assert foot == " · ".join(filter(None, parts))


def test_the_last_line_in_german() -> None:
    """What confirms the work is said in the reader's language."""
    foot = texts(shown(found(differ=("journal",)), say=speak("de")))[-1]
    assert "PubMed 12351788 (Titel, Autoren, Jahr, Band, Seite stimmen überein, Zeitschrift nicht)" in foot


def test_a_retraction_in_german() -> None:
    """When, where and by whose word."""
    said = texts(shown(found(notices=(RETRACTION,)), say=speak("de")))[0]
    link = "[Mitteilung](https://doi.org/10.5555/notice.7)"
    assert said == f"**Zurückgezogen** · 6. Februar 1990 · {link} · laut Retraction Watch"


def test_a_doi_in_the_last_line_styles_nothing() -> None:
    """Marks in a DOI are text."""
    assert "DOI 10.5555/\\_a\\_\\*b\\* (" in texts(shown(found(pmid=None, doi="10.5555/_a_*b*")))[-1]


BY_WATCH = "**Retracted** · 6 Feb 1990 · [notice](https://doi.org/10.5555/notice.7) · according to Retraction Watch"


@pytest.mark.parametrize(
    ("notices", "note", "expected"),
    [
        ((RETRACTION,), None, BY_WATCH),
        ((RETRACTION,), NOTE, f"{BY_WATCH}\n{NOTE}"),
        ((), NOTE, f"**Retracted**\n{NOTE}"),
        ((RETRACTION,), "Retracted Publication", BY_WATCH),
        ((RETRACTION,), "Retraction in", BY_WATCH),
        ((RETRACTION,), "RETRACTED ARTICLE.", BY_WATCH),
        ((RETRACTION,), "Withdrawal", f"{BY_WATCH}\nWithdrawal"),
        ((RETRACTION,), "Retraction in: Naps. 1990", f"{BY_WATCH}\nRetraction in: Naps. 1990"),
        ((Notice(NoticeKind.RETRACTION, "Europe PMC"),), None, "**Retracted** · according to Europe PMC"),
        (
            (RETRACTION, Notice(NoticeKind.RETRACTION, "Europe PMC", (1990,))),
            None,
            f"{BY_WATCH}, Europe PMC",
        ),
        (
            (Notice(NoticeKind.RETRACTION, "Crossref", (1990,), "10.5555/" + "<" * 100),),
            None,
            "**Retracted** · 1990 · according to Crossref",
        ),
    ],
)
def test_a_retraction_stands_first(notices: tuple[Notice, ...], note: str | None, expected: str) -> None:
    """Red, when and by whose word, the notice, the record's own note; then the card, its findings struck through."""
    body = shown(found(notices=notices), retraction=note)
    assert texts(body)[0] == expected
    assert texts(body)[1].startswith("### [On a drug")
    assert "> ~~Nothing was found (p \\< 0.05).~~" in texts(body)[2]
    assert body["components"][0]["accent_color"] == RED.value


def test_a_retraction_in_an_embed() -> None:
    """Above the title, with its link; the record's own note below."""
    embed = shown(found(notices=(RETRACTION,)), Layout.EMBED, retraction=NOTE)["embeds"][0]
    assert embed["author"] == {
        "name": "Retracted · 6 Feb 1990 · according to Retraction Watch",
        "url": "https://doi.org/10.5555/notice.7",
    }
    assert embed["description"].startswith(NOTE)
    assert embed["color"] == RED.value
    assert "author" not in shown(found(), Layout.EMBED)["embeds"][0]


def test_a_retraction_on_a_compact_card() -> None:
    """One line, whose date is the link."""
    link = "(https://doi.org/10.5555/notice.7)"
    assert texts(shown(found(notices=(RETRACTION,)), size=Size.COMPACT))[0] == f"**Retracted** · [6 Feb 1990]{link}"
    assert texts(shown(None, retraction=NOTE, size=Size.COMPACT))[0] == "**Retracted**"
    embed = shown(found(notices=(RETRACTION,)), Layout.EMBED, size=Size.COMPACT)["embeds"][0]
    assert embed["author"]["name"] == "Retracted · 6 Feb 1990"


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        ((CORRECTION,), "-# [Correction](https://doi.org/10.5555/notice.8), Mar 1989"),
        ((CONCERN,), "-# Expression of concern, 1989"),
        (
            (CORRECTION, CONCERN, Notice(NoticeKind.CORRECTION, "Crossref")),
            "-# Expression of concern, 1989 · [Correction](https://doi.org/10.5555/notice.8), Mar 1989 · 1 more",
        ),
    ],
)
def test_other_notices_are_one_quiet_line(notices: tuple[Notice, ...], expected: str) -> None:
    """Kind, date and link; nothing is red or struck through."""
    body = shown(found(notices=notices))
    assert texts(body)[0].splitlines()[-1] == expected
    assert body["components"][0]["accent_color"] == QUIET.value
    assert "~~" not in "".join(texts(body))
    assert expected in shown(found(notices=notices), Layout.EMBED)["embeds"][0]["description"]


WIDE = "Wide " * 200


@pytest.mark.parametrize("text", [WIDE, "w" * 1_000, "A short title"])
@pytest.mark.parametrize("retracted", [True, False])
def test_a_compact_card_has_seven_lines(text: str, retracted: bool) -> None:
    """Counted in characters that a phone, 390 pixels wide, shows in a line: 40 of small text, 30 of other."""
    notices = (CONCERN, CORRECTION, *([RETRACTION] if retracted else []))
    body = shown(
        found(notices=notices),
        title=text,
        authors=(Name(family=text),),
        container_title=text,
        findings=(Finding(text), Finding(text)),
        size=Size.COMPACT,
    )
    lines = [line for part in texts(body) for line in part.splitlines()]
    seen = [(re.sub(r"\[([^\]]*)\]\([^)]*\)|[*~>]|^-# ", r"\1", line), line.startswith("-# ")) for line in lines]
    assert sum(-(-len(line.strip()) // (40 if small else 30)) for line, small in seen) <= 7


MARKS = "*" * 3_000
LONGEST_DOI = "10.5555/" + "_" * 140
"""Its address is just short enough for a link."""


@pytest.mark.parametrize("text", [MARKS, WIDE, "[" * 3_000, "|" * 3_000])
@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("note", [None, MARKS])
def test_the_largest_card_fits(text: str, size: Size, note: str | None) -> None:
    """4,000 characters and 40 components; an embed's bounds; addresses of 512 characters under buttons."""
    notices = tuple(
        Notice(kind, source, (1990, 12, 31), LONGEST_DOI[:-1] + source[0])
        for kind in NoticeKind
        for source in ("Europe PMC", "Crossref", "Retraction Watch")
    )
    known = found(
        doi=LONGEST_DOI,
        pmid=None,
        notices=notices,
        free_text_url="https://free.example/" + "x" * 480,
        agree=("title", "authors", "year", "volume", "page", "journal"),
    )
    one = card(
        enrichment=known,
        reference=erowid(999_999),
        title=text,
        authors=(Name(literal=text),) * 60,
        container_title=text,
        retraction=note,
        excerpt=True,
        stale=True,
        abstract=(Paragraph(text),),
        findings=tuple(Finding(text[:length]) for length in (400, 300, 200, 100)),
        facts=tuple(Fact("dose", text, text) for _ in range(5)),
        citation=Citation("apa", text, f"<i>{text}</i>", text[:150]),
    )
    judge = description()
    for say in map(speak, (*languages(), "en")):
        buttons = card_buttons(one, poster=2**63 - 1, say=say)
        view = CardView(one, size=size, buttons=buttons, say=say)
        assert view.content_length() <= 4_000
        assert view.total_children_count <= 40
        embed = card_embed(one, size=size, spoiler=True, say=say)
        assert len(embed.title or "") <= 256
        assert len(embed.author.name or "") <= 256
        assert len(embed.description or "") <= 4_096
        assert len(embed) <= 6_000
        for layout in Layout:
            body = payload(draw(one, layout, size=size, buttons=buttons, say=say))
            assert message_violations(body) == []
            assert judge is None or judge.violations("POST", "/channels/1/messages", body) == []
        assert say("Free text") in addresses(body)
        assert max(map(len, addresses(body).values())) <= 512


def test_what_discord_refuses_is_no_button() -> None:
    """One bad address would cost the whole card."""
    for address in (
        "javascript:alert(1)",
        "https://free.example/" + "x" * 500,
        "http://localhost/x",
        "https://a b.example/",
    ):
        assert "Free text" not in addresses(shown(found(free_text_url=address)))
    assert "DOI" not in addresses(shown(found(doi="10.5555/" + "x" * 500)))
