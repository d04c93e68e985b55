"""The database's clock, which all processes on the database share."""

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class SecondsNow(FunctionElement[float]):
    """SQL for the seconds since 1970 at the moment of evaluation, not at the start of the transaction."""

    type = Double()
    inherit_cache = True


@compiles(SecondsNow, "sqlite")
def _on_sqlite(_element: SecondsNow, _compiler: SQLCompiler, **_: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"  # exact to a millisecond; unixepoch('subsec') needs SQLite 3.42


@compiles(SecondsNow, "postgresql")
def _on_postgresql(_element: SecondsNow, _compiler: SQLCompiler, **_: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"
