"""`python -m bot pages`: the pages that could not be read, as one file to attach to an issue."""

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from bot import __version__
from bot.adapters.database.engine import open_database
from bot.adapters.database.inspection import state_of
from bot.adapters.stores.unreadable_pages import UnreadablePages
from bot.commands.exit_codes import asynchronous
from bot.core.errors import OutputFailed
from bot.logs import set_up_logs
from bot.services.page_ports import UnreadablePage
from bot.settings import read_settings

FACTS = "pages.json"


@click.group()
def pages() -> None:
    """Collect the pages that could not be read, for an issue."""


@pages.command(short_help="Write the pages that could not be read into the zip archive FILE, for an issue.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over FILE if it is there.")
@asynchronous
async def export(file: Path, force: bool) -> None:
    """Write the last pages that could not be read, and what is known of each, into the zip archive FILE.

    It holds pages as their sites gave them, and nothing of messages or users: attach it to an issue.
    """
    settings = read_settings()
    set_up_logs("WARNING", settings.log_format)
    kept: tuple[UnreadablePage, ...] = ()
    if await state_of(settings.database_url) is not None:
        async with open_database(settings.database_url) as engine:
            kept = await UnreadablePages(engine).all()
    if not kept:
        click.echo("No page is kept, since every page that the bot got could be read; nothing was written.")
        return
    write_bundle(file, kept, force=force)
    pages_of = "1 page" if len(kept) == 1 else f"{len(kept)} pages"
    click.echo(f"{file} holds {pages_of} that could not be read, with {FACTS} about them: attach it to an issue of Precis.")


def write_bundle(file: Path, kept: Sequence[UnreadablePage], *, force: bool) -> None:
    """Write pages with their facts into a zip archive, which appears complete or not at all. Raises OutputFailed."""
    if file.exists() and not force:
        raise OutputFailed(f"{file} is there already; --force writes over it")
    try:
        _write(file, kept)
    except OSError as error:
        raise OutputFailed(f"{file}: {error.strerror}") from error


def _write(file: Path, kept: Sequence[UnreadablePage]) -> None:
    names = list(_names(kept))
    facts = {"precis": __version__, "pages": [_facts(name, page) for name, page in zip(names, kept, strict=True)]}
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
        draft = Path(folder) / file.name
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(FACTS, json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
            for name, page in zip(names, kept, strict=True):
                archive.writestr(name, page.page.body)
        draft.replace(file)


def _names(kept: Sequence[UnreadablePage]) -> Iterator[str]:
    """Name a file for each page; a number keeps names distinct after characters that files cannot have are removed."""
    for number, page in enumerate(kept, 1):
        words = re.sub(r"[^a-z0-9.-]+", "-", f"{page.page.reference}".lower())
        yield f"{number:02}-{words[:80]}.html"


def _facts(name: str, page: UnreadablePage) -> dict[str, object]:
    return {
        "file": name,
        "reference": str(page.page.reference),
        "site": page.page.site,
        "url": page.url,
        "at": page.at.isoformat(),
        "reason": page.reason,
        "parser": page.parser,
        "charset": page.page.charset,
        "bytes": len(page.page.body),
    }
