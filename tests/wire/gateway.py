"""Discord's gateway, version 10, over a real websocket (docs.discord.com, "Gateway" and "Opcodes and Status Codes").

HELLO, IDENTIFY, READY, GUILD_CREATE, heartbeats, dispatch by intents and shard, RESUME with replay, and on
request: close codes, cut connections, op 7 (reconnect), op 9 (invalid session). Frames are compressed as the client asks.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.wire.objects import APPLICATION, GUILD, Json, application, guild, user
from tests.wire.sessions import GUILDS, MESSAGE_CONTENT, Connection, Op, Session, seen_with

PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
ALL_INTENTS = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
ENDED = {4007, 4009}
"""Close codes after which a session cannot be resumed: a wrong number of an event, and a session that timed out."""


class Gateway:
    """All sessions of one application; tests read what it recorded and set what it shall refuse."""

    def __init__(self, token: str, changed: Callable[[], None]) -> None:
        self._token = token
        self._changed = changed
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.connects: list[float] = []
        """When each connection came, on the monotonic clock."""
        self.close_codes: list[int | None] = []
        """How each connection ended."""
        self.acks: set[asyncio.Task[None]] = set()
        """Answers to heartbeats that are on their way."""
        self.identifies: list[Json] = []
        self.identified_at: list[float] = []
        """When each IDENTIFY came, on the monotonic clock."""
        self.resumes: list[Json] = []
        self.shards, self.max_concurrency = 1, 1
        """What /gateway/bot recommends and allows."""
        self.message_content = True
        """Whether the privileged intent is switched on for the application."""
        self.denied: dict[int, int] = {}
        """Permissions the bot lacks, by channel."""
        self.close_early: deque[int] = deque()
        """Close codes for the next connections, one each, right after HELLO; 0 cuts one before HELLO."""
        self.garbled = 0
        """How many of the next connections begin with a frame that is no JSON."""
        self.replay_from: int | None = None
        """Where the next RESUME is to begin in place of what the client says: events it has seen come again."""
        self.deaf = False
        """Heartbeats get no answer."""
        self.heartbeat = 41.25
        """Seconds between heartbeats, as HELLO asks."""

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection to its end."""
        self.connects.append(time.monotonic())
        socket = web.WebSocketResponse(autoping=True)
        connection = Connection(socket, request)
        await socket.prepare(request)
        early = self.close_early.popleft() if self.close_early else None
        if early == 0:
            connection.abort()
            return socket
        if self.garbled:
            self.garbled -= 1
            await socket.send_str("<html>")
        await connection.send(Op.HELLO, {"heartbeat_interval": round(self.heartbeat * 1000)})
        if early is not None:
            await socket.close(code=early)
        session: Session | None = None
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                await socket.close(code=4002)
                break
            payload = json.loads(frame.data)
            session = await self._receive(connection, session, payload["op"], payload["d"])
            self._changed()
        self.close_codes.append(socket.close_code)
        if session is not None and session.connection is connection:
            session.connection = None
        self._changed()
        return socket

    async def dispatch(self, event: str, data: Json) -> None:
        """Give an event to every session that is entitled to it."""
        for session in list(self.sessions.values()):
            if session.wants(event, data):
                await session.dispatch(event, seen_with(session.intents, event, data))

    async def close(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """Close every connection with a code; the sessions stay and can be resumed, unless the code says that they ended."""
        sessions = list(self.sessions.values())
        if code in ENDED:
            self.sessions.clear()
        for session in sessions:
            connection, session.connection = session.connection, None
            if connection is not None:
                await connection.socket.close(code=code)

    async def garble(self, frame: str | bytes) -> None:
        """Send a frame on every connection that no gateway would send."""
        for connection in self._connections():
            await connection.send_raw(frame)

    def cut(self) -> None:
        """Cut every connection without a close frame."""
        for connection in self._connections():
            connection.abort()

    async def ask_reconnect(self) -> None:
        """Send op 7."""
        for connection in self._connections():
            await connection.send(Op.RECONNECT)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Send op 9; unless resumable, the sessions are forgotten."""
        connections = self._connections()
        if not resumable:
            self.sessions.clear()
        for connection in connections:
            await connection.send(Op.INVALID_SESSION, resumable)

    def connected(self) -> bool:
        """Whether a session has a connection now."""
        return bool(self._connections())

    def _connections(self) -> list[Connection]:
        return [session.connection for session in self.sessions.values() if session.connection is not None]

    async def _receive(self, connection: Connection, session: Session | None, op: int, data: Any) -> Session | None:
        match op:
            case Op.HEARTBEAT if self.deaf:
                pass
            case Op.HEARTBEAT:
                self.acks.add(task := asyncio.create_task(_acknowledge(connection)))
                task.add_done_callback(self.acks.discard)
            case Op.IDENTIFY if session is None:
                return await self._identify(connection, data)
            case Op.RESUME if session is None:
                return await self._resume(connection, data)
            case Op.IDENTIFY | Op.RESUME:
                await connection.socket.close(code=4005)
            case Op.PRESENCE | Op.VOICE_STATE | Op.MEMBERS if session is not None:
                pass
            case _:
                await connection.socket.close(code=4003 if session is None else 4001)
        return session

    async def _identify(self, connection: Connection, data: Json) -> Session | None:
        self.identifies.append(data)
        self.identified_at.append(time.monotonic())
        refusal = None
        if data["token"] != self._token:
            refusal = 4004
        elif data["intents"] & ~ALL_INTENTS:
            refusal = 4013
        elif data["intents"] & PRIVILEGED & ~(MESSAGE_CONTENT if self.message_content else 0):
            refusal = 4014
        if refusal:
            await connection.socket.close(code=refusal)
            return None
        shard = data.get("shard", [0, 1])
        session = Session(data["intents"], (shard[0], shard[1]), connection)
        self.sessions[session.id] = session
        home = (GUILD >> 22) % shard[1] == shard[0]
        await session.dispatch("READY", self._ready(session, shard, home=home))
        if home and session.intents & GUILDS:
            await session.dispatch("GUILD_CREATE", guild(self.denied))
        return session

    def _ready(self, session: Session, shard: list[int], *, home: bool) -> Json:
        return {
            "v": 10,
            "user": user(APPLICATION) | {"verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": str(GUILD), "unavailable": True}] if home else [],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "session_type": "normal",
            "private_channels": [],
            "shard": shard,
            "application": {"id": str(APPLICATION), "flags": application(message_content=self.message_content)["flags"]},
        }

    async def _resume(self, connection: Connection, data: Json) -> Session | None:
        self.resumes.append(data)
        session = self.sessions.get(data["session_id"] or "")
        if data["token"] != self._token:
            await connection.socket.close(code=4004)
            return None
        if session is None or not isinstance(data["seq"], int) or data["seq"] > len(session.events):
            await connection.send(Op.INVALID_SESSION, data=False)
            return None
        session.connection = connection
        seen, self.replay_from = data["seq"] if self.replay_from is None else self.replay_from, None
        for seq in range(seen + 1, len(session.events) + 1):
            await session.send(seq)
        await session.dispatch("RESUMED", {"_trace": []})
        return session


async def _acknowledge(connection: Connection) -> None:
    """Answer a heartbeat, a moment later: an answer that comes before discord.py has noted that it sent seems to it late."""
    await asyncio.sleep(0.02)
    with suppress(ConnectionError):
        await connection.send(Op.HEARTBEAT_ACK)
