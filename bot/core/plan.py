"""What to do about a message: a pure function from its situation to steps. No Discord, no database, no clock.

| message | settings in force | what happens |
| --- | --- | --- |
| deleted | any | its replies go |
| present | none: off, ignored author, opted out, the bot may not reply | replies to links that are gone go; nothing new |
| present | ask first, nobody accepted, no replies | an offer where there are links |
| present | reply, but not to this link's source | its reply goes with the link, and is never made anew |
| present | reply | a reply to each new link, within `max_cards`; replies to links that are gone are reused, or go |

A link is new where it has no reply and had none before: a reply that somebody deleted stays deleted until its link is taken
out and comes back. A link that failed is tried again with the next event.
"""

from dataclasses import dataclass, replace

from bot.core.channel_settings import ChannelSettings, Mode
from bot.core.links import Link
from bot.core.reference import Reference
from bot.core.reply import Mark, Reply


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides what to do about one message."""

    links: tuple[Link, ...] | None
    """The links of the message that are to be answered there; None where it was deleted."""
    settings: ChannelSettings | None
    """None where no new reply is wanted or allowed."""
    unwanted: frozenset[Reference] = frozenset()
    """What else the message links to, which is not to be answered there. A reply of an earlier time stays with its link."""
    replies: tuple[Reply, ...] = ()
    """The replies that it has."""
    answered: frozenset[Reference] = frozenset()
    """The linked records that got a reply at any time."""
    accepted: bool = False
    """Somebody clicked the offer."""
    dangling: frozenset[int] = frozenset()
    """IDs of its pointers whose card is gone or shows another record."""
    marks: frozenset[Mark] = frozenset()
    """The bot's reactions to it."""
    has_preview: bool = False
    """Discord shows a preview of its links, or may still add one."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a reply."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class SetSpoiler:
    """Hide a card, or show it again, as its link is now."""

    reply: Reply
    link: Link


@dataclass(frozen=True, slots=True)
class Repoint:
    """Mend a pointer whose card is gone: point it to another card of the record, or make it the card."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """Answer a link: with a pointer where the channel showed its record within the cool-down, else with a card."""

    link: Link
    reuse: Reply | None = None
    """A reply whose own link is gone; it shows the new card, or goes."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What follows once all replies are done."""

    mark: Mark | None = None
    """The bot's reaction that is to stand, alone."""
    suppress_preview: bool = False
    """Discord's own preview of the links is taken away."""


Step = Remove | SetSpoiler | Repoint | AnswerLink
"""What is done about replies."""


def plan(situation: Situation) -> tuple[Step, ...]:
    """List the steps about the message's replies, in order; `conclude` says what follows."""
    links, settings, replies = situation.links, situation.settings, situation.replies
    if links is None:
        return tuple(map(Remove, replies))
    if settings is None:
        linked = {link.reference for link in links} | situation.unwanted
        return tuple(Remove(one) for one in replies if one.reference not in linked or one.id in situation.dangling)
    if _offers(situation, settings):
        return ()
    left = {reply.id for reply in replies if reply.reference in situation.unwanted and reply.id not in situation.dangling}
    wanted = {link.reference: link for link in links[: max(0, settings.max_cards - len(left))]}
    kept = [reply for reply in replies if reply.reference in wanted]
    spare = [reply for reply in replies if reply.reference not in wanted and reply.id not in left]
    done = situation.answered | {reply.reference for reply in kept}
    new = [link for link in wanted.values() if link.reference not in done]
    reused = [*spare[: len(new)], *[None] * (len(new) - len(spare))]
    return (
        *(
            Repoint(replace(reply, spoiler=wanted[reply.reference].spoiler))
            for reply in kept
            if reply.id in situation.dangling
        ),
        *(
            SetSpoiler(reply, wanted[reply.reference])
            for reply in kept
            if reply.spoiler != wanted[reply.reference].spoiler and reply.id not in situation.dangling
        ),
        *map(AnswerLink, new, reused),
        *map(Remove, spare[len(new) :]),
    )


def conclude(situation: Situation, *, failed: bool) -> Ending:
    """Say what follows the steps. `failed`: a link got no reply."""
    links, settings = situation.links, situation.settings
    if links is None:
        return Ending()
    if settings is not None and _offers(situation, settings):
        return Ending(Mark.OFFER)
    if failed:
        return Ending(Mark.UNREADABLE)
    return Ending(suppress_preview=settings is not None and settings.suppress and situation.has_preview and bool(links))


def _offers(situation: Situation, settings: ChannelSettings) -> bool:
    """Whether a click is waited for: there is a link that was never answered, and nobody accepted."""
    open_links = any(link.reference not in situation.answered for link in situation.links or ())
    return settings.mode is Mode.ASK and not situation.accepted and not situation.replies and open_links
