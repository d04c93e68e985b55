"""Changes the settings of guilds, and loads the changes of other processes.

A change goes to the store first, which returns all settings of the guild; memory takes them over if their revision is newer.
So a failed change leaves memory as it was, and after concurrent changes memory equals the store. The `refresh` methods load
changes of other processes (see `bot.services.refresh`).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot import citation
from bot.core.channel_settings import (
    KEYS,
    Change,
    Kind,
    Overrides,
    Scope,
    Target,
    Value,
    Wrong,
    change,
)
from bot.core.errors import BadSetting
from bot.core.phrase import Phrase
from bot.core.settings_file import ids_in, read_export, write_export
from bot.services.guild_ports import GuildSettings, HistoryEntry, SettingsStore
from bot.services.rules import NOTHING, SettingsInForce


class SettingsService(SettingsInForce):
    """Reads and changes the settings of all guilds."""

    def __init__(self, store: SettingsStore, *, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store = store
        self._now = now

    async def refresh(self) -> None:
        """Load all settings that changed in the store. Raises StorageError; then nothing changes."""
        known = dict(self._guilds)
        stored = await self._store.revisions()
        await self._load(known, stored)
        for guild_id in known.keys() - stored.keys():
            if self._guilds.get(guild_id) is known[guild_id]:
                del self._guilds[guild_id]

    async def refresh_recent(self, seconds: float) -> None:
        """Load the settings that changed within the last seconds. Raises StorageError."""
        known = dict(self._guilds)
        await self._load(known, await self._store.changed(seconds))

    async def refresh_guild(self, guild_id: int) -> None:
        """Load the settings of one guild. Raises StorageError."""
        known = {guild_id: self._guilds[guild_id]} if guild_id in self._guilds else {}
        loaded = await self._store.load([guild_id])
        self._replace(known, loaded)
        if guild_id not in loaded and self._guilds.get(guild_id) is known.get(guild_id):
            self._guilds.pop(guild_id, None)

    async def _load(self, known: Mapping[int, GuildSettings], stored: Mapping[int, int]) -> None:
        """Load the guilds whose revision differs from the known one."""
        changed = [one for one, at in stored.items() if known.get(one, NOTHING).revision != at]
        self._replace(known, await self._store.load(changed))

    def _replace(self, known: Mapping[int, GuildSettings], loaded: Mapping[int, GuildSettings]) -> None:
        for guild_id, settings in loaded.items():
            if self._guilds.get(guild_id) is known.get(guild_id):
                self._guilds[guild_id] = settings
            else:  # changed by this process during the query
                self._take(guild_id, settings)

    async def set(self, guild_id: int, target: Target, values: Mapping[str, Value | None], *, by: int) -> tuple[Change, ...]:
        """Set values of a guild, category or channel by their keys, or unset them with None; return the changes.

        Raises BadSetting or UnknownStyle for an invalid value, and StorageError; then nothing changes.
        """
        checked = {key: _checked(target, key, value) for key, value in values.items()}

        def edit(overrides: Overrides) -> Overrides:
            for key, value in checked.items():
                overrides = change(overrides, target, key, value)
            return overrides

        return await self._change(guild_id, edit, by)

    async def undo(self, guild_id: int, one: Change, *, by: int) -> tuple[Change, ...]:
        """Undo a change, unless its value has been changed again; return the changes.

        Raises BadSetting or UnknownStyle if the old value is no longer valid, and StorageError; then nothing changes.
        """
        old = _checked(one.target, one.key, one.old)

        def edit(overrides: Overrides) -> Overrides:
            unchanged = overrides.get(one.target, {}).get(one.key) == one.new
            return change(overrides, one.target, one.key, old) if unchanged else overrides

        return await self._change(guild_id, edit, by)

    async def reset(self, guild_id: int, target: Target | None = None, *, by: int) -> tuple[Change, ...]:
        """Unset all values of a category or channel, or of the guild with all of them. Raises StorageError."""

        def edit(overrides: Overrides) -> Overrides:
            return {} if target is None else {one: values for one, values in overrides.items() if one != target}

        return await self._change(guild_id, edit, by)

    async def channel_deleted(self, guild_id: int, gone: Target, *, by: int) -> None:
        """Unset all values for a deleted channel or category, also as the log channel. Raises StorageError."""
        overrides, whole = self.overrides(guild_id), Target(Scope.GUILD, guild_id)
        if gone in overrides:
            await self.reset(guild_id, gone, by=by)
        if overrides.get(whole, {}).get("log_channel") == gone.id:
            await self.set(guild_id, whole, {"log_channel": None}, by=by)

    def export(self, guild_id: int, server: str = "", name_of: Callable[[int], str | None] = str) -> str:
        """Write a guild's settings file, with the server's name and those of its channels, categories and roles."""
        overrides = self.overrides(guild_id)
        names = {str(one): name for one in ids_in(overrides) if (name := name_of(one)) is not None}
        about = {"server": server, "exported": self._now().isoformat(timespec="seconds"), "names": names}
        return write_export(guild_id, overrides, about)

    async def replace(self, guild_id: int, data: bytes, *, by: int) -> tuple[Change, ...]:
        """Replace a guild's settings by those of a file. Raises BadSettingsFile or StorageError; then nothing changes."""
        overrides = read_export(data, guild_id, citation.resolve_style)
        return await self._change(guild_id, lambda _: overrides, by)

    async def history(self, guild_id: int, *, most: int = 20, before: int | None = None) -> tuple[HistoryEntry, ...]:
        """Give a guild's last changes, the newest first, optionally those before a number. Raises StorageError."""
        return await self._store.history(guild_id, most=most, before=before)

    def forget(self, guild_ids: Collection[int]) -> None:
        """Drop guilds from memory that the store has erased."""
        for guild_id in guild_ids:
            self._guilds.pop(guild_id, None)

    async def _change(self, guild_id: int, edit: Callable[[Overrides], Overrides], by: int) -> tuple[Change, ...]:
        settings, changes = await self._store.change(guild_id, edit, by=by, at=self._now())
        self._take(guild_id, settings)
        return changes

    def _take(self, guild_id: int, settings: GuildSettings) -> None:
        if settings.revision > self._guilds.get(guild_id, NOTHING).revision:
            self._guilds[guild_id] = settings


def _checked(target: Target, name: str, value: Value | None) -> Value | None:
    """Validate a value and give its stored form. Raises BadSetting or UnknownStyle."""
    key = KEYS.get(name)
    if key is None:
        raise BadSetting(name, Phrase("means nothing"))
    if target.scope not in key.scopes:
        raise BadSetting(name, Phrase("can be chosen for the whole server only"))
    if value is None:
        return None
    if key.kind is Kind.STYLE:
        value = citation.resolve_style(str(value))
    try:
        return key.check(value)
    except Wrong as error:
        raise BadSetting(name, error.phrase) from None
