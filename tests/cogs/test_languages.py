"""What the bot says in each language that has a catalog stays within Discord's limits, with the longest values."""

import json
from collections.abc import Iterator
from typing import Any

import discord
import pytest
import simcord

from bot.core.channel_settings import Layout, Mode
from bot.core.errors import BotError
from bot.core.source import Sources
from cogs.about.help import about_texts, help_texts
from cogs.about.privacy import overview
from cogs.discord_kit.i18n import CATALOGS, Catalogs, Say, languages, speak
from cogs.settings.controls import TABS
from tests.all_sources import ALL
from tests.cogs.conftest import Room
from tests.cogs.lengths import command_texts_and_limits, texts_and_limits
from tests.cogs.moderation import at, components, open_panel, pick, server
from tests.cogs.test_watch import LINK, VIEW
from tests.invented import REFERENCE, invented_page
from tests.newt import BOTH

LANGUAGES = ("en", *languages())
LONG = "Horses " * 200


@pytest.fixture
def sources() -> Sources:
    """Two, so that there are some whose links are not answered."""
    return BOTH


def speak_longest() -> None:
    """Let the bot say each text in the language that takes the most characters for it: all languages at once."""
    voices = [speak(language) for language in LANGUAGES]

    def say(text: str, plural: str = "", /, **values: object) -> str:
        return max((voice(text, plural, **values) for voice in voices), key=len)

    class Longest(Catalogs):
        def say_in(self, _locale: object) -> Say:
            return say

    CATALOGS.set(Longest())


async def press(actor: simcord.MemberActor, shown: Any, begin: str) -> Any:
    """Click the first button whose custom ID begins so, whatever its label."""
    found = [one["custom_id"] for one in components(shown) if one.get("custom_id", "").startswith(f"precis:{begin}")]
    return await actor.click(shown.response.message, custom_id=found[0])


async def look_at_settings(room: Room, mod: simcord.MemberActor) -> None:
    """See all that `/settings` shows, with everything chosen."""
    people = frozenset(range(10**18, 10**18 + 24))
    role = frozenset({room.guild.roles["Moderators"].id})
    mine = {"ignored_members": people | {mod.id}, "ignored_roles": role, "style": "cell", "cooldown": 600_001}
    mine |= {"layout": Layout.EMBED, "suppress": True, "links": frozenset({"erowid"})}
    category = room.guild.create_category("Papers")
    inside = room.guild.create_text_channel("inside", category=category)
    for place in (server(room), at(inside)):
        await room.services.settings.set(room.guild.id, place, mine, by=mod.id)
    await room.choose(log_channel=room.guild.create_text_channel("log").id)
    for options in ({}, {"channel": inside}, {"channel": category}):
        for tab in TABS:
            shown = await open_panel(room, mod, tab, **options)
    await pick(mod, await open_panel(room, mod), "style", ["+"])
    await pick(mod, shown, "ignored_members", [room.alice])
    await room.services.privacy.opt_out(mod.id)
    lacking = dict.fromkeys(("send_messages_in_threads", "add_reactions", "embed_links", "manage_messages"), False)
    for channel, overwrite in ((inside, lacking), (room.channel, {"view_channel": False})):
        there = room.env.bot.get_channel(channel.id)
        await there.set_permissions(room.guild.me, overwrite=discord.PermissionOverwrite(**overwrite))
        for mode in Mode:
            await room.services.settings.set(room.guild.id, at(channel), {"mode": mode}, by=mod.id)
            await mod.slash(room.channel, "settings check", channel=channel)
    await press(mod, await mod.slash(room.channel, "settings history"), "history:")
    await mod.slash(room.channel, "settings reset", channel=inside)
    for answer in ("keep", "reset:all:"):
        await press(mod, await mod.slash(room.channel, "settings reset"), answer)
    many = {str(10**18 + number): {"mode": "off", "ignored_roles": ["77"]} for number in range(30)}
    written = {"format": "precis-settings", "version": 1, "guild": str(room.guild.id), "settings": {"mode": "ask"}}
    for data in (written | {"channels": many}, written | dict.fromkeys(map(str, range(9)), 1)):
        taken = await mod.slash(room.channel, "settings import", file=("settings.json", json.dumps(data).encode()))
        if components(taken):
            await press(mod, taken, "import:")


async def look_at_studies(room: Room, mod: simcord.MemberActor) -> None:
    """See cards and what stands behind their buttons, lists, the bibliography, the figures, and refusals."""
    room.pages.answer = invented_page(LONG, "RESULTS: It worked.", "NOTE: Retracted by authors.", "Word " * 2_000)
    for number in (1, 2):
        await room.alice.send(room.channel, LINK.format(number))
    await room.alice.send(room.channel, f"||{VIEW}||")
    shown = await room.alice.slash(room.channel, "study show", reference=REFERENCE.id, private=True)
    abstract = await press(room.alice, shown, "abstract:")
    await press(room.alice, abstract, "report:")
    cited = await press(room.alice, shown, "cite:")
    await press(room.alice, cited, "other:")
    for name in ("study recent", "study bibliography", "study stats", "help", "about"):
        await mod.slash(room.channel, name)
    for name, value in (("search", "horses"), ("search", "x" * 100), ("show", "0"), ("show", "x" * 500)):
        await mod.slash(room.channel, f"study {name}", **{"query" if name == "search" else "reference": value})
    await mod.slash(room.channel, "study show", reference="1", style="x" * 150)
    privacy = await mod.slash(room.channel, "privacy")
    for act in ("out", "in", "ask", "erase"):
        privacy = await press(mod, privacy, f"privacy:{act}")
    message = await room.alice.send(room.channel, " ".join(map(LINK.format, range(20, 27))))
    await mod.context_menu(room.channel, "Summarise studies", message)


async def look_at_all(room: Room) -> None:
    """See all of it: each text is within Discord's limits, and each refusal was meant."""
    mod = room.add_moderator()
    await look_at_studies(room, mod)
    await look_at_settings(room, mod)
    said = {pair for one in room.env.http_requests for pair in texts_and_limits(one.json)}
    assert len(said) > 150
    assert {text: most for text, most in said if len(text) > most} == {}
    assert [one for one in room.env.errors if not isinstance(one.original, BotError)] == []


async def test_all_that_is_sent_fits(room: Room) -> None:
    """Labels, descriptions, placeholders, titles, messages, each text in its longest language."""
    speak_longest()
    await look_at_all(room)


@pytest.mark.storm
@pytest.mark.parametrize("language", LANGUAGES)
async def test_all_that_is_sent_in_one_language_fits(room: Room, asked: dict[str, Any], language: str) -> None:
    """As somebody sees it whose Discord and whose server speak it."""
    locale = next(one.value for one in discord.Locale if speak(one)("en") == speak(language)("en"))
    asked |= {"locale": locale, "guild_locale": locale}
    room.env.backend.edit_guild(room.guild.id, {"preferred_locale": locale})
    await look_at_all(room)


async def test_descriptions_of_commands(room: Room) -> None:
    """Of options and of the menu's entry, too, in each language; names that people type stay as they are."""
    await room.env.bot.tree.sync()
    (sent,) = [request.json for request in room.env.http_requests if request.path.endswith("/commands")]
    spoken = {one.value for one in discord.Locale if speak(one)("en") != "en"}
    found = list(parts(sent))
    assert len(found) >= 25
    for one in found:
        assert one["description_localizations" if one.get("description") else "name_localizations"].keys() == spoken, one
        assert not (one.get("description") and one.get("name_localizations"))
    assert {text: most for one in sent for text, most in command_texts_and_limits(one) if len(text) > most} == {}


def parts(commands: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All commands and options."""
    for one in commands:
        yield one
        yield from parts(one.get("options", []))


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_and_the_like(language: str, room: Room) -> None:
    """The longest texts of all, within the 4,000 characters of a message."""
    say = speak(language)
    told = overview(1, 10**6, say, out=True, done="x" * 100).walk_children()
    for texts in (
        help_texts(room.env.bot.tree, {}, say, ALL, moderator=True),
        about_texts(say, ALL),
        (part.content for part in told if hasattr(part, "content")),
    ):
        assert 0 < sum(map(len, texts)) <= 4_000
