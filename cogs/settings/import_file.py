"""`/settings import`: what a file would change is shown before anything is; the file stays with the message that asks.

precis:import:DIGEST    takes what the message's file says, if that would change still what DIGEST stands for
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord.ui import Button, DynamicItem, Item, View

from bot import citation
from bot.core.channel_settings import Change, Overrides, Scope, differences
from bot.core.errors import BotError
from bot.core.settings_file import MOST_BYTES, read_export, too_large, write_export
from cogs.discord_kit.errors import TRANSIENT_ERRORS, answering
from cogs.discord_kit.i18n import Say
from cogs.settings.history import KeepButton
from cogs.settings.wording import changed, listed

LINES = 1_200
"""Characters of changes in the question at most; the rest of it takes less than 500."""


class Unread(BotError):
    """A file that was attached could not be had from Discord."""

    advice = "Discord did not give the file to the bot, so nothing was changed. Please attach it once more."


class Desk(Protocol):
    """What the button asks for: the cog `SettingsCommands`."""

    async def apply(self, interaction: discord.Interaction[Any], digest: str) -> None:
        """Take what the file of the clicked message says."""


async def read(files: Sequence[discord.Attachment]) -> bytes:
    """Download a file, if it is not too large for settings. Raises BadSettingsFile or Unread."""
    if not files:
        raise Unread("no file with the message")
    if files[0].size > MOST_BYTES:
        raise too_large()
    try:
        return await files[0].read()
    except TRANSIENT_ERRORS as error:
        raise Unread(str(error)) from error


class Preview:
    """What a file would change in a guild. Raises BadSettingsFile."""

    def __init__(self, guild: discord.Guild, now: Overrides, data: bytes) -> None:
        self.wanted = read_export(data, guild.id, citation.resolve_style)
        self.changes = differences(now, self.wanted)
        self._guild = guild
        self._text = write_export(guild.id, self.wanted)
        self.digest = hashlib.sha256(f"{write_export(guild.id, now)}{self._text}".encode()).hexdigest()[:32]
        """Another one once what holds, or the file, is another."""

    def question(self, _: Say) -> str:
        """Say what would change, and what of it is not there."""
        new, gone = (sum(getattr(one, end) is None for one in self.changes) for end in ("old", "new"))
        counts = _(
            "Chosen anew: {new}. Changed: {changed}. Taken away: {gone}.",
            new=new,
            changed=len(self.changes) - new - gone,
            gone=gone,
        )
        return "\n".join([_("### What this file would change"), counts, *self._lines(_), _("Nothing has changed yet.")])

    def file(self) -> discord.File:
        """Give the file as it was read."""
        return discord.File(io.BytesIO(self._text.encode()), f"precis-settings-{self._guild.id}-new.json")

    def _lines(self, _: Say) -> Iterator[str]:
        yield listed(_, [f"- {changed(_, one)}" for one in self.changes], most=LINES)
        channels, roles = set(_unknown_channels(self._guild, self.changes)), set(_unknown_roles(self._guild, self.changes))
        if channels or roles:
            yield _(
                "Not in this server: channels {channels}, roles {roles}. What the file says of them has no effect.",
                channels=len(channels),
                roles=len(roles),
            )


def _unknown_channels(guild: discord.Guild, changes: Iterable[Change]) -> Iterator[int]:
    """Give the channels and categories that a guild has not, as which they are named."""
    for one in changes:
        if one.new is not None and one.target.scope is not Scope.GUILD:
            channel = guild.get_channel(one.target.id)
            if channel is None or isinstance(channel, discord.CategoryChannel) != (one.target.scope is Scope.CATEGORY):
                yield one.target.id


def _unknown_roles(guild: discord.Guild, changes: Iterable[Change]) -> Iterator[int]:
    for one in changes:
        if one.key == "ignored_roles" and isinstance(one.new, frozenset):
            yield from (role for role in one.new if guild.get_role(role) is None)


class ApplyButton(DynamicItem[Button[Any]], template=r"precis:import:(?P<digest>[0-9a-f]{32})"):
    """Takes what the message's file says."""

    def __init__(self, digest: str, label: str = "-") -> None:
        super().__init__(Button(label=label, custom_id=f"precis:import:{digest}", style=discord.ButtonStyle.danger))
        self._digest = digest

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(match["digest"])

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take it."""
        await cast(Desk, interaction.client.get_cog("SettingsCommands")).apply(interaction, self._digest)


class ImportView(View):
    """Asks before an import."""

    def __init__(self, _: Say, digest: str) -> None:
        super().__init__(timeout=None)
        self.add_item(ApplyButton(digest, _("Apply")))
        self.add_item(KeepButton(_("Cancel")))
