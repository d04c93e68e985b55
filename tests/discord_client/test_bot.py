"""What `workarounds.bot` works around: each test shows the fault in discord.py as it is, and what ours does instead."""

import asyncio
import inspect
import logging
import re
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.http import HTTPClient
from discord.ui import Button, Modal, TextInput, View

from bot.discord_client.workarounds.bot import HookedTree, use_no_voice
from tests.discord_client.clients import INTENTS, Ours, Plain, connected
from tests.wire import objects as o
from tests.wire.discord_server import TOKEN, Discord


def test_a_warning_for_voice(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py warns twice in a process that voice is missing; ours does not."""

    def warnings() -> list[int]:
        caplog.clear()
        discord.Client(intents=INTENTS)
        return [record.levelno for record in caplog.records if "voice" in record.message]

    for name in ("warn_nacl", "warn_dave"):
        monkeypatch.setattr(discord.VoiceClient, name, True)
    assert warnings() == [logging.WARNING] * 2
    for name in ("warn_nacl", "warn_dave"):
        monkeypatch.setattr(discord.VoiceClient, name, True)
    use_no_voice()
    assert warnings() == []


class Watched(Ours):
    """Ours, which notes what it is told."""

    def __init__(self, *given: Any, **options: Any) -> None:
        self.begun: list[tuple[str, asyncio.Task[Any]]] = []
        self.answers: list[asyncio.Task[Any]] = []
        self.unread: list[tuple[str, type[Exception]]] = []
        self.told = asyncio.Semaphore(0)
        """Released for each event that could not be read."""
        super().__init__(*given, tree_cls=HookedTree, **options)

    def begin_listener(self, begin: Callable[[], Any], listener: Any, event_name: str, *given: Any) -> Any:
        self.begun.append((event_name, task := begin()))
        return task

    def answer(self, _interaction: Any, work: Any) -> None:
        self.answers.append(asyncio.create_task(work))

    def event_unread(self, name: str, error: Exception) -> None:
        self.unread.append((name, type(error)))
        self.told.release()


def ask(client: discord.Client) -> Any:
    """An interaction that asks for the command "wait"."""
    data = {"id": "5", "type": 1, "name": "wait"}
    asked = {"id": "1", "application_id": "2", "type": 2, "token": "t", "version": 1, "locale": "en-US", "data": data}
    who = {"user": o.user(o.ALICE), "channel_id": str(o.DM), "channel": o.channel(o.DM)}
    more = {"entitlements": [], "authorizing_integration_owners": {}, "attachment_size_limit": 0}
    return discord.Interaction(data=asked | who | more, state=client._connection)


async def wait(interaction: discord.Interaction[Any]) -> None:
    """Wait for ever."""
    await asyncio.Event().wait()


async def test_a_command_runs_unseen(server: Discord) -> None:
    """discord.py gives the task that runs a command to nobody; ours gives the work to the client."""
    plain, ours = Plain(server), Watched()
    for tree in (app_commands.CommandTree(plain), ours.tree):
        tree.add_command(app_commands.Command(name="wait", description="Wait", callback=wait))
    async with plain:
        before = asyncio.all_tasks()
        assert plain._connection._command_tree._from_interaction(ask(plain)) is None
        (unseen,) = asyncio.all_tasks() - before
    async with ours:
        ours._connection._command_tree._from_interaction(ask(ours))
        (seen,) = ours.answers
    for task in (unseen, seen):
        task.cancel()
        await asyncio.wait({task})


async def test_a_listener_runs_unseen(server: Discord) -> None:
    """discord.py gives the task of a listener to nobody; ours gives it to the client."""
    for client in (Plain(server), Watched()):
        never = asyncio.Event()

        @client.event
        async def on_something(never: asyncio.Event = never) -> None:
            await never.wait()

        async with client:
            before = asyncio.all_tasks()
            assert client.dispatch("something") is None
            (task,) = asyncio.all_tasks() - before
            if isinstance(client, Watched):
                assert client.begun == [("on_something", task)]
            never.set()
            await task


@pytest.mark.parametrize(
    ("name", "data"), [("MESSAGE_UPDATE", {"id": "1"}), ("MESSAGE_CREATE", {}), ("GUILD_CREATE", {"id": "x"})]
)
async def test_an_event_that_cannot_be_read(name: str, data: Any, server: Discord) -> None:
    """It ends discord.py; ours drops it, and hears of it."""
    async with Plain(server) as client, asyncio.timeout(60):
        await client.login(TOKEN)
        staying = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        await server.gateway.dispatch(name, data)
        with pytest.raises((KeyError, ValueError)):
            await staying
    server.gateway.sessions.clear()
    async with connected(Watched(server)) as ours:
        for event, sent in ((name, data), ("TYPING_START", {})):
            await server.gateway.dispatch(event, sent)
        async with asyncio.timeout(60):
            for _ in range(2):
                await ours.told.acquire()
        assert [event for event, _ in ours.unread] == [name, "TYPING_START"]


async def test_a_session_that_cannot_begin() -> None:
    """Without READY there is no session: ours raises as discord.py does."""
    async with Watched() as client:
        with pytest.raises(KeyError):
            client._connection.parsers["READY"]({})
        assert client.unread == []


@pytest.mark.parametrize(("kind", "held"), [(Plain, 1), (Watched, 0)])
async def test_a_view_is_held(kind: Callable[..., Any], held: int, server: Discord) -> None:
    """discord.py holds each view without a timeout for good, and each form until it is sent: no option says otherwise."""
    async with connected(kind(server)) as client:
        view = View(timeout=None)
        view.add_item(Button(label="Cite", custom_id="cite"))
        form = Modal(title="Style", custom_id="style")
        form.add_item(TextInput(label="Name"))
        await client.get_partial_messageable(o.GENERAL).send("A card", view=view)
        client._connection.store_view(form)  # as `send_modal` does
        assert len(client.persistent_views) == held
        assert len(client._connection._view_store._modals) == held


def reporting() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if "_delay_ready" in repr(task.get_coro())]


@pytest.mark.parametrize(("kind", "cancelled"), [(Plain, False), (Watched, True)])
async def test_the_task_that_reports_ready(kind: Callable[..., Any], cancelled: bool, server: Discord) -> None:
    """discord.py waits for one more guild, and goes on to wait when it is closed."""
    client = kind(server)
    client._connection.guild_ready_timeout = 3600.0
    async with client:
        await client.login(TOKEN)
        staying = asyncio.create_task(client.connect())
        await server.until(lambda: any(session.events for session in server.gateway.sessions.values()))
        async with asyncio.timeout(60):
            while not (waiting := reporting()):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)
        staying.cancel()
        await asyncio.wait({staying})
    assert bool(waiting[0].cancelling()) is cancelled
    waiting[0].cancel()
    await asyncio.wait(waiting)


async def test_requests_are_told_of(server: Discord) -> None:
    """`http_trace` is an option of discord.py, and of its own HTTP client, in whose place ours stands."""
    told: list[str] = []
    trace = aiohttp.TraceConfig()

    async def note(_session: Any, _context: Any, end: aiohttp.TraceRequestEndParams) -> None:
        told.append(end.url.path)

    trace.on_request_end.append(note)
    async with Ours(server, http_trace=trace) as client:
        await client.login(TOKEN)
    assert [path.rpartition("/")[2] for path in told] == ["@me", "@me"]


def test_no_option_for_an_address() -> None:
    """What a client can be told: nothing of addresses, of an HTTP client, of listeners, of views.

    That there is no option cannot be shown otherwise: look at a new one, and add it here if it is not what we work around.
    """
    documented = {line.split(":")[0] for line in (discord.Client.__doc__ or "").splitlines() if re.match(r" {4}\w+: ", line)}
    sessions = {"application_id", "intents", "shard_count", "shard_id", "status", "activity", "heartbeat_timeout"}
    caches = {"max_messages", "member_cache_flags", "chunk_guilds_at_startup", "guild_ready_timeout", "enable_raw_presences"}
    requests = {"proxy", "proxy_auth", "connector", "http_trace", "max_ratelimit_timeout", "assume_unsync_clock"}
    assert {name.strip() for name in documented} == sessions | caches | requests | {
        "allowed_mentions",
        "enable_debug_events",
    }
    ours = {"connector", "http_trace", "loop", "max_ratelimit_timeout", "proxy", "proxy_auth", "unsync_clock"}
    assert set(inspect.signature(HTTPClient).parameters) == ours
