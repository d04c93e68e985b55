"""`/settings check`: what the bot can see in a channel, which permissions it lacks, and what would happen to a link."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import ButtonStyle
from discord.ui import ActionRow, Button, Container, LayoutView, TextDisplay

from bot.core.card_lines import enumerated
from bot.core.channel_settings import Change, ChannelSettings, Mode, Resolved
from bot.core.clip import clip
from bot.core.source import Sources
from cogs.discord_kit.channels import granted, may_reply
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.custom_ids import DISCORD_ID, KEY, CustomId
from cogs.discord_kit.i18n import Say
from cogs.discord_kit.permissions import ChannelOrThread, needs
from cogs.settings.controls import mode_for
from cogs.settings.editor import SettingsEditor, existing, managed
from cogs.settings.wording import key_name, said, source, target_of

FIX = CustomId("fix:{}:{}", KEY, DISCORD_ID)
"""Changes the setting that keeps links from getting a card in the channel or thread with that ID."""
Person = discord.Member | discord.User
_TITLES = 40
"""Characters of the names of sources in a button's label, which holds 80."""


def checkup(
    _: Say, channel: ChannelOrThread, there: Resolved, member: Person, *, sources: Sources, reads: bool, opted_out: bool
) -> str:
    """Describe a channel in plain sentences.

    `member` is the person who asked; `reads` says whether the bot may read messages that do not mention it.
    """
    lines = [_("### Check of {channel}", channel=f"<#{channel.id}>")]
    lacks = list(_lacking(_, channel, there.settings))
    if not granted(channel).view_channel:
        lines.append(_("The bot does not see this channel."))
    elif not reads:
        lines.append(_("The bot sees this channel, but reads only messages that mention it (it runs without the intent)."))
    else:
        lines.append(_("The bot sees this channel and reads its messages."))
    if not lacks:
        lines.append(_("All permissions are in place."))
    lines += [_("It lacks **{permission}**: {purpose}.", permission=name, purpose=purpose) for name, purpose in lacks]
    lines.append(_("**What happens to a link here**"))
    lines += _fate(_, channel, there, sources)
    lines += _yours(_, there, member, opted_out=opted_out)
    if lacks:
        names = ", ".join(f"**{name}**" for name, _purpose in lacks)
        parent = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
        lines.append(
            _(
                "To mend this, give the bot in {channel} (Edit Channel > Permissions): {names}.",
                channel=f"<#{parent}>",
                names=names,
            )
        )
    return "\n".join(lines)


def faults(there: Resolved, member: Person, sources: Sources) -> Iterator[str]:
    """Give the keys of the settings that keep a link of the member from getting a card in a place."""
    if there.settings.mode is Mode.OFF:
        yield "mode"
    if member.id in there.settings.ignored_members:
        yield "ignored_members"
    if _roles(there, member):
        yield "ignored_roles"
    if there.settings.mode is not Mode.OFF and _unanswered(there, sources):  # with cards off, the check names no sources
        yield "links"


def _unanswered(there: Resolved, sources: Sources) -> list[str]:
    """Give the titles of the sources whose links are not answered."""
    return [one.title for one in sources if one.name not in there.settings.links]


def _roles(there: Resolved, member: Person) -> frozenset[int]:
    """Give the member's roles without cards."""
    held = {role.id for role in member.roles} if isinstance(member, discord.Member) else set()
    return there.settings.ignored_roles & held


class CheckView(LayoutView):
    """The description of a channel, with buttons that change the settings because of which a link gets no card there."""

    def __init__(
        self, _: Say, text: str, channel: ChannelOrThread, there: Resolved, member: Person, sources: Sources
    ) -> None:
        super().__init__(timeout=None)
        container: Container[CheckView] = Container(TextDisplay(text), accent_colour=QUIET)
        self.add_item(container)
        others = clip(enumerated(_unanswered(there, sources), _), _TITLES)
        named = {
            "mode": _("Fix: turn cards on here"),
            "ignored_members": _("Fix: take me off the members without cards"),
            "ignored_roles": _("Fix: take my roles off the roles without cards"),
            "links": _("Fix: answer {sources} links here", sources=others),
        }
        buttons: list[Button[Any]] = []
        for key in faults(there, member, sources):
            style = ButtonStyle.secondary if key == "links" else ButtonStyle.primary  # may be intended
            buttons.append(Button(label=named[key], custom_id=FIX(key, channel.id), style=style))
        if buttons:
            container.add_item(ActionRow(*buttons))


async def fix(
    editor: SettingsEditor, interaction: discord.Interaction[Any], key: str, channel: ChannelOrThread, there: Resolved
) -> tuple[Change, ...]:
    """Change a setting so that links get cards: the channel's mode or sources, or a list in the place where it is set.

    Raises NotModerator, NoTarget or NotChanged.
    """
    guild, member = managed(interaction), interaction.user
    if key not in faults(there, member, editor.sources):
        return ()
    if key == "links":
        return await editor.set(
            interaction, target_of(channel), key, there.settings.links.union(one.name for one in editor.sources)
        )
    if key == "mode":
        target = target_of(channel)
        mode = mode_for("on", guild, editor.settings.overrides(guild.id), existing(guild, target))
        return await editor.set(interaction, target, key, mode)
    mine = frozenset({member.id}) if key == "ignored_members" else _roles(there, member)
    return await editor.adjust(interaction, there.origins[key], key, mine, frozenset())


def _lacking(_: Say, channel: ChannelOrThread, settings: ChannelSettings) -> Iterator[tuple[str, str]]:
    """Give the title and purpose of each permission that the bot needs in the channel but does not have."""
    may = granted(channel)
    for need in needs(_):
        if need.there(channel, settings) and not getattr(may, need.name):
            yield need.title, need.purpose


def _fate(_: Say, channel: ChannelOrThread, there: Resolved, sources: Sources) -> Iterator[str]:
    """Say what happens to a link in the channel."""
    settings = there.settings

    def why(key: str) -> str:
        return source(_, there.origins.get(key))

    if settings.mode is Mode.OFF:
        yield _("Nothing: answers to links are off ({source}).", source=why("mode"))
        return
    if not may_reply(channel):
        yield _("Nothing: the bot cannot reply here, see above.")
        return
    if settings.mode is Mode.ASK:
        yield _("It gets a small reaction; once somebody clicks that, a card ({source}).", source=why("mode"))
    else:
        yield _("It gets a card in reply ({source}).", source=why("mode"))
    if others := _unanswered(there, sources):
        yield _(
            "{sources} links get nothing: they are not answered here ({source}).",
            sources=enumerated(others, _),
            source=why("links"),
        )
    for key in (
        "links",
        "shorthands",
        "style",
        "size",
        "layout",
        "max_cards",
        "cooldown",
        "suppress",
        "enrich",
        "free_text",
    ):
        yield f"- {key_name(_, key)}: {said(_, key, getattr(settings, key), sources)} ({why(key)})"
    if settings.cooldown:
        yield _("A study that has a card here already gets a line that links to that card, until the time is over.")
    if settings.suppress and isinstance(channel, (discord.Thread, discord.ForumChannel)):
        yield _("A forum's opening post keeps its preview in any case.")
    for key in (key for key in ("ignored_roles", "ignored_members") if getattr(settings, key)):
        yield f"- {key_name(_, key)}: {said(_, key, getattr(settings, key), sources)} ({why(key)})"


def _yours(_: Say, there: Resolved, member: Person, *, opted_out: bool) -> Iterator[str]:
    """Say why the links of the person who asked get no card, if they get none."""
    if opted_out:
        yield _("Your own links get none: you opted out of cards.")
    if member.id in there.settings.ignored_members:
        where = source(_, there.origins.get("ignored_members"))
        yield _("Your own links get none: you are among the members without cards ({source}).", source=where)
    if _roles(there, member):
        where = source(_, there.origins.get("ignored_roles"))
        yield _("Your own links get none: you have a role without cards ({source}).", source=where)
