"""The permissions that the bot needs, and why: used by the invitation, `/settings check` and the documentation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import discord

from bot.core.channel_settings import ChannelSettings, Layout, Mode
from bot.core.phrase import Say, english

ChannelOrThread = discord.abc.GuildChannel | discord.Thread


@dataclass(frozen=True, slots=True)
class Need:
    """A permission and one purpose of it."""

    name: str
    """The permission's name in discord.py."""
    title: str
    """The permission's name in Discord."""
    purpose: str
    there: Callable[[ChannelOrThread, ChannelSettings], bool]
    """Whether the bot needs it in a channel with these settings."""
    asked: bool = True
    """Whether the invitation asks for it; the others are needed for certain settings only."""


def needs(_: Say = english) -> Iterator[Need]:
    """Give every need, in the order in which a reply checks them."""
    yield Need("view_channel", _("View Channel"), _("to see links at all"), _always)
    yield Need("send_messages", _("Send Messages"), _("to reply with a card"), lambda place, _choice: not _in_thread(place))
    threads = _("Send Messages in Threads"), _("to reply in threads and posts")
    yield Need("send_messages_in_threads", *threads, lambda place, _choice: _has_threads(place))
    yield Need("read_message_history", _("Read Message History"), _("to reply to the message with the link"), _always)
    ask, mark = _("to ask whether a card is wanted"), _("to mark a link that gets no card")
    yield Need("add_reactions", _("Add Reactions"), ask, lambda _place, settings: settings.mode is Mode.ASK)
    yield Need("add_reactions", _("Add Reactions"), mark, lambda _place, settings: settings.mode is not Mode.ASK)
    embed = _("Embed Links"), _("to show cards as embeds")
    yield Need("embed_links", *embed, lambda _place, settings: settings.layout is Layout.EMBED)
    preview = _("Manage Messages"), _("to take a link's own preview away")
    yield Need("manage_messages", *preview, lambda _place, settings: settings.suppress, asked=False)
    locked = _("Manage Threads"), _("to reply in a locked thread")
    yield Need("manage_threads", *locked, lambda place, _choice: _is_locked(place), asked=False)


def purposes(*, asked: bool) -> Mapping[tuple[str, str], str]:
    """Give all purposes of each permission, by (name, title); `asked` as in `Need`."""
    found: dict[tuple[str, str], str] = {}
    for need in needs():
        if need.asked is asked:
            before = found.get((need.name, need.title))
            found[need.name, need.title] = f"{before}, and {need.purpose}" if before else need.purpose
    return found


def invited(*, all_of_them: bool = False) -> discord.Permissions:
    """Give the permissions that the invitation asks for, or all that any setting may need."""
    return discord.Permissions(**{need.name: True for need in needs() if need.asked or all_of_them})


def _always(_place: ChannelOrThread, _settings: ChannelSettings) -> bool:
    return True


def _in_thread(place: ChannelOrThread) -> bool:
    return isinstance(place, (discord.Thread, discord.ForumChannel))


def _has_threads(place: ChannelOrThread) -> bool:
    return _in_thread(place) or isinstance(place, (discord.TextChannel, discord.CategoryChannel))


def _is_locked(place: ChannelOrThread) -> bool:
    return isinstance(place, discord.Thread) and place.locked
