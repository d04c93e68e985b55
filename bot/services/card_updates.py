"""Updates of cards: after cards are sent, one edit of their message adds what bibliographic services know."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot import citation
from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.errors import ChatError, StorageError
from bot.core.reply import Reply
from bot.core.study import Study
from bot.services.inquiries import Inquiries, Inquiry
from bot.services.jobs import Jobs
from bot.services.ports import CardContent, Chat, Content, DigestContent, ReplyStore
from bot.services.work import Work

PATIENCE = 10.0
"""Seconds after a card is sent in which it may still be edited."""

Edit = Callable[[Sequence[Card]], Awaitable[None]]
"""Redraws a message with its updated cards, given in the message's order."""

log = structlog.get_logger(__name__)


class CardUpdates:
    """Edits each message at most once, in a task of its own. A failure is logged and leaves the message as it is."""

    def __init__(
        self,
        store: ReplyStore,
        jobs: Jobs,
        inquiries: Inquiries | None = None,
        work: Work | None = None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._inquiries = inquiries or Inquiries(None)
        self._work = work or Work()
        self._patience = patience
        self._waiting: dict[object, asyncio.Task[None]] = {}
        self._editing: dict[object, asyncio.Task[None]] = {}

    def follow(self, chat: Chat, replies: Sequence[Reply], content: Content) -> None:
        """Update a message that has just been sent or redrawn, if it shows cards; `replies` are its stored replies."""
        if cards := [one.card for one in _cards_of(content)]:
            settings = content.settings  # type: ignore[union-attr]  # a pointer has no cards
            self._begin(replies[0].id, cards, settings, partial(self._edit, chat, replies, content))

    def follow_answer(self, cards: Sequence[Card], settings: ChannelSettings, edit: Edit) -> None:
        """Update the answer to an interaction, which only `edit` can change."""
        self._begin(object(), cards, settings, edit)

    async def call_off(self, reply_id: int) -> None:
        """Cancel the update of a reply that is about to show something else; wait for an edit that has begun."""
        if (waiting := self._waiting.pop(reply_id, None)) is not None:
            waiting.cancel()
        if (editing := self._editing.get(reply_id)) is not None:
            await asyncio.wait({editing})

    def _begin(self, key: object, cards: Sequence[Card], settings: ChannelSettings, edit: Edit) -> None:
        if self._work.stopping or not settings.enrich:
            return
        inquiries = [self._inquiries.begin(card.record, card.study.stated) for card in cards]
        if not any(inquiries):
            return
        if (earlier := self._waiting.pop(key, None)) is not None:  # sent again with the same nonce
            earlier.cancel()
        asked = list(zip(cards, inquiries, strict=True))
        task = asyncio.create_task(self._update(key, asked, edit, settings), name="update a card")
        self._waiting[key] = task
        task.add_done_callback(partial(self._end, key))

    def _end(self, key: object, task: "asyncio.Task[None]") -> None:
        for tasks in (self._waiting, self._editing):
            if tasks.get(key) is task:
                del tasks[key]

    async def _update(
        self, key: object, asked: Sequence[tuple[Card, Inquiry | None]], edit: Edit, settings: ChannelSettings
    ) -> None:
        await asyncio.wait({inquiry for _, inquiry in asked if inquiry is not None}, timeout=self._patience)
        updated = [_updated(card, inquiry, settings) for card, inquiry in asked]
        if self._work.stopping or all(_facts(new) == _facts(old) for new, (old, _) in zip(updated, asked, strict=True)):
            return
        self._editing[key] = self._waiting.pop(key)
        with self._work.doing():
            try:
                await edit(updated)
            except (StorageError, ChatError) as error:
                log.info("card not updated", error=type(error).__name__, reason=str(error))
            except Exception:
                log.exception("card not updated")

    async def _edit(self, chat: Chat, replies: Sequence[Reply], content: Content, cards: Sequence[Card]) -> None:
        """Edit a message, unless it is gone or now shows something else."""
        reply_id = replies[0].id
        async with self._jobs.editing(replies[0], beside_work=True):
            kept = (await self._store.get([reply_id])).get(reply_id, ())
            if [(one.reference, one.target_id) for one in kept] != [(one.reference, one.target_id) for one in replies]:
                return
            hidden = [one.spoiler for one in kept if not one.is_pointer]
            shown = iter(
                replace(one, card=card, spoiler=spoiler)
                for one, card, spoiler in zip(_cards_of(content), cards, hidden, strict=True)
            )
            if isinstance(content, DigestContent):
                entries = (next(shown) if isinstance(one, CardContent) else one for one in content.entries)
                await chat.edit(reply_id, replace(content, entries=tuple(entries)))
            else:
                await chat.edit(reply_id, next(shown))
        log.info("card updated", records=[str(one.reference) for one in replies], card=reply_id)


def _cards_of(content: Content) -> list[CardContent]:
    entries = content.entries if isinstance(content, DigestContent) else (content,)
    return [one for one in entries if isinstance(one, CardContent)]


def enriched(card: Card, enrichment: Enrichment, settings: ChannelSettings) -> Card:
    """Give a card with what services say of its work, as far as the settings of its place let it be shown."""
    study = Study(card.record, enrichment).limited(enrich=settings.enrich, free_text=settings.free_text)
    return replace(card, study=study, citation=citation.cite(study.to_csl(), settings.style))


def _updated(card: Card, inquiry: Inquiry | None, settings: ChannelSettings) -> Card:
    """Add the result of an inquiry to a card, if the inquiry has ended."""
    if inquiry is None or not inquiry.done() or inquiry.cancelled():
        return card
    found = inquiry.result()
    return card if found is None or found.outcome is not MatchOutcome.MATCH else enriched(card, found, settings)


def _facts(card: Card) -> tuple[object, ...]:
    """Give the parts of an enrichment that a card shows, for comparison."""
    return card.study.enrichment.facts if card.study.enrichment is not None else ()
