"""What a process began and did not finish is finished by the next one: no reply twice, and none lost."""

from dataclasses import replace
from datetime import timedelta
from math import isnan

import discord
import pytest
from sqlalchemy import update

from bot.adapters.database.tables import ReplyJobRow
from bot.adapters.monitoring.metrics import Metrics
from bot.adapters.stores.jobs import SqlJobs
from bot.app import build_client
from bot.core.channel_settings import Mode
from bot.core.errors import StorageError, Unreachable
from bot.core.reply import Mark
from bot.services.meters import Meters
from bot.settings import Settings
from bot.use_cases import build_replies
from cogs.cards.chat import Chats
from cogs.cards.listener import Listener
from tests.cogs.conftest import NOW, RARE, Room
from tests.cogs.test_watch import LINK, VIEW, text
from tests.invented import REFERENCE, invented_page
from tests.references import SOURCES, erowid, number_of

BEFORE = NOW - timedelta(seconds=30)


@pytest.fixture
async def posted(room: Room) -> discord.Message:
    """A message with two links and both cards."""
    for number in (1, 2):
        room.pages.answers[erowid(number)] = invented_page(f"Study number {number}")
    message = await room.alice.send(room.channel, f"{LINK.format(1)} {LINK.format(2)}")
    assert len(room.cards()) == 2
    assert await pending(room) == []
    return message


async def pending(room: Room) -> list[int]:
    """The messages that there is something to do about, by whoever comes."""
    return [job.message_id for job in await room.services.jobs.store.pending()]


async def reopen(room: Room, message_id: int, *, requested_at=BEFORE, lease_for: float = 0.0) -> None:
    """Put a job as a process leaves it that is killed in the middle; its lease is over, unless it is renewed."""
    row = {"completed": 0, "answered": "", "requested_at": requested_at, "lease": "somebody", "lease_until": lease_for}
    async with room.engine.begin() as connection:
        await connection.execute(update(ReplyJobRow).where(ReplyJobRow.message_id == message_id).values(row))


async def kill(room: Room, message: discord.Message, *, cards: int, stored: int, **job) -> None:
    """Put things as a process leaves them that was killed after so many cards were sent and so many of them stored."""
    for number, card in enumerate(room.cards()):
        if number >= cards:
            del room.env.backend.messages[room.channel.id][card.id]
        if number >= min(cards, stored):
            await room.services.replies.remove([card.id])
    await reopen(room, message.id, **job)


def posts(room: Room) -> list[dict]:
    """The bodies of the messages that were sent."""
    asked = [one for one in room.env.http_requests if one.method == "POST" and one.path.endswith("/messages")]
    return [one.json for one in asked]


@pytest.mark.parametrize(("cards", "stored"), [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)])
async def test_a_kill_at_any_step(room: Room, posted: discord.Message, cards: int, stored: int) -> None:
    """After the restart each link has one card, each card is stored, and nothing is left to do."""
    await kill(room, posted, cards=cards, stored=stored)
    await room.restart()
    assert [text(card).splitlines()[0].count(f"number {number}") for number, card in enumerate(room.cards(), 1)] == [1, 1]
    replies = await room.services.replies.of_message(posted.id)
    assert [(one.id, number_of(one.reference)) for one in replies] == [
        (card.id, n) for n, card in enumerate(room.cards(), 1)
    ]
    assert await pending(room) == []
    await room.restart()
    assert len(room.cards()) == 2
    await room.alice.delete(posted)
    assert room.cards() == []


async def test_what_is_sent_again_has_the_same_nonce(room: Room, posted: discord.Message) -> None:
    """Discord then gives back the card that nobody saw arrive, even where its history does not show it yet."""
    await kill(room, posted, cards=0, stored=0)
    await room.restart()
    nonces = [body["nonce"] for body in posts(room)]
    assert nonces[:2] == nonces[2:]
    assert len(set(nonces)) == 2
    assert all(body["enforce_nonce"] for body in posts(room))


async def test_a_pointer_is_found_again(room: Room, posted: discord.Message) -> None:
    """A pointer that was sent and not stored is no reason for another."""
    again = await room.alice.send(room.channel, LINK.format(1))
    line = room.cards()[2]
    (reply,) = await room.services.replies.of_message(again.id)
    await room.services.replies.remove([line.id])
    await reopen(room, again.id)
    await room.restart()
    (found,) = await room.services.replies.of_message(again.id)
    assert replace(found, made_at=reply.made_at) == reply
    assert len(room.cards()) == 3


async def test_a_message_deleted_while_the_bot_was_away(room: Room, posted: discord.Message) -> None:
    """The cards that were sent for it go, stored or not."""
    await kill(room, posted, cards=2, stored=1)
    del room.env.backend.messages[room.channel.id][posted.id]
    await room.restart()
    assert room.cards() == []
    assert await pending(room) == []


@pytest.mark.parametrize(("stored", "content", "title"), [(1, LINK.format(2), "number 2"), (2, VIEW, "On a drug")])
async def test_an_edit_while_the_bot_was_away(
    room: Room, posted: discord.Message, stored: int, content: str, title: str
) -> None:
    """What was begun is finished as the message is now."""
    await kill(room, posted, cards=stored, stored=stored)
    room.env.backend.messages[room.channel.id][posted.id].content = content
    await room.restart()
    assert [title in text(card) for card in room.cards()] == [True]


@pytest.mark.parametrize(
    ("requested_at", "cards"), [(NOW - timedelta(hours=2), 0), (NOW - timedelta(minutes=50), 2)], ids=["old", "recent"]
)
async def test_no_reply_comes_out_of_nowhere(room: Room, posted: discord.Message, requested_at, cards: int) -> None:
    """After an hour a job is closed undone."""
    await kill(room, posted, cards=0, stored=0, requested_at=requested_at)
    await room.restart()
    assert len(room.cards()) == cards
    assert await pending(room) == []


async def test_who_holds_the_lease_is_not_disturbed(room: Room, posted: discord.Message) -> None:
    """A message that another process works on is passed over; once the lease is over, it is taken up."""
    await kill(room, posted, cards=0, stored=0, lease_for=1e11)
    await room.restart()
    assert room.cards() == []
    await reopen(room, posted.id)
    await room.restart()
    assert len(room.cards()) == 2


async def test_an_event_that_comes_while_another_process_works(room: Room) -> None:
    """It is noted, and done once the other's lease is over."""
    message = room.env.backend.create_message(room.channel.id, room.alice.id, VIEW, broadcast=False)
    other = await room.services.jobs.claim(message.id, room.channel.id, room.guild.id)
    room.env.backend.announce_message_create(message)
    await room.env.settle()
    assert room.cards() == []
    assert not room.pages.asked
    again = await room.services.jobs.settle(other, retry_in=None)
    assert again.requests == 2
    await room.services.jobs.settle(again, retry_in=0.0)
    await room.restart()
    assert len(room.cards()) == 1


async def test_two_processes_on_one_event(room: Room) -> None:
    """Two clients hear of one message: one card, whoever is first."""
    listener = Listener(Chats(room.env.bot, SOURCES), build_replies(room.services), Meters())
    room.pages.gate.clear()
    stored = room.env.backend.create_message(room.channel.id, room.alice.id, f"{VIEW} {LINK.format(3)}")
    await room.pages.until_asked()
    message = await room.env.bot.get_channel(room.channel.id).fetch_message(stored.id)
    await listener.on_message(message)
    room.pages.gate.set()
    await room.env.settle()
    assert len(room.cards()) == 2
    assert room.pages.asked[REFERENCE] == 1


async def test_a_guild_that_this_process_does_not_see(room: Room) -> None:
    """Its jobs are another process's."""
    await room.services.jobs.store.request(5, 6, 7)
    await room.restart()
    assert await pending(room) == [5]


async def test_direct_messages_any_process_can_answer(room: Room) -> None:
    """They have no guild."""
    user = room.env.create_user("bob")
    message = await user.send_dm(VIEW)
    (card,) = [one for one in user.dm_channel.history() if one.author.bot]
    del room.env.backend.messages[user.dm_channel.id][card.id]
    await room.services.replies.remove([card.id])
    await reopen(room, message.id)
    await room.restart()
    assert len([one for one in user.dm_channel.history() if one.author.bot]) == 1
    assert await pending(room) == []


async def test_a_channel_that_is_gone(room: Room) -> None:
    """There is nothing to do."""
    await room.services.jobs.store.request(5, 6, room.guild.id)
    await room.restart()
    assert await pending(room) == []


async def test_settings_that_changed_meanwhile(room: Room, posted: discord.Message) -> None:
    """The settings of now count."""
    await kill(room, posted, cards=0, stored=0)
    await room.choose(mode=Mode.OFF)
    await room.restart()
    assert room.cards() == []
    assert await pending(room) == []


async def test_an_offer_that_was_accepted(room: Room) -> None:
    """It is answered, even if the process that heard the click was killed before it did anything."""
    await room.choose(mode=Mode.ASK)
    message = await room.alice.send(room.channel, VIEW)
    assert room.marks(message) == [Mark.OFFER]
    assert await room.services.jobs.claim(message.id, room.channel.id, room.guild.id, accepted=True)
    await reopen(room, message.id)
    await room.restart()
    assert len(room.cards()) == 1
    assert room.marks(message) == []


async def test_a_link_that_failed_leaves_no_open_job(room: Room) -> None:
    """The mark is an answer: the site is not asked again and again."""
    room.pages.answer = Unreachable("down")
    message = await room.alice.send(room.channel, VIEW)
    assert room.marks(message) == [Mark.UNREADABLE]
    assert await pending(room) == []


async def test_discord_fails_while_a_job_is_resumed(room: Room, posted: discord.Message) -> None:
    """The job stays open."""
    await kill(room, posted, cards=0, stored=0)
    for _ in range(3):  # as often as it is asked at once
        room.env.inject_error("GET", f"/channels/{room.channel.id}/messages/{posted.id}", status=500, code=0)
    await room.restart()
    assert room.cards() == []
    await reopen(room, posted.id)  # it waits for half a minute
    await room.restart()
    assert len(room.cards()) == 2


async def test_pending_jobs_are_counted(room: Room, posted: discord.Message, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, whoever is to do them; while the database does not say, no number is given."""
    metrics = Metrics(version="1", discord_py="2")

    async def counted() -> float | None:
        await room.env.restart_bot(build_client(room.services, Settings(_env_file=None), metrics, **RARE))
        return metrics.registry.get_sample_value("precis_promises_unkept")

    assert isnan(metrics.registry.get_sample_value("precis_promises_unkept"))
    assert await counted() == 0
    await kill(room, posted, cards=0, stored=0)
    await room.services.jobs.store.request(5, 6, 7)
    assert await counted() == 2
    assert await counted() == 1
    with monkeypatch.context() as patch:
        patch.setattr(SqlJobs, "pending", fail)
        assert isnan(await counted())


async def fail(*_: object, **__: object) -> None:
    """As the database does that is gone."""
    raise StorageError("gone")
