"""Logging: structlog for our own lines and for the libraries', as lines for people or as JSON Lines, on standard error.

Never logged: the token, message text, page bodies. discord.py's debug lines hold all three, so it stays at INFO.
"""

import logging
import sys
from typing import Literal

import aiohttp
import discord
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_QUIET = {
    "aiosqlite": logging.INFO,
    "alembic": logging.WARNING,
    "discord": logging.INFO,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
}
"""The least level of libraries whose lower levels say more than a log may."""

_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
"""Tracebacks without the frames' variables, which hold messages and the token."""

_RECONNECT = "Attempting a reconnect in"
_AUTOCOMPLETE = "Ignoring exception in autocomplete"


def set_up_logs(level: str = "INFO", form: Literal["console", "json"] = "console") -> None:
    """Send all logging through structlog to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _one_line_reconnects,
    ]
    last: list[Processor] = (
        [_TRACEBACKS, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)]
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
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(least, root.level))


def _one_line_reconnects(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """discord.py logs each lost gateway, and choices that came too late, with a traceback; a reader needs one line."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or not record.exc_info:
        return event
    error, said = record.exc_info[1], str(event["event"])
    if said.startswith(_RECONNECT) or (
        said.startswith(_AUTOCOMPLETE) and isinstance(error, (discord.DiscordException, aiohttp.ClientError, OSError))
    ):
        event["error"] = f"{type(error).__name__}: {error}"
        event.pop("exc_info", None)
        record.exc_info = record.exc_text = None
    return event
