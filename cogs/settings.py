"""`/settings`: for who may manage the server, everything private.

Discord knows no bare `/settings` beside `/settings check`, so the panel is `/settings panel`.
"""

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread, Transform, locale_str
from discord.ext import commands

from bot.core.channel import Change, Target
from bot.core.errors import BotError
from bot.core.export import MOST_BYTES, too_large
from bot.services.channels import Channels
from bot.services.privacy import Privacy
from cogs.changes import LINES, Changes, NoTarget, in_time, known, managed, show
from cogs.checkup import checkup
from cogs.controls import CONTROLS
from cogs.keys import changed, listed, target_name, target_of
from cogs.panel import Panel
from cogs.past import BUTTONS, PAGE, HistoryView, ResetView
from cogs.places import place_of
from cogs.trouble import TROUBLE
from cogs.words import speak

SETTINGS_ITEMS = (*CONTROLS, *BUTTONS)
"""All that the messages of `/settings` can carry, for the bot to know them after a restart."""


Given = AppCommandChannel | AppCommandThread
"""A channel, category or thread as a command gets it."""


class AnyChannel(app_commands.Transformer):
    """Takes channels of whatever kind Discord has, categories and threads too."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """What Discord is to ask for."""
        return discord.AppCommandOptionType.channel

    async def transform(self, _: discord.Interaction[Any], value: Given, /) -> Given:
        """Give it as it came."""
        return value


class Unread(BotError):
    """A file that was attached could not be had from Discord."""

    advice = "Discord did not give the file to the bot, so nothing was changed. Please attach it once more."


class Unseen(BotError):
    """A channel or thread that the bot is not shown."""

    advice = "The bot does not see that channel: it needs View Channel there, and has to be let into a private thread."


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class SettingsCommands(
    commands.GroupCog, group_name="settings", group_description=locale_str("What the bot does in this server")
):
    """`/settings ...`."""

    def __init__(self, changes: Changes, channels: Channels, privacy: Privacy) -> None:
        self._changes = changes
        self._channels = channels
        self._privacy = privacy

    @app_commands.command(name="panel", description=locale_str("See and change what the bot does in this server"))
    @app_commands.describe(channel=locale_str("A channel or category to begin with (default: the whole server)"))
    async def panel(self, interaction: discord.Interaction, channel: Transform[Given, AnyChannel] | None = None) -> None:
        """Show the panel."""
        guild = managed(interaction)
        desk = interaction.client.get_cog(Panel.__name__)  # type: ignore[attr-defined]  # the client is a Bot
        await desk.open(interaction, target_of(_found(guild, channel)) if channel is not None else None)

    @app_commands.command(name="check", description=locale_str("Say what would happen to a link in a channel, and why"))
    @app_commands.describe(channel=locale_str("The channel or thread (default: this one)"))
    async def check(self, interaction: discord.Interaction, channel: Transform[Given, AnyChannel] | None = None) -> None:
        """Say what the bot sees there, what it lacks, and what would happen."""
        guild = managed(interaction)
        place = guild.get_channel_or_thread(channel.id if channel is not None else interaction.channel_id or 0)
        if place is None:
            raise Unseen(f"no channel {channel and channel.id} in {guild.id}")
        text = checkup(
            speak(interaction.locale),
            place,
            self._channels.resolved(place_of(place, guild.id)),
            interaction.user,
            reads=interaction.client.intents.message_content,
            opted_out=self._privacy.opted_out(interaction.user.id),
        )
        await show(interaction, content=text)

    @app_commands.command(name="export", description=locale_str("Give the settings as a file"))
    async def export(self, interaction: discord.Interaction) -> None:
        """Give them."""
        guild = managed(interaction)
        _ = speak(interaction.locale)
        await show(interaction, content=_("The settings of this server."), files=[self._file(guild)])

    @app_commands.command(name="import", description=locale_str("Put a file's settings in place of those of this server"))
    @app_commands.describe(file=locale_str("What /settings export gave, as you may have edited it"))
    async def take(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Take the file whole or not at all; say what changed, and give what was there before."""
        guild = managed(interaction)
        _ = speak(interaction.locale)
        if file.size > MOST_BYTES:
            raise too_large()
        await interaction.response.defer(ephemeral=True)  # what follows goes to Discord and to the database
        data = await _read(file)
        before = self._file(guild)
        changes = await self._changes.replace(interaction, data)
        if changes:
            head = _("The file's settings hold now. To go back, import the attached file.")
            await self._show_changed(interaction, head, changes, before)
        else:
            await show(interaction, content=_("Nothing changed: the file says what holds already."))

    @app_commands.command(name="reset", description=locale_str("Take choices away, after a question"))
    @app_commands.describe(channel=locale_str("A channel or category (default: the server and all that is in it)"))
    async def reset(self, interaction: discord.Interaction, channel: Transform[Given, AnyChannel] | None = None) -> None:
        """Ask first."""
        guild = managed(interaction)
        _ = speak(interaction.locale)
        target = target_of(_found(guild, channel)) if channel is not None else None
        overrides = self._channels.overrides(guild.id)
        count = sum(len(values) for one, values in overrides.items() if target in {None, one})
        if not count:
            await show(interaction, content=_("Nothing is chosen there, so there is nothing to take away."))
            return
        where = target_name(_, target) if target is not None else _("the server, its categories and channels")
        asked = _("Take away all that is chosen for {where}? Values: {count}.", where=where, count=count)
        await show(interaction, content=asked, view=ResetView(_, guild.id, target))

    async def do_reset(self, interaction: discord.Interaction[Any], target: Target | None) -> None:
        """Take away what is chosen for a target, or for the whole server."""
        _ = speak(interaction.locale)
        guild = managed(interaction)
        if target is not None:
            known(guild, target)
        before = self._file(guild)
        changes = await self._changes.reset(interaction, target)
        if changes:
            head = _("Taken away. To go back, import the attached file.")
            await self._show_changed(interaction, head, changes, before, view=None)
        else:
            await show(interaction, content=_("Nothing was changed."), view=None)

    @app_commands.command(name="history", description=locale_str("Show who changed which setting when"))
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the last changes."""
        await self.show_history(interaction, 0)

    async def show_history(self, interaction: discord.Interaction[Any], before: int) -> None:
        """Show the changes before one; 0: the last ones. Raises StorageError."""
        guild = managed(interaction)
        asked = self._channels.history(guild.id, most=PAGE + 1, before=before or None)
        entries = await in_time(interaction, asked)
        await show(interaction, view=HistoryView(speak(interaction.locale), entries, before))

    async def _show_changed(
        self, interaction: discord.Interaction[Any], head: str, changes: Sequence[Change], before: discord.File, **shown: Any
    ) -> None:
        """Say what changed, give what was there before, and have it posted."""
        _ = speak(interaction.locale)
        lines = [head, *(f"- {changed(_, one)}" for one in changes)]
        try:
            await show(interaction, content=listed(_, lines, most=LINES), files=[before], **shown)
        finally:
            await self._changes.announce(interaction, changes)

    def _file(self, guild: discord.Guild) -> discord.File:
        text = self._channels.export(guild.id)
        return discord.File(io.BytesIO(text.encode()), f"precis-settings-{guild.id}.json")


def _found(guild: discord.Guild, channel: Given) -> discord.abc.GuildChannel | discord.Thread:
    """Give a channel as the bot knows it. Raises NoTarget."""
    found = guild.get_channel_or_thread(channel.id)
    if found is None:
        raise NoTarget(f"no channel {channel.id} in {guild.id}")
    return found


async def _read(file: discord.Attachment) -> bytes:
    try:
        return await file.read()
    except TROUBLE as error:
        raise Unread(str(error)) from error
