"""Sends and edits replies, and stores each."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.errors import ChatError, StorageError
from bot.core.links import Link
from bot.core.reference import Reference
from bot.core.reply import Reply, ReplyJob
from bot.services.card_updates import CardUpdates
from bot.services.cards import Cards
from bot.services.jobs import RETRY
from bot.services.outcomes import StepOutcome, Task
from bot.services.ports import CardContent, Chat, Content, PointerContent, ReplyStore

log = structlog.get_logger(__name__)


class Sender:
    """Sends and edits replies. Methods raise ChatError; what cannot be stored is an outcome."""

    def __init__(self, cards: Cards, store: ReplyStore, updates: CardUpdates | None, *, now: Callable[[], datetime]) -> None:
        self._cards = cards
        self._store = store
        self._updates = updates or CardUpdates(store)
        self._now = now

    async def make(self, task: Task, link: Link) -> CardContent:
        """Make the card of a link."""
        card = await self._cards.card(link.reference, task.settings)
        return CardContent(card, task.settings, task.post.author_id, link.spoiler)

    async def send(self, task: Task, link: Link, content: Content) -> StepOutcome:
        """Send a reply to a link, and store it."""
        post, chat = task.post, task.chat
        sent = await chat.send(post.id, content, nonce_of(task.job, link.reference, post.version))
        reply = Reply(
            id=sent,
            message_id=post.id,
            reference=link.reference,
            channel_id=post.channel_id,
            poster_id=post.author_id,
            made_at=self._now(),
            parent_id=chat.parent_id,
            guild_id=post.guild_id,
            spoiler=link.spoiler,
            target_id=content.target.id if isinstance(content, PointerContent) else None,
        )
        log.info("card sent", record=str(link.reference), card=sent, pointer=reply.is_pointer)
        answered = StepOutcome(frozenset({link.reference}))
        try:
            if not await self._store.add(reply):
                await chat.delete(sent)  # another process answered this link
            if reply.target_id is not None and not await self._store.get([reply.target_id]):
                return answered | StepOutcome(retry_in=0.0)  # its card went in this moment: the pointer must be mended
        except (StorageError, ChatError) as error:
            log.warning("reply not stored; the channel's history will be looked through", reply=sent, reason=str(error))
            return answered | StepOutcome(retry_in=RETRY)
        self._updates.follow(chat, reply, content)
        return answered

    async def redraw(self, chat: Chat, reply: Reply, link: Link, content: CardContent) -> StepOutcome:
        """Let a reply show another card. Raises ChatError, as between layouts."""
        shown = replace(reply, reference=link.reference, spoiler=link.spoiler, target_id=None, made_at=self._now())
        redrawn = StepOutcome(frozenset({link.reference}), vacated=frozenset({reply.id}))
        return redrawn | await self.edit(chat, shown, content)

    async def edit(self, chat: Chat, shown: Reply, content: CardContent) -> StepOutcome:
        """Let a card be drawn anew."""
        await self._updates.call_off(shown.id)
        await chat.edit(shown.id, content)
        outcome = await self.store_change(shown)
        self._updates.follow(chat, shown, content)
        return outcome

    async def store_change(self, reply: Reply) -> StepOutcome:
        """Store what a reply shows now."""
        try:
            await self._store.replace(reply)
        except StorageError as error:
            log.warning("change of a reply not stored; the history tells it later", reply=reply.id, reason=str(error))
            return StepOutcome(retry_in=RETRY)
        return StepOutcome()


def nonce_of(job: ReplyJob, reference: Reference, version: int) -> str:
    """Give a reply's nonce, 24 characters: the same whenever the same version of a message is answered again."""
    return hashlib.sha256(f"{job.nonce_seed}:{reference}:{version}".encode()).hexdigest()[:24]
