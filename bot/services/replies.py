"""Follows edits, clicks and deletions, so that replies stay in line with the messages that they answer."""

from collections.abc import Collection

import structlog

from bot.core.errors import ChatRefused, MessageGone, StorageError
from bot.core.reply import Mark, Post, Reply, ReplyJob
from bot.services.jobs import job_errors
from bot.services.ports import Chat, OpenChat
from bot.services.reconcile import Reconciler

log = structlog.get_logger(__name__)


class Replies(Reconciler):
    """Keeps the replies to each message up to date: each event about it ends in `reconcile`, as its posting does."""

    async def edited(self, chat: Chat, post: Post, *, recent: bool) -> None:
        """Follow an edit. A message without a job is answered only if it is recent: posted since this process began."""
        new = recent and bool(self.rules.wanted(post)) and self.rules.settings_for(chat, post) is not None
        try:
            followed = new or await self._jobs.store.known([post.id])
        except StorageError:
            self._jobs.missed.remember(post.id, post.channel_id, post.guild_id, if_known=True)
            raise
        if followed:
            await self.reconcile(chat, await self._jobs.claim(post.id, post.channel_id, post.guild_id), post)

    async def previewed(self, chat: Chat, post: Post) -> None:
        """Suppress a preview that Discord added late, if the message has replies and moderators want no previews."""
        settings = self.rules.settings_for(chat, post)
        if settings is None or not settings.suppress or not post.has_preview or not self.rules.wanted(post):
            return
        if await self._store.of_message(post.id):
            await chat.suppress_preview(post.id)

    async def clicked(self, chat: Chat, message_id: int, user_id: int) -> None:
        """Answer a message whose mark was clicked: an offer by anybody, the mark of a failed link only by the poster."""
        post = await chat.post(message_id)
        if Mark.OFFER in post.marks or (Mark.UNREADABLE in post.marks and user_id == post.author_id):
            job = await self._jobs.claim(message_id, post.channel_id, post.guild_id, accepted=True)
            await self.reconcile(chat, job, post)

    async def deleted(self, chat: Chat, message_ids: Collection[int]) -> None:
        """Follow the deletion of messages: delete the replies to them, and repair the pointers to deleted cards.

        If the database fails, `follow_missed` repeats this later.
        """
        self._deleted.update(dict.fromkeys(message_ids, 0))
        try:
            about = await self._store.about(message_ids)
            known = await self._jobs.store.known(message_ids)
            gone = frozenset(message_ids)
            if vanished := frozenset(reply.id for reply in about if reply.id in gone):
                await self._store.remove(vanished)
            pointed_to = gone & {reply.target_id for reply in about if reply.target_id is not None}
            await self._request_repointing(pointed_to)
        except StorageError:
            self._jobs.missed.remember_deleted(message_ids, chat.channel_id)
            raise
        answered = {reply.message_id for reply in about if reply.message_id is not None} & gone
        for message_id in sorted(answered | known):
            with job_errors("deletion not followed", message=message_id):
                job = await self._jobs.claim(message_id, chat.channel_id, chat.guild_id)
                await self.reconcile(chat, job)
        await self._repoint(chat, pointed_to)

    async def resume(self, chat: Chat, pending: ReplyJob, *, late: bool = False) -> None:
        """Take up a pending job whose lease expired; if it is `late`, send nothing new."""
        await self.reconcile(chat, await self._jobs.store.take_up(pending.message_id), late=late)

    async def close(self, pending: ReplyJob) -> None:
        """Complete a pending job without doing anything: its channel is gone."""
        if (job := await self._jobs.store.take_up(pending.message_id)) is not None:
            await self._jobs.settle(job, retry_in=None)

    async def postpone(self, chat: Chat, post: Post) -> None:
        """Leave a new message to the next process, since this one is ending."""
        if self.rules.wanted(post) and self.rules.settings_for(chat, post) is not None:
            await self._jobs.store.request(post.id, post.channel_id, post.guild_id)

    async def postpone_changes(self, chat: Chat, message_ids: Collection[int]) -> None:
        """Leave edited or deleted messages to the next process."""
        about = {reply.message_id for reply in await self._store.about(message_ids) if reply.message_id is not None}
        for message_id in sorted((about & set(message_ids)) | await self._jobs.store.known(message_ids)):
            await self._jobs.store.request(message_id, chat.channel_id, chat.guild_id)

    async def shown(self, card: Reply) -> None:
        """Store a card that a command asked for, unless its user opted out. Never raises."""
        if not self.rules.privacy.opted_out(card.poster_id):
            with job_errors("card not stored", card=card.id):
                await self._store.add(card)

    async def card_deleted(self, card_id: int) -> None:
        """Forget a card that was deleted by its button; outside the bot's servers, no event tells of that. Never raises."""
        with job_errors("card not forgotten", card=card_id):
            await self._store.remove([card_id])

    async def channel_deleted(self, channel_id: int) -> int:
        """Forget the cards in a channel or thread that was deleted; gives how many. Raises StorageError."""
        return await self._store.forget_channel(channel_id)

    async def follow_missed(self, open_chat: OpenChat) -> None:
        """Follow what happened while the database did not answer: deletions now, all else when its job is resumed."""
        await self._jobs.missed.store()
        for channel_id, message_ids in self._jobs.missed.deleted().items():
            try:
                await self.deleted(await open_chat(channel_id), message_ids)
            except (ChatRefused, MessageGone) as error:
                log.info("deletions not followed", channel=channel_id, reason=str(error))
            self._jobs.missed.forget_deleted(message_ids)
