"""The entry *Summarise studies* in a message's menu: cards of its links, to who asked alone.

Discord hands the message over with the click, so this works without the message-content intent, and where the bot is not.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.core.errors import BotError
from bot.core.links import Link, find_links
from cogs.discord_kit.errors import advise
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import defer_if_slow, respond
from cogs.study.showing import Showing

MOST = 5
"""Cards in one answer: Discord takes five messages after the first where the bot is not in the server."""
_ANGLED = re.compile(r"<(https?://[^\s<>]*)>")

log = structlog.get_logger(__name__)


class Summarise(commands.Cog):
    """Answers the entry of the menu."""

    def __init__(self, client: commands.Bot, showing: Showing) -> None:
        self._client = client
        self._showing = showing
        self._menu = app_commands.ContextMenu(
            name=locale_str("Summarise studies"),
            callback=self.summarise,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )

    async def cog_load(self) -> None:
        """Add the entry."""
        self._client.tree.add_command(self._menu)

    async def summarise(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Answer with a card for each link, five at most, and a sentence for each that gets none."""
        _ = speak(interaction.locale)
        links = linked(message)
        if not links:
            await respond(interaction, content=_("This message has no link to an Erowid reference."))
            return
        made = await defer_if_slow(interaction, self._made(interaction, links[:MOST]))
        said = []
        for link, one in zip(links, made, strict=False):
            if isinstance(one, BotError):
                log.info("no card", record=link.reference.id, error=type(one).__name__, reason=str(one))
                said.append(f"{link.reference}: {advise(one, _)}")
            else:
                await respond(interaction, **one)
        if len(links) > MOST:
            said.append(_("These are the first {most} of {count} studies.", most=MOST, count=len(links)))
        if said:
            await respond(interaction, content="\n".join(said))

    async def _made(self, interaction: discord.Interaction, links: Sequence[Link]) -> list[dict[str, Any] | BotError]:
        return await asyncio.gather(*(self._drawing(interaction, link) for link in links))

    async def _drawing(self, interaction: discord.Interaction, link: Link) -> dict[str, Any] | BotError:
        try:
            return await self._showing.drawing(interaction, link.reference, private=True, spoiler=link.spoiler)
        except BotError as error:
            return error


def linked(message: discord.Message) -> tuple[Link, ...]:
    """Give the records that a message links to; who asks means links in angle brackets and in what was forwarded too."""
    return find_links("\n".join(_ANGLED.sub(r"\1", text) for text in _texts(message)))


def _texts(message: discord.Message) -> Iterator[str]:
    yield message.content
    for forwarded in message.message_snapshots:
        yield forwarded.content
