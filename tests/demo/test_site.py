"""The stand-in site over real HTTP: pages, failures and silence."""

import asyncio
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from bot.demo.sample import Behaviour, Sample
from bot.demo.samples import SAMPLES
from bot.demo.site import FAILURES, Site, open_site

BY_ANSWER = {answer: [sample for sample in SAMPLES if sample.answer is answer] for answer in Behaviour}


@pytest.fixture
async def site() -> AsyncIterator[httpx.AsyncClient]:
    async with open_site(Site()) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


def path(sample: Sample | int) -> str:
    return f"/references/refs_view.php?ID={sample if isinstance(sample, int) else sample.id}"


@pytest.mark.parametrize("sample", BY_ANSWER[Behaviour.PAGE], ids=lambda sample: sample.shows)
async def test_page(site: httpx.AsyncClient, sample: Sample) -> None:
    """A page holds what its sample says, in its order, without doctype and charset, and readers' comments come last."""
    answer = await site.get(path(sample))
    text = unescape(answer.text)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html"
    assert "<!doctype" not in text.casefold()
    places = [text.index(part) for part in (sample.authors, f"“{sample.title}”. ", sample.source, *sample.lines())]
    places += [text.index("Comments and Responses"), *(text.index(said) for said in sample.comments)]
    assert places == sorted(places)


@pytest.mark.parametrize("sample", BY_ANSWER[Behaviour.FAILS_TWICE], ids=lambda sample: sample.shows)
async def test_fails_twice(site: httpx.AsyncClient, sample: Sample) -> None:
    """A page that fails does so twice, then comes, and keeps coming."""
    statuses = [(await site.get(path(sample))).status_code for _ in range(FAILURES + 2)]
    assert statuses == [500, 500, 200, 200]


async def test_missing(site: httpx.AsyncClient) -> None:
    """A record that is not there: a page that says so, or a 404 that says so."""
    said = [await site.get(path(BY_ANSWER[Behaviour.MISSING][0])), await site.get(path(999_999)), await site.get(path(0))]
    assert [answer.status_code for answer in said] == [200, 404, 404]
    assert all("No reference with that ID" in answer.text for answer in said)


async def test_robots(site: httpx.AsyncClient) -> None:
    """The stand-in's robots.txt lets a reader of records in."""
    assert "refs_view" not in (await site.get("/robots.txt")).text


async def test_silent_does_not_hold_the_end_up() -> None:
    """A request that never gets an answer is let go when the stand-in closes."""
    async with httpx.AsyncClient() as client:
        async with open_site(Site()) as address:
            waiting = asyncio.create_task(client.get(address + path(BY_ANSWER[Behaviour.SILENT][0]), timeout=None))
            done, _ = await asyncio.wait({waiting}, timeout=0.2)
            assert not done
        with pytest.raises(httpx.HTTPError):
            await waiting
