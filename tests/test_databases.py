"""The databases that tests borrow one after the other."""

import asyncpg
import pytest

from tests.databases import lent_database


async def borrow(server: str, *statements: str) -> tuple[str, int, int]:
    """Borrow a database: its URL, how many guilds it has, and the number that the next change of a setting gets."""
    async with lent_database(server) as url:
        connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
        try:
            guilds = await connection.fetchval("SELECT count(*) FROM guilds")
            number = await connection.fetchval("SELECT nextval(pg_get_serial_sequence('changes', 'id'))")
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()
    return url, guilds, number


async def test_rows_are_taken_out(postgresql: str) -> None:
    """The next test has the same database, as new."""
    lent = await borrow(postgresql, "INSERT INTO guilds (guild_id) VALUES (1)")
    assert await borrow(postgresql) == lent
    assert lent[1:] == (0, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE people ADD COLUMN more integer",
        "DROP TABLE people",
        "CREATE TABLE more (id integer)",
        "CREATE INDEX more ON people (user_id)",
        "CREATE FUNCTION more() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "UPDATE alembic_version SET version_num = 'more'",
    ],
)
async def test_a_database_with_other_tables_is_not_lent_again(postgresql: str, statement: str) -> None:
    changed, *_ = await borrow(postgresql, statement)
    assert (await borrow(postgresql))[0] != changed
