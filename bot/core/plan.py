"""Decides what to do about a message: a pure function from its situation to steps, without Discord, database or clock.

| its links | settings   | its replies  | what happens                              | why                                   |
|-----------|------------|--------------|-------------------------------------------|---------------------------------------|
| deleted   | any        | 1, 2         | remove 1, remove 2                        |                                       |
| 2, 3      | none       | 1, 2         | remove 1                                  | nothing new                           |
| 1, 2      | ask        | none         | offer                                     | until somebody accepts                |
| 1, 2      | reply      | 1            | answer 2                                  |                                       |
| 2, 3      | reply      | 1            | answer 2 with 1, answer 3                 | reused for a new link                 |
| 2         | reply      | 1, 2         | remove 1                                  | no new link                           |
| 1, 2, 3   | at most 2  | none         | answer 1, answer 2, answer 3 if one fails | more than `max_cards`                 |
| 1, (2)    | reply      | none         | answer 1                                  | (2) is of a source not answered there |
| (1)       | reply      | 1            | nothing                                   | its earlier reply stays with its link |
| 1, 2, 3   | reply      | none         | digest 1 2 3                              | three new links: one message          |
| 1, 2, 3   | reply      | 1            | answer 2, answer 3                        | two new links                         |
| 1, 3, 4   | reply      | digest 1 2 3 | digest 1 3 4                              | the message is redrawn                |

The settings are "none" if cards are off, the author is ignored or opted out, or the bot may not reply.

A link is new if it has no reply and never had one. So a reply that somebody deleted stays deleted, until its link is removed
from the message and added again. A link that failed is tried again with the next event.

If there are more links than `max_cards`, those with replies keep their places, and the first of the others get the rest. The
place of a link that fails goes to the next one.

Several links to one study count as one: the study has one reply, which stays as long as one of its links does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.channel_settings import ChannelSettings, Mode
from bot.core.links import Link
from bot.core.reference import Reference
from bot.core.reply import Mark, Reply, by_message

DIGEST = 3
"""From this number on, new links are answered in one message."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All facts on which the steps for one message depend."""

    links: tuple[Link, ...] | None
    """The links of the message whose sources are answered in the channel; None if the message was deleted."""
    settings: ChannelSettings | None
    """The settings of the channel; None if no new reply is wanted or allowed."""
    unwanted: frozenset[Reference] = frozenset()
    """The message's other links, which get no new reply; an earlier reply to one stays as long as the link."""
    replies: tuple[Reply, ...] = ()
    """The replies to the message."""
    answered: frozenset[Reference] = frozenset()
    """The linked records that have or had a reply."""
    accepted: bool = False
    """Whether somebody clicked the offer."""
    dangling: frozenset[Reply] = frozenset()
    """Pointers among the replies whose card is gone or shows another record."""
    marks: frozenset[Mark] = frozenset()
    """The bot's reactions to the message."""
    has_preview: bool = False
    """Whether Discord shows a preview of the links, or may still add one."""
    studies: Mapping[Reference, Reference] = field(default_factory=dict)
    """For each reference, the one that stands for its study (`bot.core.reference.unified`); by default itself."""

    def study_of(self, reference: Reference) -> Reference:
        """Give the reference that stands for the study of `reference`."""
        return self.studies.get(reference, reference)

    def same_as(self, references: Collection[Reference]) -> frozenset[Reference]:
        """Give these references and all other known references to the same studies."""
        studies = {self.study_of(reference) for reference in references}
        return frozenset({*studies, *references, *(one for one, study in self.studies.items() if study in studies)})


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a reply."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class SetSpoiler:
    """Hide a card as a spoiler or show it, as its link now is."""

    reply: Reply
    link: Link


@dataclass(frozen=True, slots=True)
class Repoint:
    """Repair a pointer whose card is gone: point it to another card of the record, or turn it into the card."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """Answer a link: with a pointer if the channel showed its record within the cool-down, else with a card."""

    link: Link
    reuse: Reply | None = None
    """A reply whose own link is gone; it is edited to show the new card, or else removed."""
    instead: bool = False
    """Whether to answer it only if an earlier link failed, whose place it then takes."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What to do to the message once all replies are done."""

    mark: Mark | None = None
    """The only reaction of the bot that the message is to have; None for none."""
    suppress_preview: bool = False
    """Whether to suppress Discord's preview of the links."""


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """Show several studies in one message, a digest."""

    entries: tuple[Reply | Link, ...]
    """Replies that stay (with the spoiler of their links as it now is), and links to be answered.

    The place of a link that fails goes to the next one; the message says how many links found no place.
    """
    most: int
    """The most studies to show."""
    reuse: tuple[Reply, ...] = ()
    """The replies in the bot's message that is edited; empty to send a new message."""


Step = Remove | SetSpoiler | Repoint | AnswerLink | ShowDigest
"""One thing to do about replies."""


def plan(situation: Situation) -> tuple[Step, ...]:
    """List the steps about a message's replies, in order; `conclude` gives what to do after them."""
    settings, replies = situation.settings, situation.replies
    if situation.links is None:
        return tuple(Remove(message[0]) for message in by_message(replies))
    linked = _linked(situation, situation.links)
    others = {situation.study_of(reference) for reference in situation.unwanted} - linked.keys()
    if settings is None:
        return _without_gone(situation, {*linked, *others})
    if _offers(situation, settings):
        return ()
    left = [one for one in replies if situation.study_of(one.reference) in others and one not in situation.dangling]
    wanted = _wanted(situation, linked, max(0, settings.max_cards - len(left)))
    kept = _kept(situation, situation.links, wanted)
    done = situation.same_as({*situation.answered, *(reply.reference for reply in kept)})
    new = [link for study, link in wanted.items() if study not in done]
    in_line = [link for study, link in linked.items() if study not in wanted and study not in done]
    now = {reply: replace(reply, spoiler=wanted[situation.study_of(reply.reference)].spoiler) for reply in kept}
    staying: dict[Reply, Reply | Link] = {**{reply: reply for reply in left}, **now}
    staying |= {reply: Link(reply.reference, now[reply].spoiler) for reply in kept if reply in situation.dangling}
    messages = by_message(replies)
    digests = [message for message in messages if len(message) > 1]
    singles = [message[0] for message in messages if len(message) == 1]
    spare = [reply for reply in singles if reply not in staying]
    return (
        *(Repoint(now[reply]) for reply in singles if reply in now and reply in situation.dangling),
        *(
            SetSpoiler(reply, Link(reply.reference, now[reply].spoiler))
            for reply in singles
            if reply in now and now[reply] != reply and reply not in situation.dangling
        ),
        *(step for digest in digests[:-1] for step in _redrawn(digest, staying)),
        *(step for digest in digests[-1:] for step in _redrawn(digest, staying, new, in_line)),
        *(map(Remove, spare) if digests else _answers(new, in_line, spare)),
    )


def _without_gone(situation: Situation, present: Collection[Reference]) -> tuple[Step, ...]:
    """Remove replies whose links are gone, and pointers whose cards are gone."""
    staying: dict[Reply, Reply | Link] = {
        reply: reply
        for reply in situation.replies
        if situation.study_of(reply.reference) in present and reply not in situation.dangling
    }
    return tuple(step for message in by_message(situation.replies) for step in _redrawn(message, staying))


def _answers(new: Sequence[Link], in_line: Sequence[Link], spare: Sequence[Reply]) -> Iterator[Step]:
    """Answer new links one by one or in a digest; replies whose own links are gone (`spare`) are reused or removed."""
    if len(new) >= DIGEST:
        yield ShowDigest((*new, *in_line), len(new), tuple(spare[:1]))
        yield from map(Remove, spare[1:])
        return
    reused = [*spare[: len(new)], *[None] * (len(new) - len(spare))]
    yield from map(AnswerLink, new, reused)
    if new:
        yield from (AnswerLink(link, instead=True) for link in in_line)
    yield from map(Remove, spare[len(new) :])


def _redrawn(
    message: tuple[Reply, ...],
    staying: Mapping[Reply, Reply | Link],
    new: Sequence[Link] = (),
    in_line: Sequence[Link] | None = None,
) -> Iterator[Step]:
    """Redraw a message of the bot if it does not show what it should; remove it if nothing is left to show.

    `staying`: what takes the place of each reply. `in_line`: links without a place; None if they do not matter.
    """
    shown = [*(staying[reply] for reply in message if reply in staying), *new]
    if not shown:
        yield Remove(message[0])
    elif shown != [*message] or (in_line is not None and not _counts(message[0], {link.reference for link in in_line})):
        yield ShowDigest((*shown, *(in_line or ())), len(shown), message)


def _counts(reply: Reply, in_line: Collection[Reference]) -> bool:
    """Whether a digest still gives the right number of links that it does not show."""
    return {*reply.failed} <= {*in_line} and len(in_line) == len(reply.failed) + reply.more


def _wanted(situation: Situation, linked: Mapping[Reference, Link], places: int) -> dict[Reference, Link]:
    """Choose the studies to show, each with its link: first those that have replies, up to `places`."""
    shown = {situation.study_of(reply.reference) for reply in situation.replies}
    chosen = sorted(linked, key=lambda study: study not in shown)[:places]
    return {study: link for study, link in linked.items() if study in chosen}


def _linked(situation: Situation, links: Iterable[Link]) -> dict[Reference, Link]:
    """Give the linked studies in order, each with its first link, a spoiler only if all links to the study are."""
    found: dict[Reference, Link] = {}
    for link in links:
        first = found.setdefault(situation.study_of(link.reference), link)
        found[situation.study_of(link.reference)] = replace(first, spoiler=first.spoiler and link.spoiler)
    return found


def _kept(situation: Situation, links: Iterable[Link], wanted: Iterable[Reference]) -> list[Reply]:
    """Give the replies that stay: of each study those whose own link is still there, else one of the others."""
    addresses = {link.reference for link in links} | situation.unwanted
    kept: list[Reply] = []
    for study in wanted:
        its = [reply for reply in situation.replies if situation.study_of(reply.reference) == study]
        standing = [reply for reply in its if reply not in situation.dangling]
        kept += [reply for reply in standing if reply.reference in addresses] or standing[:1] or its[:1]
    return [reply for reply in situation.replies if reply in kept]


def conclude(situation: Situation, *, failed: bool) -> Ending:
    """Give what to do to the message after the steps; `failed`: whether a link got no reply."""
    links, settings = situation.links, situation.settings
    if links is None:
        return Ending()
    if settings is not None and _offers(situation, settings):
        return Ending(Mark.OFFER)
    if failed:
        return Ending(Mark.UNREADABLE)
    return Ending(suppress_preview=settings is not None and settings.suppress and situation.has_preview and bool(links))


def _offers(situation: Situation, settings: ChannelSettings) -> bool:
    """Whether to offer cards and wait for a click: the mode is "ask", nobody accepted, and a link was never answered."""
    answered = situation.same_as(situation.answered)
    open_links = any(link.reference not in answered for link in situation.links or ())
    return settings.mode is Mode.ASK and not situation.accepted and not situation.replies and open_links
