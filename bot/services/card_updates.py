"""Updates of cards: once a card is out, one edit adds what services say of its study."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import structlog

from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings
from bot.core.enrichment import MatchOutcome
from bot.core.errors import ChatError, StorageError
from bot.core.reply import Reply
from bot.services.cards import enriched
from bot.services.inquiries import Inquiries, Inquiry
from bot.services.ports import CardContent, Chat, Content, ReplyStore
from bot.services.work import Work

PATIENCE = 10.0
"""Seconds after a card is out in which it may still be edited."""

Edit = Callable[[Card], Awaitable[None]]

log = structlog.get_logger(__name__)


class CardUpdates:
    """Edits each card once at most. Nothing waits for it, and nothing is raised; a failure leaves the card as it is."""

    def __init__(
        self,
        store: ReplyStore,
        inquiries: Inquiries | None = None,
        work: Work | None = None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._inquiries = inquiries if inquiries is not None else Inquiries(None)  # an empty one is false
        self._work = work if work is not None else Work()
        self._patience = patience
        self._waiting: dict[object, asyncio.Task[None]] = {}
        self._editing: dict[object, asyncio.Task[None]] = {}

    def follow(self, chat: Chat, reply: Reply, content: Content) -> None:
        """Update a reply that has just been sent or redrawn, if it is a card."""
        if isinstance(content, CardContent):
            self._begin(reply.id, content.card, content.settings, partial(self._edit, chat, reply, content))

    def follow_answer(self, card: Card, settings: ChannelSettings, edit: Edit) -> None:
        """Update the answer to an interaction, which only its `edit` can change."""
        self._begin(object(), card, settings, edit)

    async def call_off(self, reply_id: int) -> None:
        """Give up the update of a reply that is about to show something else; an edit that has begun is waited for."""
        if (waiting := self._waiting.pop(reply_id, None)) is not None:
            waiting.cancel()
        if (editing := self._editing.get(reply_id)) is not None:
            await asyncio.wait({editing})

    def _begin(self, key: object, card: Card, settings: ChannelSettings, edit: Edit) -> None:
        if self._work.stopping or not settings.enrich:
            return
        if (inquiry := self._inquiries.begin(card.record, card.study.stated)) is None:
            return
        if (earlier := self._waiting.pop(key, None)) is not None:  # sent twice, as Discord took it for once
            earlier.cancel()
        task = asyncio.create_task(self._update(key, card, edit, settings, inquiry), name="update a card")
        self._waiting[key] = task
        task.add_done_callback(partial(self._end, key))

    def _end(self, key: object, task: "asyncio.Task[None]") -> None:
        for tasks in (self._waiting, self._editing):
            if tasks.get(key) is task:
                del tasks[key]

    async def _update(self, key: object, card: Card, edit: Edit, settings: ChannelSettings, inquiry: Inquiry) -> None:
        await asyncio.wait({inquiry}, timeout=self._patience)
        if not inquiry.done() or inquiry.cancelled() or self._work.stopping:
            return
        found = inquiry.result()
        if found is None or found.outcome is not MatchOutcome.MATCH:
            return
        updated = enriched(card, found, settings)
        if _facts(updated) == _facts(card):
            return
        self._editing[key] = self._waiting.pop(key)
        with self._work.doing():
            try:
                await edit(updated)
            except (StorageError, ChatError) as error:
                log.info("card not updated", error=type(error).__name__, reason=str(error))
            except Exception:
                log.exception("card not updated")

    async def _edit(self, chat: Chat, reply: Reply, content: CardContent, card: Card) -> None:
        """Edit a reply, unless it is gone or shows something else by now."""
        for kept in (await self._store.get([reply.id])).get(reply.id, ()):
            if kept.reference != reply.reference or kept.is_pointer:
                continue
            await chat.edit(reply.id, replace(content, card=card, spoiler=kept.spoiler))
            log.info("card updated", record=str(reply.reference), card=reply.id)


def _facts(card: Card) -> tuple[object, ...]:
    """Give all that a card shows of an enrichment."""
    return card.study.enrichment.facts if card.study.enrichment is not None else ()
