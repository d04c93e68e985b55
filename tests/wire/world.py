"""What stands in the simulated Discord's channels, what people do there, and what the bot did."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from tests.wire import objects as o
from tests.wire.gateway import Gateway
from tests.wire.openapi import description
from tests.wire.rest import INVALID_FORM, UNKNOWN_MESSAGE, Rest
from tests.wire.rules import COMPONENTS_V2, EPHEMERAL

T = TypeVar("T")

TOKEN = "wire-token." + "x" * 24 + ".not-a-secret"
CONTENT_KEYS = ("content", "embeds", "components", "flags")


class World:
    """The state, and the two ways in and out of it: `rest` and `gateway`."""

    def __init__(self, *, described: bool = True) -> None:
        self._changed = asyncio.Event()
        self.rest = Rest(TOKEN, description() if described else None, self.notify)
        self.gateway = Gateway(TOKEN, self.notify)
        self.channels = {*o.CHANNELS, o.DM}
        """Those in which the bot may write; others than these the gateway does not tell of."""
        self.messages: dict[str, o.Json] = {}
        """What stands in the channels, in the order of arrival."""
        self.reactions: list[tuple[str, str]] = []
        """(message ID, emoji) of the bot's own reactions, in order."""
        self.typing: list[str] = []
        """Channel IDs, one for each time the bot began to type."""
        self.commands: dict[str, list[o.Json]] = {}
        """Registered commands, by scope: "global" or a guild's ID."""
        self.interactions: dict[str, o.Interaction] = {}
        """By token."""

    async def until(self, what: Callable[[], T], seconds: float = 60) -> T:
        """Wait until `what()` is true and give it; an AssertionError tells the last requests."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := what()):
                    await self._changed.wait()
        except TimeoutError:
            last = [f"{it.method} {it.path} -> {it.status}" for it in self.rest.requests[-8:]]
            raise AssertionError(f"nothing came in {seconds} s; last requests: {last}; {self.rest.violations}") from None
        return found

    def notify(self) -> None:
        """Let those who wait look again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    # What people do.

    async def paste(
        self, content: str, *, channel: int = o.GENERAL, author: int = o.ALICE, mentions: tuple[int, ...] = ()
    ) -> o.Json:
        """Let somebody write a message."""
        return await self.post(channel, author, {"content": content, "mentions": mentions})

    async def edit(self, message: o.Json, content: str) -> None:
        """Let the author edit a message."""
        await self.amend(message["id"], {"content": content})

    async def delete(self, message: o.Json) -> None:
        """Let somebody delete a message."""
        await self.remove(message["id"])

    async def react(self, message: o.Json, emoji: str) -> None:
        """Let Alice react to a message."""
        event = {
            "user_id": str(o.ALICE),
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "message_author_id": message["author"]["id"],
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        member = {"member": o.member(o.ALICE) | {"user": o.user(o.ALICE)}}
        await self.gateway.dispatch("MESSAGE_REACTION_ADD", event | ((place := self._place(message)) and place | member))

    def deny(self, channel: int, permissions: int) -> None:
        """Take permissions from the bot in a channel; the bot learns it when it is refused, or at its next GUILD_CREATE."""
        self.gateway.denied[channel] = permissions

    async def interact(
        self, kind: int, data: o.Json, *, message: o.Json | None = None, permissions: int = o.PERMISSIONS
    ) -> str:
        """Let Alice use a command (2), a component (3), type into an option (4) or send a form (5); gives the token."""
        payload: o.Json = {
            "id": o.snowflake(),
            "application_id": str(o.APPLICATION),
            "type": kind,
            "data": data,
            "token": f"interaction-{o.snowflake()}",
            "version": 1,
            "guild_id": str(o.GUILD),
            "channel_id": str(o.GENERAL),
            "channel": o.channel(o.GENERAL),
            "member": o.member(o.ALICE) | {"user": o.user(o.ALICE), "permissions": str(permissions)},
            "app_permissions": str(o.PERMISSIONS),
            "locale": "en-US",
            "guild_locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(o.GUILD)},
            "context": 0,
            "attachment_size_limit": 10_485_760,
        }
        if message is not None:
            payload["message"] = message
        self.interactions[payload["token"]] = o.Interaction(payload, time.monotonic())
        await self.gateway.dispatch("INTERACTION_CREATE", payload)
        return str(payload["token"])

    # What the bot did.

    def replies(self, message: o.Json) -> list[o.Json]:
        """Give the bot's messages that stand in reply to a message."""
        return [
            it
            for it in self.messages.values()
            if it["author"]["id"] == str(o.APPLICATION)
            and it.get("message_reference", {}).get("message_id") == message["id"]
        ]

    def reactions_to(self, message: o.Json) -> list[str]:
        """Give the emoji the bot put under a message."""
        return [emoji for id_, emoji in self.reactions if id_ == message["id"]]

    # State.

    async def post(self, channel: int, author: int, body: o.Json) -> o.Json:
        """Put a message into a channel and tell the gateway."""
        message = o.message(channel, author, body)
        reference = body.get("message_reference")
        if reference:
            referenced = self.messages.get(str(reference["message_id"]))
            message["message_reference"] = {
                "type": 0,
                "channel_id": str(channel),
                "message_id": str(reference["message_id"]),
            }
            message["referenced_message"] = referenced
        self.messages[message["id"]] = message
        if not message["flags"] & EPHEMERAL:
            await self.gateway.dispatch("MESSAGE_CREATE", self._event(message))
        self.notify()
        return message

    async def amend(self, id_: str, body: o.Json) -> o.Json:
        """Change a message and tell the gateway."""
        if id_ not in self.messages:
            raise UNKNOWN_MESSAGE
        message = self.messages[id_]
        if message["flags"] & COMPONENTS_V2 and body.get("content"):
            raise INVALID_FORM
        changes = o.message(o.GENERAL, o.APPLICATION, body)
        message |= {key: changes[key] for key in CONTENT_KEYS if key in body} | {"edited_timestamp": changes["timestamp"]}
        await self.gateway.dispatch("MESSAGE_UPDATE", self._event(message))
        self.notify()
        return message

    async def remove(self, id_: str) -> None:
        """Take a message away and tell the gateway."""
        if id_ not in self.messages:
            raise UNKNOWN_MESSAGE
        message = self.messages.pop(id_)
        event = {"id": id_, "channel_id": message["channel_id"]}
        await self.gateway.dispatch("MESSAGE_DELETE", event | self._place(message))
        self.notify()

    def _event(self, message: o.Json) -> o.Json:
        place = self._place(message)
        return message | (place | {"member": o.member(int(message["author"]["id"]))} if place else {})

    @staticmethod
    def _place(message: o.Json) -> o.Json:
        return {} if message["channel_id"] == str(o.DM) else {"guild_id": str(o.GUILD)}
