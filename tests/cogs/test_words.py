"""The bot speaks its readers' languages: what the catalogs hold, and that it is used."""

import ast
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from string import Formatter
from typing import Any

import discord
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.commands.translations import MARKS, marked, write_catalogs
from bot.core.card import Fact
from bot.core.errors import RecordNotFound
from bot.core.phrase import Phrase, english
from cogs.cards.render import draw
from cogs.discord_kit.i18n import FOLDER, Catalogs, languages, speak
from tests.cogs.conftest import Room
from tests.cogs.test_render import card
from tests.cogs.test_watch import VIEW, text
from tests.cogs.texts import ROOT, messages
from tests.invented import REFERENCE
from tests.references import erowid

LANGUAGES = languages()


def catalog(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as opened:
        return read_po(opened, locale=language)


def braces(said: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(said)} - {None}


def forms(catalog: Catalog, message: Message) -> Iterator[tuple[str, str]]:
    """Give each form of a text, with the English text whose braces it must have."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
        return
    one, more = message.id
    assert len(message.string) == catalog.num_plurals, one
    form_of = c2py(catalog.plural_expr)
    for number, form in enumerate(message.string):
        alone = [count for count in range(1, 1_000) if form_of(count) == number] == [1]
        yield one if alone else more, form


def write(made: Catalog, folder: Path) -> None:
    """Write a catalog."""
    with (folder / f"{made.locale}.po").open("wb") as file:
        write_po(file, made)


def test_german_is_there() -> None:
    """Beside English, which stands in the code."""
    assert "de" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogs_are_complete(language: str) -> None:
    """Everything that is marked is said, with the same braces; nothing is unsure, nothing is left over."""
    wanted, read = messages(), catalog(language)
    said = {message.id: message for message in read if message.id}
    assert wanted.keys() - said.keys() == set()
    assert said.keys() - wanted.keys() == set()
    assert [one.id for one in said.values() if one.fuzzy] == []
    all_forms = [pair for one in said.values() for pair in forms(read, one)]
    assert [english for english, form in all_forms if not form or braces(english) != braces(form)] == []
    assert read.obsolete == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogs_count_as_their_languages_do(language: str) -> None:
    """Their headers have the rule of the language, by which a form is chosen; they say its code as pages of HTML have it."""
    assert catalog(language).plural_forms == Catalog(locale=language).plural_forms
    assert speak(language)("en") == language.replace("_", "-")


def test_a_counted_text_is_counted_everywhere() -> None:
    """Said without its plural, it would have one form for all numbers."""
    folders = (ROOT / "cogs", ROOT / "bot")
    said = {text for folder in folders for file in folder.rglob("*.py") for text, _ in marked(file.read_text("utf-8"))}
    assert said & {text[0] for text in said if isinstance(text, tuple)} == set()


def test_every_mark_can_be_read() -> None:
    """What is marked is one text as it stands: an f-string could not be looked up."""
    for file in [*(ROOT / "cogs").rglob("*.py"), *(ROOT / "bot/core").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS and node.args:
                assert not any(isinstance(one, ast.JoinedStr) for one in node.args), f"{file.name}:{node.lineno}"
                if isinstance(node.args[0], ast.Constant) and len(node.args) > 1:
                    assert "count" in {one.arg for one in node.keywords}, f"{file.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('_("one")', ["one"]),
        ("f\"{say('in an f-string')}\"", ["in an f-string"]),
        ('_("two " "parts", count=3)', ["two parts"]),
        ('_("{count} card", "{count} cards", count=3)', [("{count} card", "{count} cards")]),
        ('locale_str("a command")', ["a command"]),
        ('_(variable); other("no"); self._("no")', []),
    ],
)
def test_what_is_marked(source: str, texts: list[str | tuple[str, str]]) -> None:
    """Calls of the three marks, wherever they stand."""
    assert [found for found, _ in marked(source)] == texts


def test_a_new_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The template is a catalog to fill in; `make words` gives catalogs what is new and takes what is gone."""
    for folder in ("cogs/locales", "bot/core"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "cogs/words_of_a_test.py").write_text('_("Cards: {count}", count=1)\n_("kept")')
    (tmp_path / "cogs/locales/fr.po").write_text('msgid "kept"\nmsgstr "gardé"\n\nmsgid "gone"\nmsgstr "parti"\n')
    monkeypatch.chdir(tmp_path)
    assert [path.name for path in write_catalogs()] == ["messages.pot", "fr.po"]
    with (tmp_path / "cogs/locales/fr.po").open("rb") as opened:
        french = read_po(opened, locale="fr")
    assert french["kept"].string == "gardé"
    assert french["Cards: {count}"].string == ""
    assert "gone" not in french
    assert not french.obsolete


@pytest.mark.parametrize("locale", [None, "en-GB", "tlh", "../../x", "../locales/de"])
def test_other_languages_are_english(locale: Any) -> None:
    """As is everything that has no translation."""
    assert speak(locale)("Delete") == "Delete"
    assert speak("de")("never said: {count}", count=2) == "never said: 2"
    assert speak("de")("{count} never said", "{count} times never said", count=2) == "2 times never said"


@pytest.mark.parametrize("locale", list(discord.Locale))
def test_discords_locales_find_their_catalogs(locale: discord.Locale, tmp_path: Path) -> None:
    """By their whole name, else by the language alone."""
    for name in {"pt_BR", *(one.value.partition("-")[0] for one in discord.Locale)} - {"en", "pt"}:
        made = Catalog(locale=name)
        made.add("Delete", f"in {name}")
        write(made, tmp_path)
    language = {"pt-BR": "in pt_BR", "en-US": "Delete", "en-GB": "Delete"}
    assert Catalogs(tmp_path).say_in(locale)("Delete") == language.get(locale.value, f"in {locale.value.partition('-')[0]}")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "0 cards, 1 card, 2 cards, 5 cards, 21 cards, 22 cards"),
        ("de", "0 form 2, 1 form 1, 2 form 2, 5 form 2, 21 form 2, 22 form 2"),
        ("fr", "0 form 1, 1 form 1, 2 form 2, 5 form 2, 21 form 2, 22 form 2"),
        ("pl", "0 form 3, 1 form 1, 2 form 2, 5 form 3, 21 form 3, 22 form 2"),
    ],
)
def test_counted_texts(language: str, said: str, tmp_path: Path) -> None:
    """Each language counts by its own rule; so do phrases that wait to be said."""
    if language != "en":
        made = Catalog(locale=language)
        made.add(("{count} card", "{count} cards"), [f"{{count}} form {place + 1}" for place in range(made.num_plurals)])
        write(made, tmp_path)
    translated = Catalogs(tmp_path).say_in(language)
    for say in (translated, english) if language == "en" else (translated,):
        counts = (0, 1, 2, 5, 21, 22)
        assert ", ".join(say("{count} card", "{count} cards", count=count) for count in counts) == said
        assert ", ".join(Phrase("{count} card", "{count} cards", count=count).said(say) for count in counts) == said


async def test_private_answers_are_in_the_readers_language(room: Room, asked: dict[str, Any]) -> None:
    """Whatever language the server has."""
    asked |= {"locale": "de", "guild_locale": "fr"}
    await room.alice.send(room.channel, VIEW)
    shown = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, private=True)
    for said in ("**Wichtigste Ergebnisse**", "Zitiert aus dem Abstract", "gelesen am 23. November 2026", "'Zitieren'"):
        assert said in str(shown.response.components)
    abstract = await room.alice.click(shown.response.message, label="Abstract")
    assert f"Erowid-Eintrag {REFERENCE.id}" in str(abstract.response.components)
    cited = await room.alice.click(shown.response.message, label="Zitieren")
    modal = await room.alice.click(cited.response.message, label="Anderer Stil")
    assert modal.modal is not None
    assert modal.modal["title"] == "Zitierstil"
    listed = await room.alice.slash(room.channel, "study bibliography")
    assert listed.response.embeds[0].footer.text == "1 Studie · letzte 30 Tage · APA"
    for command, said in (
        ("help", "> Zeigt die Karte einer Studie"),
        ("about", "gehört weder zu Erowid"),
        ("privacy", "Kein Text von Nachrichten"),
        ("study recent", "Letzte Studien in diesem Kanal"),
    ):
        result = await room.alice.slash(room.channel, command)
        assert said in str(result.response.components), command


async def test_public_cards_are_in_the_servers_language(room: Room, asked: dict[str, Any]) -> None:
    """All of it reads them, whoever asks; so do answers to a pasted link."""
    asked |= {"locale": "en-US", "guild_locale": "de"}
    shown = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    assert "Wichtigste Ergebnisse" in str(shown.response.components)
    guild = room.env.create_guild("Lesesaal", preferred_locale="de")
    channel = guild.create_text_channel("studien")
    await guild.add_member(room.env.create_user("anna")).send(channel, VIEW)
    (sent,) = room.cards(channel)
    assert "**Wichtigste Ergebnisse**" in text(sent)
    assert "> We conclude that it works." in text(sent)
    assert " · 26. April 1988 · " in text(sent)
    assert "(1988)" in text(sent)


async def test_failures_are_in_the_readers_language(room: Room, asked: dict[str, Any]) -> None:
    """The sentence, with what it names."""
    asked["locale"] = "de"
    room.pages.answer = RecordNotFound(erowid(7))
    missing = await room.alice.slash(room.channel, "study show", reference="7")
    assert missing.response.content == "Erowid-Eintrag 7 wurde nicht gefunden. Stimmt die Nummer?"
    unknown = await room.alice.slash(room.channel, "study show", reference="7", style="{0}")
    assert unknown.response.content.startswith("Einen Zitierstil „{0}“ gibt es nicht.")
    assert len(room.env.errors) == 2


def test_facts_are_said_in_the_language() -> None:
    """Kinds of study and species are the bot's own words; numbers and doses stay."""
    facts = (Fact("study", "Animal study", ""), Fact("species", "rat, mouse", ""), Fact("dose", "rat 5 mg/kg", ""))
    drawn = draw(card(facts=facts), say=speak("de"))["view"].to_components()
    assert "Tierstudie · Ratte, Maus · rat 5 mg/kg" in str(drawn)
