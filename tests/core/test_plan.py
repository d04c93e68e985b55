"""What is done about a message, situation by situation: each row is one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.channel_settings import ChannelSettings, Mode
from bot.core.links import Link
from bot.core.plan import (
    AnswerLink,
    Ending,
    Remove,
    Repoint,
    SetSpoiler,
    ShowDigest,
    Situation,
    conclude,
    plan,
)
from bot.core.reference import Reference
from bot.core.reply import Mark, Reply
from tests.references import erowid, number_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SEVEN = tuple(Link(erowid(number)) for number in range(1, 8))
ONE, TWO, THREE, FOUR, FIVE = SEVEN[:5]
HIDDEN = replace(ONE, spoiler=True)
AUTO, ASK = ChannelSettings(), ChannelSettings(mode=Mode.ASK)
QUIET = ChannelSettings(suppress=True)
OFFER, UNREADABLE = frozenset({Mark.OFFER}), frozenset({Mark.UNREADABLE})


def card(link: Link, number: int = 0, **given) -> Reply:
    """A card that answers the message; its ID is ten times its record's number, unless another is given."""
    known = {"channel_id": 7, "poster_id": 9, "made_at": NOW, "spoiler": link.spoiler}
    return Reply(number or number_of(link.reference) * 10, 5, link.reference, **(known | given))


def pointer(link: Link, target: int = 99) -> Reply:
    return card(link, target_id=target)


def hidden(link: Link) -> Link:
    return replace(link, spoiler=True)


def refs(*links: Link) -> frozenset[Reference]:
    return frozenset(link.reference for link in links)


CARD, OTHER = card(ONE), card(TWO)
LINE = pointer(ONE)
TWO_MORE = (AnswerLink(TWO), AnswerLink(THREE))


def digest(
    *links: Link, failed: Sequence[Link] = (), more: int = 0, targets: Sequence[int | None] = ()
) -> tuple[Reply, ...]:
    """One message that shows several studies, the first of them as pointers where there are targets."""
    said = {"failed": tuple(link.reference for link in failed), "more": more}
    pointed = [*targets, *[None] * (len(links) - len(targets))]
    return tuple(
        card(link, 70, position=place, target_id=target, **said)
        for place, (link, target) in enumerate(zip(links, pointed, strict=True))
    )


THREE_OF_THEM, POINTING = digest(*SEVEN[:3]), digest(*SEVEN[:3], targets=[99])
SAME = {TWO.reference: ONE.reference}
"""The second link leads to the first one's study; where the first is gone, that stands for itself all the same."""

ROWS = [
    # Posted.
    ("a link", Situation((ONE,), AUTO), [AnswerLink(ONE)]),
    (
        "more links than cards are wanted",
        Situation((ONE, TWO, THREE), replace(AUTO, max_cards=2)),
        [AnswerLink(ONE), AnswerLink(TWO), AnswerLink(THREE, instead=True)],
    ),
    ("three links, in their order", Situation((TWO, ONE, THREE), AUTO), [ShowDigest((TWO, ONE, THREE), 3)]),
    ("seven links", Situation(SEVEN, AUTO), [ShowDigest(SEVEN, 5)]),
    ("one of three hidden", Situation((HIDDEN, TWO, THREE), AUTO), [ShowDigest((HIDDEN, TWO, THREE), 3)]),
    ("three links, where one had a card", Situation((ONE, TWO, THREE), AUTO, answered=refs(ONE)), [*TWO_MORE]),
    ("no link", Situation((), AUTO), []),
    ("a hidden link", Situation((HIDDEN,), AUTO), [AnswerLink(HIDDEN)]),
    ("nothing is wanted or allowed there", Situation((ONE,), None), []),
    # Moderators want to be asked first.
    ("it is offered", Situation((ONE,), ASK), []),
    ("the offer was clicked", Situation((ONE, TWO), ASK, accepted=True), [AnswerLink(ONE), AnswerLink(TWO)]),
    ("the offer was clicked, but no link is left", Situation((), ASK, accepted=True), []),
    ("the offer was clicked, but cards are off by now", Situation((ONE,), None, accepted=True), []),
    ("clicked twice", Situation((ONE,), ASK, replies=(CARD,), answered=refs(ONE), accepted=True), []),
    ("edited after it was accepted", Situation((ONE, TWO), ASK, replies=(CARD,), answered=refs(ONE)), [AnswerLink(TWO)]),
    ("edited after somebody deleted its card", Situation((ONE,), ASK, answered=refs(ONE)), []),
    ("edited, and only the offer stands", Situation((TWO,), ASK), []),
    # Edited.
    ("the same links", Situation((ONE, TWO), AUTO, replies=(CARD, OTHER), answered=refs(ONE, TWO)), []),
    ("a link added", Situation((ONE, TWO), AUTO, replies=(CARD,), answered=refs(ONE)), [AnswerLink(TWO)]),
    ("a link added before", Situation((TWO, ONE), AUTO, replies=(CARD,), answered=refs(ONE)), [AnswerLink(TWO)]),
    ("a link changed", Situation((TWO,), AUTO, replies=(CARD,), answered=refs(ONE)), [AnswerLink(TWO, reuse=CARD)]),
    ("a link taken out", Situation((TWO,), AUTO, replies=(CARD, OTHER), answered=refs(ONE, TWO)), [Remove(CARD)]),
    ("all links taken out", Situation((), AUTO, replies=(CARD, OTHER)), [Remove(CARD), Remove(OTHER)]),
    (
        "two links become one other",
        Situation((THREE,), AUTO, replies=(CARD, OTHER), answered=refs(ONE, TWO)),
        [AnswerLink(THREE, reuse=CARD), Remove(OTHER)],
    ),
    (
        "one link becomes two others",
        Situation((TWO, THREE), AUTO, replies=(CARD,), answered=refs(ONE)),
        [AnswerLink(TWO, reuse=CARD), AnswerLink(THREE)],
    ),
    ("a link was hidden", Situation((HIDDEN,), AUTO, replies=(CARD,), answered=refs(ONE)), [SetSpoiler(CARD, HIDDEN)]),
    ("a hidden link is shown", Situation((ONE,), AUTO, replies=(card(HIDDEN),)), [SetSpoiler(card(HIDDEN), ONE)]),
    (
        "a link before it, beyond the limit",
        Situation((ONE, TWO), replace(AUTO, max_cards=1), replies=(OTHER,)),
        [],
    ),
    (
        "two links added, and one more than is wanted",
        Situation((ONE, TWO, THREE, FOUR), replace(AUTO, max_cards=3), replies=(CARD,)),
        [*TWO_MORE, AnswerLink(FOUR, instead=True)],
    ),
    ("three links added", Situation(SEVEN[:4], AUTO, replies=(CARD,)), [ShowDigest(SEVEN[1:4], 3)]),
    (
        "one link becomes three others",
        Situation(SEVEN[1:4], AUTO, replies=(CARD,)),
        [ShowDigest(SEVEN[1:4], 3, reuse=(CARD,))],
    ),
    (
        "two links become three others",
        Situation(SEVEN[2:5], AUTO, replies=(CARD, OTHER)),
        [ShowDigest(SEVEN[2:5], 3, reuse=(CARD,)), Remove(OTHER)],
    ),
    ("edited where cards are off by now", Situation((ONE, TWO), None, replies=(CARD,)), []),
    ("taken out where cards are off by now", Situation((TWO,), None, replies=(CARD,)), [Remove(CARD)]),
    # Links of sources that are not answered there.
    ("no link is to be answered", Situation((), AUTO, unwanted=refs(ONE)), []),
    ("one of two is", Situation((TWO,), AUTO, unwanted=refs(ONE)), [AnswerLink(TWO)]),
    ("a card of before stays", Situation((), AUTO, unwanted=refs(ONE), replies=(CARD,), answered=refs(ONE)), []),
    ("it is not reused", Situation((TWO,), AUTO, unwanted=refs(ONE), replies=(CARD,)), [AnswerLink(TWO)]),
    ("it stays hidden or shown as it is", Situation((), AUTO, unwanted=refs(HIDDEN), replies=(CARD,)), []),
    (
        "it counts among the cards of the message",
        Situation((TWO, THREE), replace(AUTO, max_cards=2), unwanted=refs(ONE), replies=(CARD,)),
        [AnswerLink(TWO), AnswerLink(THREE, instead=True)],
    ),
    (
        "more such cards than are wanted",
        Situation((THREE,), replace(AUTO, max_cards=1), unwanted=refs(ONE, TWO), replies=(CARD, OTHER)),
        [],
    ),
    ("its link is taken out", Situation((TWO,), AUTO, replies=(CARD,)), [AnswerLink(TWO, reuse=CARD)]),
    (
        "a pointer of before whose card went",
        Situation((), AUTO, unwanted=refs(ONE), replies=(LINE,), dangling=frozenset({LINE})),
        [Remove(LINE)],
    ),
    ("a card of before where cards are off by now", Situation((), None, unwanted=refs(ONE), replies=(CARD,)), []),
    ("no offer for it", Situation((), ASK, unwanted=refs(ONE)), []),
    # A reply that is missing.
    ("somebody deleted the card", Situation((ONE,), AUTO, answered=refs(ONE)), []),
    ("and another link is added", Situation((ONE, TWO), AUTO, answered=refs(ONE)), [AnswerLink(TWO)]),
    ("the link was taken out and came back", Situation((ONE,), AUTO), [AnswerLink(ONE)]),
    ("the link failed before", Situation((ONE,), AUTO, marks=UNREADABLE), [AnswerLink(ONE)]),
    ("one failed, one has its card", Situation((ONE, TWO), AUTO, replies=(OTHER,), answered=refs(TWO)), [AnswerLink(ONE)]),
    # Taken up after a crash.
    ("nothing was sent", Situation((ONE, TWO), AUTO), [AnswerLink(ONE), AnswerLink(TWO)]),
    ("one was sent", Situation((ONE, TWO), AUTO, replies=(CARD,)), [AnswerLink(TWO)]),
    ("all were sent", Situation((ONE, TWO), AUTO, replies=(CARD, OTHER)), []),
    ("edited meanwhile", Situation((TWO,), AUTO, replies=(CARD,)), [AnswerLink(TWO, reuse=CARD)]),
    # Deleted.
    ("deleted", Situation(None, AUTO, replies=(CARD, OTHER)), [Remove(CARD), Remove(OTHER)]),
    ("deleted before anything was sent", Situation(None, AUTO), []),
    ("deleted where cards are off", Situation(None, None, replies=(CARD,)), [Remove(CARD)]),
    # Pointers.
    ("its card stands", Situation((ONE,), AUTO, replies=(LINE,), answered=refs(ONE)), []),
    (
        "its card went",
        Situation((ONE,), AUTO, replies=(LINE,), answered=refs(ONE), dangling=frozenset({LINE})),
        [Repoint(LINE)],
    ),
    ("its card went, and so did its link", Situation((), AUTO, replies=(LINE,), dangling=frozenset({LINE})), [Remove(LINE)]),
    (
        "its card went where cards are off by now",
        Situation((ONE,), None, replies=(LINE,), dangling=frozenset({LINE})),
        [Remove(LINE)],
    ),
    ("its link was hidden", Situation((HIDDEN,), AUTO, replies=(LINE,)), [SetSpoiler(LINE, HIDDEN)]),
    (
        "its link was hidden as its card went",
        Situation((HIDDEN,), AUTO, replies=(LINE,), dangling=frozenset({LINE})),
        [Repoint(replace(LINE, spoiler=True))],
    ),
    (
        "one of two went",
        Situation(
            (ONE, TWO), AUTO, replies=(LINE, pointer(TWO)), answered=refs(ONE, TWO), dangling=frozenset({pointer(TWO)})
        ),
        [Repoint(pointer(TWO))],
    ),
    # Two links to one study.
    ("one study by two links", Situation((ONE, TWO, THREE), AUTO, studies=SAME), [AnswerLink(ONE), AnswerLink(THREE)]),
    (
        "it counts once",
        Situation((ONE, TWO, THREE), replace(AUTO, max_cards=2), studies=SAME),
        [*map(AnswerLink, (ONE, THREE))],
    ),
    ("four links to three studies", Situation(SEVEN[:4], AUTO, studies=SAME), [ShowDigest((ONE, THREE, FOUR), 3)]),
    ("it has its card", Situation((ONE, TWO), AUTO, replies=(CARD,), studies=SAME), []),
    ("by its second link", Situation((ONE, TWO), AUTO, replies=(OTHER,), studies=SAME), []),
    ("both have cards from before it was known", Situation((ONE, TWO), AUTO, replies=(CARD, OTHER), studies=SAME), []),
    ("the first of two links is taken out", Situation((TWO,), AUTO, replies=(CARD,), studies=SAME), []),
    ("the second one is", Situation((ONE,), AUTO, replies=(CARD,), answered=refs(ONE), studies=SAME), []),
    ("so is one of two cards", Situation((TWO,), AUTO, replies=(CARD, OTHER), studies=SAME), [Remove(CARD)]),
    ("both links are taken out", Situation((), AUTO, replies=(CARD,), studies=SAME), [Remove(CARD)]),
    ("the other link is added", Situation((ONE, TWO), AUTO, replies=(CARD,), answered=refs(ONE), studies=SAME), []),
    ("one is exchanged for the other", Situation((TWO,), AUTO, replies=(CARD,), answered=refs(ONE), studies=SAME), []),
    ("and another study is added", Situation((TWO, THREE), AUTO, replies=(CARD,), studies=SAME), [AnswerLink(THREE)]),
    ("somebody deleted their card", Situation((ONE, TWO), AUTO, answered=refs(ONE), studies=SAME), []),
    ("and then the first is taken out", Situation((TWO,), AUTO, answered=refs(ONE), studies=SAME), []),
    ("where cards are off by now", Situation((TWO,), None, replies=(CARD,), studies=SAME), []),
    ("both hidden", Situation((HIDDEN, hidden(TWO)), AUTO, studies=SAME), [AnswerLink(HIDDEN)]),
    ("one hidden", Situation((HIDDEN, TWO), AUTO, studies=SAME), [AnswerLink(ONE)]),
    (
        "the shown one is taken out",
        Situation((hidden(TWO),), AUTO, replies=(CARD,), studies=SAME),
        [SetSpoiler(CARD, HIDDEN)],
    ),
    ("it is offered once answered", Situation((ONE, TWO), ASK, answered=refs(TWO), studies=SAME), []),
    (
        "the card that its line points to went",
        Situation((ONE, TWO), AUTO, replies=(LINE,), dangling=frozenset({LINE}), studies=SAME),
        [Repoint(LINE)],
    ),
    (
        "so it did, but there is a card here",
        Situation((ONE, TWO), AUTO, replies=(LINE, OTHER), dangling=frozenset({LINE}), studies=SAME),
        [Remove(LINE)],
    ),
    (
        "of two lines one is mended",
        Situation((ONE, TWO), AUTO, replies=(LINE, pointer(TWO)), dangling=frozenset({LINE, pointer(TWO)}), studies=SAME),
        [Repoint(LINE), Remove(pointer(TWO))],
    ),
    # Several studies in one message of the bot's.
    ("a digest stands", Situation(SEVEN[:3], AUTO, replies=THREE_OF_THEM), []),
    (
        "with links that failed or found no place",
        Situation(SEVEN, AUTO, replies=digest(*SEVEN[:5], failed=SEVEN[6:], more=1)),
        [],
    ),
    ("its message is deleted", Situation(None, AUTO, replies=THREE_OF_THEM), [Remove(THREE_OF_THEM[0])]),
    (
        "a link added to it",
        Situation(SEVEN[:4], AUTO, replies=THREE_OF_THEM),
        [ShowDigest((*THREE_OF_THEM, FOUR), 4, reuse=THREE_OF_THEM)],
    ),
    (
        "a link added beyond the limit",
        Situation(SEVEN[:4], replace(AUTO, max_cards=3), replies=THREE_OF_THEM),
        [ShowDigest((*THREE_OF_THEM, FOUR), 3, reuse=THREE_OF_THEM)],
    ),
    ("and it is counted", Situation(SEVEN[:4], replace(AUTO, max_cards=3), replies=digest(*SEVEN[:3], more=1)), []),
    (
        "it is taken out again",
        Situation(SEVEN[:3], AUTO, replies=digest(*SEVEN[:3], more=1)),
        [ShowDigest(digest(*SEVEN[:3], more=1), 3, reuse=digest(*SEVEN[:3], more=1))],
    ),
    (
        "a link taken out gives its place to another",
        Situation((TWO, THREE, FOUR), replace(AUTO, max_cards=3), replies=digest(*SEVEN[:3], more=1)),
        [ShowDigest((*digest(*SEVEN[:3], more=1)[1:], FOUR), 3, reuse=digest(*SEVEN[:3], more=1))],
    ),
    (
        "a link that failed, where there is a place",
        Situation(SEVEN[:4], AUTO, replies=digest(*SEVEN[:3], failed=(FOUR,))),
        [ShowDigest((*digest(*SEVEN[:3], failed=(FOUR,)), FOUR), 4, reuse=digest(*SEVEN[:3], failed=(FOUR,)))],
    ),
    (
        "a link of its own taken out",
        Situation((ONE, THREE), AUTO, replies=THREE_OF_THEM),
        [ShowDigest((THREE_OF_THEM[0], THREE_OF_THEM[2]), 2, reuse=THREE_OF_THEM)],
    ),
    ("all of them", Situation((), AUTO, replies=THREE_OF_THEM), [Remove(THREE_OF_THEM[0])]),
    ("all exchanged", Situation((FOUR,), AUTO, replies=THREE_OF_THEM), [ShowDigest((FOUR,), 1, reuse=THREE_OF_THEM)]),
    (
        "one of its links hidden",
        Situation((HIDDEN, TWO, THREE), AUTO, replies=THREE_OF_THEM),
        [ShowDigest((replace(THREE_OF_THEM[0], spoiler=True), *THREE_OF_THEM[1:]), 3, reuse=THREE_OF_THEM)],
    ),
    (
        "the card of a pointer in it went",
        Situation(SEVEN[:3], AUTO, replies=POINTING, dangling=frozenset(POINTING[:1])),
        [ShowDigest((ONE, *POINTING[1:]), 3, reuse=POINTING)],
    ),
    (
        "so it did where cards are off by now",
        Situation(SEVEN[:3], None, replies=POINTING, dangling=frozenset(POINTING[:1])),
        [ShowDigest(POINTING[1:], 2, reuse=POINTING)],
    ),
    (
        "one taken out there",
        Situation((TWO,), None, replies=THREE_OF_THEM),
        [ShowDigest(THREE_OF_THEM[1:2], 1, THREE_OF_THEM)],
    ),
    ("all taken out there", Situation((), None, replies=THREE_OF_THEM), [Remove(THREE_OF_THEM[0])]),
    ("it says there what it said", Situation(SEVEN, None, replies=digest(*SEVEN[:5], more=1)), []),
    (
        "one of its links is not to be answered any more",
        Situation((TWO, THREE), AUTO, unwanted=refs(ONE), replies=THREE_OF_THEM, answered=refs(ONE, TWO, THREE)),
        [],
    ),
    ("somebody deleted it", Situation(SEVEN[:3], AUTO, answered=refs(*SEVEN[:3])), []),
    (
        "with an ordinary card beside it",
        Situation((*SEVEN[:3], FIVE), AUTO, replies=(*THREE_OF_THEM, card(FOUR))),
        [ShowDigest((*THREE_OF_THEM, FIVE), 4, reuse=THREE_OF_THEM), Remove(card(FOUR))],
    ),
    ("the offer for three was clicked", Situation(SEVEN[:3], ASK, accepted=True), [ShowDigest(SEVEN[:3], 3)]),
]


@pytest.mark.parametrize(("situation", "steps"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_steps(situation: Situation, steps: list) -> None:
    assert list(plan(situation)) == steps


NOTHING, FAILED = Ending(), Ending(Mark.UNREADABLE)

LAST = [
    ("all went well", Situation((ONE,), AUTO), False, NOTHING),
    ("a link failed", Situation((ONE,), AUTO), True, FAILED),
    ("it failed before, too", Situation((ONE,), AUTO, marks=UNREADABLE), True, FAILED),
    ("it succeeds at last", Situation((ONE,), AUTO, marks=UNREADABLE), False, NOTHING),
    ("the failed link was taken out", Situation((), AUTO, marks=UNREADABLE), False, NOTHING),
    ("an offer", Situation((ONE,), ASK), False, Ending(Mark.OFFER)),
    ("an offer that stands", Situation((ONE,), ASK, marks=OFFER), False, Ending(Mark.OFFER)),
    ("an offer without a link", Situation((), ASK, marks=OFFER), False, NOTHING),
    ("somebody deleted its card", Situation((ONE,), ASK, answered=refs(ONE)), False, NOTHING),
    ("an offer that was accepted", Situation((ONE,), ASK, accepted=True, marks=OFFER), False, NOTHING),
    ("an accepted offer that failed", Situation((ONE,), ASK, accepted=True, marks=OFFER), True, FAILED),
    ("an offer where cards come unasked by now", Situation((ONE,), AUTO, marks=OFFER), False, NOTHING),
    ("an offer where cards are off by now", Situation((ONE,), None, marks=OFFER), False, NOTHING),
    ("asked first, and answered", Situation((ONE,), ASK, replies=(CARD,)), False, NOTHING),
    ("only links that are not answered there", Situation((), ASK, unwanted=refs(ONE), marks=OFFER), False, NOTHING),
    ("previews of such links stay", Situation((), QUIET, unwanted=refs(ONE), has_preview=True), False, NOTHING),
    ("deleted", Situation(None, AUTO, marks=UNREADABLE), False, NOTHING),
    ("previews go", Situation((ONE,), QUIET, has_preview=True), False, Ending(suppress_preview=True)),
    ("previews go, but there is none", Situation((ONE,), QUIET), False, NOTHING),
    ("previews stay where a link failed", Situation((ONE,), QUIET, has_preview=True), True, FAILED),
    ("previews stay where nothing is answered", Situation((ONE,), None, has_preview=True), False, NOTHING),
    (
        "previews stay while it is offered",
        Situation((ONE,), replace(QUIET, mode=Mode.ASK), has_preview=True),
        False,
        Ending(Mark.OFFER),
    ),
    ("its study was answered", Situation((TWO,), ASK, answered=refs(ONE), studies=SAME), False, NOTHING),
    ("its study was not", Situation((ONE, TWO), ASK, studies=SAME), False, Ending(Mark.OFFER)),
    ("previews of other links stay", Situation((), QUIET, has_preview=True), False, NOTHING),
]


@pytest.mark.parametrize(("situation", "failed", "ending"), [row[1:] for row in LAST], ids=[row[0] for row in LAST])
def test_how_it_ends(situation: Situation, failed: bool, ending: Ending) -> None:
    assert conclude(situation, failed=failed) == ending
