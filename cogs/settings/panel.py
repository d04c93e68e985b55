"""The panel of `/settings`: a private message in which moderators see and change what holds, one value a click.

Each click reads anew what is stored and whether its user may still manage the server, and writes its own key only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import SelectDefaultValue, SelectOption
from discord.ext import commands
from discord.ui import ActionRow, ChannelSelect, Container, Item, LayoutView, RoleSelect, Select, TextDisplay, UserSelect

from bot.citation import HOUSE_STYLES
from bot.core.channel_settings import KEYS, Change, Key, Kind, Overrides, Scope, Target, Value
from bot.core.wording import clip
from cogs.cards.render import QUIET
from cogs.discord_kit.errors import answering
from cogs.discord_kit.i18n import Say, speak
from cogs.settings.controls import ClearButton, KeyMenu, ScopeMenu, StyleForm, TabButton, UnsetButton, read_target
from cogs.settings.editor import Changes, known, managed, show
from cogs.settings.history import reset_question
from cogs.settings.wording import COOLDOWNS, fallback, holds, key_name, label, meaning, said, source, target_name

UNSET, SAME, OTHER = "-", "=", "+"
"""Options that are no value: nothing chosen here; what is chosen already; a style to be typed."""
TABS: Mapping[str, tuple[str, ...]] = {
    "cards": ("mode", "style", "size", "layout"),
    "limits": ("suppress", "max_cards", "cooldown"),
    "people": ("ignored_roles", "ignored_members", "log_channel"),
}
"""Keys by the part of the panel that shows them: a message has room for 40 components, a phone for fewer."""
_LABEL = 100
"""Characters of an option's label at most."""


class Panel(commands.Cog):
    """Does what the panel's controls say."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def open(self, interaction: discord.Interaction[Any], target: Target | None, tab: str = "") -> None:
        """Show what holds for a target, the server if none is given. Raises NotModerator or NoTarget."""
        guild = managed(interaction)
        target = known(guild, target or Target(Scope.GUILD, guild.id))
        overrides = self._changes.settings.overrides(guild.id)
        view = PanelView(speak(interaction.locale), guild, overrides, target, tab if tab in TABS else "cards")
        await show(interaction, view=view)

    async def ask_reset(self, interaction: discord.Interaction[Any], target: Target, tab: str) -> None:
        """Ask, in the panel's place, whether to take away all that is chosen for a target. Raises as `open` does."""
        guild = managed(interaction)
        _ = speak(interaction.locale)
        question = reset_question(_, self._changes.settings.overrides(guild.id), known(guild, target))
        if question is None:
            await self.open(interaction, target, tab)
            return
        text, buttons = question
        view = LayoutView(timeout=None)
        row: ActionRow[Any] = ActionRow(*buttons, TabButton(tab, target, _("Keep")))
        await show(interaction, view=view.add_item(Container(TextDisplay(text), row, accent_colour=QUIET)))

    async def choose(self, interaction: discord.Interaction[Any], target: Target, key: str, value: Value | None) -> None:
        """Set one value, or take it away with None; then show what holds. Raises a BotError; then nothing changed."""
        await self._show_changed(interaction, target, key, await self._changes.set(interaction, target, key, value))

    async def pick(
        self, interaction: discord.Interaction[Any], target: Target, key: str, picked: list[str], shown: frozenset[int]
    ) -> None:
        """Set one value as a menu says: what was picked, of IDs also what the menu showed as picked before."""
        guild = managed(interaction)
        kind = KEYS[key].kind if key in KEYS else Kind.WORD
        if kind in {Kind.ROLES, Kind.MEMBERS}:
            changes = await self._changes.adjust(interaction, target, key, shown, frozenset(map(int, picked)))
            await self._show_changed(interaction, target, key, changes)
        elif picked == [OTHER]:
            await interaction.response.send_modal(StyleForm(speak(interaction.locale), known(guild, target)))
        elif picked == [SAME]:
            await self.open(interaction, target, _tab_of(key))
        else:
            await self.choose(interaction, target, key, _read(kind, picked[0]) if picked else None)

    async def _show_changed(
        self, interaction: discord.Interaction[Any], target: Target, key: str, changes: Sequence[Change]
    ) -> None:
        try:
            await self.open(interaction, target, _tab_of(key))
        finally:
            await self._changes.announce(interaction, changes)

    @commands.Cog.listener()
    @answering
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take a style that was typed."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            if match := StyleForm.NAME.fullmatch(data["custom_id"]):
                typed = data["components"][0]["component"]["value"].strip()
                await self.choose(interaction, read_target(match), "style", typed)


class PanelView(LayoutView):
    """A part of what can be chosen for a target, with what holds and where it comes from."""

    def __init__(self, _: Say, guild: discord.Guild, overrides: Overrides, target: Target, tab: str) -> None:
        super().__init__(timeout=None)
        self._say = _
        self._guild = guild
        self._overrides = overrides
        self._target = target
        head = _(
            "### Settings of {target}\n-# A channel's value goes before its category's, that before the server's. "
            "Threads have their channel's values, new channels their category's.",
            target=target_name(_, target),
        )
        container: Container[PanelView] = Container(TextDisplay(head), accent_colour=QUIET)
        container.add_item(ActionRow(ScopeMenu(tab, target, _("The server; or pick a category or channel"))))
        container.add_item(ActionRow(*self._turns(tab)))
        for key in (KEYS[name] for name in TABS[tab]):
            if target.scope in key.scopes:
                container.add_item(TextDisplay(self._stated(key)))
                container.add_item(ActionRow(KeyMenu(key.name, target, self._menu(key))))
                if key.kind in {Kind.ROLES, Kind.MEMBERS, Kind.CHANNEL} and self._own(key) is not None:
                    container.add_item(ActionRow(UnsetButton(key.name, target, self._without(key))))
        self.add_item(container)

    def _turns(self, tab: str) -> list[Item[Any]]:
        """The buttons to the parts of the panel, to the server's settings, and away with what is chosen."""
        _ = self._say
        named = {"cards": _("Cards"), "limits": _("Limits"), "people": _("People and log")}
        turns: list[Item[Any]] = [TabButton(one, self._target, named[one], here=one == tab) for one in TABS]
        there = self._target.scope is Scope.GUILD
        if not there:
            turns.append(TabButton(tab, Target(Scope.GUILD, self._guild.id), _("To the server's settings")))
        if self._overrides if there else self._overrides.get(self._target):
            turns.append(ClearButton(tab, self._target, _("Reset …")))
        return turns

    def _own(self, key: Key) -> Value | None:
        """What is chosen for just this target."""
        return self._overrides.get(self._target, {}).get(key.name)

    def _stated(self, key: Key) -> str:
        """What holds for a key, and where that comes from."""
        _ = self._say
        there = holds(self._guild, self._overrides, self._target)
        origin = _("chosen here") if self._own(key) is not None else source(_, there.origins.get(key.name))
        return f"**{key_name(_, key.name)}**: {said(_, key.name, getattr(there.settings, key.name))}\n-# {origin}"

    def _without(self, key: Key) -> str:
        """The label of what takes a choice away: what would hold then, where that can be said in a label."""
        _ = self._say
        value, origin = fallback(self._guild, self._overrides, self._target, key.name)
        if key.kind in {Kind.ROLES, Kind.MEMBERS, Kind.CHANNEL}:
            return _("Undo this choice (then {source})", source=source(_, origin))
        shown = label(_, key.name, value)
        return clip(_("Nothing chosen here: {value} ({source})", value=shown, source=source(_, origin)), _LABEL)

    def _menu(self, key: Key) -> Item[Any]:
        """The menu of a key, with what holds picked already."""
        _ = self._say
        value = getattr(holds(self._guild, self._overrides, self._target).settings, key.name)
        match key.kind:
            case Kind.ROLES:
                there = [role for one in sorted(value) if (role := self._guild.get_role(one))]
                return RoleSelect(
                    placeholder=_("Nobody"),
                    min_values=0,
                    max_values=key.most,
                    default_values=[SelectDefaultValue.from_role(role) for role in there],
                )
            case Kind.MEMBERS:
                people = [SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.user) for one in sorted(value)]
                return UserSelect(placeholder=_("Nobody"), min_values=0, max_values=key.most, default_values=people)
            case Kind.CHANNEL:
                channel = self._guild.get_channel(value) if value is not None else None
                return ChannelSelect(
                    placeholder=_("No log channel"),
                    min_values=0,
                    channel_types=[discord.ChannelType.text, discord.ChannelType.news],
                    default_values=[SelectDefaultValue.from_channel(channel)] if channel else [],
                )
            case _:
                return Select(options=self._options(key))

    def _options(self, key: Key) -> list[SelectOption]:
        """What a key can be set to; first what takes the choice away."""
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
    """The values that a menu offers; a number's are its own where they are few."""
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
    """Read what was picked; what cannot be is left for `SettingsService` to refuse."""
    if picked == UNSET:
        return None
    if kind is Kind.FLAG:
        return {"True": True, "False": False}.get(picked, picked)
    return int(picked) if kind in {Kind.NUMBER, Kind.CHANNEL} and picked.isdecimal() else picked
