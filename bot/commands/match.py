"""`python -m bot match`: the DOI and PubMed ID of many records at once, from JSON Lines."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import urlsplit

import click
import httpx
from rich.console import Console
from rich.progress import Progress

from bot import __version__
from bot.adapters.site.crossref import Crossref
from bot.adapters.site.europepmc import EuropePmc
from bot.adapters.site.http_client import is_loopback, trust, user_agent
from bot.adapters.site.service_client import ServiceClient
from bot.adapters.site.unpaywall import Unpaywall
from bot.citation.item import Date, Item, read_item
from bot.commands.exit_codes import asynchronous, output
from bot.core.enrichment import Enrichment, Outcome
from bot.core.errors import BadTarget, ConfigurationError
from bot.core.record import DateParts, Name, Record
from bot.logs import set_up_logs
from bot.services.enrichment import Enricher
from bot.settings import Settings, read_settings

AT_ONCE = 8
"""Records under way at a time."""


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--limit-per-second",
    "limit",
    type=click.FloatRange(min=0),
    help="Requests a second to each service. Real services are never asked faster than they wish; 0 is no limit, for a "
    "service on this machine.",
)
@asynchronous
async def match(file: TextIO, limit: float | None) -> None:
    """Find the DOI and PubMed ID of the CSL-JSON records that stand under `record` in FILE's JSON Lines."""
    settings = read_settings()
    if settings.enrich == "off":
        raise ConfigurationError("ENRICH is off, so that no service may be asked; ENRICH=on lets this command ask them.")
    set_up_logs("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    rows = list(_rows(file))
    with output(), Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        async with _open_enricher(settings, limit) as enricher:
            bar = progress.add_task("Matching", total=len(rows))
            at_once = asyncio.Semaphore(AT_ONCE)
            tasks = [asyncio.create_task(_enrich(enricher, read_record(row["record"]), at_once)) for row in rows]
            try:
                for row, task in zip(rows, tasks, strict=True):
                    click.echo(json.dumps({"id": row.get("id")} | as_row(await task), ensure_ascii=False))
                    progress.advance(bar)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


def as_row(found: Enrichment) -> dict[str, object]:
    """Give what a line of the output says of an enrichment."""
    return {
        "doi": found.doi,
        "pmid": found.pmid,
        "pmcid": found.pmcid,
        "retracted": found.retracted if found.outcome is Outcome.MATCH else None,
        "agree": list(found.agree),
        "differ": list(found.differ),
        "reason": found.reason,
    }


def read_record(item: Mapping[str, object]) -> Record:
    """Read a CSL-JSON item as a record, whatever it holds."""
    read = read_item(item)
    dates = read.dates.get("issued", Date())
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


def _names(item: Item) -> Iterator[Name]:
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


def _rows(file: TextIO) -> Iterator[dict[str, dict[str, object]]]:
    """Read JSON Lines. Raises BadTarget for a line without a `record`."""
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("record"), dict):
            raise BadTarget(f"{file.name}, line {number}")
        yield row


async def _enrich(enricher: Enricher, record: Record, at_once: asyncio.Semaphore) -> Enrichment:
    async with at_once:
        return await enricher.enrich(record)


@asynccontextmanager
async def _open_enricher(settings: Settings, limit: float | None) -> AsyncIterator[Enricher]:
    """Open the services that the settings allow to be asked."""
    urls = settings.europepmc_url, settings.crossref_url, settings.unpaywall_url
    if limit == 0 and not all(_on_this_machine(url) for url in urls[: 3 if settings.contact else 1]):
        raise click.UsageError("--limit-per-second 0 is for services on this machine.")
    agent = user_agent(__version__, settings.contact)
    context = trust(settings.ca_bundle)
    async with AsyncExitStack() as stack:
        europe_pmc, crossref, unpaywall = [
            ServiceClient(
                await stack.enter_async_context(
                    httpx.AsyncClient(verify=context, headers={"User-Agent": agent}, trust_env=not _on_this_machine(url))
                ),
                at_once=3 if "@" in settings.contact else 1,  # as Crossref allows those who say whom to write to
                pace=_pace(url, limit),
            )
            for url in urls
        ]
        yield Enricher(
            EuropePmc(europe_pmc, settings.europepmc_url),
            Crossref(crossref, settings.crossref_url, settings.contact) if settings.contact else None,
            Unpaywall(unpaywall, settings.unpaywall_url, settings.contact) if "@" in settings.contact else None,
            now=lambda: datetime.now(UTC),
        )


def _on_this_machine(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname or "")


def _pace(url: str, limit: float | None) -> Callable[[float], float]:
    """Give the pause between two requests to a service, from the one that it wishes."""
    if limit is None:
        return float
    wanted = 1 / limit if limit else 0.0
    return (lambda _: wanted) if _on_this_machine(url) else (lambda every: max(every, wanted))
