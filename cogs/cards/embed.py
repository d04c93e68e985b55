"""Cards as embeds, for channels whose moderators prefer them."""

import discord

from bot.core.card import Card
from bot.core.channel_settings import Size
from bot.core.clip import clip
from bot.core.phrase import Say, english
from cogs.cards.notices import retraction_url, retraction_words
from cogs.cards.text import CardText, text_of
from cogs.discord_kit.colours import QUIET, RED
from cogs.discord_kit.markdown import escape

_TITLE = 256
"""Characters of an embed's title at most."""


def card_embed(card: Card, *, size: Size = Size.FULL, spoiler: bool = False, say: Say = english) -> discord.Embed:
    """Draw a card as an embed; a retraction takes the place of the embed's author, above the title.

    With `spoiler`, all but the retraction and the footer is hidden, since an embed cannot be a spoiler as a whole.
    """
    parts = text_of(card, size, say)
    title = escape(clip(parts.title, _TITLE - 8))
    if len(title) > _TITLE - 4:
        title = escape(clip(parts.title, _TITLE // 2 - 4))
    body = _body(parts, size)
    if spoiler:
        title, body = f"||{title}||", f"||{body}||"
    embed = discord.Embed(title=title, url=card.url, description=body, colour=RED if card.study.retracted else QUIET)
    if card.study.retracted:
        embed.set_author(name=retraction_words(card.study, size, say), url=retraction_url(card.study))
    return embed.set_footer(text=parts.foot)


def _body(parts: CardText, size: Size) -> str:
    gap = "\n\n" if size is Size.FULL else "\n"
    return gap.join(filter(None, [parts.note, parts.about, "\n".join(parts.findings), parts.citation]))
