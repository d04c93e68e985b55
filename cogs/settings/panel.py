"""The panel of `/settings`: a private message in which moderators see and change settings, one value per click.

Each click reads the stored settings again, checks that its user may still manage the server, and writes one setting only.
The custom ID of a control says which place and setting it changes, so an old panel still changes the place that it shows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord.ext import commands
from discord.ui import ActionRow, Button, Container, LayoutView, TextDisplay

from bot.core.channel_settings import KEYS, Change, Kind, Scope, Target, Value
from bot.core.errors import NoTarget
from cogs.cards.buttons import style_form
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.custom_ids import CustomId, Handler, picked, picked_ids, typed, walk
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import defer_if_slow, replace
from cogs.settings.controls import (
    CLEAR,
    OTHER,
    PLACE,
    REMOVE,
    SCOPE,
    SET,
    STYLE_FORM,
    TAB,
    TABS,
    TURN,
    UNDO,
    UNSET,
    PanelView,
    mode_for,
)
from cogs.settings.editor import SettingsEditor, existing, managed
from cogs.settings.history import reset_question
from cogs.settings.wording import target_of


class Panel(commands.Cog):
    """Answers the controls of the panel."""

    def __init__(self, editor: SettingsEditor) -> None:
        self._editor = editor

    def clicks(self) -> dict[CustomId, Handler]:
        """Name the method that answers each control."""
        return {
            SCOPE: self.pick_scope,
            PLACE: self.open_tab,
            TURN: self.turn,
            UNDO: self.undo,
            TAB: self.open_tab,
            SET: self.pick,
            REMOVE: self.choose,
            CLEAR: self.ask_reset,
            STYLE_FORM: self.take_style,
        }

    async def open(
        self, interaction: discord.Interaction[Any], target: Target | None, tab: str = "cards", *, undo: int | None = None
    ) -> None:
        """Show the settings of a target; None is the server. Raises NotModerator or NoTarget.

        `undo` is the number of the change that can be undone.
        """
        guild = managed(interaction)
        target = existing(guild, target or Target(Scope.GUILD, guild.id))
        overrides = self._editor.settings.overrides(guild.id)
        here = here_in(interaction, guild)
        view = PanelView(
            speak(interaction.locale), guild, overrides, target, tab, sources=self._editor.sources, here=here, undo=undo
        )
        await replace(interaction, view=view, files=())

    async def open_tab(self, interaction: discord.Interaction[Any], tab: str, target: Target) -> None:
        """Show another part of a target's settings."""
        await self.open(interaction, target, tab)

    async def pick_scope(self, interaction: discord.Interaction[Any], tab: str) -> None:
        """Show the settings of the category or channel that was picked."""
        target = None
        for channel_id in picked_ids(interaction):
            channel = interaction.guild.get_channel_or_thread(channel_id) if interaction.guild is not None else None
            if channel is None:
                raise NoTarget(f"no channel {channel_id}")
            target = target_of(channel)
        await self.open(interaction, target, tab)

    async def ask_reset(self, interaction: discord.Interaction[Any], tab: str, target: Target) -> None:
        """Ask, in the panel's place, whether to reset a target. Raises as `open` does."""
        guild = managed(interaction)
        _ = speak(interaction.locale)
        question = reset_question(_, self._editor.settings.overrides(guild.id), existing(guild, target))
        if question is None:
            await self.open(interaction, target, tab)
            return
        text, buttons = question
        view = LayoutView(timeout=None)
        row: ActionRow[Any] = ActionRow(*buttons, Button(label=_("Cancel"), custom_id=TAB(tab, target)))
        await replace(interaction, view=view.add_item(Container(TextDisplay(text), row, accent_colour=QUIET)), files=())

    async def turn(self, interaction: discord.Interaction[Any], word: str, target: Target) -> None:
        """Turn cards off or on, or let the bot ask first or reply at once."""
        guild = managed(interaction)
        mode = mode_for(word, guild, self._editor.settings.overrides(guild.id), existing(guild, target))
        await self.choose(interaction, "mode", target, mode)

    async def undo(self, interaction: discord.Interaction[Any], number: int) -> None:
        """Undo one change of this server, if its value was not changed since; then show the result."""
        changes = await self._editor.undo(interaction, number)
        await self._show_changed(interaction, changes[0].target, changes[0].key, changes)

    async def choose(
        self, interaction: discord.Interaction[Any], key: str, target: Target, value: Value | None = None
    ) -> None:
        """Set one value, or remove it with None; then show the result. Raises a BotError if nothing was changed."""
        await self._show_changed(interaction, target, key, await self._editor.set(interaction, target, key, value))

    async def pick(self, interaction: discord.Interaction[Any], key: str, target: Target) -> None:
        """Set the value that was picked in a setting's menu."""
        guild, kind = managed(interaction), KEYS[key].kind
        if kind in {Kind.ROLES, Kind.MEMBERS, Kind.SOURCES}:
            wanted = frozenset[int | str](picked(interaction) if kind is Kind.SOURCES else picked_ids(interaction))
            shown = frozenset(_preselected(interaction))
            changes = await self._editor.adjust(interaction, target, key, shown, wanted)
            await self._show_changed(interaction, target, key, changes)
            return
        values = picked(interaction)
        if values == [OTHER]:
            form = style_form(STYLE_FORM(existing(guild, target)), speak(interaction.locale))
            await interaction.response.send_modal(form)
        else:
            await self.choose(interaction, key, target, _read(kind, values[0]) if values else None)

    async def take_style(self, interaction: discord.Interaction[Any], target: Target) -> None:
        """Set the style whose name was typed."""
        await self.choose(interaction, "style", target, typed(interaction))

    async def _show_changed(
        self, interaction: discord.Interaction[Any], target: Target, key: str, changes: Sequence[Change]
    ) -> None:
        try:
            undo = await defer_if_slow(interaction, self._editor.number(interaction, changes), replacing=True)
            await self.open(interaction, target, _tab_of(key), undo=undo)
        finally:
            await self._editor.announce(interaction, changes)


def _preselected(interaction: discord.Interaction[Any]) -> Iterator[int | str]:
    """Give the IDs or words that the clicked menu showed as picked before."""
    data: Any = interaction.data
    for component in walk(interaction.message.components if interaction.message is not None else ()):
        if getattr(component, "custom_id", None) == data["custom_id"]:
            yield from (one.id for one in component.default_values)
            yield from (option.value for option in component.options if option.default)


def _tab_of(key: str) -> str:
    return next((tab for tab, keys in TABS.items() if key in keys), "")


def _read(kind: Kind, picked: str) -> Value | None:
    """Read a value that was picked; `SettingsService` refuses impossible ones."""
    if picked == UNSET:
        return None
    if kind is Kind.FLAG:
        return {"True": True, "False": False}.get(picked, picked)
    return int(picked) if kind in {Kind.NUMBER, Kind.CHANNEL} and picked.isdecimal() else picked


def here_in(interaction: discord.Interaction[Any], guild: discord.Guild) -> Target | None:
    """Give the channel where an interaction is, a thread's parent channel; None if the bot does not know it."""
    here = interaction.channel
    channel_id = here.parent_id if isinstance(here, discord.Thread) else interaction.channel_id
    channel = guild.get_channel(channel_id or 0)
    return target_of(channel) if channel is not None else None
