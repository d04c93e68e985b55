"""Discord's REST API, version 10, as far as this bot uses it, over real HTTP.

Every request is recorded, judged by the official description and by `rules`, and may meet a fault that a test laid.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.wire.objects import VIEW, Json
from tests.wire.openapi import Description
from tests.wire.rules import message_violations


@dataclass(frozen=True)
class Refusal(Exception):
    """An answer that is no success, as Discord words it."""

    status: int
    code: int
    message: str
    body: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        """Give it as an HTTP answer."""
        return _json({"message": self.message, "code": self.code} | self.body, status=self.status, headers=self.headers)


class Portal(Refusal):
    """An answer of something else in Discord's place: a page."""

    def response(self) -> web.Response:
        """Give the page."""
        return web.Response(
            status=self.status, text="<html>\n<title>Please log in to this network", content_type="text/html"
        )


UNAUTHORIZED = Refusal(401, 0, "401: Unauthorized")
MISSING_PERMISSIONS = Refusal(403, 50013, "Missing Permissions")
MISSING_ACCESS = Refusal(403, 50001, "Missing Access")
UNKNOWN_MESSAGE = Refusal(404, 10008, "Unknown Message")
UNKNOWN_CHANNEL = Refusal(404, 10003, "Unknown Channel")
UNKNOWN_INTERACTION = Refusal(404, 10062, "Unknown interaction")
INVALID_FORM = Refusal(400, 50035, "Invalid Form Body", {"errors": {}})


def rate_limited(seconds: float, *, everywhere: bool = False) -> Refusal:
    """Give a 429 of the route, or of the whole application."""
    scope = "global" if everywhere else "user"
    headers = {"Retry-After": str(max(1, round(seconds))), "X-RateLimit-Scope": scope, "Via": "1.1 google"}
    headers |= {"X-RateLimit-Global": "true"} if everywhere else _budget(remaining=0, reset=seconds)
    return Refusal(429, 0, "You are being rate limited.", {"retry_after": seconds, "global": everywhere}, headers)


def banned(seconds: float) -> Refusal:
    """Give the 429 of what stands before Discord, which names no `Via`: the whole address is kept out."""
    return Refusal(429, 0, "You are being blocked from accessing our API temporarily", {}, {"Retry-After": str(seconds)})


def broken(status: int = 500) -> Refusal:
    """Give a 5xx."""
    return Refusal(status, 0, f"{status}: {'Internal Server Error' if status == 500 else 'Bad Gateway'}")


@dataclass
class Fault:
    """What the next requests meet whose method and path match."""

    method: str
    path: re.Pattern[str]
    refusal: Refusal | None
    """None cuts the connection."""
    times: int
    late: bool
    """The request is carried out before the refusal is sent."""


@dataclass
class Request:
    """One request as it came, and how it was answered."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: int
    authorization: str | None
    at: float
    """On the monotonic clock."""
    status: int = 0
    """0 until it is answered, and where the connection was cut."""
    answered: bool = False
    """It was, or its connection was cut."""


Handler = Callable[[web.Request, Any], Awaitable[Json | list[Json] | None]]


class Rest:
    """The front of the API: it records, judges, refuses and hands on to a handler."""

    def __init__(self, token: str, description: Description | None, changed: Callable[[], None]) -> None:
        self._token = token
        self._description = description
        self._changed = changed
        self._faults: list[Fault] = []
        self.latency = 0.0
        """Seconds on the way to the server, and again on the way back."""
        self.requests: list[Request] = []
        self.violations: list[str] = []
        """What was wrong with requests; a test's last look."""

    def fault(self, method: str, path: str, refusal: Refusal | None, *, times: int = 1, late: bool = False) -> Fault:
        """Let the next requests whose path matches the regular expression meet a refusal, or a cut connection."""
        self._faults.append(Fault(method, re.compile(path), refusal, times, late))
        return self._faults[-1]

    def asked(self, method: str, path: str = "", *, answered: int | None = None) -> list[Request]:
        """Give the requests whose path holds the regular expression, in order."""
        found = [it for it in self.requests if it.method == method and re.search(path, it.path)]
        return [it for it in found if answered is None or it.status == answered]

    def route(self, method: str, path: str, handler: Handler) -> web.RouteDef:
        """Give a route below /api/v10."""

        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, handler)

        return web.route(method, f"/api/v10{path}", answer)

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Answer what no route covers: the bot does something this simulation should learn, or that Discord lacks."""

        async def handler(request: web.Request, body: Any) -> None:
            self.violations.append(f"{request.method} {request.path}: not simulated")
            raise Refusal(404, 0, "404: Not Found")

        return await self._answer(request, handler)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body, files = await _read(request)
        path = request.path.removeprefix("/api/v10")
        record = Request(
            request.method, path, dict(request.query), body, files, request.headers.get("Authorization"), time.monotonic()
        )
        self.requests.append(record)
        fault = self._fault_of(record)
        await asyncio.sleep(self.latency)
        try:
            response: web.StreamResponse = web.Response()
            if fault is None or fault.late:
                response = await self._carry_out(record, request, handler)
            if fault is not None:
                if fault.refusal is not None:
                    raise fault.refusal
                assert request.transport is not None
                request.transport.abort()
                record.answered = True
                self._changed()
                return response
        except Refusal as refusal:
            response = refusal.with_traceback(None).response()  # one object serves many requests, and would keep them all
        await asyncio.sleep(self.latency)
        record.status, record.answered = response.status, True
        self._changed()
        return response

    async def _carry_out(self, record: Request, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Do what is asked, unless Discord would refuse it."""
        open_to_all = record.path.startswith(("/interactions/", "/webhooks/"))
        if not open_to_all and record.authorization != f"Bot {self._token}":
            raise UNAUTHORIZED
        wrong = self._description.violations(record.method, record.path, record.body) if self._description else []
        if not wrong and isinstance(record.body, dict):
            wrong = _judge_message(record)
        if wrong:
            self.violations += wrong
            raise INVALID_FORM
        answer = await handler(request, record.body)
        headers = _budget(remaining=49, reset=1.0)
        return web.Response(status=204, headers=headers) if answer is None else _json(answer, status=200, headers=headers)

    def _fault_of(self, record: Request) -> Fault | None:
        for fault in self._faults:
            if fault.times and fault.method == record.method and fault.path.search(record.path):
                fault.times -= 1
                return fault
        return None


def require(denied: int, *permissions: int) -> None:
    """Refuse where the bot lacks one of the permissions, in Discord's order: first whether it sees the channel."""
    if denied & VIEW:
        raise MISSING_ACCESS
    if any(denied & permission for permission in permissions):
        raise MISSING_PERMISSIONS


async def _read(request: web.Request) -> tuple[Any, int]:
    """Read a body: the JSON or payload_json (None where there is none), and the number of files."""
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        files = sum(name.startswith("files[") for name in form)
        return json.loads(str(form.get("payload_json", "{}"))), files
    return (await request.json() if request.can_read_body else None), 0


def _json(data: Any, *, status: int, headers: dict[str, str]) -> web.Response:
    """Answer with JSON; without a charset, as Discord does, since discord.py reads no other content type."""
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers, content_type="application/json")


def _judge_message(record: Request) -> list[str]:
    """Judge a body that carries a message by the rules the description leaves out."""
    whole = record.method == "POST"
    if re.search(r"/messages(/|$)|^/webhooks/", record.path):
        message = record.body if not record.files else record.body | {"attachments": record.body.get("attachments") or [{}]}
    elif record.path.endswith("/callback") and record.body["type"] in {4, 7}:
        message, whole = record.body.get("data") or {}, record.body["type"] == 4
    else:
        return []
    return [f"{record.method} {record.path}: {line}" for line in message_violations(message, whole=whole)]


def _budget(*, remaining: int, reset: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(time.time() + reset),
        "X-RateLimit-Reset-After": str(reset),
        "Via": "1.1 google",
    }
