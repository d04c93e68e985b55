"""Turns the errors and signals of a command into an exit code and one sentence, without a traceback."""

import asyncio
import errno
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, cast

import click

from bot.core.errors import BotError, ConfigurationError, OutputFailed

EX_CONFIG = 78
"""Exit code for a configuration that cannot work (sysexits.h)."""

EX_INTERRUPTED = 130
"""The exit code that shells give to a process ended by Ctrl-C."""

STOPPING = (signal.SIGTERM, signal.SIGINT)
"""The signals that ask a process to end."""

SIGNALLED = 128
"""The number that shells add to a signal's number for the exit code of a process that it ended."""

P = ParamSpec("P")


def foreseen(command: Callable[P, int | None]) -> Callable[P, None]:
    """Make a command exit with the code that it returns; a BotError is written as one sentence to standard error."""

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
        except KeyboardInterrupt:
            code = EX_INTERRUPTED
        sys.exit(code or 0)

    return run


def asynchronous(command: Callable[P, Coroutine[Any, Any, int | None]]) -> Callable[P, None]:
    """Do as `foreseen` for a command that is a coroutine function."""

    @foreseen
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int | None:
        return asyncio.run(command(*args, **kwargs))

    return run


@contextmanager
def output() -> Iterator[None]:
    """Guard a block that writes to standard output. Raises OutputFailed if not all of it could be written."""
    if sys.stdout is None:  # the descriptor is closed
        raise OutputFailed("standard output is closed")
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader closed the pipe: click ends quietly
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the buffered rest would fail again at the exit
        raise OutputFailed(str(error)) from error


@contextmanager
def stop_signals() -> Iterator[None]:
    """Let the first SIGTERM or SIGINT cancel the running task, which then unwinds; a second one ends the process at once.

    The second calls exit, with the code that shells give to a process ended by that signal: the first process of a
    container is not ended by the signal alone.
    """
    loop = asyncio.get_running_loop()
    task = cast("asyncio.Task[Any]", asyncio.current_task())
    before = {name: signal.getsignal(name) for name in STOPPING}
    cancelling: asyncio.Handle | None = None

    def stop(*_: object) -> None:
        nonlocal cancelling
        for name in STOPPING:
            signal.signal(name, lambda number, _: os._exit(SIGNALLED + number))
        cancelling = loop.call_soon_threadsafe(task.cancel)  # also wakes a waiting loop

    for name in STOPPING:
        signal.signal(name, stop)
    try:
        yield
    except asyncio.CancelledError:
        if cancelling is None:
            raise
    finally:
        if cancelling is None:
            for name, handler in before.items():
                signal.signal(name, handler)
        else:
            cancelling.cancel()  # a signal at the block's end must not cancel later code
