"""Changes settings for moderators: checks that they may, and posts each change in the log channel."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import discord
import structlog

from bot import citation
from bot.core.channel_settings import Change, Overrides, Scope, Target, Value
from bot.core.errors import BadSettingsFile, NoTarget, NotChanged, NotModerator, NotUndone, StorageError
from bot.core.phrase import Phrase
from bot.core.settings_file import read_export
from bot.core.source import Sources
from bot.services.guild_settings import SettingsService
from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import defer_if_slow
from cogs.settings.wording import changed, listed, settings_at

LINES = 1_700
"""Characters of changes in one message at most; Discord's bound is 2,000."""

RECENT = 10
"""How many of a guild's latest changes are searched for the one that was just made."""

log = structlog.get_logger(__name__)


def managed(interaction: discord.Interaction[Any]) -> discord.Guild:
    """Give the guild of an interaction, if its user may manage it now. Raises NotModerator."""
    if interaction.guild is None or not interaction.permissions.manage_guild:
        raise NotModerator(f"{interaction.user.id} may not manage {interaction.guild_id}")
    return interaction.guild


def existing(guild: discord.Guild, target: Target) -> Target:
    """Give a target unchanged if it still exists. Raises NoTarget."""
    if target.scope is Scope.GUILD:
        there = target.id == guild.id
    else:
        channel = guild.get_channel(target.id)
        there = channel is not None and isinstance(channel, discord.CategoryChannel) == (target.scope is Scope.CATEGORY)
    if not there:
        raise NoTarget(f"no {target.scope} {target.id} in {guild.id}")
    return target


class SettingsEditor:
    """Makes changes one after another in each process."""

    def __init__(self, settings: SettingsService, sources: Sources) -> None:
        self.settings = settings
        self.sources = sources
        self._lock = asyncio.Lock()

    async def refresh(self, guild: discord.Guild) -> None:
        """Load what other processes changed. If that fails, the known settings are shown."""
        try:
            await self.settings.refresh_guild(guild.id)
        except StorageError as error:
            log.warning("settings not refreshed", reason=str(error))

    async def set(
        self, interaction: discord.Interaction[Any], target: Target, key: str, value: Value | None
    ) -> tuple[Change, ...]:
        """Set one value. Raises NotModerator, NoTarget, BadSetting, UnknownStyle or NotChanged."""
        guild = managed(interaction)
        existing(guild, target)
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
        shown: frozenset[int | str],
        picked: frozenset[int | str],
    ) -> tuple[Change, ...]:
        """Add the IDs or names that were picked but not shown, and remove those that were shown but not picked.

        IDs and names that other moderators added since the menu was shown stay.
        """
        guild = managed(interaction)
        existing(guild, target)

        async def make() -> tuple[Change, ...]:
            there: frozenset[Any] = getattr(settings_at(guild, self.settings.overrides(guild.id), target).settings, key)
            wanted: frozenset[Any] = (there | (picked - shown)) - (shown - picked)
            value: Value | None = None if target.scope is Scope.GUILD and not wanted else wanted
            return await self.settings.set(guild.id, target, {key: value}, by=interaction.user.id)

        return await self._made(interaction, make)

    async def undo(self, interaction: discord.Interaction[Any], number: int) -> tuple[Change, ...]:
        """Undo the change with that number in the guild's history; return the reverse change.

        Raises NotUndone if its value is not the present one; NotModerator, NoTarget, BadSetting, UnknownStyle or NotChanged.
        """
        guild = managed(interaction)

        async def make() -> tuple[Change, ...]:
            entries = await self.settings.history(guild.id, most=1, before=number + 1)
            if not entries or entries[0].number != number:
                raise NotUndone(f"no change {number} in {guild.id}")
            one = entries[0].change
            existing(guild, one.target)
            if one.key == "log_channel" and not _can_log(guild, one.old):
                raise NoTarget(f"{one.old} is no text channel of {guild.id}")
            return await self.settings.undo(guild.id, one, by=interaction.user.id)

        changes = await self._made(interaction, make)
        if not changes:
            raise NotUndone(f"change {number} of {guild.id} is not the last of its setting")
        return changes

    async def number(self, interaction: discord.Interaction[Any], changes: Sequence[Change]) -> int | None:
        """Give the number of a change in the history, by which it can be undone; None if the number is not known."""
        if len(changes) != 1 or interaction.guild_id is None:
            return None
        try:
            entries = await self.settings.history(interaction.guild_id, most=RECENT)
        except StorageError as error:
            log.warning("no undo offered", reason=str(error))
            return None
        mine = (one.number for one in entries if one.change == changes[0] and one.by == interaction.user.id)
        return next(mine, None)

    async def reset(self, interaction: discord.Interaction[Any], target: Target | None) -> tuple[Change, ...]:
        """Reset a target, or the whole guild if it is None. Raises NotModerator or NotChanged."""
        guild = managed(interaction)
        return await self._made(interaction, partial(self.settings.reset, guild.id, target, by=interaction.user.id))

    async def replace(self, interaction: discord.Interaction[Any], data: bytes) -> tuple[Change, ...]:
        """Replace all settings by a file's, completely or not at all. Raises NotModerator, BadSettingsFile or NotChanged."""
        guild = managed(interaction)
        self.check_log(guild, read_export(data, guild.id, citation.resolve_style))
        return await self._made(interaction, partial(self.settings.replace, guild.id, data, by=interaction.user.id))

    def check_log(self, guild: discord.Guild, wanted: Overrides) -> None:
        """Check that the log channel of a file exists. Raises BadSettingsFile."""
        if not _can_log(guild, wanted.get(Target(Scope.GUILD, guild.id), {}).get("log_channel")):
            raise BadSettingsFile([Phrase("its log channel is no text channel of this server")])

    async def announce(self, interaction: discord.Interaction[Any], changes: Sequence[Change]) -> None:
        """Post changes in the log channel, or in the former one if it was just removed. A failure is only logged."""
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
        lines = [_("{who} changed {what}", who=who, what=changed(_, one, self.sources)) for one in changes]
        try:
            quiet = discord.AllowedMentions.none()
            await channel.send(listed(_, lines, most=LINES), allowed_mentions=quiet, silent=True)
        except TRANSIENT_ERRORS as error:
            log.warning("change not posted", guild=guild.id, reason=describe(error))

    async def _made(
        self, interaction: discord.Interaction[Any], make: Callable[[], Awaitable[tuple[Change, ...]]]
    ) -> tuple[Change, ...]:
        async def locked() -> tuple[Change, ...]:
            async with self._lock:
                return await make()

        try:
            changes = await defer_if_slow(interaction, locked(), replacing=True)
        except StorageError as error:
            raise NotChanged(str(error)) from error
        log.info("settings changed", guild=interaction.guild_id, by=interaction.user.id, changes=len(changes))
        return changes


def _can_log(guild: discord.Guild, channel_id: Value | None) -> bool:
    channel = guild.get_channel(channel_id) if isinstance(channel_id, int) else None
    return channel_id is None or isinstance(channel, discord.TextChannel)
