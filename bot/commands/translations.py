"""`python -m bot words`: writes the template of the translations, and updates the catalogs by it.

The template has all texts marked in the code: `_("...")` and `say("...")`, which are translated at once, `Phrase("...")`,
which is translated later, each with a plural if it has a number, and `locale_str("...")` for commands; the sentences of all
errors; months, the words of facts, and the fields that confirm a match. To add a language, copy the template to
`cogs/locales/LANGUAGE.po` and translate it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import bot.app  # noqa: F401 - imports every module that has errors
from bot import __version__
from bot.core.card_lines import MONTHS
from bot.core.errors import BotError, ConfigurationError, DiscordUnreachable, OutputFailed
from bot.findings.species import SPECIES
from bot.findings.studies import KINDS
from bot.matching.match import FIELDS

LOCALES = Path("cogs/locales")
TEMPLATE = LOCALES / "messages.pot"
MARKS = frozenset({"_", "say", "locale_str", "Phrase"})
_FOLDERS = ("cogs", "bot/core", "bot/services", "bot/sources")
_UNSAID = {ConfigurationError, DiscordUnreachable, OutputFailed}
"""Errors that are never shown in Discord."""


@click.command()
def words() -> None:
    """Write the template of the translations, and bring the catalogs in step with it."""
    if not LOCALES.is_dir():
        raise click.UsageError(f"{LOCALES} is not here: this is for the folder that holds the source.")
    for path in write_catalogs():
        click.echo(f"{path} written.")


def template() -> Catalog:
    """Collect all texts to translate. To be called in the checkout's folder."""
    catalog = Catalog(
        project="Precis", version=__version__, header_comment="# Words of PROJECT.", charset="utf-8", fuzzy=False
    )
    for folder in _FOLDERS:
        for file in sorted(Path(folder).rglob("*.py")):
            for text, line in marked(file.read_text("utf-8")):
                catalog.add(text, locations=[(str(file), line)])
    for word in (*MONTHS, *sorted(KINDS), *SPECIES, *FIELDS):
        catalog.add(word)
    for error in sorted(_family(BotError), key=lambda one: one.__name__):
        catalog.add(error.advice, auto_comments=[error.__name__])
    return catalog


def marked(source: str) -> Iterator[tuple[str | tuple[str, str], int]]:
    """Give each text that Python source marks for translation (a pair if it has a plural), and its line.

    Babel's own extractor misses texts in f-strings.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Name(id=name), args=[ast.Constant(value=str(text)), ast.Constant(value=str(plural)), *_]
            ) if name in MARKS:
                yield (text, plural), node.lineno
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]) if name in MARKS:
                yield text, node.lineno


def write_catalogs() -> Iterator[Path]:
    """Write the template; in each catalog add new texts, untranslated, and delete removed ones; yield written files."""
    made = template()
    LOCALES.mkdir(exist_ok=True)
    _write(TEMPLATE, made)
    yield TEMPLATE
    for file in sorted(LOCALES.glob("*.po")):
        with file.open("rb") as opened:
            catalog = read_po(opened, locale=file.stem)
        since = catalog.creation_date
        catalog.update(made, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.creation_date = since
        _write(file, catalog)
        yield file


def _write(file: Path, catalog: Catalog) -> None:
    with file.open("wb") as opened:
        write_po(opened, catalog, width=125, sort_output=True, no_location=file.suffix == ".po", ignore_obsolete=True)


def _family(error: type[BotError]) -> Iterator[type[BotError]]:
    """Give an error class and all its subclasses."""
    if error.__module__.startswith(("bot.", "cogs.")) and error not in _UNSAID:
        yield error
    for one in error.__subclasses__():
        yield from _family(one)
