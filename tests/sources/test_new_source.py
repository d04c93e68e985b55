"""The example of docs/sources.md, run as it stands there: a source that touches one package and one line."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from aiohttp import web

from bot.adapters.database.engine import open_database
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.pages import Pages
from bot.adapters.stores.records import Records
from bot.core.channel_settings import ChannelSettings
from bot.core.errors import PageChanged, RecordNotFound
from bot.core.links import Link, find_links
from bot.core.record import Name
from bot.core.reference import Reference
from bot.core.source import Source, Sources
from bot.core.typed_reference import read_target
from bot.services.lookup import Lookup
from bot.settings import Settings
from bot.sites import open_sites
from bot.sources.erowid import erowid_source
from bot.use_cases import build_services

DOCS = (Path(__file__).parents[2] / "docs/sources.md").read_text("utf-8")
PACKAGE, LINE = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
TWELVE = Reference("newt", "12")
STUDY = {
    "id": 12,
    "title": "On newts that do not exist",
    "authors": [{"family": "Newtol", "given": "A. B."}],
    "journal": "J Imag Newts",
    "year": 2031,
    "abstract": "We asked 12 invented newts. They slept longer than before.",
}


def newts(base: str) -> Source:
    """The source, from the code in the docs."""
    module = ModuleType("newt")
    exec(compile(PACKAGE, "docs/sources.md", "exec"), module.__dict__)  # noqa: S102 - our own docs
    source: Source = module.newt_source(base)
    return source


@pytest.fixture
async def site(unused_tcp_port_factory) -> AsyncIterator[tuple[str, list[str]]]:
    """The invented site, and the paths that were asked."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if request.path == "/study/13.json":
            return web.json_response({"id": 13, "title": None})
        found = request.path == "/study/12.json"
        return web.Response(body=json.dumps(STUDY), content_type="application/json", status=200 if found else 404)

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    port = unused_tcp_port_factory()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}", asked
    await runner.cleanup()


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://newt.example/study/12.", (Link(TWELVE),)),
        ("||https://www.newt.example/study/12||", (Link(TWELVE, spoiler=True),)),
        (
            "https://erowid.org/references/6004 and https://newt.example/study/12",
            (Link(Reference("erowid", "6004")), Link(TWELVE)),
        ),
        ("https://newt.example.org/study/12", ()),
        ("https://newt.example/study/12a", ()),
        ("`https://newt.example/study/12`", ()),
        ("https://evil.example/?u=https://newt.example/study/12", ()),
    ],
)
def test_its_links(text: str, links: tuple[Link, ...]) -> None:
    """Links are found beside those of others, under the same rules."""
    assert find_links(text, Sources(erowid_source(), newts("https://newt.example"))) == links


def test_what_people_type() -> None:
    """Its words and addresses; a number alone stays the first source's."""
    sources = Sources(erowid_source(), newts("https://newt.example"))
    assert read_target("newt 12", sources) == read_target("newt.example/study/12", sources) == TWELVE
    assert read_target("12", sources) == Reference("erowid", "12")
    assert str(sources.label(TWELVE)) == "Newt Abstracts 12"


async def test_its_cards(site: tuple[str, list[str]], tmp_path: Path) -> None:
    """A card from one request, then from the store; what is not there or not understood says so."""
    base, asked = site
    sources = Sources(erowid_source(base), newts(base))
    settings = Settings(_env_file=None, contact="test@localhost")
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(open_database(f"sqlite+aiosqlite:///{tmp_path / 'newts.sqlite3'}"))
        fetchers = await stack.enter_async_context(open_sites(sources.sites(), settings, limits=FetchLimits(gap=0, pause=0)))
        for _ in range(2):
            lookup = Lookup(Pages(fetchers), Records(engine), sources, now=lambda: datetime.now(UTC))
            services = build_services(lookup, engine, now=lambda: datetime.now(UTC))
            card = await services.cards.card(TWELVE, ChannelSettings())
            assert (card.record.title, card.record.authors) == (STUDY["title"], (Name("Newtol", "A. B."),))
            assert (card.url, str(card.name)) == ("https://newt.example/study/12", "Newt Abstracts 12")
            assert asked == ["/study/12.json"]
        with pytest.raises(RecordNotFound) as caught:
            await lookup.find(Reference("newt", "14"))
        assert caught.value.advice == "Newt Abstracts 14 was not found. Is the number right?"
        with pytest.raises(PageChanged):
            await lookup.find(Reference("newt", "13"))


def test_the_line_is_the_one_of_the_app() -> None:
    """Before the new line, the docs show what stands there."""
    app = (Path(__file__).parents[2] / "bot/app.py").read_text("utf-8")
    *before, new, last = LINE.splitlines(keepends=True)
    assert (new.strip(), last.strip()) == ("newt_source(),", ")")
    assert "".join(before) in app
