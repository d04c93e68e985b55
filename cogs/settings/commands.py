"""`/settings`: for moderators, with private answers only.

Discord allows no bare `/settings` beside `/settings check`, so the panel is `/settings panel`.
"""

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread, Transform, locale_str
from discord.ext import commands

from bot.core.channel_settings import Change, Scope, Target
from bot.core.errors import NoTarget, Unseen
from bot.core.settings_file import MOST_BYTES, too_large
from bot.services.guild_settings import SettingsService
from bot.services.privacy import Privacy
from cogs.discord_kit.channels import place_of
from cogs.discord_kit.custom_ids import CustomId, Handler
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import defer_if_slow, replace, respond
from cogs.discord_kit.permissions import ChannelOrThread
from cogs.settings.check import FIX, CheckView, checkup, fix
from cogs.settings.editor import LINES, SettingsEditor, existing, managed
from cogs.settings.history import HISTORY, KEEP, PAGE, RESET, RESET_ALL, HistoryView, ResetView, reset_question
from cogs.settings.import_file import APPLY, ImportView, Preview, read
from cogs.settings.panel import Panel, here_in
from cogs.settings.wording import changed, listed, target_of

Given = AppCommandChannel | AppCommandThread
"""A channel, category or thread that was given to a command."""


class AnyChannel(app_commands.Transformer):
    """Takes channels of any kind, also categories and threads."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The type of the option."""
        return discord.AppCommandOptionType.channel

    async def transform(self, _: discord.Interaction[Any], value: Given, /) -> Given:
        """Give the channel unchanged."""
        return value


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class SettingsCommands(
    commands.GroupCog, group_name="settings", group_description=locale_str("What the bot does in this server")
):
    """`/settings ...`."""

    def __init__(self, editor: SettingsEditor, panel: Panel, settings: SettingsService, privacy: Privacy) -> None:
        self._editor = editor
        self._panel = panel
        self._settings = settings
        self._privacy = privacy

    def clicks(self) -> dict[CustomId, Handler]:
        """Name the method that answers each button."""
        return {
            HISTORY: self.show_history,
            RESET: self.do_reset,
            RESET_ALL: self.reset_all,
            KEEP: self.keep,
            APPLY: self.apply,
            FIX: self.fix,
        }

    @app_commands.command(name="panel", description=locale_str("See and change what the bot does in this server"))
    @app_commands.describe(channel=locale_str("A channel or category to begin with (default: this one)"))
    async def panel(self, interaction: discord.Interaction, channel: Transform[Given, AnyChannel] | None = None) -> None:
        """Show the panel for a channel or category."""
        guild = managed(interaction)
        await self._refresh(interaction, guild)
        await self._panel.open(
            interaction, target_of(_found(guild, channel)) if channel is not None else here_in(interaction, guild)
        )

    @app_commands.command(name="check", description=locale_str("Say what would happen to a link in a channel, and why"))
    @app_commands.describe(channel=locale_str("The channel or thread (default: this one)"))
    async def check(self, interaction: discord.Interaction, channel: Transform[Given, AnyChannel] | None = None) -> None:
        """Say what the bot can see in a channel, which permissions it lacks, and what would happen to a link."""
        guild = managed(interaction)
        await self._refresh(interaction, guild)
        await self._show_check(interaction, _seen(guild, channel.id if channel is not None else interaction.channel_id or 0))

    async def fix(self, interaction: discord.Interaction[Any], key: str, channel_id: int) -> None:
        """Change the setting because of which links get no card in a channel; then check again."""
        guild = managed(interaction)
        place = _seen(guild, channel_id)
        changes = await fix(self._editor, interaction, key, place, self._settings.resolved(place_of(place, guild.id)))
        try:
            await self._show_check(interaction, place, changes)
        finally:
            await self._editor.announce(interaction, changes)

    async def _show_check(
        self, interaction: discord.Interaction[Any], place: ChannelOrThread, changes: Sequence[Change] = ()
    ) -> None:
        _ = speak(interaction.locale)
        there = self._settings.resolved(place_of(place, place.guild.id))
        text = checkup(
            _,
            place,
            there,
            interaction.user,
            sources=self._editor.sources,
            reads=interaction.client.intents.message_content,
            opted_out=self._privacy.opted_out(interaction.user.id),
        )
        done = [_("Changed: {what}", what=changed(_, one, self._editor.sources)) for one in changes]
        text = "\n".join([text, *done])
        await replace(interaction, view=CheckView(_, text, place, there, interaction.user, self._editor.sources), files=())

    @app_commands.command(name="export", description=locale_str("Give the settings as a file"))
    async def export(self, interaction: discord.Interaction) -> None:
        """Give the settings as a file."""
        guild = managed(interaction)
        _ = speak(interaction.locale)
        await self._refresh(interaction, guild)
        said = _("The settings of this server.")
        elsewhere = _(
            "In another server, `/settings import` takes from the file what is set for the whole server and names no "
            "channel, role or member."
        )
        await respond(interaction, content=f"{said} {elsewhere}", files=[self._file(guild)])

    @app_commands.command(name="import", description=locale_str("Put a file's settings in place of those of this server"))
    @app_commands.describe(file=locale_str("What /settings export gave, as you may have edited it"))
    async def take(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Show what a file would change, and ask whether to apply it."""
        managed(interaction)
        if file.size > MOST_BYTES:
            raise too_large()
        await interaction.response.defer(ephemeral=True)  # downloading and comparing may take longer than three seconds
        await self._ask_import(interaction, await read([file]))

    async def apply(self, interaction: discord.Interaction[Any], digest: str) -> None:
        """Apply the file of the clicked message, completely or not at all; answer with the changes and the old settings.

        If the file would by now change something else, ask again.
        """
        guild = managed(interaction)
        _ = speak(interaction.locale)
        await interaction.response.defer()
        data = await read(interaction.message.attachments if interaction.message is not None else [])
        await self._editor.refresh(guild)
        if self._preview(guild, data).digest != digest:
            await self._ask_import(interaction, data, _("Something was changed meanwhile."))
            return
        before = self._file(guild)
        changes = await self._editor.replace(interaction, data)
        head = _("The file's settings hold now. To go back, import the attached file.")
        await self._show_changed(interaction, head, changes, before)

    async def _ask_import(self, interaction: discord.Interaction[Any], data: bytes, *said: str) -> None:
        guild = managed(interaction)
        _ = speak(interaction.locale)
        await self._editor.refresh(guild)
        asked = self._preview(guild, data)
        self._editor.check_log(guild, asked.wanted)
        if asked.changes:
            text = "\n".join([*said, asked.question(_)])
            await replace(interaction, content=text, files=[asked.file()], view=ImportView(_, asked.digest))
        else:
            said_all = [asked.left_out(_), _("Nothing changed: the file says what holds already.")]
            await self._say(interaction, "\n".join(filter(None, said_all)))

    @app_commands.command(name="reset", description=locale_str("Return settings to default, after a question"))
    @app_commands.describe(channel=locale_str("A channel or category (default: the server, alone or with all in it)"))
    async def reset(self, interaction: discord.Interaction, channel: Transform[Given, AnyChannel] | None = None) -> None:
        """Ask whether to reset a channel, a category or the server."""
        guild = managed(interaction)
        _ = speak(interaction.locale)
        target = target_of(_found(guild, channel)) if channel is not None else Target(Scope.GUILD, guild.id)
        await self._refresh(interaction, guild)
        question = reset_question(_, self._settings.overrides(guild.id), target)
        if question is None:
            await respond(interaction, content=_("Nothing is set there, so there is nothing to reset."))
        else:
            text, buttons = question
            await respond(interaction, content=text, view=ResetView(_, buttons))

    async def do_reset(self, interaction: discord.Interaction[Any], target: Target) -> None:
        """Reset a target; in the panel's message, the panel then shows the result."""
        await self._reset(interaction, existing(managed(interaction), target))

    async def reset_all(self, interaction: discord.Interaction[Any], _guild_id: int) -> None:
        """Reset the server with all its categories and channels."""
        await self._reset(interaction, None)

    async def keep(self, interaction: discord.Interaction[Any]) -> None:
        """Say that nothing was changed."""
        await self._say(interaction, speak(interaction.locale)("Nothing was changed."))

    async def _reset(self, interaction: discord.Interaction[Any], target: Target | None) -> None:
        _ = speak(interaction.locale)
        before = self._file(managed(interaction))
        changes = await self._editor.reset(interaction, target)
        in_panel = interaction.message is not None and interaction.message.flags.components_v2
        if in_panel:
            await self._panel.open(interaction, target)
        if changes:
            head = _("Reset. To go back, import the attached file.")
            await self._show_changed(interaction, head, changes, before, beside=in_panel)
        elif not in_panel:
            await self._say(interaction, _("Nothing was changed."))

    @app_commands.command(name="history", description=locale_str("Show who changed which setting when"))
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the last changes."""
        await self.show_history(interaction, 0)

    async def show_history(self, interaction: discord.Interaction[Any], before: int) -> None:
        """Show the changes before the one with that number; 0 for the newest. Raises StorageError."""
        guild = managed(interaction)
        asked = self._settings.history(guild.id, most=PAGE + 1, before=before or None)
        entries = await defer_if_slow(interaction, asked, replacing=True)
        await replace(
            interaction, view=HistoryView(speak(interaction.locale), entries, before, self._editor.sources), files=()
        )

    async def _show_changed(
        self,
        interaction: discord.Interaction[Any],
        head: str,
        changes: Sequence[Change],
        before: discord.File,
        *,
        beside: bool = False,
    ) -> None:
        """Show the changes and a file of the old settings, instead of the question or `beside` it; announce the changes."""
        _ = speak(interaction.locale)
        text = listed(_, [head, *(f"- {changed(_, one, self._editor.sources)}" for one in changes)], most=LINES)
        try:
            if beside:
                await respond(interaction, content=text, files=[before])
            else:
                await replace(interaction, content=text, files=[before], view=None)
        finally:
            await self._editor.announce(interaction, changes)

    async def _say(self, interaction: discord.Interaction[Any], sentence: str) -> None:
        """Put a sentence in the place of a question with its buttons and files."""
        await replace(interaction, content=sentence, view=None, files=())

    async def _refresh(self, interaction: discord.Interaction[Any], guild: discord.Guild) -> None:
        await defer_if_slow(interaction, self._editor.refresh(guild))

    def _preview(self, guild: discord.Guild, data: bytes) -> Preview:
        return Preview(guild, self._settings.overrides(guild.id), data, self._editor.sources)

    def _file(self, guild: discord.Guild) -> discord.File:
        def name_of(number: int) -> str | None:
            role, channel = guild.get_role(number), guild.get_channel(number)
            return f"@{role.name}" if role is not None else channel.name if channel is not None else None

        text = self._settings.export(guild.id, guild.name, name_of)
        return discord.File(io.BytesIO(text.encode()), f"precis-settings-{guild.id}.json")


def _found(guild: discord.Guild, channel: Given) -> discord.abc.GuildChannel | discord.Thread:
    """Find a channel in the guild. Raises NoTarget."""
    found = guild.get_channel_or_thread(channel.id)
    if found is None:
        raise NoTarget(f"no channel {channel.id} in {guild.id}")
    return found


def _seen(guild: discord.Guild, channel_id: int) -> ChannelOrThread:
    """Find a channel or thread that the bot sees. Raises Unseen."""
    place = guild.get_channel_or_thread(channel_id)
    if place is None:
        raise Unseen(f"no channel {channel_id} in {guild.id}")
    return place
