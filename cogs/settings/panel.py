"""The panel of `/settings`: a private message in which moderators see and change settings, one value per click.

Each click reads the stored settings again, checks that its user may still manage the server, and writes its own key only.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import ButtonStyle, SelectDefaultValue, SelectDefaultValueType, SelectOption
from discord.ext import commands
from discord.ui import (
    ActionRow,
    Button,
    ChannelSelect,
    Container,
    Item,
    LayoutView,
    RoleSelect,
    Select,
    TextDisplay,
    UserSelect,
)

from bot.citation import HOUSE_STYLES
from bot.core.channel_settings import KEYS, Change, Key, Kind, Overrides, Scope, Target, Value
from bot.core.wording import clip
from cogs.cards.buttons import style_form
from cogs.cards.render import QUIET
from cogs.discord_kit.custom_ids import KEY, TARGET, CustomId, Handler, Part, picked, picked_ids, typed, walk
from cogs.discord_kit.i18n import Say, speak
from cogs.discord_kit.interactions import replace
from cogs.settings.editor import NoTarget, SettingsEditor, known, managed
from cogs.settings.history import reset_question
from cogs.settings.wording import COOLDOWNS, fallback, holds, key_name, label, meaning, said, source, target_name, target_of

UNSET, SAME, OTHER = "-", "=", "+"
"""Options that are no value: remove the value; keep it; type the name of a style."""
TABS: Mapping[str, tuple[str, ...]] = {
    "cards": ("mode", "style", "size", "layout", "enrich", "free_text"),
    "limits": ("suppress", "max_cards", "cooldown", "webhooks"),
    "people": ("ignored_roles", "ignored_members", "log_channel"),
}
"""Settings by the part of the panel that shows them: a message holds 40 components at most."""
_TAB = Part("|".join(TABS))
SCOPE = CustomId("panel:scope:{}", _TAB)
"""Picks the category or channel whose settings are shown; with none picked, the server."""
TAB = CustomId("panel:tab:{}:{}", _TAB, TARGET)
"""Shows another part of the settings."""
SET = CustomId("set:{}:{}", KEY, TARGET)
"""The menu that sets a value."""
REMOVE = CustomId("unset:{}:{}", KEY, TARGET)
"""Removes a value whose menu has no option for that."""
CLEAR = CustomId("clear:{}:{}", _TAB, TARGET)
"""Asks whether to reset all that is set for a target."""
STYLE_FORM = CustomId("style:{}", TARGET)
_LABEL = 100
"""Characters of an option's label at most."""


class Panel(commands.Cog):
    """Answers the controls of the panel."""

    def __init__(self, editor: SettingsEditor) -> None:
        self._editor = editor

    def clicks(self) -> dict[CustomId, Handler]:
        """Name the method that answers each control."""
        return {
            SCOPE: self.pick_scope,
            TAB: self.open_tab,
            SET: self.pick,
            REMOVE: self.choose,
            CLEAR: self.ask_reset,
            STYLE_FORM: self.take_style,
        }

    async def open(self, interaction: discord.Interaction[Any], target: Target | None, tab: str = "cards") -> None:
        """Show the settings of a target; None is the server. Raises NotModerator or NoTarget."""
        guild = managed(interaction)
        target = known(guild, target or Target(Scope.GUILD, guild.id))
        overrides = self._editor.settings.overrides(guild.id)
        await replace(interaction, view=PanelView(speak(interaction.locale), guild, overrides, target, tab), files=())

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
        question = reset_question(_, self._editor.settings.overrides(guild.id), known(guild, target))
        if question is None:
            await self.open(interaction, target, tab)
            return
        text, buttons = question
        view = LayoutView(timeout=None)
        row: ActionRow[Any] = ActionRow(*buttons, Button(label=_("Keep"), custom_id=TAB(tab, target)))
        await replace(interaction, view=view.add_item(Container(TextDisplay(text), row, accent_colour=QUIET)), files=())

    async def choose(
        self, interaction: discord.Interaction[Any], key: str, target: Target, value: Value | None = None
    ) -> None:
        """Set one value, or remove it with None; then show the result. Raises a BotError if nothing was changed."""
        await self._show_changed(interaction, target, key, await self._editor.set(interaction, target, key, value))

    async def pick(self, interaction: discord.Interaction[Any], key: str, target: Target) -> None:
        """Set one value as its menu says."""
        guild, kind = managed(interaction), KEYS[key].kind
        if kind in {Kind.ROLES, Kind.MEMBERS}:
            shown, wanted = frozenset(_preselected(interaction)), frozenset(picked_ids(interaction))
            changes = await self._editor.adjust(interaction, target, key, shown, wanted)
            await self._show_changed(interaction, target, key, changes)
            return
        values = picked(interaction)
        if values == [OTHER]:
            form = style_form(STYLE_FORM(known(guild, target)), speak(interaction.locale))
            await interaction.response.send_modal(form)
        elif values == [SAME]:
            await self.open(interaction, target, _tab_of(key))
        else:
            await self.choose(interaction, key, target, _read(kind, values[0]) if values else None)

    async def take_style(self, interaction: discord.Interaction[Any], target: Target) -> None:
        """Set the style whose name was typed."""
        await self.choose(interaction, "style", target, typed(interaction))

    async def _show_changed(
        self, interaction: discord.Interaction[Any], target: Target, key: str, changes: Sequence[Change]
    ) -> None:
        try:
            await self.open(interaction, target, _tab_of(key))
        finally:
            await self._editor.announce(interaction, changes)


def _preselected(interaction: discord.Interaction[Any]) -> Iterator[int]:
    """Give the IDs that the clicked menu showed as picked before."""
    data: Any = interaction.data
    for component in walk(interaction.message.components if interaction.message is not None else ()):
        if getattr(component, "custom_id", None) == data["custom_id"]:
            yield from (one.id for one in component.default_values)


class PanelView(LayoutView):
    """A part of the settings of a target, with where each value comes from."""

    def __init__(self, _: Say, guild: discord.Guild, overrides: Overrides, target: Target, tab: str) -> None:
        super().__init__(timeout=None)
        self._say = _
        self._guild = guild
        self._overrides = overrides
        self._target = target
        head = _(
            "### Settings of {target}\n-# A channel's value overrides its category's, which overrides the server's. "
            "Threads have their channel's values, new channels their category's.",
            target=target_name(_, target),
        )
        container: Container[PanelView] = Container(TextDisplay(head), accent_colour=QUIET)
        container.add_item(ActionRow(self._scope_menu(tab)))
        container.add_item(ActionRow(*self._buttons(tab)))
        for key in (KEYS[name] for name in TABS[tab]):
            if target.scope in key.scopes:
                container.add_item(TextDisplay(self._stated(key)))
                container.add_item(ActionRow(self._menu(key)))
                if key.kind in {Kind.ROLES, Kind.MEMBERS, Kind.CHANNEL} and self._own(key) is not None:
                    container.add_item(ActionRow(Button(label=self._without(key), custom_id=REMOVE(key.name, target))))
        self.add_item(container)

    def _scope_menu(self, tab: str) -> Item[Any]:
        target = self._target
        shown = (
            [] if target.scope is Scope.GUILD else [SelectDefaultValue(id=target.id, type=SelectDefaultValueType.channel)]
        )
        placeholder = self._say("The server; or pick a category or channel")
        return ChannelSelect(custom_id=SCOPE(tab), placeholder=placeholder, min_values=0, default_values=shown)

    def _buttons(self, tab: str) -> Iterator[Item[Any]]:
        """Give the buttons to the parts of the panel, to the server's settings, and to a reset."""
        _ = self._say
        named = {"cards": _("Cards"), "limits": _("Limits"), "people": _("People and log")}
        for one in TABS:
            here = one == tab
            style = ButtonStyle.primary if here else ButtonStyle.secondary
            yield Button(label=named[one], custom_id=TAB(one, self._target), style=style, disabled=here)
        server = Target(Scope.GUILD, self._guild.id)
        if self._target != server:
            yield Button(label=_("To the server's settings"), custom_id=TAB(tab, server))
        if self._overrides if self._target == server else self._overrides.get(self._target):
            yield Button(label=_("Reset …"), custom_id=CLEAR(tab, self._target))

    def _own(self, key: Key) -> Value | None:
        """Give the value that is set for this very target."""
        return self._overrides.get(self._target, {}).get(key.name)

    def _stated(self, key: Key) -> str:
        """Name a setting, its value, and where the value comes from."""
        _ = self._say
        there = holds(self._guild, self._overrides, self._target)
        origin = _("set here") if self._own(key) is not None else source(_, there.origins.get(key.name))
        return f"**{key_name(_, key.name)}**: {said(_, key.name, getattr(there.settings, key.name))}\n-# {origin}"

    def _without(self, key: Key) -> str:
        """Give the label of what removes a value; it names the value that would then apply, if that fits a label."""
        _ = self._say
        value, origin = fallback(self._guild, self._overrides, self._target, key.name)
        if key.kind in {Kind.ROLES, Kind.MEMBERS, Kind.CHANNEL}:
            return _("Remove this value (then {source})", source=source(_, origin))
        shown = label(_, key.name, value)
        return clip(_("Not set here: {value} ({source})", value=shown, source=source(_, origin)), _LABEL)

    def _menu(self, key: Key) -> Item[Any]:
        """Give the menu of a setting, with its value preselected."""
        _ = self._say
        value = getattr(holds(self._guild, self._overrides, self._target).settings, key.name)
        custom_id = SET(key.name, self._target)
        match key.kind:
            case Kind.ROLES:
                there = [role for one in sorted(value) if (role := self._guild.get_role(one))]
                return RoleSelect(
                    custom_id=custom_id,
                    placeholder=_("Nobody"),
                    min_values=0,
                    max_values=key.most,
                    default_values=[SelectDefaultValue.from_role(role) for role in there],
                )
            case Kind.MEMBERS:
                people = [SelectDefaultValue(id=one, type=SelectDefaultValueType.user) for one in sorted(value)]
                return UserSelect(
                    custom_id=custom_id, placeholder=_("Nobody"), min_values=0, max_values=key.most, default_values=people
                )
            case Kind.CHANNEL:
                channel = self._guild.get_channel(value) if value is not None else None
                return ChannelSelect(
                    custom_id=custom_id,
                    placeholder=_("No log channel"),
                    min_values=0,
                    channel_types=[discord.ChannelType.text, discord.ChannelType.news],
                    default_values=[SelectDefaultValue.from_channel(channel)] if channel else [],
                )
            case _:
                return Select(custom_id=custom_id, options=self._options(key))

    def _options(self, key: Key) -> list[SelectOption]:
        """Give the options of a setting; the first removes its value."""
        _ = self._say
        own = self._own(key)
        offered = _offered(key)
        options = [SelectOption(label=self._without(key), value=UNSET, default=own is None)]
        for value in offered:
            shown = clip(label(_, key.name, value), _LABEL)
            meant = meaning(_, key.name, value)
            options.append(SelectOption(label=shown, value=str(value), default=own == value, description=meant))
        if own is not None and own not in offered:
            options.append(SelectOption(label=clip(label(_, key.name, own), _LABEL), value=SAME, default=True))
        if key.kind is Kind.STYLE:
            options.append(SelectOption(label=_("Another style, by its name …"), value=OTHER))
        return options


def _offered(key: Key) -> list[Value]:
    """Give the values that a menu offers."""
    match key.kind:
        case Kind.STYLE:
            return [*HOUSE_STYLES]
        case Kind.FLAG:
            return [False, True]
        case Kind.NUMBER:
            return [*COOLDOWNS] if key.name == "cooldown" else [*range(key.least, key.most + 1)]
        case _:
            return [*key.words]


def _tab_of(key: str) -> str:
    return next((tab for tab, keys in TABS.items() if key in keys), "")


def _read(kind: Kind, picked: str) -> Value | None:
    """Read what was picked; `SettingsService` refuses what cannot be."""
    if picked == UNSET:
        return None
    if kind is Kind.FLAG:
        return {"True": True, "False": False}.get(picked, picked)
    return int(picked) if kind in {Kind.NUMBER, Kind.CHANNEL} and picked.isdecimal() else picked
