"""What moderators chose, held in memory: a message costs no query.

Every change goes to the store first, which gives back all that is stored of the guild; memory takes that if it is newer than
what it has. So a failure leaves memory as it was, and changes made at once end as the store has them, in whatever order
they come back. `refresh` and its like take in what other processes changed (`follow`).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot import citation
from bot.core.channel_settings import (
    KEYS,
    Change,
    ChannelSettings,
    Kind,
    Overrides,
    Place,
    Resolved,
    Target,
    Value,
    Wrong,
    change,
    resolve,
)
from bot.core.errors import BadSetting
from bot.core.settings_file import read_export, write_export
from bot.core.wording import Phrase
from bot.services.guild_ports import GuildSettings, HistoryEntry, SettingsStore

_NOTHING = GuildSettings(0, {})


class SettingsService:
    """The choices of all guilds."""

    def __init__(self, store: SettingsStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._guilds: dict[int, GuildSettings] = {}

    async def refresh(self) -> None:
        """Take in what is stored and not yet known: at the start, and whenever another process may have changed something.

        Raises StorageError, and knows then what it knew.
        """
        known = dict(self._guilds)
        stored = await self._store.revisions()
        await self._take_in(known, stored)
        for guild_id in known.keys() - stored.keys():
            if self._guilds.get(guild_id) is known[guild_id]:
                del self._guilds[guild_id]

    async def refresh_recent(self, seconds: float) -> None:
        """Take in what changed within the last seconds: what it costs grows with that alone. Raises StorageError."""
        known = dict(self._guilds)
        await self._take_in(known, await self._store.changed(seconds))

    async def refresh_guild(self, guild_id: int) -> None:
        """Take in what is stored of one guild, whose choices are about to be shown. Raises StorageError."""
        known = {guild_id: self._guilds[guild_id]} if guild_id in self._guilds else {}
        loaded = await self._store.load([guild_id])
        self._put_in(known, loaded)
        if guild_id not in loaded and self._guilds.get(guild_id) is known.get(guild_id):
            self._guilds.pop(guild_id, None)

    async def _take_in(self, known: Mapping[int, GuildSettings], stored: Mapping[int, int]) -> None:
        """Load the guilds whose revision is another than the known one."""
        changed = [one for one, at in stored.items() if known.get(one, _NOTHING).revision != at]
        self._put_in(known, await self._store.load(changed))

    def _put_in(self, known: Mapping[int, GuildSettings], loaded: Mapping[int, GuildSettings]) -> None:
        for guild_id, choices in loaded.items():
            if self._guilds.get(guild_id) is known.get(guild_id):
                self._guilds[guild_id] = choices
            else:  # changed here in the meantime
                self._take(guild_id, choices)

    def effective(self, place: Place) -> ChannelSettings:
        """Tell what holds in a place."""
        return self.resolved(place).settings

    def resolved(self, place: Place) -> Resolved:
        """Tell what holds in a place, and where each value comes from."""
        return resolve(self.overrides(place.guild_id), place)

    def overrides(self, guild_id: int | None) -> Overrides:
        """Give all that the moderators of a guild chose."""
        return self._guilds.get(guild_id, _NOTHING).overrides if guild_id is not None else _NOTHING.overrides

    async def set(self, guild_id: int, target: Target, values: Mapping[str, Value | None], *, by: int) -> tuple[Change, ...]:
        """Set values for a guild, category or channel, each by its key; None takes one away. Gives what changed.

        Raises BadSetting or UnknownStyle for a value that cannot be, StorageError; then nothing changed.
        """
        checked = {key: _checked(target, key, value) for key, value in values.items()}

        def edit(overrides: Overrides) -> Overrides:
            for key, value in checked.items():
                overrides = change(overrides, target, key, value)
            return overrides

        return await self._change(guild_id, edit, by)

    async def reset(self, guild_id: int, target: Target | None = None, *, by: int) -> tuple[Change, ...]:
        """Take away all that was chosen for a category or channel, or for the whole guild. Raises StorageError."""

        def edit(overrides: Overrides) -> Overrides:
            return {} if target is None else {one: values for one, values in overrides.items() if one != target}

        return await self._change(guild_id, edit, by)

    def export(self, guild_id: int) -> str:
        """Write a guild's choices as a file."""
        return write_export(guild_id, self.overrides(guild_id))

    async def replace(self, guild_id: int, data: bytes, *, by: int) -> tuple[Change, ...]:
        """Put a file's choices in place of the guild's. Raises BadSettingsFile or StorageError; then nothing changed."""
        overrides = read_export(data, guild_id, citation.resolve_style)
        return await self._change(guild_id, lambda _: overrides, by)

    async def history(self, guild_id: int, *, most: int = 20, before: int | None = None) -> tuple[HistoryEntry, ...]:
        """Give a guild's last changes, the newest first, those before a number if one is given. Raises StorageError."""
        return await self._store.history(guild_id, most=most, before=before)

    def forget(self, guild_ids: Collection[int]) -> None:
        """Drop guilds that were erased from the store."""
        for guild_id in guild_ids:
            self._guilds.pop(guild_id, None)

    async def _change(self, guild_id: int, edit: Callable[[Overrides], Overrides], by: int) -> tuple[Change, ...]:
        choices, changes = await self._store.change(guild_id, edit, by=by, at=self._now())
        self._take(guild_id, choices)
        return changes

    def _take(self, guild_id: int, choices: GuildSettings) -> None:
        if choices.revision > self._guilds.get(guild_id, _NOTHING).revision:
            self._guilds[guild_id] = choices


def _checked(target: Target, name: str, value: Value | None) -> Value | None:
    """Give a value as it is kept. Raises BadSetting or UnknownStyle."""
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
