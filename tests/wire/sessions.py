"""Sessions at Discord's gateway, and the connections that they come over: intents, shards, numbered events, compression."""

import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web

from tests.wire.objects import APPLICATION, Json, snowflake

try:
    from compression import zstd  # Python 3.14; discord.py asks for it there
except ImportError:
    zstd = None

GUILDS, MESSAGE_CONTENT = 1 << 0, 1 << 15
IN_GUILD = {"MESSAGE_REACTION": 1 << 10, "MESSAGE": 1 << 9, "GUILD": GUILDS, "CHANNEL": GUILDS}
IN_DM = {"MESSAGE_REACTION": 1 << 13, "MESSAGE": 1 << 12}
BLANK = {"content": "", "embeds": [], "attachments": [], "components": []}


class Op(IntEnum):
    """What a payload is."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


def intent_of(event: str, data: Json) -> int:
    """Say which intent an event needs; 0 for one that always comes."""
    table = IN_GUILD if "guild_id" in data or event.startswith("GUILD_") else IN_DM
    return next((intent for start, intent in table.items() if event.startswith(start)), 0)


def seen_with(intents: int, event: str, data: Json) -> Json:
    """Take the content out of a message that a bot without the privileged intent may not read."""
    if not event.startswith("MESSAGE_") or "content" not in data or intents & MESSAGE_CONTENT or "guild_id" not in data:
        return data
    about_us = str(APPLICATION) in {data["author"]["id"], *(mentioned["id"] for mentioned in data["mentions"])}
    return data if about_us else data | BLANK


class Connection:
    """One websocket, with the compression it asked for."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._request = request
        self._compress: Callable[[bytes], bytes] | None = None
        match request.query.get("compress"):
            case "zlib-stream":
                stream = zlib.compressobj()
                self._compress = lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
            case "zstd-stream" if zstd is not None:
                frames = zstd.ZstdCompressor()
                self._compress = lambda data: frames.compress(data, frames.FLUSH_BLOCK)
            case None:
                pass
            case other:
                raise web.HTTPBadRequest(text=f"no compression {other}")

    async def send(self, op: int, data: Any = None, *, seq: int | None = None, event: str | None = None) -> None:
        """Send one payload; a closed connection swallows it."""
        text = json.dumps({"op": op, "d": data, "s": seq, "t": event})
        with suppress(ConnectionResetError):
            if self._compress is None:
                await self.socket.send_str(text)
            else:
                await self.socket.send_bytes(self._compress(text.encode()))

    async def send_raw(self, frame: str | bytes) -> None:
        """Send a frame as it stands, which no gateway would."""
        with suppress(ConnectionResetError):
            await (self.socket.send_str(frame) if isinstance(frame, str) else self.socket.send_bytes(frame))

    def abort(self) -> None:
        """Cut the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass
class Session:
    """What one IDENTIFY began: it outlives its connection and keeps what was dispatched, for a RESUME."""

    intents: int
    shard: tuple[int, int]
    connection: Connection | None
    id: str = field(default_factory=lambda: f"session{snowflake()}")
    events: list[tuple[str, Json]] = field(default_factory=list)
    """Number n (from 1) is events[n - 1]."""

    def wants(self, event: str, data: Json) -> bool:
        """Say whether this session's intents and shard cover an event."""
        number, shards = self.shard
        needed = intent_of(event, data)
        place = (int(data.get("guild_id", 0)) >> 22) % shards
        return place == number and (not needed or bool(self.intents & needed))

    async def dispatch(self, event: str, data: Json) -> None:
        """Number, keep and send an event."""
        self.events.append((event, data))
        await self.send(len(self.events))

    def forget(self) -> None:
        """Keep the numbers of events alone: none of them can be sent again."""
        self.events[:] = [("FORGOTTEN", {})] * len(self.events)

    async def send(self, seq: int) -> None:
        """Send an event that was kept, where there is a connection."""
        event, data = self.events[seq - 1]
        if self.connection is not None:
            await self.connection.send(Op.DISPATCH, data, seq=seq, event=event)
