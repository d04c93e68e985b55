"""`/help` and `/about`: what the bot does, and what it is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord
from babel import Locale
from discord import AppCommandType, app_commands
from discord.app_commands import locale_str
from discord.ext import commands
from discord.ui import Container, LayoutView, TextDisplay

from bot import __version__
from bot.core.card_lines import enumerated
from bot.core.reply import Mark
from bot.core.source import Sources
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.command_ids import CommandIds, mention
from cogs.discord_kit.i18n import Say, languages, speak
from cogs.discord_kit.interactions import defer_if_slow, respond

DATABASE = "https://www.erowid.org/references/"
EROWID = "https://www.erowid.org/"
EXAMPLE = f"{DATABASE}6004"


class Help(commands.Cog):
    """Answers `/help` and `/about`."""

    def __init__(self, client: commands.Bot, ids: CommandIds, sources: Sources) -> None:
        self._client = client
        self._ids = ids
        self._sources = sources

    @app_commands.command(name="help", description=locale_str("What this bot does, and its commands"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction) -> None:
        """Say what the bot does; moderators also see their commands."""
        ids = await defer_if_slow(interaction, self._ids.get())
        moderates, say = _moderates(interaction), speak(interaction.locale)
        shown = help_texts(self._client.tree, ids, say, self._sources, moderator=moderates)
        await respond(interaction, view=TextsView(shown))

    @app_commands.command(name="about", description=locale_str("What this bot is, and where its data is from"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction) -> None:
        """Say what the bot is, where its data comes from, and which languages it speaks."""
        await respond(interaction, view=TextsView(about_texts(speak(interaction.locale), self._sources)))


class TextsView(LayoutView):
    """A message of several paragraphs."""

    def __init__(self, texts: Iterable[str]) -> None:
        super().__init__(timeout=None)
        self.container: Container[TextsView] = Container(*map(TextDisplay, texts), accent_colour=QUIET)
        self.add_item(self.container)


def help_texts(
    tree: app_commands.CommandTree[Any], ids: Mapping[str, int], say: Say, sources: Sources, *, moderator: bool
) -> Iterator[str]:
    """Give the paragraphs of `/help`: what to try, then the commands of the tree, by their IDs if those are known."""
    menu = next((say(menu.name) for menu in tree.get_commands(type=AppCommandType.message)), "")
    show = mention("study show", ids)
    lines = [
        say("Paste a link such as `{link}`: a card of the study answers it.", link=EXAMPLE),
        say("{show} shows one by its number, `6004`, or by words, `doe 1961`.", show=show),
        say(
            "{offer} offers cards: click it. {unreadable} means that a link got no card: *Apps > {menu}* in the message's "
            "menu says why.",
            offer=Mark.OFFER,
            unreadable=Mark.UNREADABLE,
            menu=menu,
        ),
        say("`!https://…`, `<https://…>` or code: no card. `||https://…||`: a hidden card. *Delete* removes the card."),
    ]
    if others := [source.title for source in sources if source is not sources.default]:
        named = enumerated(others, say)
        lines.append(say("{sources} links get cards too, where moderators switch them on.", sources=named))
    yield "\n".join(["### Precis", *(f"{number}. {line}" for number, line in enumerate(lines, 1))])
    listed = [command for command in tree.walk_commands() if isinstance(command, app_commands.Command)]
    yield "\n".join([f"**{say('Commands')}**", *_lines((one for one in listed if not _for_moderators(one)), ids, say)])
    if moderator and (theirs := [one for one in listed if _for_moderators(one)]):
        yield "\n".join([f"**{say('For moderators')}**", *_lines(theirs, ids, say)])


def about_texts(say: Say, sources: Sources) -> Iterator[str]:
    """Give the paragraphs of `/about`."""
    yield f"### Precis {__version__}\n" + say("A bot that answers links to studies with study cards.")
    yield say(
        "Erowid's records are those of the [Erowid References Database]({database}), which the people of [Erowid]({erowid}) "
        "collected and keep; thanks to them. What a card quotes are sentences of the abstract, word for word.",
        database=DATABASE,
        erowid=EROWID,
    )
    if others := [source for source in sources if source is not sources.default]:
        sites = dict.fromkeys(site.name for source in others for site in source.sites)
        yield say(
            "Studies behind {sources} links are read from {sites}.",
            sources=enumerated([source.title for source in others], say),
            sites=enumerated([*sites], say),
        )
    yield say("Precis is no part of Erowid or of Discord, and gives no medical advice.")
    yield say("Languages: {names}.", names=", ".join(_own_names(["en", *languages()])))


def _lines(listed: Iterable[app_commands.Command[Any, ..., Any]], ids: Mapping[str, int], say: Say) -> Iterator[str]:
    """List commands: those about studies first, in the order in which they are defined."""
    for command in sorted(listed, key=lambda one: (one.root_parent is None, (one.root_parent or one).name)):
        yield f"{mention(command.qualified_name, ids)} {say(command.description)}"


def _for_moderators(command: app_commands.Command[Any, ..., Any]) -> bool:
    needed = (command.root_parent or command).default_permissions
    return needed is not None and needed.manage_guild


def _moderates(interaction: discord.Interaction[Any]) -> bool:
    """Whether the user may manage the server, and the bot is a member of it."""
    only_brought_along = interaction.is_user_integration() and not interaction.is_guild_integration()
    return interaction.guild_id is not None and interaction.permissions.manage_guild and not only_brought_along


def _own_names(codes: Iterable[str]) -> Iterator[str]:
    """Give the name of each language in that language."""
    for code in codes:
        locale = Locale.parse(code)
        yield locale.get_display_name(locale) or code
