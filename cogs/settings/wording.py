"""The words for settings: their names, values, targets and sources.

Everything here is Discord markdown that pings nobody; labels, for the options of menus, are plain text.
"""

from collections.abc import Collection, Mapping

import discord

from bot.citation import style_title
from bot.core.channel_settings import KEYS, Change, Kind, Overrides, Place, Resolved, Scope, Target, Value, change, resolve
from bot.core.clip import clip
from bot.core.source import Sources
from cogs.discord_kit.i18n import Say
from cogs.discord_kit.markdown import escape

MENTIONS = 4
"""How many roles or members a line names at most."""
COOLDOWNS = (0, 60, 300, 600, 1_800, 3_600, 21_600, 86_400, 604_800)
"""Seconds that the panel offers."""
_LONGEST_LIST = 120
"""Characters of the names of sources at most."""
_UNKNOWN = 60
"""Most characters shown of a value that this version does not know."""


def key_name(_: Say, key: str) -> str:
    """Give the title of a setting; a key that this version does not know is its own title."""
    named = {
        "mode": _("Reply to links"),
        "links": _("Links answered"),
        "shorthands": _("Short names"),
        "style": _("Citation style"),
        "size": _("Size of cards"),
        "layout": _("Layout of cards"),
        "suppress": _("Link's own preview"),
        "max_cards": _("Cards a message"),
        "cooldown": _("Same study again"),
        "ignored_roles": _("Roles without cards"),
        "ignored_members": _("Members without cards"),
        "enrich": _("DOI and retractions"),
        "free_text": _("Free text"),
        "webhooks": _("Messages of webhooks"),
        "log_channel": _("Log of changes"),
    }
    return named.get(key) or escape(key)


def label(_: Say, key: str, value: Value | None) -> str:
    """Give the label of a value as plain text; not for IDs."""
    named: Mapping[str, Mapping[Value, str]] = {
        "mode": {"auto": _("Reply with a card"), "ask": _("Ask first, with a reaction"), "off": _("No card")},
        "size": {"full": _("Full"), "compact": _("Compact")},
        "layout": {"components": _("Components"), "embed": _("Embed")},
        "shorthands": {True: _("Answered like links"), False: _("Not answered")},
        "suppress": {True: _("Taken away"), False: _("Left as it is")},
        "enrich": {True: _("Looked up"), False: _("Not looked up")},
        "free_text": {True: _("Linked"), False: _("Not linked")},
        "webhooks": {True: _("Answered like people's"), False: _("Not answered")},
        "cooldown": {
            0: _("A new card each time"),
            60: _("A new card after 1 minute"),
            300: _("A new card after 5 minutes"),
            600: _("A new card after 10 minutes"),
            1_800: _("A new card after 30 minutes"),
            3_600: _("A new card after 1 hour"),
            21_600: _("A new card after 6 hours"),
            86_400: _("A new card after 1 day"),
            604_800: _("A new card after 7 days"),
        },
    }
    if key == "cooldown" and value not in named[key] and isinstance(value, int):
        return _("A new card after {count} second", "A new card after {count} seconds", count=value)
    if key == "style":
        return style_title(str(value))
    said = None if value is None or isinstance(value, frozenset) else named.get(key, {}).get(value)
    return said or str(value)


def meaning(_: Say, key: str, value: Value) -> str | None:
    """Explain a value in a menu, in 100 characters at most; None if its label is enough."""
    named: Mapping[str, Mapping[Value, str]] = {
        "mode": {
            "auto": _("Each link gets a reply with a card"),
            "ask": _("The bot adds a small reaction; the card comes once anybody clicks it"),
            "off": _("Links get nothing; commands answer their user alone"),
        },
        "size": {
            "full": _("Who and when, facts, key findings, citation"),
            "compact": _("Who and when, one finding"),
        },
        "layout": {
            "components": _("Discord's newer look"),
            "embed": _("The look of link previews; needs Embed Links"),
        },
        "suppress": {
            False: _("The link shows its own preview too"),
            True: _("Needs Manage Messages; a forum's opening post keeps it"),
        },
        "shorthands": {True: _("A study's number after the name of its source, such as erowid#6004")},
        "enrich": {
            True: _("Europe PMC and Crossref are asked once a card is out"),
            False: _("Nobody is asked; a retraction that is known already is shown"),
        },
        "free_text": {True: _("If a service knows where the study can be read without paying")},
        "webhooks": {True: _("For proxy bots that post for people, such as PluralKit")},
    }
    return named.get(key, {}).get(value)


def titles(sources: Sources, names: Collection[int | str]) -> list[str]:
    """Name sources for people, in their order: `Erowid`; one that is not known keeps its own name."""
    known = {source.name: source.title for source in sources}
    unknown = sorted(str(name) for name in names if name not in known)
    return [*(title for name, title in known.items() if name in names), *unknown]


def said(_: Say, key: str, value: Value | None, sources: Sources) -> str:
    """Give a value as markdown."""
    if value is None or value == frozenset():
        return _("nobody") if isinstance(value, frozenset) else _("none")
    kind = KEYS[key].kind if key in KEYS else None
    if kind is Kind.SOURCES and isinstance(value, frozenset):
        return escape(clip(", ".join(titles(sources, value)), _LONGEST_LIST))
    if isinstance(value, frozenset):
        mark = "<@&{}>" if kind is Kind.ROLES else "<@{}>"
        shown = [mark.format(one) for one in sorted(value)[:MENTIONS]]
        more = [_("and {count} more", "and {count} more", count=len(value) - MENTIONS)] if len(value) > MENTIONS else []
        return ", ".join([*shown, *more])
    if kind is Kind.CHANNEL and isinstance(value, int):
        return f"<#{value}>"
    return escape(clip(label(_, key, value), _UNKNOWN))


def target_name(_: Say, target: Target) -> str:
    """Name a target; Discord shows the name of a channel or category for its mention."""
    return _("the server") if target.scope is Scope.GUILD else f"<#{target.id}>"


def source(_: Say, target: Target | None) -> str:
    """Name the source of a value that the target inherits."""
    if target is None:
        return _("default")
    return {
        Scope.GUILD: _("set for the server"),
        Scope.CATEGORY: _("set for the category"),
        Scope.CHANNEL: _("set for the channel"),
    }[target.scope]


def way_back(_: Say, target: Target | None, value: str = "") -> str:
    """Say what applies once a target's own value is removed: another target's value, or the default."""
    if target is None:
        return _("Back to the default: {value}", value=value) if value else _("Back to the default")
    if target.scope is Scope.CATEGORY:
        return _("Back to the category's value: {value}", value=value) if value else _("Back to the category's value")
    return _("Back to the server's value: {value}", value=value) if value else _("Back to the server's value")


def counted(_: Say, settings: int) -> str:
    """Count settings."""
    return _("{count} setting", "{count} settings", count=settings)


def changed(_: Say, one: Change, sources: Sources) -> str:
    """Describe a change: `the server · Citation style: APA → Vancouver`."""
    unset = _("not set")
    old, new = (unset if value is None else said(_, one.key, value, sources) for value in (one.old, one.new))
    return f"{target_name(_, one.target)} · {key_name(_, one.key)}: {old} → {new}"


def listed(_: Say, lines: Collection[str], *, most: int) -> str:
    """Join as many lines as fit into `most` characters, and say how many are left out."""
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(shown) + len(line) > most:
            return "\n".join([*shown, _("… and {count} more", "… and {count} more", count=len(lines) - len(shown))])
        shown.append(line)
    return "\n".join(shown)


def target_of(channel: discord.abc.GuildChannel | discord.Thread) -> Target:
    """Give the target of a channel; a thread has its parent's."""
    if isinstance(channel, discord.Thread):
        return Target(Scope.CHANNEL, channel.parent_id)
    return Target(Scope.CATEGORY if isinstance(channel, discord.CategoryChannel) else Scope.CHANNEL, channel.id)


def settings_at(guild: discord.Guild, overrides: Overrides, target: Target) -> Resolved:
    """Give the settings of a target, with the source of each value."""
    channel = guild.get_channel(target.id)
    category = target.id if target.scope is Scope.CATEGORY else channel.category_id if channel else None
    return resolve(overrides, Place(guild.id, target.id if target.scope is Scope.CHANNEL else 0, category))


def fallback(guild: discord.Guild, overrides: Overrides, target: Target, key: str) -> tuple[Value | None, Target | None]:
    """Give the value that a target would inherit, and its source."""
    without = settings_at(guild, change(overrides, target, key, None), target)
    return getattr(without.settings, key), without.origins.get(key)
