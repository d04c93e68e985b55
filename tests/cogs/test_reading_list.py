"""`/study bibliography format:html`: a page that opens from the disk."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup, Tag

from bot.core.phrase import english
from bot.core.record import Name, Paragraph, Record
from bot.core.reply import Reply
from bot.core.study import Study
from cogs.study.reading_list import listed_card, page
from tests.cogs.conftest import NOW, Room
from tests.cogs.test_bibliography import carded
from tests.cogs.test_watch import LINK, VIEW
from tests.invented import invented_page
from tests.references import SOURCES, erowid
from tests.studies import invented_studies

EVIL = """</article></script><script>alert(1)</script><img src=x onerror="alert('1')"> & \u202egnirts\u202c &#106;"""


def written(studies: Sequence[Study], style: str = "apa") -> str:
    """The file of these studies."""
    reply = Reply(3, None, erowid(1), 2, 5, NOW, guild_id=1)
    return page([listed_card(study, style, SOURCES, {erowid(1): reply}) for study in studies], "subtitle", english)


def soup(studies: Sequence[Study]) -> BeautifulSoup:
    return BeautifulSoup(written(studies), "html.parser")


async def text_of(result) -> str:
    (file,) = result.response.attachments
    assert file.filename == "reading-list.html"
    return (await file.read()).decode()


async def test_the_file(room: Room) -> None:
    """One file with a card for each study, in the order of the citations; one line says what it is."""
    room.pages.answers[erowid(1)] = invented_page("A second study")
    await room.alice.send(room.channel, VIEW)
    await room.alice.send(room.channel, LINK.format(1))
    result = await room.alice.slash(room.channel, "study bibliography", format="html", style="ieee", days=7)
    assert result.ephemeral
    assert result.response.content == "**Reading list** · 2 studies · last 7 days · IEEE"
    read = BeautifulSoup(await text_of(result), "html.parser")
    assert [heading.text for heading in read.find_all("h2")] == ["A second study", "On a drug that does not exist"]
    links = [link["href"] for link in read.find_all("a") if link.text == "Card in Discord"]
    assert links == [card.jump_url for card in reversed(room.cards())]
    assert "J. A. Doe and R. B. Roe" in read.find(class_="citation").text


async def test_spoilers_and_missing_records(room: Room) -> None:
    """A public file leaves out what stands behind a spoiler; missing records are named."""
    room.pages.answers[erowid(1)] = invented_page("A second study")
    await room.alice.send(room.channel, VIEW)
    await room.alice.send(room.channel, f"||{LINK.format(1)}||")
    await carded(room, 9)
    for public in (False, True):
        result = await room.alice.slash(room.channel, "study bibliography", format="html", public=public)
        assert ("A second study" in await text_of(result)) is not public
        assert ("What stands behind a spoiler is left out." in result.response.content) is public
        assert "Erowid reference 9." in result.response.content


async def test_nothing_to_read(room: Room) -> None:
    """There is no file without a study."""
    empty = await room.alice.slash(room.channel, "study bibliography", format="html")
    assert empty.response.content == "No study had a card here in the last 30 days."
    await carded(room, 9)
    missing = await room.alice.slash(room.channel, "study bibliography", format="html")
    assert missing.response.attachments == []


async def test_in_german(room: Room, asked) -> None:
    """The file speaks the language of who asked, and says so."""
    await room.alice.send(room.channel, VIEW)
    asked["locale"] = "de"
    text = await text_of(await room.alice.slash(room.channel, "study bibliography", format="html"))
    assert '<html lang="de">' in text
    assert "Zitat kopieren" in text


def test_a_card_shows_what_it_shows_on_discord() -> None:
    """Title, byline, facts, quotations word for word, citation, ways."""
    study = invented_studies(5)[4]
    (article,) = soup([replace(study, record=replace(study.record, reference=erowid(1)))]).find_all("article")
    text = " ".join(article.text.split())
    assert "Doe JA, Roe RB · J Imag Pharmacol · 1996 · 5:2260-3" in text
    assert "Animal study · rat · pretendoline 5 mg/kg i.p." in text
    assert (
        article.blockquote.text
        == "Pretendoline significantly reduced sleep latency in rats compared with saline (p < 0.05)."
    )
    assert article.find(class_="citation").find("i").text == "J Imag Pharmacol"
    assert {link.text: link["href"] for link in article.find_all("a")} == {
        "Pretendoline in the sleepless rat": "https://www.erowid.org/references/refs_view.php?ID=1",
        "Record": "https://www.erowid.org/references/refs_view.php?ID=1",
        "Card in Discord": "https://discord.com/channels/1/2/3",
    }
    assert article.attrs == {"data-year": "1996", "data-kind": "animal", "data-substances": "pretendoline"}


def test_a_retracted_study() -> None:
    """It says so first, and its findings are struck through."""
    study = invented_studies(22)[21]
    study = replace(study, record=replace(study.record, abstract=invented_studies(1)[0].record.abstract))
    (article,) = soup([study]).find_all("article")
    assert article["class"] == ["retracted"]
    assert article["data-year"] == ""
    assert article.find("p").text == "Retracted"
    assert [quote.s.text for quote in article.find_all("blockquote")] == [
        quote.text for quote in article.find_all("blockquote")
    ]
    assert article.find("blockquote")


def test_the_filters() -> None:
    """What there is to choose, each once; a substance as it is printed first."""
    read = soup(invented_studies(30))
    options = {select["name"]: [option.text for option in select.find_all("option")] for select in read.find_all("select")}
    assert options["kind"] == ["any", "Human", "Animal", "In vitro", "Reviews", "Other"]
    assert options["substance"] == ["any", "inventamine", "newtol", "pretendoline", "Δ9-fictol"]
    assert options["from"] == options["to"] == ["any", *sorted(set(options["from"][1:]))]
    assert len(options["from"]) == 29


@pytest.mark.parametrize("style", ["apa", "nature", "ieee"])
def test_whatever_a_record_holds_is_text(style: str) -> None:
    """No text of a record becomes an element, an attribute or a script; what reverses text is dropped."""
    record = Record(
        erowid(1),
        EVIL,
        authors=(Name(EVIL, EVIL), Name(literal=EVIL)),
        container_title=EVIL,
        issued=((1999,),),
        volume=EVIL,
        page=EVIL,
        abstract=(
            Paragraph(f"Rats were injected with {EVIL} (5 mg/kg i.p.). We found that {EVIL} lowered the pulse.", EVIL),
        ),
        retraction=EVIL,
    )
    text = written([Study(record)], style)
    read = BeautifulSoup(text, "html.parser")
    assert len(read.find_all("script")) == 1
    assert len(read.find_all("article")) == 1
    assert read.find("img") is None
    assert not [tag for tag in read.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert "\u202e" not in text
    assert "&amp;#106;" in text


def test_it_needs_no_network() -> None:
    """Nothing is loaded from elsewhere: addresses stand in links alone, and the policy allows only what is in the file."""
    text = written(invented_studies(3))
    read = BeautifulSoup(text, "html.parser")
    loading = [
        tag for tag in read.find_all(True) if {"src", "srcset", "data", "action"} & set(tag.attrs) or tag.name == "link"
    ]
    assert loading == []
    assert not re.search(r"@import|url\(|fetch|XMLHttp|import\(", text)
    policy = read.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    assert str(policy["content"]).startswith("default-src 'none'; style-src 'sha256-")


def test_every_field_has_its_label() -> None:
    """And the page its landmarks, one heading of the first rank, and a way past the filters."""
    read = soup(invented_studies(3))
    labelled = {label["for"] for label in read.find_all("label")}
    assert {field["id"] for field in read.find_all(["input", "select"])} == labelled
    assert [len(read.find_all(name)) for name in ("header", "search", "main", "h1")] == [1, 1, 1, 1]
    skip = read.find("a")
    assert isinstance(skip, Tag)
    assert read.find(id=str(skip["href"]).removeprefix("#")) is read.main
