"""`python -m bot show`: cards without Discord, from links, numbers or saved pages; on a terminal or to files."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from bot.adapters.database.sqlite_file import file_of
from bot.adapters.site.limits import FetchLimits
from bot.app import known_sources, open_services
from bot.citation import resolve_style, to_bibtex, to_csl_json, to_ris
from bot.commands.enriching import complaint, enrichment_as_json, open_shared_enricher
from bot.commands.exit_codes import EX_CONFIG, asynchronous, output
from bot.commands.terminal import panel
from bot.core.card import Card
from bot.core.channel_settings import ChannelSettings
from bot.core.enrichment import Enrichment, MatchOutcome
from bot.core.errors import BadTarget, BotError, ConfigurationError, NotARecord, PageChanged
from bot.core.record import Csl, Record
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.core.study import Study
from bot.core.typed_reference import read_target
from bot.logs import set_up_logs
from bot.services.card_updates import enriched
from bot.services.cards import make_card
from bot.services.enrichment import Enricher
from bot.settings import Settings, read_settings
from bot.use_cases import Services
from cogs.cards.payload import payload
from cogs.cards.render import card_buttons, draw

IN_MEMORY = "sqlite+aiosqlite://"
LARGEST = 16 * 2**20
"""The most bytes of a saved page that are read; a record's page has about ten thousand."""

FILES: Mapping[str, Callable[[Sequence[Csl]], str]] = {"bibtex": to_bibtex, "ris": to_ris, "csl-json": to_csl_json}
"""Writers of files for reference managers, by the names of `--format`."""

Opening = Callable[[], AbstractAsyncContextManager[Services]]
OpeningEnricher = Callable[[], AbstractAsyncContextManager[Enricher]]

NO_FILE = (
    "Not a link or number of a study, nor a file that can be read. A file is a record's page as a browser saves it, such as "
    "ref6004.html."
)


@dataclass(frozen=True, slots=True)
class ShownTarget:
    """A target, and its card or the error that says why there is none."""

    target: str
    card: Card | BotError
    enrichment: Enrichment | None = None
    """The new or stored enrichment of the work; the card only shows a match."""
    complaint: str = ""
    """A sentence about services that could not be asked."""

    @property
    def code(self) -> int:
        """The exit code for this target."""
        if not isinstance(self.card, BotError):
            return 0
        return EX_CONFIG if isinstance(self.card, ConfigurationError) else 1


class Targets(click.Command):
    """A command that takes `-5` as a target, but still reports a mistyped option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line."""
        ctx.ignore_unknown_options = any(re.match(r"-[0-9]", argument) for argument in args)
        return super().parse_args(ctx, args)


@click.command(cls=Targets)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["card", "json", *FILES]), default="card", show_default=True)
@click.option(
    "--style", default="apa", show_default=True, help="The citation's style: any CSL style's name, or apa, mla, ..."
)
@click.option("--enrich", is_flag=True, help="Ask Europe PMC and, with a CONTACT, Crossref and Unpaywall about each work.")
@click.pass_obj
@asynchronous
async def show(limits: FetchLimits | None, targets: tuple[str, ...], form: str, style: str, *, enrich: bool) -> int:
    """Show the card of each TARGET: a link, a number, or the path of a saved page."""
    settings = without_new_file(read_settings())
    if enrich and settings.enrich == "off":
        raise ConfigurationError("ENRICH is off, so that no service may be asked; ENRICH=on lets --enrich ask them.")
    # This command reports failures as sentences, so by default their log lines are left out.
    set_up_logs("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    console, asking_console = Console(), Console(stderr=True)
    code = 0
    items: list[Csl] = []
    with output():
        asking = (lambda: open_shared_enricher(settings)) if enrich else None
        sources = known_sources(settings)
        cards = cards_of(targets, resolve_style(style), sources, lambda: open_services(settings, limits), asking)
        async for shown in with_spinner(cards, targets, sources, asking_console):
            code = max(code, shown.code)
            if shown.complaint:
                click.echo(f"{shown.target}: {shown.complaint}", err=True)
            if form == "json":
                click.echo(as_json(shown))
            elif isinstance(shown.card, BotError):
                click.echo(f"{shown.target}: {shown.card.advice}", err=True)
            elif form == "card":
                console.print(panel(shown.card))
            else:
                items.append(item_of(shown.card))
        if form in FILES:
            click.echo(FILES[form](items), nl=False)
    return code


def without_new_file(settings: Settings) -> Settings:
    """Use a database in memory, unless one is configured or the default file exists."""
    file = file_of(settings.database_url)
    if "database_url" in settings.model_fields_set or file is None or file.exists():
        return settings
    return settings.model_copy(update={"database_url": IN_MEMORY})


async def with_spinner(
    cards: AsyncIterator[ShownTarget], targets: Sequence[str], sources: Sources, console: Console
) -> AsyncIterator[ShownTarget]:
    """Pass the cards on; on a terminal, show which target is being looked up."""
    for target in targets:
        asks = console.is_terminal and read_target(target, sources) is not None
        with console.status(Text(f"Asking for {target} …")) if asks else nullcontext():
            shown = await anext(cards)
        yield shown
    async for shown in cards:  # so that `cards` can close what it opened
        yield shown


async def cards_of(
    targets: Sequence[str], style: str, sources: Sources, opening: Opening, asking: OpeningEnricher | None = None
) -> AsyncIterator[ShownTarget]:
    """Make the card of each target, in order; the services are opened once the first target needs them.

    If a target's card cannot be made, its error is given instead. With `asking`, bibliographic services are asked about each
    work; if they fail, the card is given without their answers.
    """
    async with AsyncExitStack() as stack:
        services: Services | None = None
        enricher: Enricher | None = None
        for target in targets:
            try:
                reference = read_target(target, sources)
                if reference is None:
                    card = _saved(Path(target), sources, style)
                else:
                    if services is None:
                        services = await stack.enter_async_context(opening())
                    card = await services.cards.card(reference, ChannelSettings(style=style))
            except BotError as error:
                yield ShownTarget(target, error)
                continue
            if asking is None:
                yield ShownTarget(target, card, card.study.enrichment)
                continue
            try:
                if reference is not None and services is not None:
                    inquiry = services.inquiries.begin(card.record, card.study.stated)
                    found = await inquiry if inquiry is not None else None
                else:  # nothing is stored of a saved page, which anybody may have changed
                    if enricher is None:
                        enricher = await stack.enter_async_context(asking())
                    found = await enricher.enrich(card.record)
            except BotError as error:
                yield ShownTarget(target, card, card.study.enrichment, error.advice)
                continue
            if found is not None and found.outcome is MatchOutcome.MATCH:
                card = enriched(card, found, ChannelSettings(style=style))
            yield ShownTarget(target, card, found or card.study.enrichment, complaint(found))


def _saved(path: Path, sources: Sources, style: str) -> Card:
    """Make the card of a saved page. Raises BadTarget unless it is a regular file, since a pipe may never end."""
    try:
        if not path.is_file():
            raise BadTarget(str(path), NO_FILE)
        with path.open("rb") as file:
            body = file.read(LARGEST)
    except (OSError, ValueError) as error:
        raise BadTarget(str(path), NO_FILE) from error
    failure: BotError | None = None
    for source in sources:
        if source.read_saved is not None:
            try:
                return _card(source.read_saved(body, path.name).record, sources, style)
            except (PageChanged, NotARecord) as error:
                failure = failure or error
    raise failure or BadTarget(str(path), NO_FILE)


def _card(record: Record, sources: Sources, style: str) -> Card:
    name = sources.label(record.reference) if record.reference is not None else None
    return make_card(Study(record), style, url=sources.url_of(record.reference), name=name)


def item_of(card: Card) -> Csl:
    """Give a card's record as a CSL-JSON item for a file, with the address of the record."""
    return card.study.to_csl(card.url)


def _id(reference: Reference | None) -> int | str | None:
    """Give the ID as an integer if it consists of digits, else as text."""
    if reference is None:
        return None
    return int(reference.id) if reference.id.isdecimal() else reference.id


def as_json(shown: ShownTarget) -> str:
    """Give one JSON object, in a stable form: keys may be added, never renamed."""
    card = shown.card
    if isinstance(card, BotError):
        row: dict[str, Any] = {"target": shown.target, "ok": False, "error": type(card).__name__, "message": card.advice}
        return json.dumps(row, ensure_ascii=False)
    record = card.record
    row = {
        "target": shown.target,
        "ok": True,
        "id": _id(record.reference),
        "reference": str(record.reference) if record.reference else None,
        "record": record.to_csl(),
        "abstract": [{"label": paragraph.label, "text": paragraph.text} for paragraph in record.abstract],
        "notes": list(record.notes),
        "keywords": list(record.keywords),
        "mesh": list(record.mesh),
        "publication_types": list(record.publication_types),
        "languages": list(record.languages),
        "original_title": record.original_title,
        "retracted": card.study.retracted,
        "findings": [{"text": finding.text, "label": finding.label} for finding in card.findings],
        "citation": {"style": card.citation.style, "text": card.citation.text},
        "message": payload(draw(card, buttons=card_buttons(card))),
        "retraction": record.retraction,
        "excerpt": record.excerpt,
        "truncated": record.truncated,
        "facts": [asdict(fact) for fact in card.facts],
        "source": record.source,
        "repairs": list(record.repairs),
        "read_at": card.read_at.isoformat() if card.read_at else None,
        "stale": card.stale,
        "enrichment": enrichment_as_json(shown.enrichment),
    }
    return json.dumps(row, ensure_ascii=False)
