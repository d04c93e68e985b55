"""Pasted links to cards: the real process, real HTTP, a real websocket, every request judged by Discord's description.

One bot serves all tests of this file, as it would serve a guild; records it has read stay read.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid, link, serve_erowid
from tests.wire.process import Process, hasty
from tests.wire.rest import INVALID_FORM, MISSING_PERMISSIONS, Refusal, Request, broken, rate_limited
from tests.wire.rules import COMPONENTS_V2, EPHEMERAL, SUPPRESS_NOTIFICATIONS, texts

pytestmark = pytest.mark.asyncio(loop_scope="module")

KNOWN, OTHER, NEW, UNKNOWN = 101, 102, 105, 900
THINKING = "…"
"""What stands in a message that is still to come."""
SECRET = "marzipan"
"""A word people write beside their links, which no log may hold."""


@dataclass
class Guild:
    """All that stands around the bot."""

    discord: Discord
    site: Erowid
    process: Process

    async def paste(self, *ids: int, channel: int = o.GENERAL) -> o.Json:
        """Let Alice paste links."""
        return await self.discord.paste(f"{SECRET} {' '.join(map(link, ids))}", channel=channel)

    async def cards(self, message: o.Json, count: int = 1) -> list[o.Json]:
        """Wait for the cards in reply to a message."""
        return await self.discord.until(lambda: len(found := self.discord.replies(message)) >= count and found)

    async def command(self, name: str, **options: str | bool) -> o.Json:
        """Let Alice use a command of `/study`, and wait for the message that answers it."""
        kinds = {str: 3, bool: 5}
        given = [{"name": key, "type": kinds[type(value)], "value": value} for key, value in options.items()]
        data = {"id": "5", "type": 1, "name": "study", "options": [{"type": 1, "name": name, "options": given}]}
        token = await self.discord.interact(2, data)
        answers = self.discord.interactions[token].answers
        return await self.discord.until(lambda: next((one for one in answers if one["content"] != THINKING), None))

    async def still_answers(self) -> None:
        """The bot does its work: one paste, one card."""
        assert len(await self.cards(await self.paste(KNOWN))) == 1

    def sent_for(self, message: o.Json) -> list[int]:
        """Give the answers to the requests that replied to a message."""
        return [it.status for it in self.requests_for(message)]

    def requests_for(self, message: o.Json) -> list[Request]:
        """Give the requests that replied to a message."""
        asked = self.discord.rest.asked("POST", "/messages$")
        return [it for it in asked if str(it.body["message_reference"]["message_id"]) == message["id"]]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def guild(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Guild]:
    """A guild with the bot in it. At its end: SIGTERM, exit 0, nothing answered twice, no request wrong, no secret told."""
    folder = tmp_path_factory.mktemp("bot")
    async with (
        Discord.open() as server,
        serve_erowid() as site,
        hasty(server, folder, EROWID_URL=site.url, LOG_FORMAT="json") as process,
    ):
        await server.until(server.gateway.connected)
        yield Guild(server, site, process)
        assert await process.stop() == 0
        assert server.gateway.close_codes[-1] == 1000
        pasted = [it for it in server.messages.values() if it["author"]["id"] == str(o.ALICE)]
        assert all(len(server.replies(it)) <= it["content"].count("http") for it in pasted)
        assert SECRET not in process.log + process.out


async def test_a_pasted_link_gets_a_card(guild: Guild) -> None:
    """The reply is a Components V2 card of what the page states, without ping or notification, in one request."""
    pasted = await guild.paste(NEW)
    (card,) = await guild.cards(pasted)
    (request,) = guild.requests_for(pasted)
    assert request.body["flags"] == COMPONENTS_V2 | SUPPRESS_NOTIFICATIONS
    assert request.body["allowed_mentions"] == {"parse": [], "replied_user": False}
    text = "\n".join(texts(card))
    for stated in (
        "Invented measurement number 105 of tides in a teacup",
        "Quill",
        "J Invented Stud",
        "teacup 105 has no tides",
    ):
        assert stated in text
    assert guild.site.asked.count(NEW) == 1


async def test_several_links_get_their_cards_in_order(guild: Guild) -> None:
    """One message with two links gets two cards, in the order of the links; a record that was read is not fetched again."""
    cards = await guild.cards(await guild.paste(OTHER, KNOWN), 2)
    assert ["number 102 of" in "".join(texts(card)) for card in cards] == [True, False]
    assert guild.site.asked.count(KNOWN) == 1


async def test_many_links_get_one_reply(guild: Guild) -> None:
    """A card, and for what the channel saw a moment ago a line; what failed is named. It follows an edit."""
    pasted = await guild.paste(UNKNOWN, 110, OTHER, KNOWN)
    (digest,) = await guild.cards(pasted)
    said = texts(digest)
    assert ["measurement number" in line or "shown <t:" in line for line in said] == [True, True, True, False]
    assert said[-1] == "-# No card: Erowid 900"
    assert guild.discord.reactions_to(pasted) == []
    await guild.discord.edit(pasted, f"{link(110)} {link(KNOWN)}")
    await guild.discord.until(lambda: len(texts(guild.discord.replies(pasted)[0])) == len(said) - 2)
    assert len(guild.discord.replies(pasted)) == 1


async def test_an_unknown_record_gets_a_reaction(guild: Guild) -> None:
    """No such record: a reaction, no message."""
    pasted = await guild.paste(UNKNOWN)
    assert len(await guild.discord.until(lambda: guild.discord.reactions_to(pasted))) == 1
    assert guild.discord.replies(pasted) == []


@pytest.mark.parametrize("what", ["plain", "angle brackets", "code", "another bot"])
async def test_what_gets_nothing(guild: Guild, what: str) -> None:
    """A message without a link, a link in angle brackets or code, a bot's message: not one request."""
    await guild.still_answers()
    before = len(guild.discord.rest.requests)
    text = {"plain": "erowid", "angle brackets": f"<{link(KNOWN)}>", "code": f"`{link(KNOWN)}`"}.get(what, link(KNOWN))
    await guild.discord.paste(text, author=o.BOTTLE if what == "another bot" else o.ALICE)
    await guild.still_answers()
    asked = [request.method for request in guild.discord.rest.requests[before:]]
    assert asked == ["GET", "POST"]  # the paste after it: is the earlier card still there? then the line that points to it


@pytest.mark.parametrize(
    ("fault", "late", "statuses"),
    [
        (rate_limited(0.1), False, [429, 200]),
        (rate_limited(0.1, everywhere=True), False, [429, 200]),
        (broken(500), True, [500, 200]),
    ],
    ids=["429", "429 everywhere", "500 after the card was sent"],
)
async def test_faults_that_pass(guild: Guild, fault: Refusal, late: bool, statuses: list[int]) -> None:
    """Discord's troubles that pass cost time, but neither a card nor a second one."""
    guild.discord.rest.fault("POST", "/messages$", fault, late=late)
    pasted = await guild.paste(KNOWN)
    await guild.discord.until(lambda: guild.sent_for(pasted) == statuses)
    assert len(guild.discord.replies(pasted)) == 1


@pytest.mark.parametrize(
    "fault", [MISSING_PERMISSIONS, INVALID_FORM, broken(503), None], ids=["50013", "50035", "503", "cut"]
)
async def test_refused_cards(guild: Guild, fault: Refusal | None) -> None:
    """A card that Discord does not take, or whose connection breaks, is logged with its message; the next one is sent."""
    guild.discord.rest.fault("POST", "/messages$", fault)
    pasted = await guild.paste(KNOWN)
    await guild.discord.until(lambda: guild.sent_for(pasted))
    await guild.still_answers()
    await guild.discord.until(lambda: pasted["id"] in guild.process.log)


async def test_refused_reactions_and_typing(guild: Guild) -> None:
    """Where the bot may neither react nor type, a failed paste is silent."""
    guild.discord.rest.fault("PUT", "reactions", MISSING_PERMISSIONS)
    pasted = await guild.paste(UNKNOWN)
    await guild.discord.until(lambda: guild.discord.rest.asked("PUT", pasted["id"], answered=403))
    await guild.still_answers()
    assert guild.discord.replies(pasted) == []


async def test_a_message_deleted_before_its_card(guild: Guild) -> None:
    """A message that is gone when its card is ready leaves no card behind."""
    guild.site.open.clear()
    try:
        pasted = await guild.paste(103)
        await guild.discord.until(lambda: 103 in guild.site.asked or guild.discord.typing)
        await guild.discord.delete(pasted)
    finally:
        guild.site.open.set()
    await guild.cards(await guild.paste(103, channel=o.OTHER))  # the record that the deleted message waited for, too
    await guild.still_answers()
    assert guild.discord.replies(pasted) == []


async def test_slow_pages_show_typing(guild: Guild) -> None:
    """While a page keeps the bot waiting, the channel sees it type; many pastes of one record make one fetch."""
    guild.site.open.clear()
    try:
        typed = len(guild.discord.typing)
        pastes = [await guild.paste(104, channel=channel) for channel in (o.GENERAL, o.OTHER, o.DM)]
        await guild.discord.until(lambda: len(guild.discord.typing) > typed)
    finally:
        guild.site.open.set()
    await asyncio.gather(*map(guild.cards, pastes))
    assert guild.site.asked.count(104) == 1


@pytest.mark.parametrize("how", ["closed", "cut"])
async def test_a_resumed_gateway(guild: Guild, how: str) -> None:
    """After a lost connection the bot resumes; what was replayed gets no second card, what was missed gets its first."""
    gateway = guild.discord.gateway
    resumes = len(gateway.resumes)
    pasted = await guild.paste(KNOWN)
    await guild.cards(pasted)
    (session,) = gateway.sessions.values()
    gateway.replay_from = len(session.events) - 2
    assert pasted["id"] in [data["id"] for event, data in session.events[-2:] if event == "MESSAGE_CREATE"]
    if how == "closed":
        await gateway.close(4000)
    else:
        gateway.cut()
    missed = await guild.paste(KNOWN)
    await guild.cards(missed)
    assert len(gateway.resumes) == resumes + 1
    await guild.still_answers()
    assert guild.sent_for(pasted) == guild.sent_for(missed) == [200]


@pytest.mark.parametrize("private", [False, True])
async def test_a_command_gets_a_card(guild: Guild, private: bool) -> None:
    """`/study show` answers with the card, to all or to its user alone, by the interaction's own address."""
    answer = await guild.command("show", reference=str(KNOWN), private=private)
    assert "teacup 101 has no tides" in "\n".join(texts(answer))
    assert bool(answer["flags"] & EPHEMERAL) is private


@pytest.mark.parametrize(
    ("reference", "says"),
    [("https://example.org/1", "Not a link or number of a study"), (str(UNKNOWN), "Erowid reference 900")],
)
async def test_a_command_that_cannot_be_met(guild: Guild, reference: str, says: str) -> None:
    """What cannot be shown is said to its user alone, in one message."""
    before = len(guild.discord.messages)
    answer = await guild.command("show", reference=reference)
    assert says in answer["content"]
    assert answer["flags"] & EPHEMERAL
    await guild.discord.until(lambda: len(guild.discord.messages) == before + 1)  # "thinking" goes
