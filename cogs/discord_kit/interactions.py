"""Answers interactions within Discord's three seconds, however long the work takes, and privately by default."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import discord
import structlog
from discord import app_commands

from bot.core.clip import CUT
from bot.core.errors import BotError
from bot.services.meters import Outcome, ending, outcome_of
from cogs.discord_kit.errors import ANSWERED, TRANSIENT_ERRORS, advise, describe, foreseen
from cogs.discord_kit.i18n import speak

T = TypeVar("T")

_PUBLIC = "thinking is public"

log = structlog.get_logger(__name__)


class AnsweringClient:
    """The part of the client that answering interactions needs."""

    slow = 1.5
    """Seconds until "thinking" is shown to the person who waits; Discord gives three for a first answer."""


async def defer_if_slow(
    interaction: discord.Interaction[Any], work: Coroutine[Any, Any, T], *, private: bool = True, replacing: bool = False
) -> T:
    """Wait for work; if it is slow, Discord is told to wait, which shows "thinking".

    With `replacing` the answer will take the place of the clicked message, and nothing is shown. What fails before the
    interaction was deferred can still be answered privately. Raises what the work raises.
    """
    client: AnsweringClient = interaction.client
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=client.slow)
        if not task.done() and not interaction.response.is_done():
            try:
                await interaction.response.defer(ephemeral=private, thinking=not replacing)
            except TRANSIENT_ERRORS as error:
                log.warning("interaction not deferred", reason=describe(error))
            else:
                interaction.extras[_PUBLIC] = not private and not replacing
        return await task
    finally:
        task.cancel()


async def respond(interaction: discord.Interaction[Any], *, private: bool = True, **shown: Any) -> int | None:
    """Answer with a new message, in the place of "thinking" if that is shown; gives the message's ID.

    `shown` is as `Messageable.send` takes it. If everybody sees "thinking", Discord would make a private answer public; so
    "thinking" first becomes an ellipsis, and is deleted once the private answer is there.
    """
    shown.setdefault("allowed_mentions", discord.AllowedMentions.none())
    if not interaction.response.is_done():
        return (await interaction.response.send_message(**shown, ephemeral=private)).message_id
    if not (interaction.extras.pop(_PUBLIC, False) and private):
        return (await interaction.followup.send(**shown, ephemeral=private, wait=True)).id
    with suppress(discord.NotFound):  # a moderator deleted it
        await interaction.edit_original_response(content=CUT)
    try:
        return (await interaction.followup.send(**shown, ephemeral=True, wait=True)).id
    finally:
        with suppress(discord.NotFound):
            await interaction.delete_original_response()


async def replace(
    interaction: discord.Interaction[Any], *, files: Sequence[discord.File] | None = None, **shown: Any
) -> None:
    """Show something in the place of the clicked message, or as the private answer to a command.

    Without `files` the message keeps those that it has.
    """
    shown.setdefault("allowed_mentions", discord.AllowedMentions.none())
    attached: dict[str, Any] = {} if files is None else {"attachments": list(files)}
    if interaction.response.is_done():
        await interaction.edit_original_response(**shown, **attached)
    elif interaction.message is not None:
        await interaction.response.edit_message(**shown, **attached)
    else:
        await interaction.response.send_message(files=list(files or ()), ephemeral=True, **shown)


async def answer_failure(interaction: discord.Interaction[Any], error: BaseException, asked: str | None) -> None:
    """Tell the user privately what went wrong; the log gets the details. `asked` names the command or button.

    Each failure has one sentence: what happened, and what to try. An unexpected failure also has a number, under which the
    log has its traceback. Nothing is said if another click or process has already answered, or if Discord no longer takes
    an answer.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.HTTPException) and error.code in ANSWERED:
        log.info("not answered", asked=asked, reason=describe(error))
        ending(Outcome.DISCORD)
        return
    _ = speak(interaction.locale)
    phrase = foreseen(error)
    if phrase is None:
        outcome = outcome_of(error)
    else:
        outcome = Outcome.DISCORD if isinstance(error, TRANSIENT_ERRORS) else Outcome.DECLINED
    ending(outcome)
    if isinstance(error, BotError):
        reason = None if outcome is Outcome.DECLINED else str(error)  # a declined error may quote what was typed
        log.info("refused", asked=asked, error=type(error).__name__, reason=reason)
        sentence = advise(error, _)
    elif phrase is not None:
        log.warning("failed", asked=asked, reason=describe(error))
        sentence = phrase.said(_)
    else:
        log.error("failed", asked=asked, ticket=interaction.id, error=describe(error), exc_info=error)
        sentence = _("Something went wrong that should not have. The log has it as {ticket}.", ticket=interaction.id)
    try:
        await respond(interaction, content=sentence)
    except TRANSIENT_ERRORS as unsent:
        log.warning("not answered", asked=asked, reason=describe(unsent))
