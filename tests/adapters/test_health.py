"""The page for who watches: what it says of each part, where it listens, and the metrics that it serves."""

import asyncio
import re
import socket
from pathlib import Path

import aiohttp
import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.adapters.monitoring.health import Health, database_answers, serve
from bot.adapters.monitoring.metrics import METRICS, STATUSES, Metrics
from bot.core.errors import BotError, ConfigurationError, DiscordUnreachable, NotYours, SiteError, StorageError, TooBusy
from bot.services.meters import LookupOutcome, Outcome, outcome_of

HOSTS = (Path(__file__).parents[2] / "docs/hosts.md").read_text("utf-8")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def told() -> Metrics:
    """Metrics that were told of everything once."""
    metrics = Metrics(version="1.2.3", discord_py=discord.__version__)
    metrics.messages += 2
    metrics.links(3)
    metrics.card(Outcome.SENT)
    metrics.lookup(LookupOutcome.HIT)
    metrics.request("Erowid", "200", 0.2)
    metrics.request("Crossref", "200", 0.2)
    metrics.interaction("command", "study show", Outcome.SENT, 0.3)
    metrics.gateway(0, "connected")
    for name in ("precis_site_waiting", "precis_guilds", "precis_work_running"):
        metrics.read(name, lambda: [((), 1)])
    for name in ("precis_gateway_connected", "precis_gateway_latency_seconds"):
        metrics.read(name, lambda: [(("0",), 1)])
    metrics.read("precis_site_breaker", lambda: [(("closed",), 1)])
    metrics.read("precis_service_breaker", lambda: [(("Crossref", "closed"), 1)])
    return metrics


async def text_of(metrics: Metrics) -> str:
    port = free_port()
    async with (
        serve("127.0.0.1", port, Health(), metrics.registry),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        assert answer.status == 200
        return await answer.text()


async def test_served_and_documented_are_the_same() -> None:
    """Names, types and labels in docs/hosts.md are those of `/metrics`, no more and no less."""
    served = set()
    for family in text_string_to_metric_families(await text_of(told())):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        served.add((name, family.type, frozenset(labels)))
    rows = re.findall(r"^\| `(p[a-z]+_[a-z_]+)` \| (\w+) \| ([^|]*) \|", HOSTS, re.MULTILINE)
    assert {(name, kind, frozenset(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows} == served
    assert len(rows) == len(METRICS)


async def test_series_of_known_labels_stand_at_zero() -> None:
    """A rate can be taken from the first event on."""
    text = await text_of(Metrics(version="1", discord_py="2"))
    for outcome in Outcome:
        assert f'precis_cards_total{{result="{outcome}"}} 0.0' in text
    assert "precis_messages_total 0.0" in text
    assert "_created" not in text


@given(st.text() | st.integers(0, 9999).map(str))
def test_statuses_are_a_closed_set(status: str) -> None:
    """Whatever the site answers, the label is a known one."""
    metrics = Metrics(version="1", discord_py="2")
    metrics.request("Erowid", status, 1)
    (family,) = [one for one in metrics.registry.collect() if one.name == "precis_site_request_seconds"]
    assert {sample.labels["status"] for sample in family.samples} == set(STATUSES)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TooBusy("x"), Outcome.TOO_BUSY),
        (SiteError("x"), Outcome.BAD_ANSWER),
        (StorageError("x"), Outcome.STORAGE),
        (DiscordUnreachable("x"), Outcome.DISCORD),
        (NotYours("x"), Outcome.DECLINED),
        (KeyError("x"), Outcome.FAILED),
    ],
)
def test_outcomes_of_errors(error: Exception, outcome: Outcome) -> None:
    """An error has the outcome of the nearest class that has one."""
    assert outcome_of(error) is outcome


def test_every_foreseen_error_of_the_core_has_an_outcome() -> None:
    """None of them counts as unforeseen."""
    waiting, seen = [BotError], []
    while waiting:
        seen.append(kind := waiting.pop())
        waiting += kind.__subclasses__()
    for kind in seen:
        assert outcome_of(kind.__new__(kind)) is not Outcome.FAILED


async def test_parts_and_since_when() -> None:
    """A part is as its last check says, for as long as that was so; before its first check it is starting."""
    now = 100.0
    health = Health("gateway", "database", clock=lambda: now)
    said = {"gateway": "", "database": ""}

    def check(name):
        async def asked() -> str:
            return said[name]

        return asked

    now = 103.0
    assert await health.report() == (
        False,
        {"status": "starting", "parts": {key: {"ok": False, "state": "starting", "seconds": 3.0} for key in said}},
    )
    for name in said:
        health.watch(name, check(name))
    well, report = await health.report()
    assert (well, report["status"]) == (True, "ok")
    said["database"], now = "does not answer", 110.0
    await health.report()
    now = 115.0
    well, report = await health.report()
    assert (well, report["status"]) == (False, "failing")
    assert report["parts"] == {
        "gateway": {"ok": True, "state": "ok", "seconds": 12.0},
        "database": {"ok": False, "state": "does not answer", "seconds": 5.0},
    }


async def test_a_check_that_hangs_or_raises() -> None:
    """Who asks is not kept waiting, one that hangs is not joined by another, and an error names its kind alone."""
    calls = 0

    async def hangs() -> str:
        nonlocal calls
        calls += 1
        await asyncio.Event().wait()
        return ""

    async def raises() -> str:
        raise KeyError("private")

    health = Health(patience=0.01)
    health.watch("one", hangs)
    health.watch("other", raises)
    for _ in range(3):
        well, report = await health.report()
        assert not well
        assert report["parts"]["one"]["state"].startswith("no answer")
        assert report["parts"]["other"]["state"] == "KeyError"
    assert calls == 1
    await health.close()
    assert (await health.report())[1]["status"] == "stopping"


async def test_the_database_answers(engine: AsyncEngine) -> None:
    """An open database of either kind is well."""
    assert await database_answers(engine)() == ""


async def test_the_database_is_gone() -> None:
    """One that nobody serves is not."""
    engine = create_async_engine(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/none")
    assert await database_answers(engine)() == "does not answer"
    await engine.dispose()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("HEAD", "/metrics", 200),
        ("POST", "/healthz", 405),
        ("DELETE", "/metrics", 405),
        ("GET", "/", 404),
        ("GET", "/metrics/", 404),
        ("POST", "/x", 404),
    ],
)
async def test_what_is_served(method: str, path: str, status: int) -> None:
    """GET and HEAD of two pages, nothing else."""
    port = free_port()
    async with (
        serve("127.0.0.1", port, Health(), Metrics(version="1", discord_py="2").registry) as address,
        aiohttp.ClientSession() as session,
        session.request(method, f"http://127.0.0.1:{port}{path}") as answer,
    ):
        assert answer.status == status
        assert address == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "no-such-host.invalid"])
async def test_where_nothing_can_listen(host: str) -> None:
    """A port that is taken, an address that is not ours, a name of nobody: one sentence."""
    registry = Metrics(version="1", discord_py="2").registry
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"HEALTH_PORT.*{host} port {port}"):
            async with serve(host, port, Health(), registry):
                pass


async def test_without_a_port() -> None:
    """Nothing is served."""
    async with serve("127.0.0.1", None, Health(), Metrics(version="1", discord_py="2").registry) as address:
        assert address == ""
