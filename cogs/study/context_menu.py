"""*Summarise studies* in the menu of a message: private cards for its links.

Discord sends the message along with the click, so this works without the message-content intent, and in servers that the
bot is not in.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.core.errors import BotError
from bot.core.links import Link, find_links
from bot.core.reference import Reference
from bot.core.source import Sources
from cogs.discord_kit.errors import advise
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import defer_if_slow, respond
from cogs.study.showing import PreparedCards, Showing

MOST = 10
"""Studies in one answer."""
WHOLE = 5
"""Cards of full size in one answer, one message each; without the bot in the server, Discord takes five after the first.

If there are more studies, all are shown in short, this many in one message.
"""
_ANGLED = re.compile(r"<(https?://[^\s<>]*)>")

log = structlog.get_logger(__name__)


class Summarise(commands.Cog):
    """Adds the menu entry and answers it."""

    def __init__(self, client: commands.Bot, showing: Showing, sources: Sources) -> None:
        self._client = client
        self._showing = showing
        self._sources = sources
        self._menu = app_commands.ContextMenu(
            name=locale_str("Summarise studies"),
            callback=self.summarise,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )

    async def cog_load(self) -> None:
        """Add the menu entry."""
        self._client.tree.add_command(self._menu)

    async def summarise(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Answer with a card for each link (in short if there are more than five), and a sentence for each without one."""
        _ = speak(interaction.locale)
        links = linked(message, self._sources)
        if not links:
            await respond(interaction, content=_("This message has no link to a study."))
            return
        made = await defer_if_slow(interaction, self._made(interaction, links[:MOST]))
        said, cards, hidden = [], [], []
        for link, one in zip(links, made, strict=False):
            if isinstance(one, BotError):
                log.info("no card", record=str(link.reference), error=type(one).__name__, reason=str(one))
                said.append(_named(self._sources.label(link.reference).said(_), advise(one, _)))
            else:
                cards.append(one)
                hidden.append(link.spoiler)
        if len(cards) > WHOLE:
            parts = [slice(first, first + WHOLE) for first in range(0, len(cards), WHOLE)]
            cards = [self._showing.digest(interaction, cards[part], hidden[part]) for part in parts]
        for one in cards:
            await self._showing.send(interaction, one, private=True)
        if len(links) > MOST:
            said.append(_("These are the first {most} of {count} studies.", most=MOST, count=len(links)))
        if said:
            await respond(interaction, content="\n".join(said))

    async def _made(self, interaction: discord.Interaction, links: Sequence[Link]) -> list[PreparedCards | BotError]:
        return await asyncio.gather(*(self._make(interaction, link) for link in links))

    async def _make(self, interaction: discord.Interaction, link: Link) -> PreparedCards | BotError:
        try:
            return await self._showing.make(interaction, link.reference, private=True, spoiler=link.spoiler)
        except BotError as error:
            return error


def _named(label: str, sentence: str) -> str:
    """Put the study's name before a sentence, unless the sentence names the study."""
    return sentence if label in sentence else f"{label}: {sentence}"


def linked(message: discord.Message, sources: Sources) -> tuple[Link, ...]:
    """Give the records that a message links to, also in angle brackets, embeds, components and forwarded messages."""
    hidden: dict[Reference, bool] = {}
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for text in (text for part in parts for text in _texts(part)):
        for link in find_links(_ANGLED.sub(r"\1", text), sources):
            hidden[link.reference] = hidden.get(link.reference, True) and link.spoiler
    return tuple(Link(reference, spoiler) for reference, spoiler in hidden.items())


def _texts(part: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    """Give the texts of a message or a forwarded one, and the addresses that it links to."""
    yield part.content or ""
    for embed in part.embeds:
        fields = [text for field in embed.fields for text in (field.name, field.value)]
        yield from filter(None, (embed.url, embed.title, embed.author.url, embed.description, *fields, embed.footer.text))
    yield from _component_texts(getattr(part, "components", ()))


def _component_texts(components: Iterable[Any]) -> Iterator[str]:
    """Give the texts and link addresses of components; those of a spoiler stay hidden."""
    for component in components:
        inside = (*getattr(component, "children", ()), *filter(None, [getattr(component, "accessory", None)]))
        bars = "||" if getattr(component, "spoiler", False) else ""
        yield from (f"{bars}{text}{bars}" for text in _component_texts(inside))
        yield getattr(component, "content", None) or ""
        yield getattr(component, "url", None) or ""
