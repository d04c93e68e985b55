"""`python -m bot match`: the DOI and PubMed ID of many records at once, from JSON Lines."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address
from typing import TextIO
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.progress import Progress

from bot.adapters.database.engine import open_database
from bot.citation.item import CslDate, CslItem, read_item
from bot.commands.exit_codes import asynchronous, output
from bot.commands.json_lines import read_objects
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.errors import ConfigurationError
from bot.core.record import DateParts, Name, Record
from bot.logs import set_up_logs
from bot.services.enrichment import Enricher
from bot.settings import Settings, read_settings
from bot.sites import LIMITS, open_bibliographic_services, service_urls, shared_state

AT_ONCE = 8
"""The number of records under way at a time."""


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--limit-per-second",
    "limit",
    type=click.FloatRange(min=0),
    help="Requests a second to each service; real services are never asked faster than they wish. 0: no limit, for services "
    "on this machine.",
)
@asynchronous
async def match(file: TextIO, limit: float | None) -> None:
    """Find the DOI and PubMed ID of the CSL-JSON records that stand under `record` in FILE's JSON Lines."""
    settings = read_settings()
    if settings.enrich == "off":
        raise ConfigurationError("ENRICH is off, so that no service may be asked; ENRICH=on lets this command ask them.")
    set_up_logs("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    rows = list(read_objects(file))
    with output(), Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        async with _open_enricher(settings, limit) as enricher:
            bar = progress.add_task("Matching", total=len(rows))
            at_once = asyncio.Semaphore(AT_ONCE)
            tasks = [asyncio.create_task(_enrich(enricher, read_record(row.get("record")), at_once)) for row in rows]
            try:
                for row, task in zip(rows, tasks, strict=True):
                    click.echo(json.dumps({"id": row.get("id")} | as_row(await task), ensure_ascii=False))
                    progress.advance(bar)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


def as_row(found: Enrichment) -> dict[str, object]:
    """Give the fields of an output line for an enrichment."""
    return {
        "doi": found.doi,
        "pmid": found.pmid,
        "pmcid": found.pmcid,
        "retracted": found.retracted if found.outcome is MatchOutcome.MATCH else None,
        "agree": list(found.agree),
        "differ": list(found.differ),
        "reason": found.reason,
    }


def read_record(item: object) -> Record:
    """Read a CSL-JSON item as a record; invalid values count as missing."""
    read = read_item(item if isinstance(item, Mapping) else {})
    dates = read.dates.get("issued", CslDate())
    return Record(
        reference=None,
        title=read.text.get("title", ""),
        type=read.type,
        authors=tuple(_names(read)),
        container_title=read.text.get("container-title"),
        issued=tuple(filter(None, (_parts(dates.start), _parts(dates.end or ())))),
        volume=read.text.get("volume"),
        issue=read.text.get("issue"),
        page=read.text.get("page"),
    )


def _names(item: CslItem) -> Iterator[Name]:
    for name in item.names.get("author", ()):
        family = " ".join(filter(None, (name.dropping, name.non_dropping, name.family)))
        yield Name(family or None, name.given or None, name.suffix or None, name.literal or None)


def _parts(end: Iterable[int | None]) -> DateParts:
    parts: list[int] = []
    for part in end:
        if part is None:
            break
        parts.append(part)
    return tuple(parts)


async def _enrich(enricher: Enricher, record: Record, at_once: asyncio.Semaphore) -> Enrichment:
    async with at_once:
        return await enricher.enrich(record)


@asynccontextmanager
async def _open_enricher(settings: Settings, limit: float | None) -> AsyncIterator[Enricher]:
    """Open the services; unless `limit` is 0, rate limits are shared with all processes on the database."""
    local = all(_on_this_machine(url) for url in service_urls(settings).values())
    if limit == 0:
        if not local:
            raise click.UsageError("--limit-per-second 0 is for services on this machine.")
        limits = replace(LIMITS, failures=sys.maxsize)  # a test server that fails on purpose is still asked
        async with open_bibliographic_services(settings, pace=lambda _: 0.0, limits=limits) as services:
            yield services.enricher()
        return
    gap = 1 / limit if limit else 0.0
    async with open_database(settings.database_url) as engine:

        def pace(wanted: float) -> float:
            return gap if gap and local else max(gap, wanted)

        async with open_bibliographic_services(settings, state_of=shared_state(engine), pace=pace) as services:
            yield services.enricher()


def _on_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
