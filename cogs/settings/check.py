"""`/settings check`: what the bot can see in a channel, which permissions it lacks, and what would happen to a link."""

from collections.abc import Iterator

import discord

from bot.core.channel_settings import ChannelSettings, Mode, Resolved
from cogs.discord_kit.channels import granted, may_reply
from cogs.discord_kit.i18n import Say
from cogs.discord_kit.permissions import Place, needs
from cogs.settings.wording import key_name, said, source

Person = discord.Member | discord.User


def checkup(_: Say, channel: Place, there: Resolved, member: Person, *, reads: bool, opted_out: bool) -> str:
    """Describe a channel in plain sentences.

    `member` is who asked; `reads` is whether the bot may read messages that do not mention it.
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
        lines.append(_("It lacks no permission."))
    lines += [_("It lacks **{permission}**: {purpose}.", permission=name, purpose=purpose) for name, purpose in lacks]
    lines.append(_("**What happens to a link here**"))
    lines += _fate(_, channel, there)
    lines += _yours(_, there, member, opted_out=opted_out)
    return "\n".join(lines)


def _lacking(_: Say, channel: Place, settings: ChannelSettings) -> Iterator[tuple[str, str]]:
    """Give the title and purpose of each permission that the bot needs in the channel but does not have."""
    may = granted(channel)
    for need in needs(_):
        if need.there(channel, settings) and not getattr(may, need.name):
            yield need.title, need.purpose


def _fate(_: Say, channel: Place, there: Resolved) -> Iterator[str]:
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
    for key in ("style", "size", "layout", "max_cards", "cooldown", "suppress", "enrich", "free_text"):
        yield f"- {key_name(_, key)}: {said(_, key, getattr(settings, key))} ({why(key)})"
    if settings.cooldown:
        yield _("A study that has a card here already gets a line that links to that card, until the time is over.")
    if settings.suppress and isinstance(channel, (discord.Thread, discord.ForumChannel)):
        yield _("A forum's opening post keeps its preview in any case.")
    for key in ("ignored_roles", "ignored_members"):
        if ignored := getattr(settings, key):
            yield f"- {key_name(_, key)}: {said(_, key, ignored)} ({why(key)})"


def _yours(_: Say, there: Resolved, member: Person, *, opted_out: bool) -> Iterator[str]:
    """Say why the links of who asked get no card, if so."""
    if opted_out:
        yield _("Your own links get none: you opted out of cards.")
    if member.id in there.settings.ignored_members:
        where = source(_, there.origins.get("ignored_members"))
        yield _("Your own links get none: you are among the members without cards ({source}).", source=where)
    if isinstance(member, discord.Member) and there.settings.ignored_roles & {role.id for role in member.roles}:
        where = source(_, there.origins.get("ignored_roles"))
        yield _("Your own links get none: you have a role without cards ({source}).", source=where)
