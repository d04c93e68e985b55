"""Discord's objects as JSON, in the shape the gateway and the REST answers give them; everybody in them is invented."""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Json = dict[str, Any]

EPOCH_MS = 1_420_070_400_000
APPLICATION = 1_000_000_000_000_000_001
"""The application's ID, which is its bot's user ID too."""
GUILD = 1_000_000_000_000_000_010
GENERAL = 1_000_000_000_000_000_020
OTHER = 1_000_000_000_000_000_021
ROOMS = range(1_000_000_000_000_000_100, 1_000_000_000_000_000_150)
"""More text channels, for storms."""
CHANNELS = (GENERAL, OTHER, *ROOMS)
DM = 1_000_000_000_000_000_030
ALICE = 1_000_000_000_000_000_040
BOTTLE = 1_000_000_000_000_000_041
"""Another bot."""

VIEW, SEND, REACT, HISTORY, EMBED, MANAGE = 1 << 10, 1 << 11, 1 << 6, 1 << 16, 1 << 14, 1 << 13
PERMISSIONS = VIEW | SEND | REACT | HISTORY | EMBED | MANAGE | 1 << 18 | 1 << 31 | 1 << 38
"""What everyone may: the above, manage messages, foreign emoji, slash commands, write in threads."""

_serial = count()


def snowflake() -> str:
    """Make an ID that no other object has, which says the present time as Discord's do."""
    return str((int(time.time() * 1000) - EPOCH_MS << 22) + next(_serial) % (1 << 22))


def user(id_: int) -> Json:
    """Give a user."""
    name = {APPLICATION: "precis", ALICE: "alice", BOTTLE: "bottle"}[id_]
    return {
        "id": str(id_),
        "username": name,
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "bot": id_ != ALICE,
        "public_flags": 0,
        "flags": 0,
    }


def member(id_: int) -> Json:
    """Give a member, without the user that some answers add."""
    return {
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "id": str(id_),
    } | {
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "pending": False,
        "communication_disabled_until": None,
    }


def channel(id_: int, denied: int = 0) -> Json:
    """Give a channel: the direct messages with Alice, or a text channel where the bot lacks the `denied` permissions."""
    if id_ == DM:
        return {"id": str(id_), "type": 1, "recipients": [user(ALICE)], "last_message_id": None, "flags": 0}
    overwrite = {"id": str(APPLICATION), "type": 1, "allow": "0", "deny": str(denied)}
    return {
        "id": str(id_),
        "type": 0,
        "guild_id": str(GUILD),
        "name": {GENERAL: "general", OTHER: "other"}.get(id_, f"room-{id_ % 1000}"),
        "position": 0,
        "permission_overwrites": [overwrite] if denied else [],
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "flags": 0,
    }


def guild(denied: dict[int, int]) -> Json:
    """Give the guild as GUILD_CREATE does: roles, channels, and of the members the bot and Alice."""
    everyone = {"id": str(GUILD), "name": "@everyone", "permissions": str(PERMISSIONS), "position": 0, "color": 0}
    return {
        "id": str(GUILD),
        "name": "Wire",
        "owner_id": str(ALICE),
        "icon": None,
        "roles": [
            everyone | {"hoist": False, "managed": False, "mentionable": False, "flags": 0, "colors": {"primary_color": 0}}
        ],
        "emojis": [],
        "stickers": [],
        "features": [],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "afk_timeout": 300,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "system_channel_flags": 0,
        "member_count": 3,
        "large": False,
        "unavailable": False,
        "joined_at": "2026-01-01T00:00:00+00:00",
        "channels": [channel(id_, denied.get(id_, 0)) for id_ in CHANNELS],
        "threads": [],
        "members": [member(id_) | {"user": user(id_)} for id_ in (APPLICATION, ALICE)],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(channel_id: int, author: int, body: Json) -> Json:
    """Give a message as Discord stores one that was sent with this body."""
    serial = count(1)
    return {
        "id": snowflake(),
        "type": 19 if body.get("message_reference") else 0,
        "channel_id": str(channel_id),
        "author": user(author),
        "content": body.get("content") or "",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [user(id_) for id_ in body.get("mentions", [])],
        "mention_roles": [],
        "attachments": [],
        "embeds": [{"type": "rich", **embed} for embed in body.get("embeds") or []],
        "components": [numbered(component, serial) for component in body.get("components") or []],
        "pinned": False,
        "flags": body.get("flags") or 0,
    }


def reaction(emoji: str) -> Json:
    """Give the bot's own reaction as a message has it."""
    return {
        "emoji": {"id": None, "name": emoji},
        "count": 1,
        "count_details": {"burst": 0, "normal": 1},
        "me": True,
        "me_burst": False,
        "burst_colors": [],
    }


def numbered(component: Json, serial: Any) -> Json:
    """Give a component an ID where it has none, and those within it, as Discord does on arrival."""
    given = {"id": next(serial), **component}
    if "components" in component:
        given["components"] = [numbered(part, serial) for part in component["components"]]
    for key in ("accessory", "component"):
        if component.get(key):
            given[key] = numbered(component[key], serial)
    return given


def application(*, message_content: bool) -> Json:
    """Give the application; its flags say whether the message content intent is switched on."""
    return {
        "id": str(APPLICATION),
        "name": "precis",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 1 << 19 if message_content else 0,
        "owner": user(ALICE),
        "team": None,
        "summary": "",
        "bot": user(APPLICATION),
    }


@dataclass
class Interaction:
    """One interaction on its way, and what the bot answered."""

    payload: Json
    started: float
    callback: Json | None = None
    """The body of its callback."""
    original: Json | None = None
    """The message that its callback made or took the place of, once there is one."""
    thinking: bool = False
    """The bot said that an answer will come, and it has not."""
    answers: list[Json] = field(default_factory=list)
    """The messages that answered it, in order."""

    @property
    def token(self) -> str:
        """Its token, which stands in the webhook addresses."""
        return str(self.payload["token"])
