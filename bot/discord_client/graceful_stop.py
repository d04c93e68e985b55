"""A Discord client that knows what it works on, so that it can end well, and tell how it is.

It ends so: no more work is taken, what is under way is finished, the gateway closed, then the way to the REST API.
discord.py 2.7.1 does not say which of its tasks are under way, so we lean on where it begins them: on `_schedule_event`, by
which both of its dispatchers begin each listener, and on the state's table of `parsers`, whose INTERACTION_CREATE begins
what answers a command, a click or a form. The heartbeat's last answer is a private name too. Tests tell where one is gone.
"""

import asyncio
import contextvars
import time
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from math import isfinite, nan
from typing import Any

import discord
import structlog
from discord.ext import commands

from bot.logs import ABOUT
from bot.services.meters import ANSWER, Answer, Meters, Outcome
from bot.services.work import Work
from cogs.discord_kit.interactions import asked_for, put_off

GRACE = 10.0
"""Seconds for what is under way when the bot is to end; what is not done by then is cancelled."""
GOODBYE = 3.0
"""Seconds that the gateway has to answer a close."""

log = structlog.get_logger(__name__)


class Worker(commands.Bot):
    """The part of the client that counts its work; `work` is what is under way, `meters` hears what was done."""

    def __init__(self, work: Work, meters: Meters, **options: Any) -> None:
        self.work = work
        self.meters = meters
        self._names: frozenset[str] = frozenset()
        super().__init__(**options)

    def _get_state(self, **options: Any) -> Any:
        """See each interaction begin."""
        state: Any = super()._get_state(**options)
        state.parsers["INTERACTION_CREATE"] = partial(self._interact, state.parsers["INTERACTION_CREATE"])
        return state

    async def serve(self, token: str) -> None:
        """Stay connected until cancelled; then take no more work, finish what is under way, and close.

        What is not done `GRACE` seconds later is cancelled. Raises what `start` raises.
        """
        staying = asyncio.create_task(self.start(token), name="discord")
        try:
            await asyncio.wait({staying})  # which leaves the gateway open when it is cancelled
        finally:
            await self._finish(0 if staying.done() else GRACE)  # without a gateway there is nothing to send over
            staying.cancel()  # first, since discord.py closes with 4000 what is closed while it reads
            await asyncio.wait({staying})
            closing = asyncio.create_task(self.close(), name="close")
            await asyncio.wait({closing}, timeout=GOODBYE)
            if not closing.done():
                await self.http.close()  # and with it the connection to a gateway that does not answer
            await closing
        staying.result()

    async def _finish(self, seconds: float) -> None:
        if self.work:
            log.info("finishing what is under way", tasks=len(self.work))
        if late := await self.work.finish(seconds):
            log.warning("cancelled what was not done in time", tasks=late)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Let listeners begin, unless the bot is ending: then a message is a late one, and nothing else begins."""
        if self.work.stopping:
            if event_name == "message" and not self.work.over:
                super().dispatch("late_message", *args)
            return
        if event_name == "message":
            self.meters.messages += 1
        super().dispatch(event_name, *args, **kwargs)

    def _schedule_event(
        self, coro: Callable[..., Coroutine[Any, Any, Any]], event_name: str, *args: Any, **kwargs: Any
    ) -> Any:
        """Begin a listener, whose lines in the log tell what it is about; the client's own are done at once.

        Its own for messages has nothing to do, and is left out: of all events these are the most.
        """
        if getattr(coro, "__self__", None) is self:
            return None if event_name == "on_message" else super()._schedule_event(coro, event_name, *args, **kwargs)
        before = ABOUT.set(partial(_about, *args[:1]))
        try:
            task = super()._schedule_event(coro, event_name, *args, **kwargs)
        finally:
            ABOUT.reset(before)
        self.work.add(task)
        return task

    def _interact(self, parse: Callable[[Any], None], data: Any) -> None:
        """Let an interaction be answered, and see how that ends; where the bot is ending, put it off."""
        kind, name = asked_for(data)
        answer = Answer(name if name in self._commands() else "")
        ids = {"interaction": data["id"], "guild": data.get("guild_id"), "channel": data.get("channel_id"), kind: name}
        began = time.perf_counter()
        others = asyncio.all_tasks()

        def begin() -> None:
            structlog.contextvars.bind_contextvars(**{key: value for key, value in ids.items() if value is not None})
            ANSWER.set(answer)
            if self.work.stopping:
                answer.outcome = Outcome.DECLINED
                late = asyncio.create_task(put_off(discord.Interaction(data=data, state=self._connection)))
                self.work.add(late)
            else:
                parse(data)

        contextvars.copy_context().run(begin)
        tasks = asyncio.all_tasks() - others

        def done(task: "asyncio.Task[Any]") -> None:
            tasks.discard(task)
            if task.cancelled() or task.exception() is not None:
                answer.outcome = Outcome.FAILED
            if not tasks:
                self.meters.interaction(kind, answer.name or "other", answer.outcome, time.perf_counter() - began)

        for task in list(tasks):
            self.work.add(task)
            task.add_done_callback(done)

    def _commands(self) -> frozenset[str]:
        """Name all commands, once they are there."""
        if not self._names:
            kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
            self._names = frozenset(one.qualified_name for kind in kinds for one in self.tree.walk_commands(type=kind))
        return self._names

    async def on_message(self, _: discord.Message, /) -> None:
        """Do nothing, and not look for commands as discord.py would: cogs listen for themselves."""

    async def on_connect(self) -> None:
        """Count that the gateway took the bot in."""
        self.meters.gateway(self.shard_id or 0, "connected")

    async def on_resumed(self) -> None:
        """Count that a session went on."""
        self.meters.gateway(self.shard_id or 0, "resumed")

    async def on_disconnect(self) -> None:
        """Count that a connection was lost."""
        self.meters.gateway(self.shard_id or 0, "disconnected")

    def gateways(self) -> Iterator[tuple[int, float, str]]:
        """Give each shard, its latency in seconds (NaN where none is known), and what is wrong with it."""
        yield self.shard_id or 0, self.latency if isfinite(self.latency) else nan, trouble_of(self.ws)

    async def gateway_answers(self) -> str:
        """Say what is wrong with the way to Discord; nothing where all shards are there and their heartbeats live."""
        if self.work.stopping:
            return "stopping"
        if not self.is_ready():
            return "starting"
        return next((wrong for _, _, wrong in self.gateways() if wrong), "")


def trouble_of(ws: Any) -> str:
    """Say what is wrong with a connection to the gateway; nothing where its heartbeat lives."""
    if ws is None or not ws.open:
        return "not connected"
    beat = ws._keep_alive  # noqa: SLF001
    # discord.py closes a connection over which nothing came for so long; where even that hangs, only this tells.
    if beat is None or time.perf_counter() - beat._last_ack > beat.heartbeat_timeout:  # noqa: SLF001
        return "no heartbeat"
    return ""


def _about(given: Any = None) -> dict[str, int]:
    """Say by IDs what an event is about; `given` is what its listeners get first."""
    if isinstance(given, discord.Guild):
        return {"guild": given.id}
    ids = {
        "guild": getattr(given, "guild_id", None) or getattr(getattr(given, "guild", None), "id", None),
        "channel": getattr(given, "channel_id", None) or getattr(getattr(given, "channel", None), "id", None),
        "message": given.id if isinstance(given, discord.Message) else getattr(given, "message_id", None),
    }
    return {name: id_ for name, id_ in ids.items() if id_ is not None}
