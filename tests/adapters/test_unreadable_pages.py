"""Pages that could not be read, on both databases: which are kept, when the host is told, and the file for an issue."""

import asyncio
import json
import zipfile
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import __version__
from bot.adapters.database.engine import open_database
from bot.adapters.monitoring.health import Health, pages_readable
from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.cli import main
from bot.commands.doctor.pages import pages_check
from bot.commands.doctor.report import Level
from bot.core.errors import StorageError
from bot.services.page_ports import PagesChange, SiteHealth, UnreadablePage
from bot.services.page_watch import ENOUGH, MOST, PageWatch
from bot.services.ports import Page
from bot.settings import Settings
from tests.references import erowid

START = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
BODY = b"<html><title>The new Erowid</title><p>Na\xc3\xafve words.</p></html>"


def unreadable(number: int, site: str = "Erowid", body: bytes = BODY) -> UnreadablePage:
    """The page of a record, which came a minute after that of the number before."""
    return UnreadablePage(
        Page(erowid(number), body, "utf-8", site=site),
        f"https://site.example/{number}",
        "page not understood: no title",
        5,
        START + timedelta(minutes=number),
    )


def stopped(count: int = ENOUGH, site: str = "Erowid") -> tuple[PagesChange, ...]:
    return (PagesChange(site, count),)


AGAIN = stopped(0)


@pytest.fixture
def store(engine: AsyncEngine) -> UnreadablePages:
    return UnreadablePages(engine)


@pytest.fixture
def watch(store: UnreadablePages) -> PageWatch:
    return PageWatch(store)


async def test_the_last_pages_are_kept(store: UnreadablePages, engine: AsyncEngine) -> None:
    """Of each record the last page, of all the newest, as they came; in the database they are small."""
    for number in range(1, MOST + 6):
        await store.keep(unreadable(number, "Erowid" if number % 2 else "Europe PMC"), most=MOST)
    assert await store.all() == tuple(
        unreadable(number, "Erowid" if number % 2 else "Europe PMC") for number in range(MOST + 5, 5, -1)
    )
    again = replace(unreadable(7, body=b"x" * 100_000), at=START + timedelta(days=1), reason="page not understood: empty")
    await store.keep(again, most=MOST)
    kept = await store.all()
    assert (kept[0], len(kept), kept[-1]) == (again, MOST, unreadable(6, "Europe PMC"))
    async with engine.connect() as connection:
        asked = "SELECT length(body) FROM unreadable_pages WHERE reference = 'erowid:7'"
        assert await connection.scalar(text(asked)) < 1_000


async def test_a_damaged_row(store: UnreadablePages, engine: AsyncEngine) -> None:
    """Is said, as of every table."""
    await store.keep(unreadable(1), most=MOST)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE unreadable_pages SET body = :body"), {"body": b"?"})
    with pytest.raises(StorageError, match="unreadable_pages"):
        await store.all()


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ("1 2", {}),
        ("1 2 2 2 2", {}),
        ("1 2 3", {3: stopped()}),
        ("1 2 + 3 4", {}),
        ("1 2 + 3 4 5", {6: stopped()}),
        ("1 2 3 4 5", {3: stopped()}),
        ("1 2 3 + +", {3: stopped(), 4: AGAIN}),
        ("1 2 3 + 4 5 6 +", {3: stopped(), 4: AGAIN, 7: stopped(), 8: AGAIN}),
        ("1 2 3 e4 e5 e6 +", {3: stopped(), 6: stopped(site="Europe PMC"), 7: AGAIN}),
        (" ".join(map(str, range(1, MOST + 3))), {3: stopped()}),
    ],
)
async def test_each_change_is_told_once(watch: PageWatch, events: str, told: dict[int, tuple[PagesChange, ...]]) -> None:
    """A number: that record's page could not be read (e: of Europe PMC). +: a page of Erowid could."""
    found = {}
    for at, event in enumerate(events.split(), 1):
        if event == "+":
            await watch.succeeded("Erowid")
        else:
            number = int(event.removeprefix("e"))
            await watch.failed(unreadable(number, "Europe PMC" if event.startswith("e") else "Erowid"))
        if changes := await watch.changes():
            found[at] = changes
    assert found == told


async def test_told_late(watch: PageWatch) -> None:
    """What came and went unseen is no news; and many at once are one change."""
    for number in range(1, 5):
        await watch.failed(unreadable(number))
    await watch.succeeded("Erowid")
    assert await watch.changes() == ()
    for number in range(1, MOST + 3):
        await watch.failed(unreadable(number))
    assert await watch.changes() == stopped(MOST)
    await watch.succeeded("Erowid")
    for number in range(1, 5):
        await watch.failed(unreadable(number + 100))
    assert await watch.changes() == ()  # it was told that they cannot be read, and they cannot


async def test_told_once_over_processes(database_url: str) -> None:
    """Whichever of them looks first."""
    async with AsyncExitStack() as opened:
        engines = [await opened.enter_async_context(open_database(database_url)) for _ in range(4)]
        watches = [PageWatch(UnreadablePages(engine)) for engine in engines]
        for number in range(1, 4):
            await watches[0].failed(unreadable(number))
        found = await asyncio.gather(*(watch.changes() for watch in watches))
        assert sorted(map(len, found)) == [0, 0, 0, 1]
        await watches[1].succeeded("Erowid")
        found = await asyncio.gather(*(watch.changes() for watch in watches))
        assert [one for one in found if one] == [AGAIN]


async def test_what_may_be_a_change_is_news(watch: PageWatch) -> None:
    """A page that is read like all before it is none."""
    news = []
    watch.listen(lambda: news.append(1))
    await watch.succeeded("Erowid")
    assert len(news) == 0
    await watch.failed(unreadable(1))
    assert len(news) == 1
    await watch.succeeded("Erowid")
    assert len(news) == 2
    watch.listen(None)
    await watch.failed(unreadable(1))
    assert len(news) == 2


async def test_a_database_that_is_gone_costs_no_card(tmp_path: Path) -> None:
    """Nothing is kept, and nobody is stopped."""
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/x") as engine:
        async with engine.begin() as connection:
            await connection.execute(text("DROP TABLE unreadable_pages"))
        store = UnreadablePages(engine)
        watch = PageWatch(store)
        await watch.failed(unreadable(1))
        await watch.succeeded("Erowid")
        assert await pages_readable(store)() == ""


async def test_what_watches_over_the_bot_sees(store: UnreadablePages, watch: PageWatch, database_url: str) -> None:
    """`/healthz` and `doctor` warn while pages cannot be read; neither says that the bot does not work."""
    health, settings = Health(), Settings(_env_file=None, database_url=database_url)
    health.watch("pages", pages_readable(store), warns=True)
    looks = []
    for event in (0, 1, 2, 3, 0):
        await (watch.failed(unreadable(event)) if event else watch.succeeded("Erowid"))
        well, report = await health.report()
        check = await pages_check(settings)
        looks.append((well, report["status"], report["parts"]["pages"]["ok"], check.level))
        assert ("pages export" in check.advice) == (check.level is Level.WARNING)
        if event == 3:
            assert report["parts"]["pages"]["state"] == "the last 3 pages of Erowid could not be read"
            assert "the last 3 pages of Erowid could not be read" in check.line()
    well = (True, "ok", True, Level.OK)
    assert looks == [well, well, well, (True, "warning", False, Level.WARNING), well]
    assert await store.health() == (SiteHealth("Erowid", 0, None, told=False),)


async def test_doctor_without_tables(empty_url: str) -> None:
    """Before the first start there is nothing to say, and no file is made."""
    settings = Settings(_env_file=None, database_url=empty_url)
    assert await pages_check(settings) is None


async def run(*arguments: str, url: str) -> tuple[int, str]:
    done = await asyncio.to_thread(CliRunner().invoke, main, arguments, env={"DATABASE_URL": url})
    return done.exit_code, done.output


def names(folder: Path) -> set[str]:
    """Name the files beside the database."""
    return {file.name for file in folder.iterdir() if not file.name.startswith("precis.sqlite3")}


async def test_export(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page byte for byte, with what is known of it; another file is not written over."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "pages.zip"
    assert await run("pages", "export", "pages.zip", url=database_url) == (0, NONE)
    assert names(tmp_path) == set()
    async with open_database(database_url) as engine:
        store = UnreadablePages(engine)
        assert await run("pages", "export", "pages.zip", url=database_url) == (0, NONE)
        await store.keep(unreadable(1), most=MOST)
        code, said = await run("pages", "export", "pages.zip", url=database_url)
        assert (code, said.startswith("pages.zip holds 1 page that could not be read")) == (0, True)
        await store.keep(unreadable(2, "Europe PMC", b'{"a": 1}'), most=MOST)
    code, said = await run("pages", "export", "pages.zip", url=database_url)
    assert (code, "--force" in said, len(said.splitlines())) == (1, True, 1)
    code, said = await run("pages", "export", "pages.zip", "--force", url=database_url)
    assert (code, said.startswith("pages.zip holds 2 pages"), len(said.splitlines())) == (0, True, 1)
    assert names(tmp_path) == {"pages.zip"}
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        facts = json.loads(archive.read("pages.json"))
        assert facts["precis"] == __version__
        assert facts["pages"][1] == {
            "file": "02-erowid-1.html",
            "reference": "erowid:1",
            "site": "Erowid",
            "url": "https://site.example/1",
            "at": "2026-11-28T07:01:00+00:00",
            "reason": "page not understood: no title",
            "parser": 5,
            "charset": "utf-8",
            "bytes": len(BODY),
        }
        assert [archive.read(page["file"]) for page in facts["pages"]] == [b'{"a": 1}', BODY]
        assert sorted(archive.namelist()) == ["01-erowid-2.html", "02-erowid-1.html", "pages.json"]


NONE = "No page is kept, since every page that the bot got could be read; nothing was written.\n"


async def test_a_place_that_cannot_be_written(database_url: str, tmp_path: Path) -> None:
    """One sentence, and 1."""
    async with open_database(database_url) as engine:
        await UnreadablePages(engine).keep(unreadable(1), most=MOST)
    code, said = await run("pages", "export", str(tmp_path / "no" / "pages.zip"), url=database_url)
    assert (code, len(said.splitlines())) == (1, 1)
    assert "No such file" in said
