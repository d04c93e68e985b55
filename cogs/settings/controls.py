"""The controls of the panel of `/settings`, and how they are laid out."""

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from discord import ButtonStyle, SelectDefaultValue, SelectDefaultValueType, SelectOption
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
from bot.core.channel_settings import KEYS, Key, Kind, Mode, Overrides, Scope, Target, Value
from bot.core.clip import clip
from bot.core.source import Sources
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.custom_ids import KEY, NUMBER, TARGET, CustomId, Part
from cogs.discord_kit.i18n import Say
from cogs.settings.wording import (
    COOLDOWNS,
    fallback,
    key_name,
    label,
    meaning,
    said,
    settings_at,
    source,
    target_name,
    target_of,
    way_back,
)

UNSET, OTHER = "-", "+"
"""Options of a menu that are no values: one removes the value, one asks for the name of a style."""
PICKED = frozenset({Kind.ROLES, Kind.MEMBERS, Kind.CHANNEL, Kind.SOURCES})
"""Kinds of settings whose menus show the present value: roles, members, a channel, sources."""
TABS: Mapping[str, tuple[str, ...]] = {
    "cards": ("mode", "style", "size", "layout", "enrich", "free_text"),
    "limits": ("links", "shorthands", "suppress", "max_cards", "cooldown", "webhooks"),
    "people": ("ignored_roles", "ignored_members", "log_channel"),
}
"""Settings by the part of the panel that shows them: a message holds 40 components at most."""
_TAB = Part("|".join(TABS))
SCOPE = CustomId("panel:scope:{}", _TAB)
"""Picks the category or channel whose settings are shown; with none picked, the server."""
PLACE = CustomId("panel:place:{}:{}", _TAB, TARGET)
"""Shows the settings of the channel where the panel is, of its category, or of the server."""
TURN = CustomId("turn:{}:{}", Part("off|on|ask|now"), TARGET)
"""Turns cards off or on, or lets the bot ask first or reply at once (see `mode_for`)."""
UNDO = CustomId("undo:{}", NUMBER)
"""Undoes the change that has this number in the history."""
TAB = CustomId("panel:tab:{}:{}", _TAB, TARGET)
"""Shows another part of the settings."""
SET = CustomId("set:{}:{}", KEY, TARGET)
"""The menu that sets a value."""
REMOVE = CustomId("unset:{}:{}", KEY, TARGET)
"""Removes a value; for settings whose menu has no option for that."""
CLEAR = CustomId("clear:{}:{}", _TAB, TARGET)
"""Asks whether to reset all that is set for a target."""
STYLE_FORM = CustomId("style:{}", TARGET)
_LABEL = 100
"""Characters of an option's label at most."""


class PanelView(LayoutView):
    """Some settings of a target, each with its source and a menu, and buttons for other settings and targets."""

    def __init__(
        self,
        _: Say,
        guild: discord.Guild,
        overrides: Overrides,
        target: Target,
        tab: str,
        *,
        sources: Sources,
        here: Target | None = None,
        undo: int | None = None,
    ) -> None:
        """`here` is the channel where the panel is; `undo` the number of the change that was just made."""
        super().__init__(timeout=None)
        self._say = _
        self._guild = guild
        self._overrides = overrides
        self._target = target
        self._sources = sources
        head = _(
            "### Settings of **{target}**\n-# A channel's value overrides its category's, which overrides the server's. "
            "Threads have their channel's values, new channels their category's.",
            target=target_name(_, target),
        )
        container: Container[PanelView] = Container(TextDisplay(head), accent_colour=QUIET)
        container.add_item(ActionRow(*self._places(tab, here)))
        container.add_item(ActionRow(self._scope_menu(tab)))
        container.add_item(ActionRow(*self._actions(tab, undo)))
        container.add_item(ActionRow(*self._tabs(tab)))
        for key in (KEYS[name] for name in TABS[tab]):
            if target.scope in key.scopes:
                container.add_item(TextDisplay(self._stated(key)))
                container.add_item(ActionRow(self._menu(key)))
                if key.kind in PICKED and self._own(key) is not None:
                    container.add_item(ActionRow(Button(label=self._without(key), custom_id=REMOVE(key.name, target))))
        self.add_item(container)

    def _places(self, tab: str, here: Target | None) -> Iterator[Item[Any]]:
        """Give the buttons to the channel where the panel is, to the category, and to the server."""
        _ = self._say
        category = self._target if self._target.scope is Scope.CATEGORY else None
        for one in (self._target, here):
            channel = self._guild.get_channel(one.id) if one is not None and category is None else None
            if channel is not None and channel.category is not None:
                category = target_of(channel.category)
        places = {_("This channel"): here, _("Category"): category, _("Whole server"): Target(Scope.GUILD, self._guild.id)}
        for name, place in places.items():
            if place is not None:
                shown = place == self._target
                style = ButtonStyle.primary if shown else ButtonStyle.secondary
                yield Button(label=name, custom_id=PLACE(tab, place), style=style, disabled=shown)

    def _scope_menu(self, tab: str) -> Item[Any]:
        _, target = self._say, self._target
        shown = (
            [] if target.scope is Scope.GUILD else [SelectDefaultValue(id=target.id, type=SelectDefaultValueType.channel)]
        )
        placeholder = _("Another channel or category")
        return ChannelSelect(custom_id=SCOPE(tab), placeholder=placeholder, min_values=0, default_values=shown)

    def _actions(self, tab: str, undo: int | None) -> Iterator[Item[Any]]:
        """Give the buttons that change the mode with one click, that undo the last change, and that reset the target."""
        _ = self._say
        server = self._target.scope is Scope.GUILD
        mode = settings_at(self._guild, self._overrides, self._target).settings.mode
        for word in ("on" if mode is Mode.OFF else "off", "now" if mode is Mode.ASK else "ask"):
            named = {
                "off": _("Off in the whole server") if server else _("Off here"),
                "on": _("On in the whole server") if server else _("On here"),
                "ask": _("Ask first in the whole server") if server else _("Ask first here"),
                "now": _("Reply at once in the whole server") if server else _("Reply at once here"),
            }
            yield Button(label=named[word], custom_id=TURN(word, self._target))
        if undo is not None:
            yield Button(label=_("Undo"), custom_id=UNDO(undo), style=ButtonStyle.success)
        if self._overrides if server else self._overrides.get(self._target):
            yield Button(label=_("Reset …"), custom_id=CLEAR(tab, self._target))

    def _tabs(self, tab: str) -> Iterator[Item[Any]]:
        """Give the buttons to the parts of the panel."""
        _ = self._say
        named = {"cards": _("Cards"), "limits": _("Links"), "people": _("People and log")}
        for one in TABS:
            here = one == tab
            style = ButtonStyle.primary if here else ButtonStyle.secondary
            yield Button(label=named[one], custom_id=TAB(one, self._target), style=style, disabled=here)

    def _own(self, key: Key) -> Value | None:
        """Give the value that is set for the target itself; None if it inherits one."""
        return self._overrides.get(self._target, {}).get(key.name)

    def _stated(self, key: Key) -> str:
        """Name a setting, its value unless its menu shows that, and where the value comes from."""
        _ = self._say
        there = settings_at(self._guild, self._overrides, self._target)
        origin = _("set here") if self._own(key) is not None else source(_, there.origins.get(key.name))
        if key.kind in PICKED:
            return f"{key_name(_, key.name)} ({origin})"
        value = said(_, key.name, getattr(there.settings, key.name), self._sources)
        return f"{key_name(_, key.name)}: **{value}** ({origin})"

    def _without(self, key: Key) -> str:
        """Give the label of the option or button that removes the target's own value."""
        _ = self._say
        value, origin = fallback(self._guild, self._overrides, self._target, key.name)
        return clip(way_back(_, origin, "" if key.kind in PICKED else label(_, key.name, value)), _LABEL)

    def _menu(self, key: Key) -> Item[Any]:
        """Give the menu of a setting, with its value preselected."""
        _ = self._say
        value = getattr(settings_at(self._guild, self._overrides, self._target).settings, key.name)
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
            case Kind.SOURCES:
                known = [SelectOption(label=one.title, value=one.name, default=one.name in value) for one in self._sources]
                return Select(custom_id=custom_id, placeholder=_("Change"), max_values=len(known), options=known)
            case _:
                return Select(custom_id=custom_id, placeholder=_("Change"), options=self._options(key))

    def _options(self, key: Key) -> list[SelectOption]:
        """Give the options of a setting: its values, then, if one is set here, the option that removes it."""
        _ = self._say
        options = []
        for value in _offered(key):
            shown = clip(label(_, key.name, value), _LABEL)
            options.append(SelectOption(label=shown, value=str(value), description=meaning(_, key.name, value)))
        if key.kind is Kind.STYLE:
            options.append(SelectOption(label=_("Another style, by its name …"), value=OTHER))
        if self._own(key) is not None:
            options.append(SelectOption(label=self._without(key), value=UNSET))
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


def mode_for(word: str, guild: discord.Guild, overrides: Overrides, target: Target) -> Mode | None:
    """Give the mode to set for a click on TURN; None if the target can go back to the mode that it inherits."""
    inherited, _ = fallback(guild, overrides, target, "mode")
    match word:
        case "on":
            return None if inherited is not Mode.OFF else Mode.AUTO
        case "now":
            return None if inherited is Mode.AUTO else Mode.AUTO
        case _:
            return Mode(word)
