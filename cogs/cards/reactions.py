"""The bot's own reactions, which always tell the truth: what is no longer so is taken away."""

from collections import OrderedDict

import discord
import structlog

from cogs.discord_kit.transient_errors import TROUBLE

UNREADABLE = "\N{WHITE QUESTION MARK ORNAMENT}"
"""The reaction to a link that got no card."""
OFFER = "\N{PAGE FACING UP}"
"""The reaction that offers a card, where moderators chose to be asked."""
REMEMBERED = 1_000
"""Messages whose reactions are remembered; of others Discord's own account is taken."""

log = structlog.get_logger(__name__)


class Reactions:
    """Reacts to messages; where the bot may not, that is no matter."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._shown: OrderedDict[int, str] = OrderedDict()

    def standing(self, message: discord.Message) -> set[str]:
        """Give which of its reactions may stand under a message: those that it remembers, and those that Discord names.

        Whose those are, only a message that was fetched says for sure.
        """
        named = {str(reaction.emoji) for reaction in message.reactions} & {UNREADABLE, OFFER}
        remembered = self._shown.get(message.id)
        return named if remembered is None else named | {remembered}

    async def show(self, message: discord.Message, emoji: str | None) -> None:
        """Let a message carry this one of the bot's reactions and no other; None: none."""
        for other in self.standing(message) - {emoji}:
            await self._take_away(message, other)
        if emoji is None:
            return
        try:
            await message.add_reaction(emoji)
        except TROUBLE as error:
            log.debug("no reaction", reason=str(error))
            return
        self._shown[message.id] = emoji
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)

    async def _take_away(self, message: discord.Message, emoji: str) -> None:
        me = self._client.user
        if me is None:
            return
        try:
            await message.remove_reaction(emoji, me)
        except discord.NotFound:
            pass
        except TROUBLE as error:
            log.info("reaction not taken away", reason=str(error))
            return
        if self._shown.get(message.id) == emoji:
            del self._shown[message.id]
