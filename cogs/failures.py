"""What somebody who clicked or typed a command is told when it fails; the log is told the rest."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

import discord
import structlog
from discord import app_commands

from bot.core.errors import BotError
from bot.core.wording import Phrase
from cogs.trouble import TROUBLE
from cogs.words import Say, speak

S = TypeVar("S")

log = structlog.get_logger(__name__)


async def answer_failure(interaction: discord.Interaction[Any], error: BaseException, asked: str | None) -> None:
    """Answer a foreseen failure with its sentence, any other with the number that the log holds.

    `asked` names the command or button.
    """
    _ = speak(interaction.locale)
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, BotError):
        log.info("refused", asked=asked, error=type(error).__name__, reason=str(error))
        sentence = advise(error, _)
    elif isinstance(error, app_commands.CheckFailure):
        sentence = _("You may not use this here.")
    elif isinstance(error, TROUBLE):
        log.warning("not answered", asked=asked, reason=str(error))
        return
    else:
        log.error("failed", asked=asked, ticket=interaction.id, exc_info=error)
        sentence = _("Something went wrong that should not have. The log has it as {ticket}.", ticket=interaction.id)
    try:
        await answer_privately(interaction, sentence)
    except TROUBLE as unsent:
        log.warning("not answered", asked=asked, reason=str(unsent))


def advise(error: BotError, say: Say) -> str:
    """Say a failure's sentence in a language."""
    sentence = type(error).advice
    return Phrase(sentence, **error.details).said(say) if error.details or error.advice == sentence else error.advice


async def answer_privately(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Answer an interaction so that only its user sees it; where "thinking" shows already, the answer takes its place."""
    nobody = discord.AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=nobody)
    else:
        await interaction.response.send_message(sentence, ephemeral=True, allowed_mentions=nobody)


def answering(
    act: Callable[[S, discord.Interaction[Any]], Awaitable[None]],
) -> Callable[[S, discord.Interaction[Any]], Any]:
    """Answer what a click or a submit raises as a command's failure is answered."""

    @wraps(act)
    async def callback(self: S, interaction: discord.Interaction[Any]) -> None:
        try:
            await act(self, interaction)
        except Exception as error:  # noqa: BLE001 - the edge: the log gets it, the user a sentence
            await answer_failure(interaction, error, type(self).__name__)

    return callback
