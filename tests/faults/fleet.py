"""Processes of the bot on one database, killed without warning and started again, under a stream of pastes."""

import asyncio
import random
import sys
import time
from collections import Counter
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.discord_client.limits import DiscordLimits
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.erowid import Erowid, link
from tests.wire.process import Process, hasty

PATIENCE = 180
"""Seconds for a start, and for the next one of the last cards, on a machine that is busy."""
LIVED = 2.0
"""Seconds a process must live on after a message reached it, for the message to be answered for certain."""
DELETED = 0.3
"""The part of all changes that are deletions; the others are edits."""
NEW = 2.5
"""Seconds between pastes of records that nobody pasted yet: the site gives one a second at most."""


@dataclass(eq=False)
class Life:
    """One process, from its start to its end."""

    process: Process
    held: AbstractAsyncContextManager[Process]
    session: str = ""
    """The ID of its gateway session."""
    ended: float = float("inf")


@dataclass
class Paste:
    """A message with links, and who was there to read it."""

    message: o.Json
    ids: tuple[int, ...]
    at: float
    readers: list[Life] = field(default_factory=list)
    deleted: bool = False

    @property
    def certain(self) -> bool:
        """Whether it must have its cards, whatever happened."""
        return any(life.ended - self.at > LIVED for life in self.readers)


class Fleet:
    """So many processes, the simulated Discord and the stand-in for Erowid that they share."""

    def __init__(
        self,
        server: Discord,
        site: Erowid,
        folder: Path,
        database_url: str,
        *,
        size: int,
        seed: int,
        waits: DiscordLimits | None = None,
    ) -> None:
        self._server = server
        self._site = site
        self._folder = folder
        self._database_url = database_url
        self._waits = waits or DiscordLimits()
        self._random = random.Random(seed)
        self._pool: list[int] = [10_000]
        self._new_at = 0.0
        self.lives: list[Life | None] = [None] * size
        self.pastes: list[Paste] = []
        self.killed_at: list[float] = []
        """When processes were killed, on the monotonic clock."""
        server.rest.latency = 0.01

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for place, life in enumerate(self.lives):
            if life is not None:
                await self.kill(place)

    async def start(self, place: int) -> None:
        """Start a process, and wait until its session is there."""
        folder = self._folder / f"process{place}"
        folder.mkdir(exist_ok=True)
        known = set(self._server.gateway.sessions)
        settings = {"DATABASE_URL": self._database_url, "EROWID_URL": self._site.url, "LOG_FORMAT": "json"}
        held = hasty(self._server, folder, self._waits, None, **settings)
        process = await held.__aenter__()
        life = self.lives[place] = Life(process, held)
        life.session = await self._server.until(lambda: self._new_session(process, known), PATIENCE)

    def _new_session(self, process: Process, known: set[str]) -> str:
        sessions = self._server.gateway.sessions
        taken = {life.session for life in self.lives if life}
        new = [one for one in sessions if one not in known | taken and sessions[one].connection is not None]
        assert process.running, process.log[-3000:]
        return new[0] if new else ""

    async def kill(self, place: int) -> None:
        """Kill a process with SIGKILL: it hears nothing of it."""
        life = self.lives[place]
        assert life is not None
        life.ended = time.monotonic()
        self.lives[place] = None
        self.killed_at.append(life.ended)
        await life.process.kill()
        await life.held.__aexit__(None, None, None)

    async def stop(self) -> None:
        """End all processes as their keeper would, and wait for their ends."""
        lives = [life for life in self.lives if life is not None]
        self.lives = [None] * len(self.lives)
        await asyncio.gather(*(life.process.stop() for life in lives))
        for life in lives:
            await life.held.__aexit__(None, None, None)

    async def paste(self, *, most: int = 2, new: bool = False) -> Paste:
        """Let Alice paste links to one record or more; a `new` one is one that nobody pasted yet, as is one now and then."""
        if new or time.monotonic() - self._new_at > NEW:
            self._new_at = time.monotonic()
            self._pool.append(self._pool[-1] + 1)
            chosen = [self._pool[-1]]
        else:
            chosen = self._known(most)
        readers = [life for life in self.lives if life and self._reads(life.session)]
        sent = await self._server.paste(" ".join(map(link, chosen)), channel=self._random.choice(o.ROOMS))
        self.pastes.append(Paste(sent, tuple(chosen), time.monotonic(), readers))
        return self.pastes[-1]

    async def change(self) -> None:
        """Let Alice edit or delete one of her last messages, which must be followed if the message was taken up."""
        paste = self._random.choice(self.pastes[-4:])
        if paste.deleted:
            return
        paste.readers = []
        if self._random.random() < DELETED:
            paste.ids, paste.deleted = (), True
            await self._server.delete(paste.message)
        else:
            paste.ids = tuple(self._known(2))
            await self._server.edit(paste.message, " ".join(map(link, paste.ids)))

    def _known(self, most: int) -> list[int]:
        """Choose records that were asked for before, so that a short life is long enough to answer links to them."""
        known = [one for one in self._pool if one in self._site.asked_at] or self._pool
        return self._random.sample(known, min(len(known), self._random.randint(1, most)))

    def _reads(self, session: str) -> bool:
        found = self._server.gateway.sessions.get(session)
        return found is not None and found.connection is not None

    def answers(self) -> dict[str, list[o.Json]]:
        """Give the bot's replies, by the ID of the message that they answer."""
        found: dict[str, list[o.Json]] = {}
        for message in self._server.messages.values():
            if message["author"]["id"] == str(o.APPLICATION):
                found.setdefault(message["message_reference"]["message_id"], []).append(message)
        return found

    async def settle(self) -> None:
        """Wait until all that must have its cards has them, no job is pending, and what changed meanwhile is followed.

        To follow what changed while nobody listened, a process looks at one channel after another.
        """
        patience = PATIENCE + 2 * self._waits.catch_up_pause * len(o.ROOMS)
        until, left = 0.0, float("inf")
        while True:
            answers = self.answers()
            owed = [it for it in self.pastes if it.certain and len(answers.get(it.message["id"], [])) < len(it.ids)]
            pending, wrong = await self.pending(), await self.wrong()
            if not owed and not pending and not wrong:
                return
            if (now := len(owed) + len(pending) + len(wrong)) < left:
                until, left = time.monotonic() + patience, now
            assert time.monotonic() < until, (owed, pending, wrong)
            await asyncio.sleep(0.2)

    async def rows(self, sql: str) -> list[Any]:
        """Ask the database, by a connection of the test's own."""
        engine = create_async_engine(self._database_url)
        try:
            async with engine.connect() as connection:
                return list((await connection.execute(text(sql))).all())
        finally:
            await engine.dispose()

    async def pending(self) -> list[Any]:
        """Give the jobs that are not finished."""
        return await self.rows("SELECT message_id FROM reply_jobs WHERE requests > completed")

    async def wrong(self) -> list[Any]:
        """Give each message that was taken up and shows other records than it links to, with both."""
        records = {row.id: row.reference for row in await self.rows("SELECT id, reference FROM replies")}
        pastes, answers = {it.message["id"]: it for it in self.pastes}, self.answers()
        found = []
        for (message_id,) in await self.rows("SELECT message_id FROM reply_jobs"):
            linked = sorted(f"erowid:{one}" for one in pastes[str(message_id)].ids)
            shown = sorted(records.get(int(card["id"]), "unknown") for card in answers.get(str(message_id), []))
            if shown != linked:
                found.append((message_id, linked, shown))
        return found

    def told(self) -> str:
        """Say how much happened."""
        answers = self.answers()
        certain = sum(it.certain for it in self.pastes)
        return (
            f"{len(self.killed_at)} kills, {len(self.pastes)} pastes ({certain} read by a process that lived on), "
            f"{len(answers)} answered with {sum(map(len, answers.values()))} cards, "
            f"{len(self._site.at)} requests at the site, {self._site.least_gap():.3f} s apart at least\n"
        )

    def fetched_needlessly(self) -> list[tuple[int, float, float]]:
        """Give each record that was fetched twice though no process was killed that may have been fetching it, and when."""
        return [
            (record, first, second)
            for record, times in self._site.asked_at.items()
            for first, second in pairwise(times)
            if not any(first - LIVED < kill < second for kill in self.killed_at)  # its request may arrive later
        ]

    async def check(self) -> None:
        """No card twice, none lost, and the database knows what stands in the channels."""
        sys.stdout.write(self.told())
        answers = self.answers()
        by_message = {it.message["id"]: it for it in self.pastes}
        records = {row.id: row for row in await self.rows("SELECT id, message_id, reference FROM replies")}
        for message_id, cards in answers.items():
            of = Counter(records[int(card["id"])].reference for card in cards if int(card["id"]) in records)
            assert set(of.values()) <= {1}, (message_id, of)
            assert len(cards) <= len(by_message[message_id].ids), (message_id, cards)
        lost = [it for it in self.pastes if it.certain and len(answers.get(it.message["id"], [])) != len(it.ids)]
        assert not lost, lost
        standing = {(int(card["id"]), int(message)) for message, cards in answers.items() for card in cards}
        assert {(row.id, row.message_id) for row in records.values()} == standing
        assert await self.wrong() == []
