import discord
import pytest

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import StorageError
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, VIEW
from tests.invented import REFERENCE, invented_page
from tests.references import erowid


@pytest.fixture
async def read(room: Room) -> Room:
    """A room whose bot has read three studies."""
    for number, title in ((1, "On the sleep of wooden horses"), (2, "*Wooden* [horses] revisited"), (3, "On paper birds")):
        room.pages.answers[erowid(number)] = invented_page(title)
        await room.services.cards.study(erowid(number))
    return room


async def test_words_give_a_ranked_private_list(read: Room) -> None:
    """Each study with its link, who and when; text from a page does nothing."""
    result = await read.alice.slash(read.channel, "study search", query="wooden horses")
    assert result.ephemeral
    shown = str(result.response.components)
    assert "Studies for “wooden horses”" in shown
    assert f"[On the sleep of wooden horses]({LINK.format(1)})" in shown
    assert "Doe & Roe · 1988" in shown
    assert "\\\\*Wooden\\\\* \\\\[horses\\\\] revisited" in shown
    assert "paper birds" not in shown


async def test_one_of_the_list_is_shown_as_a_card(read: Room) -> None:
    """To who picked it, and after a restart too."""
    result = await read.alice.slash(read.channel, "study search", query="wooden")
    await read.env.restart_bot()
    picked = await read.alice.select(result.response.message, ["2"])
    assert picked.ephemeral
    assert "revisited" in str(picked.response.components)
    assert read.cards() == []


async def test_suggestions_show_their_card(read: Room) -> None:
    """Who picks a suggestion gets its card at once, without a list."""
    (choice,) = await read.alice.autocomplete(read.channel, "study search", "query", "paper bi")
    assert choice["name"] == "Doe & Roe, 1988: On paper birds"
    result = await read.alice.slash(read.channel, "study search", query=choice["value"])
    assert result.ephemeral
    assert "### [On paper birds]" in str(result.response.components)


@pytest.mark.parametrize("typed", ["", "  ", "zebra", '" OR *', "'); --"])
async def test_nothing_is_suggested_for_what_fits_nothing(read: Room, typed: str) -> None:
    """Whatever is typed."""
    assert await read.alice.autocomplete(read.channel, "study search", "query", typed) == []


@pytest.mark.parametrize("typed", ["1988", "doe 1988", "1988 do", "paper"])
async def test_show_takes_words(read: Room, typed: str) -> None:
    """Suggestions as in search, by year and author too."""
    choices = await read.alice.autocomplete(read.channel, "study show", "reference", typed)
    assert "Doe & Roe, 1988: On paper birds" in [choice["name"] for choice in choices]
    chosen = next(choice["value"] for choice in choices if "paper" in choice["name"])
    shown = await read.alice.slash(read.channel, "study show", reference=chosen)
    assert not shown.ephemeral
    assert "### [On paper birds]" in str(shown.response.components)


async def test_show_lists_what_words_fit(read: Room) -> None:
    """Nobody picked a suggestion: the list is private, and one of it is shown as a card."""
    listed = await read.alice.slash(read.channel, "study show", reference="doe 1988")
    assert listed.ephemeral
    assert "Studies for “doe 1988”" in str(listed.response.components)
    picked = await read.alice.select(listed.response.message, ["2"])
    assert "revisited" in str(picked.response.components)


@pytest.mark.parametrize("wrong", ["https://example.org/wooden", "-5", "wooden/horses"])
async def test_show_says_what_it_takes(read: Room, wrong: str) -> None:
    """In one sentence, to who asked; nothing of files."""
    refused = await read.alice.slash(read.channel, "study show", reference=wrong)
    assert refused.ephemeral
    assert refused.response.content == "Not a link or number of a study. Example: 6004"
    assert len(read.env.errors) == 1


async def test_no_suggestions_without_a_database(read: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typing goes on."""

    async def broken(*_: object, **__: object) -> None:
        raise StorageError("gone")

    monkeypatch.setattr(read.services.library, "suggest", broken)
    assert await read.alice.autocomplete(read.channel, "study search", "query", "paper") == []


@pytest.mark.parametrize("query", ["zebra", "*", "1999", "`@everyone`"])
async def test_nothing_found_is_said(read: Room, query: str) -> None:
    """To who asked alone, with the way to Erowid's own search; a number is searched for like any word."""
    result = await read.alice.slash(read.channel, "study search", query=query)
    assert result.ephemeral
    none, _, elsewhere = result.response.content.partition(" The whole database ")
    assert none.startswith("No study that this bot has read fits")
    assert "`" not in none.replace("\\`", "")
    assert "[at Erowid](<https://www.erowid.org/references/>)" in elsewhere
    if query == "zebra":
        shown = await read.alice.slash(read.channel, "study show", reference=query)
        assert (shown.ephemeral, shown.response.content) == (True, result.response.content)


async def test_a_list_of_the_longest_fits(room: Room) -> None:
    """Ten studies whose titles are all marks stay within what Discord takes."""
    for number in range(1, 13):
        room.pages.answers[erowid(number)] = invented_page(f"Stars {'*_' * 300} {number}")
        await room.services.cards.study(erowid(number))
    result = await room.alice.slash(room.channel, "study search", query=("stars " * 20)[:100])
    (container,) = result.response.components
    assert sum(len(part.get("content", "")) for part in container["components"]) <= 4_000
    assert len(container["components"][2]["components"][0]["options"]) == 10


async def test_recent_lists_the_channels_cards(room: Room) -> None:
    """Newest first, with the way to each card; what a spoiler hides stays hidden; other channels show nothing."""
    room.pages.answers[erowid(1)] = invented_page("A secret ending")
    await room.alice.send(room.channel, VIEW)
    await room.alice.send(room.channel, f"||{LINK.format(1)}||")
    _, secret = room.cards()
    result = await room.alice.slash(room.channel, "study recent")
    assert result.ephemeral
    shown = str(result.response.components)
    assert f"||[A secret ending]({LINK.format(1)})||" in shown
    assert f"https://discord.com/channels/{room.guild.id}/{room.channel.id}/{secret.id}" in shown
    assert "2. [On a drug that does not exist]" in shown
    assert [option["label"] for option in result.response.components[0]["components"][2]["components"][0]["options"]] == [
        "1. Behind a spoiler",
        "2. On a drug that does not exist",
    ]
    elsewhere = room.guild.create_text_channel("elsewhere")
    nothing = await room.alice.slash(elsewhere, "study recent")
    assert nothing.response.content == "No study had a card here yet."


async def test_recent_knows_cards_of_commands(room: Room) -> None:
    """A card that a command showed to everyone was seen by the channel; a private one was not, nor after opting out."""
    await room.alice.slash(room.channel, "study show", reference="1", private=True)
    await room.services.privacy.opt_out(room.alice.id)
    await room.alice.slash(room.channel, "study show", reference="1")
    assert "No study" in (await room.alice.slash(room.channel, "study recent")).response.content
    await room.services.privacy.opt_in(room.alice.id)
    await room.alice.slash(room.channel, "study show", reference="1")
    await room.alice.slash(room.channel, "study show", reference="1")
    result = await room.alice.slash(room.channel, "study recent")
    assert str(result.response.components).count("<t:") == 1  # each study once
    assert len(result.response.components[0]["components"][2]["components"][0]["options"]) == 1


async def test_a_private_card_stays_beside_its_abstract(room: Room) -> None:
    """The abstract comes as a message of its own, as it does from a card that all can see."""
    card = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, private=True)
    abstract = await room.alice.click(card.response.message, label="Abstract")
    assert "We invented a drug." in str(abstract.response.components)
    assert "**Key findings**" in str(card.response.components)


async def test_show_in_a_style(room: Room) -> None:
    """By name, alias or suggestion; one that there is not is refused in a sentence."""
    shown = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, style="vancouver")
    assert "**Vancouver (NLM)**" in str(shown.response.components)
    refused = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, style="no such style")
    assert refused.ephemeral
    assert "There is no citation style “no such style”." in refused.response.content
    assert len(room.env.errors) == 1


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "apa"),
        ("mla", "modern-language-association"),
        ("vanc", "nlm-citation-sequence"),
        ("the lancet", "the-lancet"),
        ("natur", "nature"),
        ("Vancouvr", "nlm-citation-sequence"),
        ("apa 7", "apa"),
    ],
)
async def test_styles_are_suggested(room: Room, typed: str, first: str) -> None:
    """The best known first, whatever people call them; never more than Discord shows."""
    choices = await room.alice.autocomplete(room.channel, "study show", "style", typed, reference="1")
    assert choices[0]["value"] == first
    assert len(choices) <= 25


async def test_a_channel_that_is_off_gets_no_public_card(room: Room) -> None:
    """Moderators want none there, so who asks gets it alone."""
    await room.choose(mode=Mode.OFF, layout=Layout.EMBED)
    result = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id)
    assert result.ephemeral
    assert result.response.embeds[0].title == "On a drug that does not exist"


async def test_threads_have_lists_of_their_own(room: Room) -> None:
    """A thread's cards are the thread's."""
    message = await room.alice.send(room.channel, "let us talk")
    thread = await (await room.env.bot.get_channel(room.channel.id).fetch_message(message.id)).create_thread(name="talk")
    await room.env.settle()
    (handle,) = room.channel.threads
    assert handle.id == thread.id
    await room.alice.slash(handle, "study show", reference=REFERENCE.id)
    assert "On a drug" in str((await room.alice.slash(handle, "study recent")).response.components)
    assert "No study" in (await room.alice.slash(room.channel, "study recent")).response.content
    listed = await room.alice.slash(room.channel, "study bibliography")
    assert "On a drug" in listed.response.embeds[0].description
    assert isinstance(thread, discord.Thread)
