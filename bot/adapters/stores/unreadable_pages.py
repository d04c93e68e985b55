"""Pages that the parsers could not read, kept so that the host can report them."""

import zlib
from collections import Counter

from sqlalchemy import case, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.adapters.database.engine import read, write
from bot.adapters.database.tables import UnreadablePageRow
from bot.adapters.database.upsert import upsert
from bot.core.errors import StorageError
from bot.services.page_ports import PagesChange, SiteHealth, UnreadablePage
from bot.services.ports import Page

_ROW = UnreadablePageRow


class UnreadablePages:
    """Implements `UnreadablePageStore`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, page: UnreadablePage, *, most: int) -> None:
        row = {
            "site": page.page.site,
            "reference": page.page.reference,
            "url": page.url,
            "reason": page.reason,
            "parser": page.parser,
            "at": page.at,
            "charset": page.page.charset,
            "read_since": False,
            "body": zlib.compress(page.page.body),
        }
        told = select(exists().where(_ROW.site == page.page.site, _ROW.told, ~_ROW.read_since))
        kept = select(_ROW.site, _ROW.reference).order_by(_ROW.at.desc(), _ROW.reference)

        async def work(connection: AsyncConnection) -> None:
            known = await connection.scalar(told)  # asked first, since the rows that say so may be deleted below
            await upsert(connection, _ROW, row | {"told": known})
            for old in (await connection.execute(kept.offset(most))).all():
                await connection.execute(delete(_ROW).where(_ROW.site == old.site, _ROW.reference == old.reference))

        await write(self._engine, work)

    async def note_read(self, site: str) -> bool:
        noted = update(_ROW).where(_ROW.site == site, ~_ROW.read_since).values(read_since=True)
        return bool((await write(self._engine, lambda connection: connection.execute(noted))).rowcount)

    async def all(self) -> tuple[UnreadablePage, ...]:
        rows = await read(self._engine, select(_ROW.__table__).order_by(_ROW.at.desc(), _ROW.reference))
        try:
            return tuple(
                UnreadablePage(
                    Page(row.reference, zlib.decompress(row.body), row.charset, site=row.site),
                    row.url,
                    row.reason,
                    row.parser,
                    row.at,
                )
                for row in rows
            )
        except (ValueError, zlib.error) as error:
            raise StorageError(f"a row of unreadable_pages is damaged: {type(error).__name__}") from error

    async def health(self) -> tuple[SiteHealth, ...]:
        rows = (await read(self._engine, select(_ROW.site, _ROW.at, _ROW.read_since, _ROW.told))).all()
        found = []
        for site in sorted({row.site for row in rows}):
            of_site = [row for row in rows if row.site == site]
            unread = [row.at for row in of_site if not row.read_since]
            found.append(SiteHealth(site, len(unread), min(unread, default=None), any(row.told for row in of_site)))
        return tuple(found)

    async def note_told(self, *, enough: int) -> tuple[PagesChange, ...]:
        stopped = select(_ROW.site).where(~_ROW.read_since).group_by(_ROW.site).having(func.count() >= enough)
        news = case(
            (_ROW.told, _ROW.site.not_in(stopped)),
            else_=_ROW.site.in_(stopped) & _ROW.site.not_in(select(_ROW.site).where(_ROW.told)),
        )
        told = update(_ROW).where(news).values(told=~_ROW.told).returning(_ROW.site, _ROW.told & ~_ROW.read_since)
        unread = Counter[str]()
        for site, is_unread in await write(self._engine, lambda connection: connection.execute(told)):
            unread[site] += is_unread
        # A count between 0 and `enough` came while another process told the host, so the host knows already.
        changes = [PagesChange(site, count) for site, count in unread.items() if count == 0 or count >= enough]
        return tuple(sorted(changes, key=lambda one: (one.unreadable == 0, one.site)))
