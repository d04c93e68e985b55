"""Changes of settings: who may make them, that they are made in turn, and the line that each gets in the log channel."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, TypeVar

import discord
import structlog

from bot import citation
from bot.core.channel_settings import Change, Overrides, Scope, Target, Value
from bot.core.errors import BadSettingsFile, BotError, StorageError
from bot.core.settings_file import read_export
from bot.core.wording import Phrase
from bot.services.guild_settings import SettingsService
from cogs.discord_kit.errors import TRANSIENT_ERRORS
from cogs.discord_kit.i18n import speak
from cogs.settings.wording import changed, holds, listed

T = TypeVar("T")

SLOW = 1.5
"""Seconds, of the three that Discord gives, after which it is told to wait."""
LINES = 1_700
"""Characters of changes in one message at most; Discord's bound is 2,000."""

log = structlog.get_logger(__name__)


class NotModerator(BotError):
    """Somebody without the permission wants to see or change settings."""

    advice = "Only who may manage this server can see and change its settings."


class NotChanged(BotError):
    """The database did not take a change."""

    advice = "Settings cannot be changed just now: the bot's database does not answer. Please try again in a few minutes."


class NoTarget(BotError):
    """A channel that is gone, or of another server."""

    advice = "That channel is not there any more, or is none of this server; nothing was changed."


def managed(interaction: discord.Interaction[Any]) -> discord.Guild:
    """Give the guild that somebody may manage, by what Discord says of them now. Raises NotModerator."""
    if interaction.guild is None or not interaction.permissions.manage_guild:
        raise NotModerator(f"{interaction.user.id} may not manage {interaction.guild_id}")
    return interaction.guild


def known(guild: discord.Guild, target: Target) -> Target:
    """Give a target that is there still. Raises NoTarget."""
    if target.scope is Scope.GUILD:
        there = target.id == guild.id
    else:
        channel = guild.get_channel(target.id)
        there = channel is not None and isinstance(channel, discord.CategoryChannel) == (target.scope is Scope.CATEGORY)
    if not there:
        raise NoTarget(f"no {target.scope} {target.id} in {guild.id}")
    return target


async def in_time(interaction: discord.Interaction[Any], work: Coroutine[Any, Any, T]) -> T:
    """Wait for work, which is never broken off; Discord is told to wait where it takes long."""
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=SLOW)
    if not task.done() and not interaction.response.is_done():
        try:
            await interaction.response.defer(ephemeral=True)
        except TRANSIENT_ERRORS as error:
            log.warning("not deferred", reason=str(error))
    return await task


async def show(interaction: discord.Interaction[Any], *, files: Sequence[discord.File] = (), **shown: Any) -> None:
    """Show something to its asker alone: in the place of the private message that was clicked, or as a new one."""
    shown["allowed_mentions"] = discord.AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.edit_original_response(attachments=list(files), **shown)
    elif interaction.message is not None:
        await interaction.response.edit_message(attachments=list(files), **shown)
    else:
        await interaction.response.send_message(files=list(files), ephemeral=True, **shown)


class Changes:
    """Makes changes for moderators; in one process a guild has its changes one after another."""

    def __init__(self, settings: SettingsService) -> None:
        self.settings = settings
        self._turn = asyncio.Lock()

    async def refresh(self, guild: discord.Guild) -> None:
        """Take in what other processes changed; where that is not to be had, what is known stays good enough to show."""
        try:
            await self.settings.refresh_guild(guild.id)
        except StorageError as error:
            log.warning("settings not refreshed", reason=str(error))

    async def set(
        self, interaction: discord.Interaction[Any], target: Target, key: str, value: Value | None
    ) -> tuple[Change, ...]:
        """Set one value. Raises NotModerator, NoTarget, BadSetting, UnknownStyle or NotChanged."""
        guild = managed(interaction)
        known(guild, target)
        if key == "log_channel" and not _can_log(guild, value):
            raise NoTarget(f"{value} is no text channel of {guild.id}")
        return await self._made(
            interaction, partial(self.settings.set, guild.id, target, {key: value}, by=interaction.user.id)
        )

    async def adjust(
        self,
        interaction: discord.Interaction[Any],
        target: Target,
        key: str,
        shown: frozenset[int],
        picked: frozenset[int],
    ) -> tuple[Change, ...]:
        """Add what was picked and not shown, take away what was shown and not picked: what others added meanwhile stays."""
        guild = managed(interaction)
        known(guild, target)

        async def make() -> tuple[Change, ...]:
            there: frozenset[int] = getattr(holds(guild, self.settings.overrides(guild.id), target).settings, key)
            wanted = (there | (picked - shown)) - (shown - picked)
            value = None if target.scope is Scope.GUILD and not wanted else wanted
            return await self.settings.set(guild.id, target, {key: value}, by=interaction.user.id)

        return await self._made(interaction, make)

    async def reset(self, interaction: discord.Interaction[Any], target: Target | None) -> tuple[Change, ...]:
        """Take away all that was chosen for a target, or for the whole guild. Raises NotModerator or NotChanged."""
        guild = managed(interaction)
        return await self._made(interaction, partial(self.settings.reset, guild.id, target, by=interaction.user.id))

    async def replace(self, interaction: discord.Interaction[Any], data: bytes) -> tuple[Change, ...]:
        """Put a file in place of what is chosen, whole or not at all. Raises NotModerator, BadSettingsFile or NotChanged."""
        guild = managed(interaction)
        self.check_log(guild, read_export(data, guild.id, citation.resolve_style))
        return await self._made(interaction, partial(self.settings.replace, guild.id, data, by=interaction.user.id))

    def check_log(self, guild: discord.Guild, wanted: Overrides) -> None:
        """Look whether the log channel of a file is there. Raises BadSettingsFile."""
        if not _can_log(guild, wanted.get(Target(Scope.GUILD, guild.id), {}).get("log_channel")):
            raise BadSettingsFile([Phrase("its log channel is no text channel of this server")])

    async def announce(self, interaction: discord.Interaction[Any], changes: Sequence[Change]) -> None:
        """Post changes in the log channel; one that was just taken away hears of it. What fails here is logged only."""
        guild = interaction.guild
        if guild is None or not changes:
            return
        server = Target(Scope.GUILD, guild.id)
        before = next((one.old for one in changes if one.target == server and one.key == "log_channel"), None)
        named = self.settings.overrides(guild.id).get(server, {}).get("log_channel", before)
        channel = guild.get_channel(named) if isinstance(named, int) else None
        if not isinstance(channel, discord.TextChannel):
            return
        granted = channel.permissions_for(guild.me)
        if not (granted.view_channel and granted.send_messages):
            log.info("change not posted", guild=guild.id, reason="no permission")
            return
        _ = speak(guild.preferred_locale)
        who = f"<@{interaction.user.id}>"
        lines = [_("{who} changed {what}", who=who, what=changed(_, one)) for one in changes]
        try:
            quiet = discord.AllowedMentions.none()
            await channel.send(listed(_, lines, most=LINES), allowed_mentions=quiet, silent=True)
        except TRANSIENT_ERRORS as error:
            log.warning("change not posted", guild=guild.id, reason=str(error))

    async def _made(
        self, interaction: discord.Interaction[Any], make: Callable[[], Awaitable[tuple[Change, ...]]]
    ) -> tuple[Change, ...]:
        async def in_turn() -> tuple[Change, ...]:
            async with self._turn:
                return await make()

        try:
            changes = await in_time(interaction, in_turn())
        except StorageError as error:
            raise NotChanged(str(error)) from error
        log.info("settings changed", guild=interaction.guild_id, by=interaction.user.id, changes=len(changes))
        return changes


def _can_log(guild: discord.Guild, channel_id: Value | None) -> bool:
    channel = guild.get_channel(channel_id) if isinstance(channel_id, int) else None
    return channel_id is None or isinstance(channel, discord.TextChannel)
