"""The cool-down: a study that a channel showed recently gets a pointer to that card instead of a second card."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.channel_settings import ChannelSettings
from bot.core.errors import ChatError, MessageGone, StorageError
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.ports import Chat, Locks, ReplyStore

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """The card of a study that a channel showed within its cool-down."""

    card: Reply | None = None
    vanished: frozenset[int] = frozenset()
    """IDs of cards that turned out to be deleted."""


class Cooldown:
    """Finds the card to point to.

    While a link is answered, its study is locked in its channel under all known references. So if two people paste it at
    the same time, the second gets a pointer.
    """

    def __init__(self, store: ReplyStore, locks: Locks, now: Callable[[], datetime]) -> None:
        self._store = store
        self._locks = locks
        self._now = now

    @asynccontextmanager
    async def shown(
        self,
        chat: Chat,
        references: Collection[Reference],
        settings: ChannelSettings,
        *,
        message_id: int,
        at: datetime | None = None,
    ) -> AsyncIterator[Shown]:
        """Lock a study in a channel, and give the card of it that the channel showed in reply to other messages.

        The cool-down is counted back from `at`, by default from now. If the database or Discord does not answer, no card is
        given.
        """
        async with self.each_shown(chat, [references], settings, message_id=message_id, at=at) as (shown,):
            yield shown

    @asynccontextmanager
    async def each_shown(
        self,
        chat: Chat,
        studies: Sequence[Collection[Reference]],
        settings: ChannelSettings,
        *,
        message_id: int,
        at: datetime | None = None,
    ) -> AsyncIterator[tuple[Shown, ...]]:
        """Do as `shown` for several studies, each given by its references."""
        if not settings.cooldown:
            yield tuple(Shown() for _ in studies)
            return
        since = (at or self._now()) - timedelta(seconds=settings.cooldown)
        async with AsyncExitStack() as stack:
            for reference in sorted({one for references in studies for one in references}):  # sorted: callers never deadlock
                await stack.enter_async_context(self._locks.hold(f"{reference} in {chat.channel_id}"))
            yield tuple([await self._look(chat, references, since, message_id) for references in studies])

    async def _look(self, chat: Chat, references: Collection[Reference], since: datetime, message_id: int) -> Shown:
        vanished: frozenset[int] = frozenset()
        try:
            while (card := await self._store.last_card(chat.channel_id, references, since)) is not None:
                if card.message_id == message_id:
                    break
                try:
                    shows = await chat.shows(card.id)
                except MessageGone:  # deleted while the bot was away
                    await self._store.remove([card.id])
                    vanished |= {card.id}
                    continue
                return Shown(None if shows.isdisjoint(references) else card, vanished)
        except (StorageError, ChatError) as error:
            log.info("earlier card cannot be looked up", records=sorted(map(str, references)), reason=str(error))
        return Shown(None, vanished)
