"""Logging by structlog, for the bot and its libraries, to standard error: as lines for people or as JSON Lines.

Never logged: the token, an interaction's token, message text, page bodies. So libraries, whose debug lines contain all of
these, stay at INFO; tracebacks show neither variables nor the texts of exceptions that may quote a user; and finally any
text that looks like a secret is removed from each line.
"""

import asyncio
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Literal

import aiohttp
import discord
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

OURS = ("bot", "cogs")
"""The loggers that may log below INFO."""

QUIET = {"alembic": logging.WARNING, "httpcore": logging.WARNING, "httpx": logging.WARNING}
"""The lowest levels of libraries that log too much at INFO."""

ABOUT: ContextVar[Callable[[], Mapping[str, object]] | None] = ContextVar("about", default=None)
"""Gives the IDs that the running task is about (`guild`, `channel`, `message`); called only when a line is written."""

_TELLING = (AttributeError, ImportError, MemoryError, NameError, OSError, RecursionError, TypeError)
"""Exceptions whose texts come from Python or the system; the text of any other may quote a user."""

_SECRETS = re.compile(r"(?P<kept>/(?:interactions|webhooks)/[0-9]+/)[^/\s\"'?]+")
"""Tokens in the addresses by which interactions are answered."""

_RECONNECT = ("Attempting a reconnect", "Failed to connect for shard_id")
_AUTOCOMPLETE = "Ignoring exception in autocomplete"


def set_up_logs(level: str = "INFO", form: Literal["console", "json"] = "console", secrets: Collection[str] = ()) -> None:
    """Send all logging through structlog to standard error; `secrets` are never written."""
    shared: list[Processor] = [
        _about,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _one_line_reconnects,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _tracebacks,
                renderer,
                _without(secrets),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.INFO, logging.getLevelName(level)))
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def log_crashes() -> None:
    """Log uncaught exceptions of all threads, and Python's warnings, like everything else."""
    log = structlog.get_logger(__name__)

    def crashed(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("crashed", exc_info=(kind, error, trace))

    sys.excepthook = crashed
    threading.excepthook = lambda lost: log.error("a thread crashed", exc_info=lost.exc_value)
    logging.captureWarnings(capture=True)


def log_lost(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an error of a task that nobody awaits; an event loop's exception handler. asyncio's own would quote the error."""
    task = context.get("task") or context.get("future")
    name = task.get_name() if isinstance(task, asyncio.Task) else None
    structlog.get_logger(__name__).error("lost", what=context.get("message"), task=name, exc_info=context.get("exception"))


def _about(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Add the IDs that the running task is about to a line."""
    about = ABOUT.get()
    return {**about(), **event} if about is not None else event


def _one_line_reconnects(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the tracebacks that discord.py logs for a lost gateway and for late choices; one line is enough."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or not record.exc_info:
        return event
    error, said = record.exc_info[1], str(event["event"])
    if said.startswith(_RECONNECT) or (
        said.startswith(_AUTOCOMPLETE) and isinstance(error, (discord.DiscordException, aiohttp.ClientError, OSError))
    ):
        if isinstance(error, discord.HTTPException):  # its text may quote people
            event["error"] = f"{type(error).__name__}: {error.status} ({error.code})"
        else:
            event["error"] = f"{type(error).__name__}: {error}"
        event.pop("exc_info", None)
        record.exc_info = record.exc_text = None
    return event


def _tracebacks(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write a traceback: lines of code, names of exceptions, and the texts only of those that cannot quote a user."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given is True:
        error = sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1]
    if error is not None:
        event["exception"] = "\n".join(_lines(error, set()))
    return event


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _lines(cause, seen)
        yield "which led to:"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    words = f": {error}" if isinstance(error, _TELLING) else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{words}".removeprefix("builtins.")
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield "together with:"
            yield from _lines(one, seen)


def _without(secrets: Collection[str]) -> Processor:
    """Make the last processor, which removes these secrets from each line."""
    known = [secret for secret in secrets if secret]

    def clean(_logger: WrappedLogger, _method: str, line: Any) -> Any:
        for secret in known:
            line = line.replace(secret, "[secret]")
        return _SECRETS.sub(r"\g<kept>[secret]", line)

    return clean
