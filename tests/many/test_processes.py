"""What holds over several real processes on one PostgreSQL, and over a process and the one that takes its place."""

import asyncio
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from tests.invented import invented_page
from tests.many.conftest import PATIENCE, Start, Worker, title
from tests.site import Reply, Site, path_of

pytestmark = pytest.mark.storm


def gaps(site: Site) -> list[float]:
    return [later.at - sooner.at for sooner, later in pairwise(site.asked)]


async def test_three_processes(start: Start, site: Site, postgresql_url: str) -> None:
    """What holds over processes that were started together on an empty database."""
    workers = await asyncio.gather(*(start(postgresql_url, site) for _ in range(3)))
    await one_fetch_for_each_record(site, workers)
    await a_change_holds_everywhere(*workers[:2])
    await who_is_killed_in_a_fetch_holds_nobody_up(site, *workers[:2])
    await a_refusal_stops_all(site, *workers[1:])
    await workers[2].kill()
    asked = len(site.asked)
    again = await start(postgresql_url, site)
    assert await again.ask("find", 81, 1) == ["Refused", title(1)]  # and one that starts later, too
    assert len(site.asked) == asked


async def one_fetch_for_each_record(site: Site, workers: list[Worker]) -> None:
    """Asked for the same records at once, they fetch each once; what the site has not is asked for once, too."""
    site.set(100, Reply(404))
    numbers = [*range(1, 21), 100]
    orders = [[*numbers[turn * 7 :], *numbers[: turn * 7]] for turn in range(len(workers))]
    answers = await asyncio.gather(*(worker.ask("find", *order) for worker, order in zip(workers, orders, strict=True)))
    for order, answer in zip(orders, answers, strict=True):
        assert answer == ["RecordNotFound" if number == 100 else title(number) for number in order]
    assert Counter(asked.path for asked in site.pages) == {path_of(number): 1 for number in numbers}
    assert site.asked[-1].at - site.asked[0].at >= 0.1 * (len(site.asked) - 1) - 0.1


async def a_change_holds_everywhere(here: Worker, there: Worker) -> None:
    """A moderator's choice and somebody's wish, told to one process, hold in the other within seconds."""
    assert await there.ask("mode", 5) is None
    await here.ask("set", 5, "off")
    await here.ask("opt_out", 7)
    await there.until("off", "mode", 5)
    await there.until(True, "opted_out", 7)
    await there.ask("set", 5, "ask")
    await here.until("ask", "mode", 5)


async def who_is_killed_in_a_fetch_holds_nobody_up(site: Site, killed: Worker, other: Worker) -> None:
    """What a killed process was fetching, another one that waits for it fetches; all else goes on."""
    reached = asyncio.Event()

    async def never(_: web.Request) -> web.StreamResponse:
        reached.set()
        await asyncio.sleep(3600)
        raise AssertionError

    site.set(71, never, Reply(body=invented_page(title(71))))
    fetching = asyncio.create_task(killed.ask("find", 71))
    async with asyncio.timeout(PATIENCE):
        await reached.wait()
    waiting = asyncio.create_task(other.ask("find", 71, 72))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await killed.kill()
    assert await waiting == [title(71), title(72)]
    await asyncio.gather(fetching, return_exceptions=True)


async def a_refusal_stops_all(site: Site, here: Worker, there: Worker) -> None:
    """Once the site refuses one process, none asks again; what is stored is shown."""
    site.set(81, Reply(403))
    assert await here.ask("find", 81) == ["Refused"]
    asked = len(site.asked)
    assert await there.ask("find", 82, 2) == ["Refused", title(2)]
    assert await here.ask("find", 81, 83) == ["Refused", "Refused"]
    assert len(site.asked) == asked


async def test_a_restart_loop_does_not_hammer(start: Start, site: Site, tmp_path: Path) -> None:
    """On SQLite as well: a process that is killed after each request, and started again, keeps the pause."""
    url = f"sqlite+aiosqlite:///{tmp_path}/precis.sqlite3"
    for number in range(1, 3):
        worker: Worker = await start(url, site, 1.1)
        assert await worker.ask("find", number) == [title(number)]
        await worker.kill()
    assert len(site.asked) == 4
    assert min(gaps(site)) >= 1
