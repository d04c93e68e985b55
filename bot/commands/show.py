"""`python -m bot show`: cards without Discord, from links, numbers or saved pages; on a terminal or to files."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from bot.app import Services, open_services
from bot.citation import resolve_style, to_bibtex, to_csl_json, to_ris
from bot.commands.exit_codes import EX_CONFIG, asynchronous, output
from bot.commands.terminal import panel
from bot.core.card import Card
from bot.core.errors import BadTarget, BotError, ConfigurationError
from bot.core.links import read_target
from bot.core.record import Csl
from bot.core.reference import Reference
from bot.core.study import Study
from bot.logs import set_up_logs
from bot.services.cards import make_card
from bot.settings import read_settings
from bot.sources.erowid import read_record, record_url
from cogs.cards.button_row import card_buttons
from cogs.cards.render import draw, payload

LARGEST = 16 * 2**20
"""Bytes of a saved page that are read at most; a record's page has some ten thousand."""

FILES: Mapping[str, Callable[[Sequence[Csl]], str]] = {"bibtex": to_bibtex, "ris": to_ris, "csl-json": to_csl_json}
"""Files that a reference manager takes, by the names of `--format`."""

Shown = Card | BotError

YEARS = range(1900, 2101)
"""Numbers that are as likely a year as a record."""
_ADDRESSED = re.compile(r"(?:^|[\W_])ID=([1-9][0-9]*)(?![^\W_])", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:^|[\W_])(?:(?:records?|refs?|references?|erowid|id)[ ._-]?|p(?:age)?[ ._-]?(?=[0-9]{3}))([1-9][0-9]*)(?![^\W_])",
    re.IGNORECASE,
)
_FIRST = re.compile(r"[1-9][0-9]*$|[1-9][0-9]{2,}(?=[ ._-])")
_NUMBERS = re.compile(r"(?<![^\W_])[0-9]")
_COPY = re.compile(r" ?\([0-9]+\)$")
"""What browsers put behind the name of a file that is there already."""


class Targets(click.Command):
    """A command to which `-5` is a target like any other; a mistyped option stays one."""

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
@asynchronous
async def show(targets: tuple[str, ...], form: str, style: str) -> int:
    """Show the card of each TARGET: a link, a number, or the path of a saved page."""
    settings = read_settings()
    # Each failure has its sentence here, so that the log's lines about it are for who looks for them.
    set_up_logs("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    console = Console()
    code = 0
    items: list[Csl] = []
    with output():
        async for target, shown in cards_of(targets, resolve_style(style), lambda: open_services(settings)):
            if isinstance(shown, BotError):
                code = max(code, EX_CONFIG if isinstance(shown, ConfigurationError) else 1)
            if form == "json":
                click.echo(as_json(target, shown))
            elif isinstance(shown, BotError):
                click.echo(f"{target}: {shown.advice}", err=True)
            elif form == "card":
                console.print(panel(shown))
            else:
                items.append(item_of(shown))
        if form in FILES:
            click.echo(FILES[form](items), nl=False)
    return code


async def cards_of(
    targets: Sequence[str], style: str, opening: Callable[[], AbstractAsyncContextManager[Services]]
) -> AsyncIterator[tuple[str, Shown]]:
    """Make the card of each target, in order; the services are opened once the first target needs them.

    A target whose card cannot be had gives its error in the card's place.
    """
    async with AsyncExitStack() as stack:
        services: Services | None = None
        for target in targets:
            try:
                reference = read_target(target)
                if reference is None:
                    yield target, _saved(Path(target), style)
                    continue
                if services is None:
                    services = await stack.enter_async_context(opening())
                yield target, await services.cards.card(reference, style)
            except BotError as error:
                yield target, error


def _saved(path: Path, style: str) -> Card:
    """Make the card of a saved page. Raises BadTarget for what is no regular file: a pipe may never end."""
    try:
        if not path.is_file():
            raise BadTarget(str(path))
        with path.open("rb") as file:
            body = file.read(LARGEST)
    except (OSError, ValueError) as error:
        raise BadTarget(str(path)) from error
    record = read_record(body)
    if record.reference is None:
        record = replace(record, reference=_named(path))
    return make_card(Study(record), style, url=record_url(record.reference) if record.reference else None)


def _named(path: Path) -> Reference | None:
    """Read the reference from a file's name, where its number can hardly be anything else; else None.

        refs_view.php?ID=6004&S=1998.html          the address itself
        ref6004.html  page 6004.html  p281.html    a word that says so; for a page, from 100 on
        6004.html  6004-table.html  281_m1.html    its beginning: no year, and nothing behind one below 100 (5-MeO-DMT)

    A number with a leading zero is none, and two numbers say nothing.
    """
    if said := set(_ADDRESSED.findall(path.name)):
        return Reference.parse(said.pop()) if len(said) == 1 else None
    stem = _COPY.sub("", path.stem)
    if len(_NUMBERS.findall(stem)) > 1:
        return None
    if called := _CALLED.search(stem):
        return Reference.parse(called[1])
    first = _FIRST.match(stem)
    return Reference.parse(first[0]) if first and int(first[0][:5]) not in YEARS else None


def item_of(card: Card) -> Csl:
    """Give a card's record as the CSL-JSON item for a file: with the address that it was read from."""
    item = card.study.to_csl()
    return item if card.url is None else item | {"URL": card.url}


def as_json(target: str, shown: Shown) -> str:
    """Give one JSON object: the shape is a promise, to which keys may be added."""
    if isinstance(shown, BotError):
        row: dict[str, Any] = {"target": target, "ok": False, "error": type(shown).__name__, "message": shown.advice}
        return json.dumps(row, ensure_ascii=False)
    record = shown.record
    row = {
        "target": target,
        "ok": True,
        "id": record.reference.id if record.reference else None,
        "record": record.to_csl(),
        "abstract": [{"label": paragraph.label, "text": paragraph.text} for paragraph in record.abstract],
        "notes": list(record.notes),
        "keywords": list(record.keywords),
        "retracted": shown.study.retracted,
        "findings": [{"text": finding.text, "label": finding.label} for finding in shown.findings],
        "citation": {"style": shown.citation.style, "text": shown.citation.text},
        "message": payload(draw(shown, buttons=card_buttons(shown))),
        "retraction": record.retraction,
        "excerpt": record.excerpt,
        "truncated": record.truncated,
        "facts": [asdict(fact) for fact in shown.facts],
        "source": record.source,
        "repairs": list(record.repairs),
        "read_at": shown.read_at.isoformat() if shown.read_at else None,
        "stale": shown.stale,
    }
    return json.dumps(row, ensure_ascii=False)
