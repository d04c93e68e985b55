"""Shows several studies in one message: a digest, sent or redrawn."""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import structlog

from bot.core.errors import BotError, MessageGone
from bot.core.links import Link
from bot.core.plan import DIGEST, AnswerLink, ShowDigest
from bot.core.reference import Reference
from bot.core.reply import Reply
from bot.services.answers import Answers
from bot.services.contents import Contents
from bot.services.cooldown import Cooldown
from bot.services.jobs import RETRY
from bot.services.meters import Meters, Outcome, outcome_of
from bot.services.pointers import pointer_to
from bot.services.ports import CardContent, Content, PointerContent
from bot.services.redrawing import Redrawing, single
from bot.services.studies import Identities
from bot.services.task import PATIENCE, StepOutcome, Task, attempt, retry_in, stated_by, wait_for

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """The studies that a digest can show, after its cards were asked for."""

    kept: tuple[Reply, ...]
    """Replies in the digest that stay."""
    tried: tuple[Link, ...]
    """Links whose cards were asked for; each is in `made`, `failed` or `late`, unless its study is shown already."""
    made: dict[Link, CardContent]
    names: dict[Link, frozenset[Reference]]
    """All references of the study of each link in `made`."""
    failed: dict[Link, BotError]
    late: tuple[Link, ...]
    """Links whose cards are still being made."""
    waiting: tuple[Link, ...]
    """Links for which there is no place."""

    @property
    def is_enough(self) -> bool:
        """Whether there are enough studies for a digest: three for a new one, two for one already sent."""
        return len(self.kept) + len(self.made) >= (2 if self.kept else DIGEST)


class Digests:
    """Makes the content of a digest, then sends or redraws the digest."""

    def __init__(
        self,
        *,
        answers: Answers,
        redrawing: Redrawing,
        contents: Contents,
        cooldown: Cooldown,
        identities: Identities,
        meters: Meters,
        patience: float = PATIENCE,
    ) -> None:
        """`patience`: seconds for which a digest waits for all its cards."""
        self._answers = answers
        self._redrawing = redrawing
        self._contents = contents
        self._cooldown = cooldown
        self._identities = identities
        self._meters = meters
        self._patience = patience

    async def show(self, task: Task, step: ShowDigest, standing: frozenset[Reference]) -> StepOutcome:
        """Show several studies in one message, or each in a message of its own if too few are left for a digest."""
        trial = await self._tried(task, step, standing)
        if trial.is_enough:
            return await attempt(self._show(task, step, trial), step.entries[0].reference, self._meters)
        reuse = next(iter(step.reuse), None)
        outcome = StepOutcome(lost=frozenset(link.reference for link in trial.tried))  # unless it is answered
        for kept in trial.kept:
            outcome |= await self._make_single(task, kept, standing)
            standing, reuse = standing | {kept.reference}, None
        for link in trial.tried:
            outcome |= await self._answers.answer(task, AnswerLink(link, reuse), standing | outcome.answered)
            reuse = None
        return outcome

    async def _make_single(self, task: Task, kept: Reply, standing: frozenset[Reference]) -> StepOutcome:
        """Turn a digest with one study left into an ordinary reply; replace it if Discord refuses the edit."""
        if not kept.is_pointer:
            try:
                content = task.content(await task.card_of(kept.reference), spoiler=kept.spoiler)
                drawn = await self._redrawing.try_redraw(task.chat, [single(kept)], content)
            except BotError as error:
                log.info("digest stays", reply=kept.id, reason=str(error))
                return StepOutcome(retry_in=retry_in(error))
            if isinstance(drawn, StepOutcome):
                return drawn
            if isinstance(drawn, MessageGone):  # somebody deleted it while the bot was away
                return await self._redrawing.remove(task.chat, kept.id)
        outcome = StepOutcome(lost=frozenset({kept.reference}), vacated=frozenset({kept.id}))  # lost unless it is answered
        outcome |= await self._redrawing.remove(task.chat, kept.id)
        return outcome | await self._answers.answer(task, AnswerLink(Link(kept.reference, kept.spoiler)), standing)

    async def _tried(self, task: Task, step: ShowDigest, standing: frozenset[Reference]) -> Trial:
        """Make cards in the order of the links, until there are as many as there are places."""
        kept = tuple(one for one in step.entries if isinstance(one, Reply))
        waiting = deque(one for one in step.entries if isinstance(one, Link))
        known = standing.union(*(task.names(one.reference) for one in kept))
        made: dict[Link, CardContent] = {}
        names: dict[Link, frozenset[Reference]] = {}
        failed: dict[Link, BotError] = {}
        late: list[Link] = []
        tried: list[Link] = []
        while waiting and (places := step.most - len(kept) - len(made)) > 0:
            links = [waiting.popleft() for _ in range(min(places, len(waiting)))]
            tried += links
            enough = DIGEST - len(kept) - len(made)
            making = {link: task.card_of(link.reference) for link in links}
            await wait_for(task.chat, *making.values(), enough=enough, patience=self._patience)
            for link, card in making.items():
                if not card.done():
                    late.append(link)
                    continue
                try:
                    content = task.content(card.result(), spoiler=link.spoiler)
                except BotError as error:
                    failed[link] = error
                    continue
                its = task.names(link.reference) | await self._identities.of(link.reference) | stated_by(content.card)
                if known.isdisjoint(its):  # else the message shows the study anyway
                    made[link], names[link] = content, its
                known |= its
            if late:  # their places stay free, since their cards may still come
                break
        return Trial(kept, tuple(tried), made, names, failed, tuple(late), tuple(waiting))

    async def _show(self, task: Task, step: ShowDigest, trial: Trial) -> StepOutcome:
        """Show the studies of a trial. Raises ChatError, or another BotError if a card that stays cannot be made again."""
        if trial.made and not task.is_wanted():
            return StepOutcome()
        stood = {one.reference: one for one in step.reuse}
        turned = [one for one in trial.kept if not one.is_pointer and one.spoiler != stood[one.reference].spoiler]
        studies = [*trial.names.values(), *(task.names(one.reference) for one in turned)]
        # Whoever sends a pointer to one of the cards holds the same lock.
        locked = self._cooldown.each_shown(task.chat, studies, task.settings, message_id=task.post.id)
        async with locked as shown:
            for card in turned:
                await self._redrawing.rewrite_pointers(task, card)
            earlier = {link: one.card for link, one in zip(trial.made, shown, strict=False)}
            replies, content = await self._drawn(task, step, trial, earlier)
            outcome = StepOutcome(vacated=frozenset().union(*(one.vanished for one in shown)))
            if replies != [*step.reuse]:
                put = await self._put(task, step, replies, content)
                for one in replies:
                    if one.reference in put.answered - stood.keys():
                        self._meters.card(Outcome.POINTER if one.is_pointer else Outcome.SENT)
                outcome |= put
        return outcome | self._failures(trial, stood.keys())

    async def _drawn(
        self, task: Task, step: ShowDigest, trial: Trial, earlier: Mapping[Link, Reply | None]
    ) -> tuple[list[Reply], Content]:
        """Give the replies to store, one for each study, and the content of the message."""
        replies: list[Reply] = []
        shown: list[CardContent | PointerContent] = []
        for one in step.entries:
            if isinstance(one, Reply):
                replies.append(one)
                shown.append(await self._contents.entry(one, task.settings, task.card_of))
            elif one in trial.made:
                content: CardContent | PointerContent = trial.made[one]
                if (card := earlier[one]) is not None:
                    content = await pointer_to(card, one.reference, task.card_of, spoiler=one.spoiler)
                replies.append(self._answers.reply(task, one, content))
                shown.append(content)
        waiting = [link.reference for link in trial.waiting]
        known = step.reuse[0].failed if step.reuse else ()
        missed = [link.reference for link in (*trial.failed, *trial.late)]
        failed = (*missed, *(one for one in waiting if one in known))
        more = len(waiting) + len(missed) - len(failed)
        placed = [replace(one, position=place, failed=failed, more=more) for place, one in enumerate(replies)]
        return placed, self._contents.digest(placed, shown, task.settings)

    async def _put(self, task: Task, step: ShowDigest, replies: list[Reply], content: Content) -> StepOutcome:
        """Show the studies by editing the digest's message, or in a new one."""
        outcome = StepOutcome()
        if step.reuse:
            reply_id = step.reuse[0].id
            drawn = await self._redrawing.try_redraw(task.chat, [replace(one, id=reply_id) for one in replies], content)
            if isinstance(drawn, StepOutcome):
                return drawn
            outcome = await self._redrawing.remove(task.chat, reply_id)
            kept = frozenset(one.reference for one in step.entries if isinstance(one, Reply))
            if reply_id not in outcome.vacated:
                return outcome
            if kept and isinstance(drawn, MessageGone):  # somebody deleted it: new links are answered without it
                return outcome | StepOutcome(retry_in=0.0 if len(kept) < len(replies) else None)
            outcome |= StepOutcome(lost=kept)  # unless it is sent
            if not task.is_wanted():
                return outcome
        return outcome | await attempt(self._answers.send(task, replies, content), replies[0].reference, self._meters)

    def _failures(self, trial: Trial, stood: Collection[Reference]) -> StepOutcome:
        """Log and count the links that failed, and give their outcome; the message names them, so they need no mark."""
        for link, error in trial.failed.items():
            log.info("no card", record=str(link.reference), error=type(error).__name__, reason=str(error))
            self._meters.card(outcome_of(error))
        again = [seconds for error in trial.failed.values() if (seconds := retry_in(error)) is not None]
        again += [RETRY for _ in trial.late]
        lost = frozenset(link.reference for link in (*trial.failed, *trial.late) if link.reference in stood)
        return StepOutcome(lost=lost, retry_in=min(again, default=None))
