"""The controls of the settings panel. Their custom IDs say all that they need, so a panel works on after a restart.

precis:panel:scope:TAB          the server's, a category's or a channel's settings, as picked
precis:panel:tab:TAB:SCOPE:ID   another part of them
precis:set:KEY:SCOPE:ID         the value of one key, as picked
precis:unset:KEY:SCOPE:ID       nothing chosen there for a key
precis:clear:TAB:SCOPE:ID       asks whether to take away all that is chosen there
precis:style:SCOPE:ID           (a form) the style whose name was typed
"""

import re
from typing import Any, Protocol, Self, cast

import discord
from discord.ui import Button, ChannelSelect, DynamicItem, Item, Label, Modal, TextInput

from bot.core.channel_settings import Scope, Target, Value
from cogs.discord_kit.errors import answering
from cogs.discord_kit.i18n import Say
from cogs.settings.editor import NoTarget
from cogs.settings.wording import target_of

TARGET = r"(?P<scope>guild|category|channel):(?P<id>[1-9][0-9]*)"
LONGEST_STYLE = 150
"""Characters of a style's name at most."""


class Desk(Protocol):
    """What the controls ask for: the cog `Panel`."""

    async def open(self, interaction: discord.Interaction[Any], target: Target | None, tab: str = "") -> None:
        """Show what holds for a target; None is the server."""

    async def ask_reset(self, interaction: discord.Interaction[Any], target: Target, tab: str) -> None:
        """Ask whether to take away all that is chosen for a target."""

    async def choose(self, interaction: discord.Interaction[Any], target: Target, key: str, value: Value | None) -> None:
        """Set one value, or take it away with None."""

    async def pick(
        self, interaction: discord.Interaction[Any], target: Target, key: str, picked: list[str], shown: frozenset[int]
    ) -> None:
        """Set one value as a menu says: what was picked, of IDs also what the menu showed as picked before."""


def target_id(target: Target) -> str:
    """Write a target as custom IDs have it."""
    return f"{target.scope}:{target.id}"


def read_target(match: re.Match[str]) -> Target:
    """Read a target that matched `TARGET`."""
    return Target(Scope(match["scope"]), int(match["id"]))


def _desk(interaction: discord.Interaction[Any]) -> Desk:
    return cast(Desk, interaction.client.get_cog("Panel"))


def _picked(interaction: discord.Interaction[Any]) -> list[str]:
    data: Any = interaction.data
    return list(data["values"])


class ScopeMenu(DynamicItem[ChannelSelect[Any]], template=r"precis:panel:scope:(?P<tab>[a-z]+)"):
    """Picks the category or channel whose settings are shown; with none picked, the server."""

    def __init__(self, tab: str, target: Target | None = None, placeholder: str = "") -> None:
        chosen = [] if target is None or target.scope is Scope.GUILD else [discord.Object(target.id)]
        super().__init__(
            ChannelSelect(
                custom_id=f"precis:panel:scope:{tab}",
                placeholder=placeholder or None,
                min_values=0,
                default_values=[discord.SelectDefaultValue.from_channel(one) for one in chosen],
            )
        )
        self._tab = tab

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(match["tab"])

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show what was picked."""
        target = None
        for picked in _picked(interaction):
            channel = interaction.guild.get_channel_or_thread(int(picked)) if interaction.guild is not None else None
            if channel is None:
                raise NoTarget(f"no channel {picked}")
            target = target_of(channel)
        await _desk(interaction).open(interaction, target, self._tab)


class TabButton(DynamicItem[Button[Any]], template=f"precis:panel:tab:(?P<tab>[a-z]+):{TARGET}"):
    """Shows a part of what can be chosen for a target."""

    def __init__(self, tab: str, target: Target, label: str = "", *, here: bool = False) -> None:
        style = discord.ButtonStyle.primary if here else discord.ButtonStyle.secondary
        custom_id = f"precis:panel:tab:{tab}:{target_id(target)}"
        super().__init__(Button(label=label or None, custom_id=custom_id, style=style, disabled=here))
        self._tab = tab
        self._target = target

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(match["tab"], read_target(match), "-")

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await _desk(interaction).open(interaction, self._target, self._tab)


class KeyMenu(DynamicItem[Item[Any]], template=f"precis:set:(?P<key>[a-z_]+):{TARGET}"):
    """Sets a key; it is whatever kind of menu the key's values need."""

    def __init__(self, key: str, target: Target, menu: Any) -> None:
        menu.custom_id = f"precis:set:{key}:{target_id(target)}"
        super().__init__(menu)
        self._key = key
        self._target = target

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(match["key"], read_target(match), item)

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Set it."""
        shown = frozenset(one.id for one in getattr(self.item, "default_values", ()))
        await _desk(interaction).pick(interaction, self._target, self._key, _picked(interaction), shown)


class UnsetButton(DynamicItem[Button[Any]], template=f"precis:unset:(?P<key>[a-z_]+):{TARGET}"):
    """Takes away what is chosen for a key, where no menu has an option for that."""

    def __init__(self, key: str, target: Target, label: str = "-") -> None:
        super().__init__(Button(label=label, custom_id=f"precis:unset:{key}:{target_id(target)}"))
        self._key = key
        self._target = target

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(match["key"], read_target(match))

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take it away."""
        await _desk(interaction).choose(interaction, self._target, self._key, None)


class ClearButton(DynamicItem[Button[Any]], template=f"precis:clear:(?P<tab>[a-z]+):{TARGET}"):
    """Asks whether to take away all that is chosen for a target."""

    def __init__(self, tab: str, target: Target, label: str = "-") -> None:
        super().__init__(Button(label=label, custom_id=f"precis:clear:{tab}:{target_id(target)}"))
        self._tab = tab
        self._target = target

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(match["tab"], read_target(match))

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Ask."""
        await _desk(interaction).ask_reset(interaction, self._target, self._tab)


class StyleForm(Modal):
    """Asks for the name of a style; the cog `Panel` takes it by the form's custom ID, so that it outlives a restart."""

    NAME = re.compile(f"precis:style:{TARGET}")

    def __init__(self, _: Say, target: Target) -> None:
        super().__init__(title=_("Citation style"), custom_id=f"precis:style:{target_id(target)}")
        field: TextInput[Any] = TextInput(
            custom_id="style", placeholder="vancouver, cell, the-lancet ...", max_length=LONGEST_STYLE
        )
        self.add_item(Label(text=_("Name of a CSL style"), component=field))


CONTROLS = (ScopeMenu, TabButton, KeyMenu, UnsetButton, ClearButton)
"""All that a panel can carry, for the bot to know them after a restart."""
