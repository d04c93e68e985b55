"""What somebody who clicked or typed a command is told when it fails; the log is told the rest.

One sentence for every failure: what happened, and what to try; a number that the log has too only for what nobody foresaw.
It is for who asked alone, whatever was to be seen by all. Nothing is said where another click or process has answered
already, or where Discord takes no answer any more.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.core.errors import BotError
from bot.core.wording import CUT, Phrase
from bot.services.meters import Outcome, ending, naming, outcome_of
from cogs.discord_kit.i18n import Say, speak
from cogs.discord_kit.thinking import shows_to_all

S = TypeVar("S")

TRANSIENT_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""What any call to Discord may raise: refusals, rate limits too long to wait for, lost connections."""

ANSWERED = frozenset({40060, 10062, 10015, 50027})
"""Discord's codes for an interaction that was answered already, and for one that can be answered no more: unknown, its token
spent (docs.discord.com, "JSON Error Codes")."""
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
"""What Discord, or the way to it, may do; another refusal is for what we sent wrongly, which nobody foresaw."""

log = structlog.get_logger(__name__)


async def answer_failure(interaction: discord.Interaction[Any], error: BaseException, asked: str | None) -> None:
    """Answer a failure with its sentence, one that nobody foresaw with the number that the log holds.

    `asked` names the command or button.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.HTTPException) and error.code in ANSWERED:
        log.info("not answered", asked=asked, reason=str(error))
        ending(Outcome.DISCORD)
        return
    _ = speak(interaction.locale)
    foreseen = _foreseen(error)
    ending(
        outcome := outcome_of(error)
        if foreseen is None
        else Outcome.DISCORD
        if isinstance(error, TRANSIENT_ERRORS)
        else Outcome.DECLINED
    )
    if isinstance(error, BotError):
        reason = None if outcome is Outcome.DECLINED else str(error)  # what is declined may be quoted in it
        log.info("refused", asked=asked, error=type(error).__name__, reason=reason)
        sentence = advise(error, _)
    elif foreseen is not None:
        log.warning("failed", asked=asked, error=type(error).__name__, reason=str(error))
        sentence = foreseen.said(_)
    else:
        log.error("failed", asked=asked, ticket=interaction.id, exc_info=error)
        sentence = _("Something went wrong that should not have. The log has it as {ticket}.", ticket=interaction.id)
    try:
        await answer_privately(interaction, sentence)
    except TRANSIENT_ERRORS as unsent:
        log.warning("not answered", asked=asked, reason=str(unsent))


def _foreseen(error: BaseException) -> Phrase | None:
    """Give the sentence for a failure of Discord, or of the way to it; None for one that nobody foresaw."""
    if isinstance(error, discord.HTTPException) and error.status == _TOO_MANY:
        return _SLOWER
    return next((said for kinds, said in _FORESEEN if isinstance(error, kinds)), None)


def advise(error: BotError, say: Say) -> str:
    """Say a failure's sentence in a language."""
    sentence = type(error).advice
    return Phrase(sentence, **error.details).said(say) if error.details or error.advice == sentence else error.advice


async def answer_privately(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Answer an interaction so that only its user sees it, whatever shows already.

    Where all see "thinking", Discord would make the answer its text, for all to see. So that gets an ellipsis first, and
    goes once the answer is there.
    """
    shown: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none(), "ephemeral": True}
    if not interaction.response.is_done():
        await interaction.response.send_message(sentence, **shown)
    elif shows_to_all(interaction):
        with suppress(discord.NotFound):  # a moderator was faster
            await interaction.edit_original_response(content=CUT)
        try:
            await interaction.followup.send(sentence, **shown)
        finally:
            with suppress(discord.NotFound):
                await interaction.delete_original_response()
    else:
        await interaction.followup.send(sentence, **shown)


def answering(
    act: Callable[[S, discord.Interaction[Any]], Awaitable[None]],
) -> Callable[[S, discord.Interaction[Any]], Any]:
    """Answer what a click or a submit raises as a command's failure is answered."""

    @wraps(act)
    async def callback(self: S, interaction: discord.Interaction[Any]) -> None:
        naming(type(self).__name__)
        try:
            await act(self, interaction)
        except Exception as error:  # noqa: BLE001 - the edge: the log gets it, the user a sentence
            await answer_failure(interaction, error, type(self).__name__)

    return callback
