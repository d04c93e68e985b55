"""Errors of Discord: their sentences for users, and their descriptions for the log."""

import re
from collections.abc import Sequence

import aiohttp
import discord
from discord import app_commands

from bot.core.errors import BotError
from bot.core.phrase import Phrase, Say

TRANSIENT_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""What any call to Discord may raise: refusals, rate limits too long to wait for, lost connections."""
ANSWERED = frozenset({40060, 10062, 10015, 50027})
"""Discord's codes for an interaction that was already answered (40060), and for one that can no longer be answered
(docs.discord.com, "JSON Error Codes")."""
_PLAIN = re.compile(r"[0-9]*|@?[a-z-]{1,24}|v[0-9]+")
"""A piece of a path that is an ID or a word of Discord's own."""
_TOO_MANY = 429
_SLOWER = Phrase("Discord asks the bot to slow down. Please try again in a few minutes.")
_FORESEEN: Sequence[tuple[type[Exception] | tuple[type[Exception], ...], Phrase]] = (
    (
        (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch),
        Phrase("This command has changed. Please reload Discord and try again."),
    ),
    (app_commands.CheckFailure, Phrase("You may not use this here.")),
    (
        discord.Forbidden,
        Phrase("Discord does not let the bot do that here. Moderators see by /settings check what it lacks."),
    ),
    (discord.NotFound, Phrase("What this was about is not there any more.")),
    (discord.RateLimited, _SLOWER),
    (
        (discord.DiscordServerError, aiohttp.ClientError, OSError),
        Phrase("Discord did not take the answer. Please try again in a few minutes."),
    ),
)
"""Failures of Discord, or of the connection to it. Any other refusal is unexpected: we sent something wrong."""


def foreseen(error: BaseException) -> Phrase | None:
    """Give the sentence for a failure of Discord, or of the connection to it; None for an unexpected one."""
    if isinstance(error, discord.HTTPException) and error.status == _TOO_MANY:
        return _SLOWER
    return next((said for kinds, said in _FORESEEN if isinstance(error, kinds)), None)


def describe(error: BaseException) -> str:
    """Describe an error of Discord, or of the connection to it, for the log.

    The error's own text is left out: it may quote the request, and so what people wrote.
    """
    if isinstance(error, discord.HTTPException):
        method, url = getattr(error.response, "method", ""), getattr(error.response, "url", None)
        return f"{error.status} ({error.code}) {method} {_route(url.path) if url is not None else ''}".rstrip()
    if isinstance(error, discord.RateLimited):
        return f"rate limited for {error.retry_after:.0f} s"
    number = getattr(error, "errno", None)
    return type(error).__name__ + (f" ({number})" if number is not None else "")


def _route(path: str) -> str:
    """Give a path without tokens and emoji."""
    return "/".join(piece if _PLAIN.fullmatch(piece) else "…" for piece in path.split("/"))


def advise(error: BotError, say: Say) -> str:
    """Give the sentence that an error has for users, translated."""
    sentence = type(error).advice
    return Phrase(sentence, **error.details).said(say) if error.details or error.advice == sentence else error.advice
