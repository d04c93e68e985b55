"""Where a command's errors and signals end: exit codes, one sentence, no traceback."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, ParamSpec

import click

from bot.core.errors import BotError, ConfigurationError

EX_CONFIG = 78
"""Exit code for a configuration that cannot work (sysexits.h)."""

P = ParamSpec("P")


def foreseen(command: Callable[P, int | None]) -> Callable[P, None]:
    """Exit with a command's code; a foreseen error ends in one sentence on standard error."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except ConfigurationError as error:
            click.echo(error.advice, err=True)
            code = EX_CONFIG
        except BotError as error:
            click.echo(f"{error.advice} ({error})", err=True)
            code = 1
        sys.exit(code or 0)

    return run


def asynchronous(command: Callable[P, Coroutine[Any, Any, int | None]]) -> Callable[P, None]:
    """Run a command's coroutine, and end as `foreseen` does."""

    @foreseen
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int | None:
        return asyncio.run(command(*args, **kwargs))

    return run


@contextmanager
def stop_signals() -> Iterator[None]:
    """Let the first SIGTERM or SIGINT cancel the running task, which then unwinds; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    stopping = False

    def stop() -> None:
        nonlocal stopping
        stopping = True
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)
            signal.signal(name, signal.SIG_DFL)
        if task is not None:
            task.cancel()

    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has none
            loop.add_signal_handler(name, stop)
    try:
        yield
    except asyncio.CancelledError:
        if not stopping:
            raise
