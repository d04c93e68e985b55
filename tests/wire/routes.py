"""The answers of Discord's REST API: each handler does what the documentation says of its route, or raises a Refusal."""

import time
from typing import Any

from aiohttp import web

from tests.wire import objects as o
from tests.wire.rest import UNKNOWN_CHANNEL, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, Refusal, Rest, require
from tests.wire.rules import EPHEMERAL
from tests.wire.world import World

IDLE = {"tts"}
"""What discord.py 2.7.1 adds to edits of its own accord."""
PATIENCE = 60
"""Seconds in which an interaction must be answered. Discord gives three, which a busy machine may miss."""


class Routes:
    """The handlers over one world."""

    def __init__(self, world: World, rest: Rest) -> None:
        self._world = world
        self._rest = rest
        self._nonces: dict[str, str] = {}
        """The IDs of what was sent with each."""

    def all(self) -> list[web.RouteDef]:
        """Give every route; the rest is for `Rest.unknown`."""
        route = self._rest.route
        app = rf"/applications/{o.APPLICATION}"
        one = "/channels/{channel}/messages/{message}"
        hook = rf"/webhooks/{o.APPLICATION}/{{token}}"
        return [
            route("GET", "/gateway", self._get_gateway),
            route("GET", "/gateway/bot", self._get_gateway),
            route("GET", "/users/@me", self._get_me),
            route("POST", "/users/@me/channels", self._post_dm),
            route("GET", "/applications/@me", self._get_application),
            route("GET", "/oauth2/applications/@me", self._get_application),
            route("GET", f"{app}/commands", self._get_commands),
            route("PUT", f"{app}/commands", self._put_commands),
            route("GET", f"{app}/guilds/{{guild}}/commands", self._get_commands),
            route("PUT", f"{app}/guilds/{{guild}}/commands", self._put_commands),
            route("GET", "/channels/{channel}", self._get_channel),
            route("POST", "/channels/{channel}/messages", self._post_message),
            route("GET", "/channels/{channel}/messages", self._get_messages),
            route("GET", one, self._get_message),
            route("PATCH", one, self._patch_message),
            route("DELETE", one, self._delete_message),
            route("PUT", one + "/reactions/{emoji}/@me", self._put_reaction),
            route("DELETE", one + "/reactions/{emoji}/@me", self._delete_reaction),
            route("POST", "/channels/{channel}/typing", self._post_typing),
            route("GET", f"/guilds/{o.GUILD}", self._get_guild),
            route("GET", f"/guilds/{o.GUILD}/members/{{user}}", self._get_member),
            route("POST", "/interactions/{id}/{token}/callback", self._post_callback),
            route("POST", hook, self._post_followup),
            route("GET", hook + "/messages/{message}", self._get_followup),
            route("PATCH", hook + "/messages/{message}", self._patch_followup),
            route("DELETE", hook + "/messages/{message}", self._delete_followup),
        ]

    async def _get_gateway(self, request: web.Request, body: Any) -> o.Json:
        limit = {
            "total": 1000,
            "remaining": 1000 - len(self._world.gateway.identifies),
            "reset_after": 0,
            "max_concurrency": self._world.gateway.max_concurrency,
        }
        return {"url": self._world.gateway.url, "shards": self._world.gateway.shards, "session_start_limit": limit}

    async def _get_me(self, request: web.Request, body: Any) -> o.Json:
        return o.user(o.APPLICATION) | {"verified": True, "mfa_enabled": True, "email": None, "locale": "en-US"}

    async def _post_dm(self, request: web.Request, body: Any) -> o.Json:
        if str(body["recipient_id"]) != str(o.ALICE):
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return o.channel(o.DM)

    async def _get_application(self, request: web.Request, body: Any) -> o.Json:
        return o.application(message_content=self._world.gateway.message_content)

    async def _get_commands(self, request: web.Request, body: Any) -> list[o.Json]:
        return self._world.commands.get(request.match_info.get("guild", "global"), [])

    async def _put_commands(self, request: web.Request, body: Any) -> list[o.Json]:
        ids = {"application_id": str(o.APPLICATION), "version": "1", "type": 1, "description": ""}
        commands = [ids | command | {"id": o.snowflake()} for command in body or []]
        for command in commands:
            # The description says an integer goes in; Discord gives it back as a string.
            permissions = command.get("default_member_permissions")
            command["default_member_permissions"] = None if permissions is None else str(permissions)
        self._world.commands[request.match_info.get("guild", "global")] = commands
        return commands

    async def _get_channel(self, request: web.Request, body: Any) -> o.Json:
        return o.channel(self._channel(request))

    async def _post_message(self, request: web.Request, body: Any) -> o.Json:
        channel = self._channel(request, o.SEND)
        nonce = str(body["nonce"]) if body.get("nonce") and body.get("enforce_nonce") else ""
        if (sent := self._world.messages.get(self._nonces.get(nonce, ""))) is not None:
            return sent
        reference = body.get("message_reference")
        if reference is not None and str(reference["message_id"]) not in self._world.messages:
            if reference.get("fail_if_not_exists", True):
                errors = {
                    "message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
                }
                raise Refusal(400, 50035, "Invalid Form Body", {"errors": errors})
            body = body | {"message_reference": None}
        elif reference is not None:
            self._channel(request, o.HISTORY)
        message = await self._world.post(channel, o.APPLICATION, body)
        if nonce:
            self._nonces[nonce] = message["id"]
        return message

    async def _get_messages(self, request: web.Request, body: Any) -> list[o.Json]:
        """Give messages after an ID or before one, the newest first; of those after one the oldest ones are meant."""
        channel = str(self._channel(request, o.HISTORY))
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 1 << 63))
        found = [
            it for it in self._world.messages.values() if it["channel_id"] == channel and after < int(it["id"]) < before
        ]
        limit = int(request.query.get("limit", 50))
        chosen = found[:limit] if "after" in request.query else found[-limit:]
        return chosen[::-1]

    async def _get_message(self, request: web.Request, body: Any) -> o.Json:
        return self._message(request, o.HISTORY)

    async def _patch_message(self, request: web.Request, body: Any) -> o.Json:
        message = self._message(request)
        if message["author"]["id"] != str(o.APPLICATION):
            if set(body) - IDLE != {"flags"}:
                raise Refusal(403, 50005, "Cannot edit a message authored by another user")
            self._channel(request, o.MANAGE)
        return await self._world.amend(message["id"], body)

    async def _delete_message(self, request: web.Request, body: Any) -> None:
        await self._world.remove(self._message(request)["id"])

    async def _put_reaction(self, request: web.Request, body: Any) -> None:
        message = self._message(request, o.REACT, o.HISTORY)
        emoji = request.match_info["emoji"]
        if emoji.isascii() and ":" not in emoji:
            raise Refusal(400, 10014, "Unknown Emoji")
        if (message["id"], emoji) not in self._world.reactions:
            self._world.reactions.append((message["id"], emoji))
            message.setdefault("reactions", []).append(o.reaction(emoji))

    async def _delete_reaction(self, request: web.Request, body: Any) -> None:
        reaction = (self._message(request)["id"], request.match_info["emoji"])
        if reaction in self._world.reactions:
            self._world.reactions.remove(reaction)
            self._world.messages[reaction[0]]["reactions"].remove(o.reaction(reaction[1]))

    async def _post_typing(self, request: web.Request, body: Any) -> None:
        self._world.typing.append(str(self._channel(request, o.SEND)))

    async def _get_guild(self, request: web.Request, body: Any) -> o.Json:
        return o.guild(self._world.gateway.denied)

    async def _get_member(self, request: web.Request, body: Any) -> o.Json:
        id_ = int(request.match_info["user"])
        return o.member(id_) | {"user": o.user(id_)}

    # Interactions.

    async def _post_callback(self, request: web.Request, body: Any) -> o.Json | None:
        interaction = self._interaction(request)
        if interaction.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if time.monotonic() - interaction.started > PATIENCE:
            raise UNKNOWN_INTERACTION
        interaction.callback = body
        answer: o.Json = {"interaction": {"id": interaction.payload["id"], "type": interaction.payload["type"]}}
        clicked = interaction.payload.get("message")
        interaction.thinking = body["type"] == 5
        if body["type"] == 4:
            interaction.original = await self._world.post(o.GENERAL, o.APPLICATION, body["data"])
            interaction.answers.append(interaction.original)
        elif body["type"] == 7 and clicked is not None:
            interaction.original = await self._world.amend(clicked["id"], body.get("data") or {})
        elif body["type"] == 6:
            interaction.original = clicked
        if interaction.original is not None:
            answer["interaction"]["response_message_id"] = interaction.original["id"]
            answer["resource"] = {"type": body["type"], "message": interaction.original}
        return answer if request.query.get("with_response") in {"1", "true"} else None

    async def _post_followup(self, request: web.Request, body: Any) -> o.Json | None:
        interaction = self._interaction(request, answered=True)
        message = await self._say(interaction, body)
        return message if request.query.get("wait") in {"1", "true"} else None

    async def _get_followup(self, request: web.Request, body: Any) -> o.Json:
        return self._followup(request)

    async def _patch_followup(self, request: web.Request, body: Any) -> o.Json:
        interaction = self._interaction(request, answered=True)
        if request.match_info["message"] == "@original" and interaction.thinking:
            return await self._say(interaction, body)
        return await self._world.amend(self._followup(request)["id"], body)

    async def _delete_followup(self, request: web.Request, body: Any) -> None:
        interaction = self._interaction(request, answered=True)
        if request.match_info["message"] == "@original" and interaction.thinking:
            interaction.thinking = False
        else:
            await self._world.remove(self._followup(request)["id"])

    async def _say(self, interaction: o.Interaction, body: o.Json) -> o.Json:
        """Post a followup. The first one after "thinking ..." takes its place, and is as private as that was."""
        flags = body.get("flags") or 0
        if interaction.thinking and interaction.callback is not None:
            hidden = (interaction.callback.get("data") or {}).get("flags") or 0
            flags = flags & ~EPHEMERAL | hidden & EPHEMERAL
        message = await self._world.post(o.GENERAL, o.APPLICATION, body | {"flags": flags})
        if interaction.thinking:
            interaction.thinking, interaction.original = False, message
        interaction.answers.append(message)
        return message

    def _interaction(self, request: web.Request, *, answered: bool = False) -> o.Interaction:
        interaction = self._world.interactions.get(request.match_info["token"])
        if interaction is None:
            raise UNKNOWN_INTERACTION
        if answered and interaction.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return interaction

    def _followup(self, request: web.Request) -> o.Json:
        original = self._interaction(request, answered=True).original
        id_ = request.match_info["message"]
        message = original if id_ == "@original" else self._world.messages.get(id_)
        if message is None:
            raise UNKNOWN_MESSAGE
        return message

    def _channel(self, request: web.Request, *permissions: int) -> int:
        channel = int(request.match_info["channel"])
        if channel not in {*self._world.channels, o.DM}:
            raise UNKNOWN_CHANNEL
        require(self._world.gateway.denied.get(channel, 0), *permissions)
        return channel

    def _message(self, request: web.Request, *permissions: int) -> o.Json:
        channel = self._channel(request, *permissions)
        message = self._world.messages.get(request.match_info["message"])
        if message is None or message["channel_id"] != str(channel):
            raise UNKNOWN_MESSAGE
        return message
