"""What happened to answered messages while the bot was away."""

import pytest

from bot.core.reply import Mark
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, VIEW, text
from tests.invented import invented_page
from tests.references import erowid


async def away(room: Room, message_id: int, change: str) -> None:
    """Change a message without an event."""
    messages = room.env.backend.messages[room.channel.id]
    if change == "deleted":
        del messages[message_id]
    elif change != "as it was":
        messages[message_id].content = change


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ("as it was", ["On a drug"]),
        ("deleted", []),
        ("never mind", []),
        (LINK.format(2), ["Study two"]),
        (f"{VIEW} {LINK.format(2)}", ["On a drug", "Study two"]),
    ],
)
async def test_cards_follow_after_the_restart(room: Room, change: str, shown: list[str]) -> None:
    """A deleted message's card goes; an edited one's shows what the message links to now."""
    room.pages.answers[erowid(2)] = invented_page("Study two")
    other = room.guild.create_text_channel("other")
    await room.alice.send(other, VIEW)
    message = await room.alice.send(room.channel, VIEW)
    await away(room, message.id, change)
    await room.restart()
    assert [text(card).removeprefix("### [")[:9] for card in room.cards()] == shown
    assert len(room.cards(other)) == 1
    assert await room.services.jobs.store.pending() == ()


async def test_a_card_that_somebody_deleted_stays_away(room: Room) -> None:
    """Nothing comes back by a restart."""
    await room.alice.send(room.channel, VIEW)
    room.env.backend.delete_message(room.channel.id, room.cards()[0].id)
    await room.env.settle()
    await room.restart()
    assert room.cards() == []


async def test_a_link_that_failed_is_not_asked_for_again(room: Room) -> None:
    """A restart is no reason to ask the site."""
    room.pages.answer = b"<html><body>A new design!</body></html>"
    message = await room.alice.send(room.channel, VIEW)
    asked = dict(room.pages.asked)
    await room.restart()
    assert room.marks(message) == [Mark.UNREADABLE]
    assert room.pages.asked == asked


async def test_one_channel_costs_one_request(room: Room) -> None:
    """However many of its messages have cards."""
    for number in range(1, 6):
        room.pages.answers[erowid(number)] = invented_page(f"Study {number}")
        await room.alice.send(room.channel, LINK.format(number))
    before = len(room.env.http_requests)
    await room.restart()
    asked = [one.path for one in room.env.http_requests[before:] if one.method == "GET" and "/messages" in one.path]
    assert asked == [f"/channels/{room.channel.id}/messages"]
