"""A Discord client that keeps track of its work, so that it can finish the work before it stops.

To stop, the bot accepts no work, finishes that under way, closes the gateway, and then its connections to the REST API.
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

from bot.discord_client.workarounds.bot import HookedBot
from bot.discord_client.workarounds.gateway import end_session, gateway_trouble
from bot.discord_client.workarounds.http import use_patient_webhooks
from bot.logs import ABOUT
from bot.services.meters import ANSWER, InteractionAnswer, Meters, Outcome
from bot.services.work import Work
from cogs.discord_kit.custom_ids import Clicks
from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import AnsweringClient, respond

_CLICKS = {discord.InteractionType.component, discord.InteractionType.modal_submit}
_KINDS = {
    discord.InteractionType.application_command: "command",
    discord.InteractionType.component: "component",
    discord.InteractionType.autocomplete: "autocomplete",
    discord.InteractionType.modal_submit: "form",
}
_NOTED = {"message", "raw_message_edit", "raw_message_delete", "raw_bulk_message_delete"}
"""Events that are only noted while the bot stops, for the next process."""
_SUBCOMMANDS = {1, 2}
"""Types of options (docs.discord.com, "Application Command Option Type") that are part of the command's name."""

log = structlog.get_logger(__name__)


class Worker(AnsweringClient, HookedBot):
    """The part of the client that keeps track of its tasks in `work` and reports to `meters`."""

    def __init__(self, work: Work, meters: Meters, **options: Any) -> None:
        self.work = work
        self.meters = meters
        self.clicks = Clicks()
        self._names: frozenset[str] = frozenset()
        super().__init__(**options)

    async def serve(self, token: str) -> None:
        """Stay connected until cancelled; then accept no more work, finish the work under way, and close.

        Work that is not done within `limits.grace` is cancelled. Raises what `start` raises.
        """
        use_patient_webhooks(self.limits.rate_limit)
        staying = asyncio.create_task(self.start(token), name="discord")
        try:
            await asyncio.wait({staying})  # cancelling this leaves the gateway open
        finally:
            await self._finish(0 if staying.done() else self.limits.grace)  # without a connection nothing can be finished
            await end_session(self, staying, self.limits.goodbye)
        staying.result()

    async def _finish(self, seconds: float) -> None:
        if self.work.count:
            log.info("finishing the work under way", tasks=self.work.count)
        if late := await self.work.finish(seconds):
            log.warning("cancelled unfinished work", tasks=late)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Call the listeners of an event; while the bot stops, only those about messages, as `late_` events."""
        if event_name == "interaction" and args[0].type in _CLICKS:
            self.answer(args[0], self.clicks.answer(args[0]))
        if self.work.stopping:
            if event_name in _NOTED and not self.work.over:
                super().dispatch(f"late_{event_name}", *args)
            return
        if event_name == "message":
            self.meters.messages += 1
        super().dispatch(event_name, *args, **kwargs)

    def begin_listener(self, begin: Callable[[], "asyncio.Task[Any]"], listener: Any, event_name: str, *args: Any) -> Any:
        """Start a listener and count it as work until it is done; its log lines name the event's IDs.

        The client's own listener for messages does nothing and is not started, since messages are the most frequent event.
        """
        own = getattr(listener, "__self__", None) is self
        if own:
            return None if event_name == "on_message" else begin()
        before = ABOUT.set(partial(_about, *args[:1]))
        try:
            self.work.add(task := begin())
        finally:
            ABOUT.reset(before)
        return task

    def event_unread(self, name: str, error: Exception) -> None:
        """Count and log an event that discord.py could not read, without the error's text, which may quote a message."""
        self.meters.gateway(self.shard_id or 0, "unread")
        log.warning("event dropped, since discord.py cannot read it", discord_event=name, error=type(error).__name__)

    def answer(self, interaction: discord.Interaction[Any], work: Coroutine[Any, Any, None]) -> None:
        """Start the answer to a command, click or form, and count and time it; while the bot stops, put it off."""
        kind, name = asked_for(interaction)
        ids = {"interaction": interaction.id, "guild": interaction.guild_id, "channel": interaction.channel_id, kind: name}
        answer = InteractionAnswer(name if name in self._commands() else "")
        if self.work.stopping:
            work.close()
            work = put_off(interaction, self.limits.yielding)
            answer.outcome = Outcome.DECLINED
        context = contextvars.copy_context()
        context.run(
            structlog.contextvars.bind_contextvars, **{key: value for key, value in ids.items() if value is not None}
        )
        context.run(ANSWER.set, answer)
        task = asyncio.create_task(work, name=f"{kind} {name}", context=context)
        self.work.add(task)
        task.add_done_callback(partial(self._answered, kind, answer, time.perf_counter()))

    def _answered(self, kind: str, answer: InteractionAnswer, began: float, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or task.exception() is not None:
            answer.outcome = Outcome.FAILED
        self.meters.interaction(kind, answer.name or "other", answer.outcome, time.perf_counter() - began)

    def _commands(self) -> frozenset[str]:
        """Give the names of all commands, computed at first use, when all are registered."""
        if not self._names:
            kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
            self._names = frozenset(one.qualified_name for kind in kinds for one in self.tree.walk_commands(type=kind))
        return self._names

    async def on_message(self, _: discord.Message, /) -> None:
        """Do nothing, since cogs have their own listeners; discord.py would look for commands in the message."""

    async def on_connect(self) -> None:
        """Count a new session at the gateway."""
        self.meters.gateway(self.shard_id or 0, "connected")

    async def on_resumed(self) -> None:
        """Count a resumed session."""
        self.meters.gateway(self.shard_id or 0, "resumed")

    async def on_disconnect(self) -> None:
        """Count a lost connection."""
        self.meters.gateway(self.shard_id or 0, "disconnected")

    def gateways(self) -> Iterator[tuple[int, float, str]]:
        """Give each shard, its latency in seconds (NaN if unknown), and what is wrong with it ("" for nothing)."""
        yield self.shard_id or 0, self.latency if isfinite(self.latency) else nan, gateway_trouble(self)

    async def gateway_answers(self) -> str:
        """Say what is wrong with the connection to Discord; "" if all shards are connected and their heartbeats answered."""
        if self.work.stopping:
            return "stopping"
        if not self.is_ready():
            return "starting"
        return next((wrong for _, _, wrong in self.gateways() if wrong), "")


def asked_for(interaction: discord.Interaction[Any]) -> tuple[str, str]:
    """Give an interaction's kind, and its command (`study show`) or the beginning of its custom ID (`precis:cite`)."""
    kind, asked = _KINDS.get(interaction.type, "other"), dict[str, Any](interaction.data or {})
    if "custom_id" in asked:
        return kind, ":".join(asked["custom_id"].split(":")[:2])
    names = [asked.get("name", "")]
    while (options := asked.get("options")) and options[0].get("type") in _SUBCOMMANDS:
        asked = options[0]
        names.append(asked["name"])
    return kind, " ".join(names)


async def put_off(interaction: discord.Interaction[Any], seconds: float) -> None:
    """Ask the user to try again in a moment, unless another process answers the interaction within `seconds`."""
    await asyncio.sleep(seconds)
    _ = speak(interaction.locale)
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await respond(interaction, content=_("The bot is restarting. Please try again in a moment."))
    except TRANSIENT_ERRORS as error:
        log.info("interaction not put off", reason=describe(error))


def _about(given: Any = None) -> dict[str, int]:
    """Give the IDs of an event's guild, channel and message for the log; `given` is the first argument of its listeners."""
    if isinstance(given, discord.Guild):
        return {"guild": given.id}
    ids = {
        "guild": getattr(given, "guild_id", None) or getattr(getattr(given, "guild", None), "id", None),
        "channel": getattr(given, "channel_id", None) or getattr(getattr(given, "channel", None), "id", None),
        "message": given.id if isinstance(given, discord.Message) else getattr(given, "message_id", None),
    }
    return {name: id_ for name, id_ in ids.items() if id_ is not None}
