"""`/settings history`, page by page, and the question before `/settings reset`."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ButtonStyle
from discord.ui import ActionRow, Button, Container, Item, LayoutView, TextDisplay, View

from bot.core.channel_settings import Overrides, Scope, Target
from bot.core.source import Sources
from bot.services.guild_ports import HistoryEntry
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.custom_ids import DISCORD_ID, NUMBER, TARGET, CustomId
from cogs.discord_kit.i18n import Say
from cogs.settings.wording import changed, counted, target_name

HISTORY = CustomId("history:{}", NUMBER)
"""The changes before the one with that number; 0 for the newest."""
RESET = CustomId("reset:{}", TARGET)
RESET_ALL = CustomId("reset:all:{}", DISCORD_ID)
"""Resets the server with all its categories and channels; the ID is the server's."""
KEEP = CustomId("keep")
"""Cancels a reset or an import."""
PAGE = 8
"""Changes on a page."""


def reset_question(_: Say, overrides: Overrides, target: Target) -> tuple[str, list[Button[Any]]] | None:
    """Give the question before a reset, with its buttons; None if nothing is set.

    A server's own values can be reset alone, or with those of its categories and channels.
    """
    own = len(overrides.get(target, {}))
    if target.scope is not Scope.GUILD:
        asked = _(
            "Reset {where}? This removes {settings}; what is set above it, or the default, then applies.",
            where=target_name(_, target),
            settings=counted(_, own),
        )
        return (asked, [_reset(_, own, RESET(target))]) if own else None
    rest = sum(map(len, overrides.values())) - own
    asked = _("Reset this server?")
    if own:
        asked += " " + _("{settings} of the server itself will return to default.", settings=counted(_, own))
    if rest:
        asked += " " + _("{settings} in its categories and channels will return to default.", settings=counted(_, rest))
    if own and rest:
        alone = _danger(_("Only the server itself ({settings})", settings=counted(_, own)), RESET(target))
        return asked, [_reset(_, own + rest, RESET_ALL(target.id)), alone]
    return (asked, [_reset(_, own + rest, RESET_ALL(target.id) if rest else RESET(target))]) if own or rest else None


def _reset(_: Say, settings: int, custom_id: str) -> Button[Any]:
    return _danger(_("Reset {settings}", settings=counted(_, settings)), custom_id)


def _danger(label: str, custom_id: str) -> Button[Any]:
    return Button(label=label, custom_id=custom_id, style=ButtonStyle.danger)


class ResetView(View):
    """The buttons under the question before a reset."""

    def __init__(self, _: Say, buttons: Sequence[Button[Any]]) -> None:
        super().__init__(timeout=None)
        for button in (*buttons, Button(label=_("Cancel"), custom_id=KEEP())):
            self.add_item(button)


class HistoryView(LayoutView):
    """A page of the history: at most `PAGE` entries, the newest first. One entry more shows that there are older ones."""

    def __init__(self, _: Say, entries: Sequence[HistoryEntry], before: int, sources: Sources) -> None:
        super().__init__(timeout=None)
        lines = [_entry(_, one, sources) for one in entries[:PAGE]] or [_("Nothing was changed yet.")]
        text = "\n".join([_("### Changes of settings"), *lines])
        container: Container[HistoryView] = Container(TextDisplay(text), accent_colour=QUIET)
        turns: list[Item[Any]] = [Button(label=_("Newest"), custom_id=HISTORY(0))] if before else []
        if len(entries) > PAGE:
            turns.append(Button(label=_("Older"), custom_id=HISTORY(entries[PAGE - 1].number)))
        if turns:
            container.add_item(ActionRow(*turns))
        self.add_item(container)


def _entry(_: Say, entry: HistoryEntry, sources: Sources) -> str:
    who = _("someone") if entry.by is None else f"<@{entry.by}>"
    return f"- {discord.utils.format_dt(entry.at)} · {who} · {changed(_, entry.change, sources)}"
