"""Migrations of the database, by Alembic."""

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from bot.core.errors import ConfigurationError


def alembic_config() -> Config:
    """Give Alembic's configuration, which names the folder of the migrations."""
    config = Config()
    config.set_main_option("script_location", "bot.adapters.database:migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(connection: Connection) -> None:
    """Bring the tables up to date; raises ConfigurationError if a newer Precis made them."""
    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:  # no migration has this version
        raise ConfigurationError(
            f"The database at DATABASE_URL was made by a newer Precis ({error}): run that one, or another database."
        ) from error
