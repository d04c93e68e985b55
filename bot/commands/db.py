"""`python -m bot db`: upgrade, backup and restore of the database."""

from pathlib import Path

import click

from bot.adapters.database.engine import open_database
from bot.adapters.database.inspection import state_of, versions
from bot.adapters.database.sqlite_file import file_of
from bot.adapters.stores.backup import back_up, restore
from bot.commands.exit_codes import asynchronous, stop_signals
from bot.core.errors import ConfigurationError
from bot.logs import set_up_logs
from bot.settings import read_settings

_PATH = click.Path(dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """Keep the database: bring it up to date, back it up, put a backup back."""


@db.command(short_help="Bring the tables up to date, as each start does.")
@asynchronous
async def upgrade() -> None:
    """Bring the database's tables up to date, as each start does; say from which version to which."""
    url = _url()
    before = await state_of(url)
    async with open_database(url):
        pass
    version = before and before.version
    if version == versions()[0]:
        click.echo(f"The database is up to date: version {version}.")
    else:
        click.echo(f"The database went from {f'version {version}' if version else 'no tables'} to version {versions()[0]}.")


@db.command(short_help="Write all that the database holds to FILE.")
@click.argument("file", type=_PATH)
@click.option("--force", is_flag=True, help="Write over FILE if it is there.")
@asynchronous
async def backup(file: Path, force: bool) -> None:
    """Write all that the database holds at this moment to FILE, while the bot runs."""
    with stop_signals():
        url = _url()
        source = file_of(url)
        if source is not None and not source.exists():
            raise ConfigurationError(
                f"There is no database at {source.absolute()}: go to the bot's folder, or name its file in DATABASE_URL."
            )
        size = await back_up(url, file, force=force)
        of = "all of it" if source is None else f"all of {source.absolute()}"
        click.echo(f"{file} holds {of}: {size:,} bytes, read through and sound.")


@db.command("restore", short_help="Put the backup FILE into the database.")
@click.argument("file", type=_PATH)
@click.option("--force", is_flag=True, help="In place of what the database holds.")
@asynchronous
async def put_back(file: Path, force: bool) -> None:
    """Put the backup FILE, of whichever database it was made, into the database; stop the bot first."""
    with stop_signals():
        rows = await restore(_url(), file, force=force)
        click.echo(f"{rows:,} rows restored from {file}.")


def _url() -> str:
    settings = read_settings()
    set_up_logs("WARNING", settings.log_format)
    return settings.database_url
