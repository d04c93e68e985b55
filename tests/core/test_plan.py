"""What is done about a message, situation by situation: each row is one."""

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
    Situation,
    conclude,
    plan,
)
from bot.core.reference import Reference
from bot.core.reply import Mark, Reply
from tests.references import erowid, number_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ONE, TWO, THREE = (Link(erowid(number)) for number in (1, 2, 3))
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
SAME = {TWO.reference: ONE.reference}
"""The second link leads to the first one's study; where the first is gone, that stands for itself all the same."""

ROWS = [
    # Posted.
    ("a link", Situation((ONE,), AUTO), [AnswerLink(ONE)]),
    (
        "three links, in their order",
        Situation((TWO, ONE, THREE), AUTO),
        [AnswerLink(TWO), AnswerLink(ONE), AnswerLink(THREE)],
    ),
    (
        "more links than cards are wanted",
        Situation((ONE, TWO, THREE), replace(AUTO, max_cards=2)),
        [AnswerLink(ONE), AnswerLink(TWO)],
    ),
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
        "a link moved beyond the limit",
        Situation((ONE, TWO), replace(AUTO, max_cards=1), replies=(OTHER,)),
        [AnswerLink(ONE, OTHER)],
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
        [AnswerLink(TWO)],
    ),
    (
        "more such cards than are wanted",
        Situation((THREE,), replace(AUTO, max_cards=1), unwanted=refs(ONE, TWO), replies=(CARD, OTHER)),
        [],
    ),
    ("its link is taken out", Situation((TWO,), AUTO, replies=(CARD,)), [AnswerLink(TWO, reuse=CARD)]),
    (
        "a pointer of before whose card went",
        Situation((), AUTO, unwanted=refs(ONE), replies=(LINE,), dangling=frozenset({10})),
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
    ("deleted", Situation(None, AUTO, replies=(CARD, LINE)), [Remove(CARD), Remove(LINE)]),
    ("deleted before anything was sent", Situation(None, AUTO), []),
    ("deleted where cards are off", Situation(None, None, replies=(CARD,)), [Remove(CARD)]),
    # Pointers.
    ("its card stands", Situation((ONE,), AUTO, replies=(LINE,), answered=refs(ONE)), []),
    (
        "its card went",
        Situation((ONE,), AUTO, replies=(LINE,), answered=refs(ONE), dangling=frozenset({10})),
        [Repoint(LINE)],
    ),
    ("its card went, and so did its link", Situation((), AUTO, replies=(LINE,), dangling=frozenset({10})), [Remove(LINE)]),
    (
        "its card went where cards are off by now",
        Situation((ONE,), None, replies=(LINE,), dangling=frozenset({10})),
        [Remove(LINE)],
    ),
    ("its link was hidden", Situation((HIDDEN,), AUTO, replies=(LINE,)), [SetSpoiler(LINE, HIDDEN)]),
    (
        "its link was hidden as its card went",
        Situation((HIDDEN,), AUTO, replies=(LINE,), dangling=frozenset({10})),
        [Repoint(replace(LINE, spoiler=True))],
    ),
    (
        "one of two went",
        Situation((ONE, TWO), AUTO, replies=(LINE, pointer(TWO)), answered=refs(ONE, TWO), dangling=frozenset({20})),
        [Repoint(pointer(TWO))],
    ),
    # Two links to one study.
    ("one study by two links", Situation((ONE, TWO, THREE), AUTO, studies=SAME), [AnswerLink(ONE), AnswerLink(THREE)]),
    (
        "it counts once",
        Situation((ONE, TWO, THREE), replace(AUTO, max_cards=2), studies=SAME),
        [*map(AnswerLink, (ONE, THREE))],
    ),
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
        Situation((ONE, TWO), AUTO, replies=(LINE,), dangling=frozenset({10}), studies=SAME),
        [Repoint(LINE)],
    ),
    (
        "so it did, but there is a card here",
        Situation((ONE, TWO), AUTO, replies=(LINE, OTHER), dangling=frozenset({10}), studies=SAME),
        [Remove(LINE)],
    ),
    (
        "of two lines one is mended",
        Situation((ONE, TWO), AUTO, replies=(LINE, pointer(TWO)), dangling=frozenset({10, 20}), studies=SAME),
        [Repoint(LINE), Remove(pointer(TWO))],
    ),
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
