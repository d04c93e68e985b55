"""The database's clock, which is the one that all its processes share; and the later of two times, in either's words."""

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class SecondsNow(FunctionElement[float]):
    """Seconds since 1970, now: not when the transaction began, and not when a wait for a row did."""

    type = Double()
    inherit_cache = True


class Later(FunctionElement[float]):
    """The greatest of some numbers, none of them NULL."""

    type = Double()
    inherit_cache = True


class Earlier(FunctionElement[float]):
    """The least of some numbers, none of them NULL."""

    type = Double()
    inherit_cache = True


@compiles(SecondsNow, "sqlite")
def _seconds_sqlite(_element: SecondsNow, _compiler: SQLCompiler, **_: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"  # to the millisecond; unixepoch('subsec') needs SQLite 3.42


@compiles(SecondsNow, "postgresql")
def _seconds_postgresql(_element: SecondsNow, _compiler: SQLCompiler, **_: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


@compiles(Later, "sqlite")
def _later_sqlite(element: Later, compiler: SQLCompiler, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(Later, "postgresql")
def _later_postgresql(element: Later, compiler: SQLCompiler, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@compiles(Earlier, "sqlite")
def _earlier_sqlite(element: Earlier, compiler: SQLCompiler, **options: Any) -> str:
    return f"min({compiler.process(element.clauses, **options)})"


@compiles(Earlier, "postgresql")
def _earlier_postgresql(element: Earlier, compiler: SQLCompiler, **options: Any) -> str:
    return f"least({compiler.process(element.clauses, **options)})"
