"""What the bot needs to read works from services on loopback: its real services, a real database, one invented work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from click.testing import CliRunner

from bot.adapters.database.engine import open_database
from bot.adapters.database.session_locks import open_locks
from bot.adapters.site.limits import FetchLimits
from bot.adapters.site.pages import Pages
from bot.adapters.stores.records import Records
from bot.app import Services, build_services, known_sources
from bot.cli import main
from bot.core.channel_settings import ChannelSettings
from bot.core.reference import Reference
from bot.services.enrichment import Enricher
from bot.services.lookup import Lookup
from bot.settings import Settings
from bot.sites import open_bibliographic_services, open_sites
from tests.bibliography import Bibliography, open_bibliography
from tests.cogs.conftest import NOW
from tests.databases import new_file
from tests.sources.pubmed.test_europe_pmc import RESULT

PUBMED, PMC = Reference("pubmed", "99000001"), Reference("pmc", "PMC99001")
DOI, PREPRINTED = Reference("doi", "10.5555/nap.2031.7"), Reference("ppr", "PPR99001")
TITLE = "Effects of <i>Somnus fictus</i> on 5-HT<sub>2A</sub> & sleep"
PLAIN = "Effects of Somnus fictus on 5-HT2A & sleep"
CONTACT = "keeper@precis.example"
APA = ChannelSettings(style="apa")
QUICK = FetchLimits(gap=0, pause=0, tries=2)
FINDING = "Somnus fictus increased imaginary sleep by 12 % (p < 0.05)."
SOUND = {key: value for key, value in RESULT.items() if key != "commentCorrectionList"} | {
    "pubTypeList": {"pubType": ["Randomized Controlled Trial"]},
    "abstractText": f"<h4>Aim</h4>To nap.<h4>Results</h4>{FINDING}",
}
"""The work, not retracted."""


class World:
    """The services of the bot, on the time of a test."""

    def __init__(self, works: Bibliography, url: str, stack: AsyncExitStack) -> None:
        self.works, self.now, self.engine = works, NOW, None
        self._url, self._stack = url, stack

    async def start(self, **more: str) -> Services:
        """Open them as a process does that knows what is stored."""
        env = self.works.environment(**{"CONTACT": CONTACT, "EROWID_URL": f"{self.works.url}"} | more)
        settings = Settings(_env_file=None, **{name.lower(): value for name, value in env.items()})
        sources, enter = known_sources(settings), self._stack.enter_async_context
        self.engine = engine = await enter(open_database(self._url))
        fetchers = await enter(open_sites(sources.sites(), settings, limits=QUICK))
        bibliographic = await enter(open_bibliographic_services(settings, pace=lambda _: 0.0, opened=fetchers))
        lookup = Lookup(
            Pages(fetchers), Records(engine), sources, now=lambda: self.now, locks=await enter(open_locks(engine))
        )
        self._stack.push_async_callback(lookup.close)
        asked = (bibliographic.europe_pmc, bibliographic.crossref, bibliographic.unpaywall)
        enricher = Enricher(*asked, now=lambda: self.now) if settings.enrich == "on" else None
        services = build_services(lookup, engine, now=lambda: self.now, enricher=enricher)
        self._stack.push_async_callback(services.inquiries.close)
        return services

    def asked(self) -> dict[str, int]:
        """Requests so far, by service."""
        counted = {name: self.works.asked_of(name) for name in ("europepmc", "ncbi", "crossref", "unpaywall")}
        return {name: count for name, count in counted.items() if count}


@asynccontextmanager
async def world_in(folder: Path, url: str = "") -> AsyncIterator[World]:
    """Give a world whose database is a file in the folder, unless another is given."""
    async with open_bibliography() as works, AsyncExitStack() as stack:
        yield World(works, url or new_file(folder / "works.sqlite3"), stack)


async def show(works: Bibliography, *args: str, **env: str) -> tuple[int, str, str]:
    """Run `python -m bot show`, in a thread, since it has an event loop of its own."""
    environment = works.environment(**{"CONTACT": CONTACT, "DATABASE_URL": "sqlite:///precis.sqlite3"} | env)
    done = await asyncio.to_thread(CliRunner().invoke, main, ["show", *args], env=environment)
    return done.exit_code, done.stdout, done.stderr
