"""The services' ports in memory: a source of pages that says what it is told, and a store that can break."""

import asyncio
from collections import Counter
from datetime import datetime

from bot.core.errors import StorageError
from bot.core.reference import Reference
from bot.core.source import Request
from bot.services.ports import Page, StoredPage
from tests.invented import invented_page


class Pages:
    """A source of pages: `answers` by reference, else `answer`; an exception is raised, None is "not modified"."""

    def __init__(self) -> None:
        self.answer: bytes | Exception | None = invented_page()
        self.answers: dict[Reference, bytes | Exception] = {}
        self.asked: Counter[Reference] = Counter()
        self.known: list[Page | None] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._asked_again = asyncio.Condition()

    def may_ask(self, _site: str) -> bool:
        return True

    async def until_asked(self, *references: Reference, count: int = 1) -> None:
        """Wait until so many records have been asked for, and these among them."""
        async with self._asked_again:
            await self._asked_again.wait_for(lambda: len(self.asked) >= count and set(references) <= self.asked.keys())

    async def fetch(self, request: Request, known: Page | None = None) -> Page | None:
        reference = request.reference
        async with self._asked_again:
            self.asked[reference] += 1
            self.known.append(known)
            self._asked_again.notify_all()
        await self.gate.wait()
        answer = self.answers.get(reference, self.answer)
        if isinstance(answer, Exception):
            raise answer
        return None if answer is None else Page(reference, answer, "utf-8", '"v1"', None, request.site)


class Store:
    """A store in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[Reference, StoredPage] = {}
        self.misses: dict[Reference, datetime] = {}
        self.broken = False

    async def get(self, reference: Reference) -> StoredPage | None:
        if self.broken:
            raise StorageError("gone")
        return self.kept.get(reference)

    async def put(self, stored: StoredPage) -> None:
        if self.broken:
            raise StorageError("gone")
        self.kept[stored.page.reference] = stored

    async def missing(self, reference: Reference, now: datetime) -> bool:
        if self.broken:
            raise StorageError("gone")
        return reference in self.misses and now < self.misses[reference]

    async def miss(self, reference: Reference, now: datetime, until: datetime) -> None:
        if self.broken:
            raise StorageError("gone")
        self.misses[reference] = until
