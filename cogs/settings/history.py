"""What was changed: `/settings history`, page by page, and the question before `/settings reset`.

precis:history:BEFORE       the changes before one, by its number; 0: the last ones
precis:reset:SCOPE:ID       away with all that is chosen there; SCOPE `all`: for the whole server
precis:keep                 away with nothing
"""

import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord.ui import ActionRow, Button, Container, DynamicItem, Item, LayoutView, TextDisplay, View

from bot.core.channel_settings import Overrides, Scope, Target
from bot.services.guild_ports import HistoryEntry
from cogs.cards.render import QUIET
from cogs.discord_kit.errors import answering
from cogs.discord_kit.i18n import Say, speak
from cogs.settings.controls import target_id
from cogs.settings.editor import show
from cogs.settings.wording import changed, target_name

PAGE = 8
"""Changes on a page."""


class Desk(Protocol):
    """What the buttons ask for: the cog `SettingsCommands`."""

    async def show_history(self, interaction: discord.Interaction[Any], before: int) -> None:
        """Show the changes before one; 0: the last ones."""

    async def do_reset(self, interaction: discord.Interaction[Any], target: Target | None) -> None:
        """Take away what is chosen for a target, or for the whole server."""


def _desk(interaction: discord.Interaction[Any]) -> Desk:
    return cast(Desk, interaction.client.get_cog("SettingsCommands"))


class HistoryButton(DynamicItem[Button[Any]], template=r"precis:history:(?P<before>[0-9]+)"):
    """Shows another page of the history."""

    def __init__(self, before: int, label: str = "-") -> None:
        super().__init__(Button(label=label, custom_id=f"precis:history:{before}"))
        self._before = before

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(int(match["before"]))

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await _desk(interaction).show_history(interaction, self._before)


class ResetButton(
    DynamicItem[Button[Any]], template=r"precis:reset:(?P<scope>all|guild|category|channel):(?P<id>[1-9][0-9]*)"
):
    """Takes away what is chosen."""

    def __init__(self, guild_id: int, target: Target | None, label: str = "-") -> None:
        where = f"all:{guild_id}" if target is None else target_id(target)
        super().__init__(Button(label=label, custom_id=f"precis:reset:{where}", style=discord.ButtonStyle.danger))
        self._target = target

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        number = int(match["id"])
        return cls(number, None if match["scope"] == "all" else Target(Scope(match["scope"]), number))

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take it away."""
        await _desk(interaction).do_reset(interaction, self._target)


class KeepButton(DynamicItem[Button[Any]], template=r"precis:keep"):
    """Takes away nothing."""

    def __init__(self, label: str = "-") -> None:
        super().__init__(Button(label=label, custom_id="precis:keep"))

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], ___: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls()

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Say so."""
        _ = speak(interaction.locale)
        await show(interaction, content=_("Nothing was changed."), view=None)


def reset_question(_: Say, overrides: Overrides, target: Target) -> tuple[str, list[ResetButton]] | None:
    """Give the question before choices are taken away, with its buttons; None where nothing is chosen.

    A server's own choices can go alone, or with those of its categories and channels.
    """
    own = len(overrides.get(target, {}))
    whole = sum(map(len, overrides.values())) if target.scope is Scope.GUILD else own
    if whole <= own:
        asked = _("Take away all that is chosen for {where}? Values: {count}.", where=target_name(_, target), count=own)
        return (asked, [ResetButton(target.id, target, _("Reset"))]) if own else None
    asked = _(
        "Take away what is chosen for the server? Its own values: {own}. With its categories and channels: {whole}.",
        own=own,
        whole=whole,
    )
    alone = [ResetButton(target.id, target, _("The server's own"))] if own else []
    return asked, [*alone, ResetButton(target.id, None, _("All of them"))]


class ResetView(View):
    """Asks before a reset."""

    def __init__(self, _: Say, buttons: Sequence[ResetButton]) -> None:
        super().__init__(timeout=None)
        for button in (*buttons, KeepButton(_("Keep"))):
            self.add_item(button)


class HistoryView(LayoutView):
    """A page of the history: at most `PAGE` entries, the newest first; one more says that there are others."""

    def __init__(self, _: Say, entries: Sequence[HistoryEntry], before: int) -> None:
        super().__init__(timeout=None)
        lines = [_entry(_, one) for one in entries[:PAGE]] or [_("Nothing was changed yet.")]
        text = "\n".join([_("### Changes of settings"), *lines])
        container: Container[HistoryView] = Container(TextDisplay(text), accent_colour=QUIET)
        turns: list[Item[Any]] = [HistoryButton(0, _("Newest"))] if before else []
        if len(entries) > PAGE:
            turns.append(HistoryButton(entries[PAGE - 1].number, _("Older")))
        if turns:
            container.add_item(ActionRow(*turns))
        self.add_item(container)


def _entry(_: Say, entry: HistoryEntry) -> str:
    who = _("someone") if entry.by is None else f"<@{entry.by}>"
    return f"- {discord.utils.format_dt(entry.at)} · {who} · {changed(_, entry.change)}"


BUTTONS = (HistoryButton, ResetButton, KeepButton)
"""For the bot to know them after a restart."""
