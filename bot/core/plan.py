"""What to do about a message: a pure function from its situation to steps. No Discord, no database, no clock.

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
| 1, 3, 4   | reply      | digest 1 2 3 | digest 1 3 4                              | drawn anew                            |

No settings are in force where cards are off, the author is ignored or opted out, or the bot may not reply.

A link is new where it has no reply and had none before: a reply that somebody deleted stays deleted until its link is taken
out and comes back. A link that failed is tried again with the next event.

Of more links than `max_cards` those that have replies keep their places; then the first ones count. One that fails leaves
its place to the next.

Links to one study are as one link: it has one reply, which stays as long as one of them does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.channel_settings import ChannelSettings, Mode
from bot.core.links import Link
from bot.core.reference import Reference
from bot.core.reply import Mark, Reply, by_message

DIGEST = 3
"""New links from which on they are answered in one message."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides what to do about one message."""

    links: tuple[Link, ...] | None
    """The links of the message that are to be answered there; None where it was deleted."""
    settings: ChannelSettings | None
    """None where no new reply is wanted or allowed."""
    unwanted: frozenset[Reference] = frozenset()
    """Other links of the message, which get no reply there; a reply that one got earlier stays as long as the link."""
    replies: tuple[Reply, ...] = ()
    """The replies that it has."""
    answered: frozenset[Reference] = frozenset()
    """The linked records that got a reply at any time."""
    accepted: bool = False
    """Somebody clicked the offer."""
    dangling: frozenset[Reply] = frozenset()
    """Its pointers whose card is gone or shows another record."""
    hidden: frozenset[Reply] = frozenset()
    """Its pointers whose card is hidden: they must not show its title."""
    marks: frozenset[Mark] = frozenset()
    """The bot's reactions to it."""
    has_preview: bool = False
    """Discord shows a preview of its links, or may still add one."""
    studies: Mapping[Reference, Reference] = field(default_factory=dict)
    """The reference that stands for each one's study (`bot.core.reference.unified`); without an entry, it is itself."""

    def study_of(self, reference: Reference) -> Reference:
        """Give the reference that stands for a reference's study."""
        return self.studies.get(reference, reference)

    def same_as(self, references: Collection[Reference]) -> frozenset[Reference]:
        """Give these references, and all others of their studies that are known here."""
        studies = {self.study_of(reference) for reference in references}
        return frozenset({*studies, *references, *(one for one, study in self.studies.items() if study in studies)})


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a reply."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class SetSpoiler:
    """Hide a card, or show it again, as its link is now; of a pointer the title, as its link and its card are."""

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
    instead: bool = False
    """Only if a link before it failed, whose place it takes."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What follows once all replies are done."""

    mark: Mark | None = None
    """The bot's reaction that is to stand, alone."""
    suppress_preview: bool = False
    """Discord's own preview of the links is taken away."""


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """Show several studies in one message, a digest."""

    entries: tuple[Reply | Link, ...]
    """Replies that stay as they are, hidden or not as their links are now, and links to be answered.

    A link that fails leaves its place to the next one; those that find none are counted.
    """
    most: int
    """Studies that it may show."""
    reuse: tuple[Reply, ...] = ()
    """What the bot's message shows that is drawn anew; none for a new one."""


Step = Remove | SetSpoiler | Repoint | AnswerLink | ShowDigest
"""What is done about replies."""


def plan(situation: Situation) -> tuple[Step, ...]:
    """List the steps about the message's replies, in order; `conclude` says what follows."""
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
    links = {reply: wanted[situation.study_of(reply.reference)] for reply in kept}
    now = {reply: replace(reply, spoiler=link.spoiler or reply in situation.hidden) for reply, link in links.items()}
    staying = {**_unchanged(situation, left), **now}
    staying |= {reply: Link(reply.reference, now[reply].spoiler) for reply in kept if reply in situation.dangling}
    messages = by_message(replies)
    digests = [message for message in messages if len(message) > 1]
    singles = [message[0] for message in messages if len(message) == 1]
    spare = [reply for reply in singles if reply not in staying]
    return (
        *(step for reply in singles if reply in staying for step in _redrawn((reply,), staying)),
        *(step for digest in digests[:-1] for step in _redrawn(digest, staying)),
        *(step for digest in digests[-1:] for step in _redrawn(digest, staying, new, in_line)),
        *(map(Remove, spare) if digests else _answers(new, in_line, spare)),
    )


def _without_gone(situation: Situation, present: Collection[Reference]) -> tuple[Step, ...]:
    """Take away replies whose links are gone, and pointers whose cards are."""
    left = [one for one in situation.replies if situation.study_of(one.reference) in present]
    staying = _unchanged(situation, (reply for reply in left if reply not in situation.dangling))
    return tuple(step for message in by_message(situation.replies) for step in _redrawn(message, staying))


def _unchanged(situation: Situation, replies: Iterable[Reply]) -> dict[Reply, Reply | Link]:
    """Let replies stay as they are, though without the titles of hidden cards."""
    return {reply: replace(reply, spoiler=reply.spoiler or reply in situation.hidden) for reply in replies}


def _answers(new: Sequence[Link], in_line: Sequence[Link], spare: Sequence[Reply]) -> Iterator[Step]:
    """Answer links in messages of their own, or all in one; replies whose own links are gone are reused, or go."""
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
    """Mend a message that does not show what it should; remove it where nothing is left to show.

    `staying`: what is to stand in the place of each reply. `in_line`: links without a place; None where they do not matter.
    """
    shown = [*(staying[reply] for reply in message if reply in staying), *new]
    if not shown:
        yield Remove(message[0])
    elif len(message) == 1:
        reply, now = message[0], shown[0]
        if isinstance(now, Link):
            yield Repoint(replace(reply, spoiler=now.spoiler))
        elif now != reply:
            yield SetSpoiler(reply, Link(reply.reference, now.spoiler))
    elif shown != [*message] or (in_line is not None and not _counts(message[0], {link.reference for link in in_line})):
        yield ShowDigest((*shown, *(in_line or ())), len(shown), message)


def _counts(reply: Reply, in_line: Collection[Reference]) -> bool:
    """Whether a digest says rightly how many links it does not show."""
    return {*reply.failed} <= {*in_line} and len(in_line) == len(reply.failed) + reply.more


def _wanted(situation: Situation, linked: Mapping[Reference, Link], places: int) -> dict[Reference, Link]:
    """Give the studies that are to be shown: those that are, and others while there are places."""
    shown = {situation.study_of(reply.reference) for reply in situation.replies}
    chosen = sorted(linked, key=lambda study: study not in shown)[:places]
    return {study: link for study, link in linked.items() if study in chosen}


def _linked(situation: Situation, links: Iterable[Link]) -> dict[Reference, Link]:
    """Give the linked studies in their order, each with its first link, hidden if all of its links are."""
    found: dict[Reference, Link] = {}
    for link in links:
        first = found.setdefault(situation.study_of(link.reference), link)
        found[situation.study_of(link.reference)] = replace(first, spoiler=first.spoiler and link.spoiler)
    return found


def _kept(situation: Situation, links: Iterable[Link], wanted: Iterable[Reference]) -> list[Reply]:
    """Give the replies that stay: of each study those whose own link is there, else one that belongs to another link now."""
    addresses = {link.reference for link in links} | situation.unwanted
    kept: list[Reply] = []
    for study in wanted:
        its = [reply for reply in situation.replies if situation.study_of(reply.reference) == study]
        standing = [reply for reply in its if reply not in situation.dangling]
        kept += [reply for reply in standing if reply.reference in addresses] or standing[:1] or its[:1]
    return [reply for reply in situation.replies if reply in kept]


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
    answered = situation.same_as(situation.answered)
    open_links = any(link.reference not in answered for link in situation.links or ())
    return settings.mode is Mode.ASK and not situation.accepted and not situation.replies and open_links
