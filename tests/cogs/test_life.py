"""Cards live with their messages."""

import asyncio

import discord
import pytest

from bot.core.channel_settings import Mode, Size
from bot.core.errors import StorageError
from tests.cogs.conftest import Room
from tests.cogs.test_watch import LINK, VIEW, text
from tests.invented import REFERENCE, invented_page
from tests.references import erowid


@pytest.fixture
async def posted(room: Room) -> discord.Message:
    """A message that has its card."""
    for number in range(1, 7):
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}")
    message = await room.alice.send(room.channel, f"look: {VIEW}")
    assert len(room.cards()) == 1
    return message


async def test_a_card_goes_with_its_message(room: Room, posted: discord.Message) -> None:
    """Who takes a link back takes the card back."""
    await room.alice.delete(posted)
    assert room.cards() == []
    assert await room.services.replies.of_message(posted.id) == ()


async def test_a_restart_forgets_nothing(room: Room, posted: discord.Message) -> None:
    """Deleted after a restart, the message still takes its card along; nothing is replayed."""
    await room.env.restart_bot()
    assert len(room.cards()) == 1
    await room.alice.delete(posted)
    assert room.cards() == []


async def test_a_deleted_card_is_forgotten(room: Room, posted: discord.Message) -> None:
    """A card that somebody deleted is not looked for again."""
    (card,) = room.cards()
    await room.alice.click(card, label="Delete")
    assert await room.services.replies.of_message(posted.id) == ()
    await room.alice.delete(posted)


async def test_an_edit_that_changes_no_link_changes_nothing(room: Room, posted: discord.Message) -> None:
    """Contents are compared; Discord's own edits change none."""
    (card,) = room.cards()
    await room.alice.edit(posted, f"look again: {VIEW}")
    (same,) = room.cards()
    assert (same.id, same.edited_at) == (card.id, None)


async def test_an_edit_to_another_link_redraws_the_card(room: Room, posted: discord.Message) -> None:
    """The card stays where it is and shows the other record."""
    (card,) = room.cards()
    await room.alice.edit(posted, f"look: {LINK.format(2)}")
    (same,) = room.cards()
    assert same.id == card.id
    assert "Study number 2" in text(same)
    (pair,) = await room.services.replies.of_message(posted.id)
    assert (pair.id, pair.reference) == (card.id, erowid(2))


async def test_an_edit_that_adds_a_link_adds_a_card(room: Room, posted: discord.Message) -> None:
    """One card more, the first untouched."""
    await room.alice.edit(posted, f"look: {VIEW} {LINK.format(2)}")
    assert ["Study number 2" in text(card) for card in room.cards()] == [False, True]


async def test_an_edit_that_removes_the_link_removes_the_card(room: Room, posted: discord.Message) -> None:
    """Neither the card nor its pair is left."""
    await room.alice.edit(posted, "never mind")
    assert room.cards() == []
    assert await room.services.replies.of_message(posted.id) == ()


async def test_an_edit_that_hides_the_link_hides_the_card(room: Room, posted: discord.Message) -> None:
    """A spoiler set later hides the card later."""
    await room.alice.edit(posted, f"||{VIEW}||")
    (card,) = room.cards()
    assert card.components[0].spoiler


async def test_a_deleted_card_stays_deleted(room: Room, posted: discord.Message) -> None:
    """An edit that changes no link brings no card back, nor does a preview that arrives late."""
    (card,) = room.cards()
    await room.alice.click(card, label="Delete")
    await room.alice.edit(posted, f"look again: {VIEW}")
    room.env.backend.edit_message(room.channel.id, posted.id, {"embeds": [{"type": "rich", "title": "A late preview"}]})
    await room.env.settle()
    assert room.cards() == []


async def test_each_card_has_a_nonce_of_its_own(room: Room, posted: discord.Message) -> None:
    """Discord gives back the first message of a nonce: a card that comes by an edit must not share one."""
    await room.alice.edit(posted, f"look: {VIEW} {LINK.format(2)}")
    sent = [
        request.json for request in room.env.http_requests if request.method == "POST" and request.path.endswith("/messages")
    ]
    nonces = [body["nonce"] for body in sent if body and "nonce" in body]
    assert len(nonces) == len(set(nonces)) == 2
    assert all(len(nonce) <= 25 for nonce in nonces)


async def test_a_refused_reply_leaves_the_preview(room: Room) -> None:
    """Without a card the link's own preview stays."""
    await room.choose(suppress=True)
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await room.alice.send(room.channel, VIEW)
    assert suppressed(room) == []


async def test_a_first_link_may_come_by_an_edit(room: Room) -> None:
    """A message that had no link gets its card when it has one."""
    message = await room.alice.send(room.channel, "wait, I look for it")
    await room.alice.edit(message, VIEW)
    assert len(room.cards()) == 1


async def test_old_messages_are_not_followed(room: Room, posted: discord.Message) -> None:
    """After a day an edit changes nothing."""
    await room.env.advance_time(25 * 3600)
    await room.alice.edit(posted, "never mind")
    assert len(room.cards()) == 1


async def test_two_edits_at_once_end_as_the_last(room: Room, posted: discord.Message) -> None:
    """Each message is worked on by one event at a time, in their order."""
    room.pages.gate.clear()
    state = room.env.backend
    state.edit_message(room.channel.id, posted.id, {"content": LINK.format(3)})
    state.edit_message(room.channel.id, posted.id, {"content": LINK.format(4)})
    await asyncio.sleep(0)
    room.pages.gate.set()
    await room.env.settle()
    assert ["Study number 4" in text(card) for card in room.cards()] == [True]


async def test_a_link_pasted_again_soon_points_to_its_card(room: Room, posted: discord.Message) -> None:
    """Within the cool-down there is one quiet line, and it goes with its message too."""
    (card,) = room.cards()
    again = await room.alice.send(room.channel, f"and here: {VIEW}")
    line = room.cards()[1]
    assert f"{room.channel.id}/{card.id}" in line.content
    assert line.flags.suppress_notifications
    await room.alice.delete(again)
    assert [one.id for one in room.cards()] == [card.id]


async def test_without_a_cool_down_each_link_gets_a_card(room: Room, posted: discord.Message) -> None:
    """Moderators may choose none."""
    await room.choose(cooldown=0)
    await room.alice.send(room.channel, VIEW)
    assert all(card.components for card in room.cards())
    assert len(room.cards()) == 2


async def test_ignored_members_and_roles(room: Room) -> None:
    """Whom the moderators named gets no cards."""
    await room.choose(ignored_members=frozenset({room.alice.id}))
    await room.alice.send(room.channel, VIEW)
    role = room.guild.create_role("quiet")
    await room.choose(ignored_members=None, ignored_roles=frozenset({role.id}))
    await room.guild.add_member(room.env.create_user("bob"), roles=[role]).send(room.channel, VIEW)
    assert room.cards() == []
    await room.alice.send(room.channel, VIEW)
    assert len(room.cards()) == 1


async def test_who_wants_no_cards_gets_none(room: Room) -> None:
    """Opting out holds everywhere, at once."""
    await room.services.privacy.opt_out(room.alice.id)
    await room.alice.send(room.channel, VIEW)
    assert room.cards() == []
    assert not room.pages.asked


async def test_a_card_whose_poster_opted_out_still_goes(room: Room, posted: discord.Message) -> None:
    """Cards are taken away even where none would be sent."""
    await room.services.privacy.opt_out(room.alice.id)
    await room.alice.edit(posted, "never mind")
    assert room.cards() == []


def suppressed(room: Room) -> list[str]:
    """The messages whose previews the bot asked Discord to take away."""
    asked = [request for request in room.env.http_requests if request.method == "PATCH"]
    return [request.path.rpartition("/")[2] for request in asked if request.json and request.json.get("flags") == 4]


async def test_the_link_s_own_preview(room: Room) -> None:
    """Suppressed only where moderators chose it, and again when it arrives late."""
    await room.alice.send(room.channel, VIEW)
    assert suppressed(room) == []
    await room.choose(suppress=True, cooldown=0)
    message = await room.alice.send(room.channel, VIEW)
    assert suppressed(room) == [str(message.id)]
    late = room.env.backend
    late.edit_message(room.channel.id, message.id, {"embeds": [{"type": "rich", "title": "A late preview"}], "flags": 0})
    late.get_message(room.channel.id, message.id).edited_timestamp = None
    await room.env.settle()
    assert suppressed(room) == [str(message.id)] * 2


async def test_no_preview_is_suppressed_without_the_permission(room: Room) -> None:
    """Without Manage Messages the preview stays, and nothing breaks."""
    await room.choose(suppress=True)
    closed = room.guild.create_text_channel(
        "closed", overwrites={room.guild.me: discord.PermissionOverwrite(manage_messages=False)}
    )
    await room.alice.send(closed, VIEW)
    assert len(room.cards(closed)) == 1
    assert suppressed(room) == []


async def test_a_compact_card(room: Room) -> None:
    """Less of everything, where moderators chose it."""
    await room.choose(size=Size.COMPACT)
    await room.alice.send(room.channel, VIEW)
    (card,) = room.cards()
    assert "APA" not in text(card)
    assert text(card).count("> ") == 1


async def test_a_thread_has_its_parent_s_choices(room: Room) -> None:
    """What holds in a channel holds in its threads, and the card stands in the thread."""
    message = await room.alice.send(room.channel, "a thread")
    thread = await room.env.bot.get_channel(room.channel.id).create_thread(
        name="studies", message=discord.Object(message.id)
    )
    handle = next(one for one in room.channel.threads if one.id == thread.id)
    await room.alice.send(handle, VIEW)
    assert len(room.cards(handle)) == 1
    await room.choose(mode=Mode.OFF)
    await room.alice.send(handle, LINK.format(8))
    assert len(room.cards(handle)) == 1


async def test_a_database_that_is_gone_stops_no_card(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be remembered is shown all the same."""

    async def fail(*_: object, **__: object) -> None:
        raise StorageError("gone")

    for name in ("add", "last_card", "of_message", "remove"):
        monkeypatch.setattr(type(room.services.replies), name, fail)
    message = await room.alice.send(room.channel, VIEW)
    assert len(room.cards()) == 1
    await room.alice.edit(message, "never mind")
    await room.alice.delete(message)


async def test_bulk_deletion(room: Room, posted: discord.Message) -> None:
    """A moderator's purge takes the cards along."""
    second = await room.alice.send(room.channel, LINK.format(2))
    room.env.backend.bulk_delete_messages(room.channel.id, [posted.id, second.id])
    await room.env.settle()
    assert room.cards() == []
    assert REFERENCE
