"""Answering within Discord's three seconds, however long the work takes."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord
from discord.ui import LayoutView, View

T = TypeVar("T")

SLOW = 1.5
"""Seconds, of the three that Discord gives, after which "thinking" shows."""
_TO_ALL = "thinking shows to all"


async def thinking_when_slow(
    interaction: discord.Interaction[Any], work: Coroutine[Any, Any, T], *, private: bool, updating: bool = False
) -> T:
    """Wait for work; "thinking" shows once it takes long. What fails at once can so be answered to its user alone.

    For a click whose message will be updated nothing shows.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=SLOW)
        if not task.done() and not interaction.response.is_done():
            await interaction.response.defer(ephemeral=private, thinking=not updating)
            interaction.extras[_TO_ALL] = not private and not updating
        return await task
    finally:
        task.cancel()


def shows_to_all(interaction: discord.Interaction[Any]) -> bool:
    """Whether "thinking" shows to everybody, and is to be answered still; asked once, since an answer follows."""
    return bool(interaction.extras.pop(_TO_ALL, False))


async def answer(interaction: discord.Interaction[Any], *, private: bool, **shown: Any) -> int | None:
    """Answer, in the place of "thinking" if it shows; gives the message's ID. `shown` is as `Messageable.send` takes it."""
    if interaction.response.is_done():
        message = await interaction.followup.send(**shown, ephemeral=private, wait=True)
        interaction.extras.pop(_TO_ALL, None)
        return message.id
    return (await interaction.response.send_message(**shown, ephemeral=private)).message_id


async def update(interaction: discord.Interaction[Any], view: View | LayoutView, **shown: Any) -> None:
    """Put a view, and what else is shown, in the place of what was clicked."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, **shown)
    else:
        await interaction.response.edit_message(view=view, **shown)
