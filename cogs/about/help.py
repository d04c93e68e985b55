"""`/help` and `/about`: what the bot does, and what it is."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord
from babel import Locale
from discord import AppCommandType, app_commands
from discord.app_commands import locale_str
from discord.ext import commands
from discord.ui import Container, LayoutView, TextDisplay

from bot import __version__
from cogs.cards.render import QUIET
from cogs.discord_kit.i18n import Say, languages, speak
from cogs.discord_kit.interactions import respond

DATABASE = "https://www.erowid.org/references/"
EROWID = "https://www.erowid.org/"


class Help(commands.Cog):
    """Answers `/help` and `/about`."""

    def __init__(self, client: commands.Bot) -> None:
        self._client = client

    @app_commands.command(name="help", description=locale_str("What this bot does, and its commands"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def help(self, interaction: discord.Interaction) -> None:
        """Say what the bot does; moderators also see their commands."""
        shown = help_texts(self._client.tree, speak(interaction.locale), moderator=_moderates(interaction))
        await respond(interaction, view=TextsView(shown))

    @app_commands.command(name="about", description=locale_str("What this bot is, and where its data is from"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def about(self, interaction: discord.Interaction) -> None:
        """Say what the bot is, where its data comes from, and which languages it speaks."""
        await respond(interaction, view=TextsView(about_texts(speak(interaction.locale))))


class TextsView(LayoutView):
    """A message of several paragraphs."""

    def __init__(self, texts: Iterable[str]) -> None:
        super().__init__(timeout=None)
        self.container: Container[TextsView] = Container(*map(TextDisplay, texts), accent_colour=QUIET)
        self.add_item(self.container)


def help_texts(tree: app_commands.CommandTree[Any], say: Say, *, moderator: bool) -> Iterator[str]:
    """Give the paragraphs of `/help`, with the commands of the tree."""
    yield "### Precis\n" + say(
        "Paste a link to a record of the Erowid References Database, and a study card answers it: who, where and when, "
        "what was found in the abstract's own words, and a citation to copy."
    )
    yield say(
        "A link in `<angle brackets>` or in code gets no card; the card of a `||spoiler||` is a spoiler. A card follows its "
        "message: it changes and goes with it. Who posted the link can delete the card by its button."
    )
    listed = [command for command in tree.walk_commands() if isinstance(command, app_commands.Command)]
    yield "\n".join([f"**{say('Commands')}**", *_lines((one for one in listed if not _for_moderators(one)), say)])
    for menu in tree.get_commands(type=AppCommandType.message):
        name = say(menu.name)
        yield say("*Apps > {name}* in a message's menu shows the cards of its links to you alone.", name=name)
    if moderator and (theirs := [one for one in listed if _for_moderators(one)]):
        yield "\n".join([f"**{say('For moderators')}**", *_lines(theirs, say)])


def about_texts(say: Say) -> Iterator[str]:
    """Give the paragraphs of `/about`."""
    yield f"### Precis {__version__}\n" + say("A bot that answers links to studies with study cards.")
    yield say(
        "All records are from the [Erowid References Database]({database}), which the people of [Erowid]({erowid}) "
        "collected and keep; thanks to them. What a card quotes are sentences of the abstract, word for word.",
        database=DATABASE,
        erowid=EROWID,
    )
    yield say("Precis is no part of Erowid or of Discord, and gives no medical advice.")
    yield say("Languages: {names}.", names=", ".join(_own_names(["en", *languages()])))


def _lines(listed: Iterable[app_commands.Command[Any, ..., Any]], say: Say) -> Iterator[str]:
    for command in sorted(listed, key=lambda one: one.qualified_name):
        yield f"`/{command.qualified_name}` {say(command.description)}"


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
