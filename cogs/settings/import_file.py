"""`/settings import`: shows what a file would change, and asks whether to apply it; the question keeps the file attached."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence

import discord
from discord import ButtonStyle
from discord.ui import Button, View

from bot import citation
from bot.core.card_lines import enumerated
from bot.core.channel_settings import Change, Overrides, Scope, differences
from bot.core.errors import Unread
from bot.core.settings_file import MOST_BYTES, read_import, too_large, write_export
from bot.core.source import Sources
from cogs.discord_kit.custom_ids import CustomId, Part
from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe
from cogs.discord_kit.i18n import Say
from cogs.settings.history import KEEP
from cogs.settings.wording import changed, listed, titles

APPLY = CustomId("import:{}", Part("[0-9a-f]{32}"))
"""Applies the file of the message, if it would still change the same values (see `Preview.digest`)."""
LINES = 1_200
"""Characters of changes in the question at most; the rest of the question takes less than 500."""


async def read(files: Sequence[discord.Attachment]) -> bytes:
    """Download a settings file. Raises BadSettingsFile if it is too large, or Unread."""
    if not files:
        raise Unread("no file with the message")
    if files[0].size > MOST_BYTES:
        raise too_large()
    try:
        return await files[0].read()
    except TRANSIENT_ERRORS as error:
        raise Unread(describe(error)) from error


class Preview:
    """What a file would change in a guild. Raises BadSettingsFile."""

    def __init__(self, guild: discord.Guild, now: Overrides, data: bytes, sources: Sources) -> None:
        self.wanted, self._left_out = read_import(data, guild.id, now, citation.resolve_style)
        self.changes = differences(now, self.wanted)
        self._guild = guild
        self._sources = sources
        self._text = write_export(guild.id, self.wanted)
        self.digest = hashlib.sha256(f"{write_export(guild.id, now)}{self._text}".encode()).hexdigest()[:32]
        """Changes when the settings or the file change."""

    def question(self, _: Say) -> str:
        """Say what would change, and which channels and roles of the file do not exist here."""
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

    def left_out(self, _: Say) -> str:
        """Say what a file of another server cannot set here; empty for the server's own file."""
        if self._left_out is None:
            return ""
        return _(
            "This file is from another server: its server-wide settings are taken. Left out, as tied to that server's "
            "channels, roles or members: {count}.",
            count=self._left_out,
        )

    def _lines(self, _: Say) -> Iterator[str]:
        if said := self.left_out(_):
            yield said
        yield listed(_, [f"- {changed(_, one, self._sources)}" for one in self.changes], most=LINES)
        channels, roles = set(_unknown_channels(self._guild, self.changes)), set(_unknown_roles(self._guild, self.changes))
        if channels or roles:
            yield _(
                "Not in this server: channels {channels}, roles {roles}. What the file says of them has no effect.",
                channels=len(channels),
                roles=len(roles),
            )
        if unknown := frozenset(_named_sources(self.changes)) - {source.name for source in self._sources}:
            named = enumerated(titles(self._sources, unknown), _)
            yield _("This bot does not know {sources}: such names have no effect.", sources=named)


def _unknown_channels(guild: discord.Guild, changes: Iterable[Change]) -> Iterator[int]:
    """Give the IDs of channels and categories that the guild does not have."""
    for one in changes:
        if one.new is not None and one.target.scope is not Scope.GUILD:
            channel = guild.get_channel(one.target.id)
            if channel is None or isinstance(channel, discord.CategoryChannel) != (one.target.scope is Scope.CATEGORY):
                yield one.target.id


def _named_sources(changes: Iterable[Change]) -> Iterator[str]:
    for one in changes:
        if one.key == "links" and isinstance(one.new, frozenset):
            yield from map(str, one.new)


def _unknown_roles(guild: discord.Guild, changes: Iterable[Change]) -> Iterator[int]:
    for one in changes:
        if one.key == "ignored_roles" and isinstance(one.new, frozenset):
            yield from (role for role in one.new if isinstance(role, int) and guild.get_role(role) is None)


class ImportView(View):
    """The buttons under the question before an import."""

    def __init__(self, _: Say, digest: str) -> None:
        super().__init__(timeout=None)
        self.add_item(Button(label=_("Apply"), custom_id=APPLY(digest), style=ButtonStyle.danger))
        self.add_item(Button(label=_("Cancel"), custom_id=KEEP()))
