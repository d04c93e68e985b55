"""A channel in memory: the `Chat` port without Discord."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.core.channel_settings import Place
from bot.core.errors import ChatError, MessageGone
from bot.core.links import Link
from bot.core.reference import Reference
from bot.core.reply import Mark, Post
from bot.services.ports import CardContent, Content, DigestContent, FoundReply, PointerContent
from tests.references import erowid

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHANNEL, GUILD, ALICE = 7, 5, 9
HERE = Place(GUILD, CHANNEL)


@dataclass
class Sent:
    """A reply that stands in the channel."""

    message_id: int
    content: Content
    nonce: str

    @property
    def reference(self) -> Reference | None:
        return self.content.card.record.reference if isinstance(self.content, CardContent) else None

    @property
    def shown(self) -> str:
        """What it shows: the number of a card's record, or where a pointer points to; of several studies all."""
        return " + ".join(map(_said, _entries(self.content)))


def _entries(content: Content) -> tuple[CardContent | PointerContent, ...]:
    return content.entries if isinstance(content, DigestContent) else (content,)


def _said(entry: CardContent | PointerContent) -> str:
    return entry.card.record.reference.short if isinstance(entry, CardContent) else f"-> {entry.target.id}"


@dataclass
class FakeChat:
    """Posts, replies and marks; `failures` are raised one after the other by the named method."""

    channel_id: int = CHANNEL
    guild_id: int | None = GUILD
    parent_id: int | None = None
    place: Place = HERE
    open: bool = True
    posts: dict[int, Post] = field(default_factory=dict)
    sent: dict[int, Sent] = field(default_factory=dict)
    marks: dict[int, Mark] = field(default_factory=dict)
    suppressed: list[int] = field(default_factory=list)
    failures: dict[str, list[ChatError]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def write(self, message_id: int, *records: int | Reference, **given) -> Post:
        """Post a message that links to records, a number being one of Erowid's, or edit it."""
        links = tuple(Link(record if isinstance(record, Reference) else erowid(record)) for record in records)
        known = self.posts.get(message_id)
        version = known.version + 1 if known is not None else 0
        post = Post(message_id, CHANNEL, Place(GUILD, CHANNEL), ALICE, NOW, links, version=version, **given)
        self.posts[message_id] = post
        return post

    def shown(self) -> list[str]:
        """What stands in the channel, in its order."""
        return [one.shown for _, one in sorted(self.sent.items())]

    async def post(self, message_id: int) -> Post:
        self._call("post")
        if message_id not in self.posts:
            raise MessageGone("404")
        post = self.posts[message_id]
        return replace(post, marks=frozenset({self.marks[message_id]}) if message_id in self.marks else frozenset())

    async def find_posts(self, message_ids: Collection[int]) -> dict[int, Post | None]:
        self._call("find_posts")
        return {message_id: self.posts.get(message_id) for message_id in message_ids}

    def may_reply(self, _since: datetime) -> bool:
        return self.open

    @asynccontextmanager
    async def typing(self) -> AsyncIterator[None]:
        self.calls.append("typing")
        yield

    async def send(self, message_id: int, content: Content, nonce: str) -> int:
        self._call("send")
        if message_id not in self.posts:
            raise MessageGone("404")
        for reply_id, one in self.sent.items():
            if one.nonce == nonce:
                return reply_id
        reply_id = 1000 + len([one for one in self.calls if one == "send"])
        self.sent[reply_id] = Sent(message_id, content, nonce)
        return reply_id

    async def edit(self, reply_id: int, content: Content) -> None:
        self._call("edit")
        self._reply(reply_id).content = content

    async def delete(self, reply_id: int) -> None:
        self._call("delete")
        self.sent.pop(reply_id, None)

    async def shows(self, reply_id: int) -> frozenset[Reference]:
        self._call("shows")
        entries = _entries(self._reply(reply_id).content)
        return frozenset(one.card.record.reference for one in entries if isinstance(one, CardContent))

    async def find_replies(self, message_id: int) -> tuple[FoundReply, ...]:
        self._call("find_replies")
        return tuple(
            FoundReply(reply_id, entry.card.record.reference, None, entry.spoiler)
            if isinstance(entry, CardContent)
            else FoundReply(reply_id, None, entry.target.id)
            for reply_id, one in self.sent.items()
            if one.message_id == message_id
            for entry in _entries(one.content)
        )

    async def set_mark(self, message_id: int, mark: Mark | None, old: Collection[Mark]) -> Mark | None:
        if set(old) == {mark} - {None}:
            return mark
        self.calls.append("set_mark")
        self.marks.pop(message_id, None)
        if mark is not None:
            self.marks[message_id] = mark
        return mark

    async def suppress_preview(self, message_id: int) -> None:
        self.suppressed.append(message_id)

    def _reply(self, reply_id: int) -> Sent:
        if reply_id not in self.sent:
            raise MessageGone("404")
        return self.sent[reply_id]

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.failures.get(name):
            raise self.failures[name].pop(0)
