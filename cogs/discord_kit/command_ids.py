"""Slash commands as mentions to click, which need the commands' IDs at Discord."""

from collections.abc import Mapping

import structlog
from discord import AppCommandType
from discord.ext import commands

from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe

log = structlog.get_logger(__name__)


class CommandIds:
    """Knows the IDs of the commands by their names."""

    def __init__(self, client: commands.Bot) -> None:
        self._client = client
        self._ids: dict[str, int] = {}
        """Empty until Discord has answered."""

    async def get(self) -> Mapping[str, int]:
        """Give the IDs, which Discord is asked for once; empty while it does not answer."""
        if not self._ids:
            try:
                known = await self._client.tree.fetch_commands()
            except TRANSIENT_ERRORS as error:
                log.info("command IDs not known", reason=describe(error))
                return {}
            self._ids = {one.name: one.id for one in known if one.type is AppCommandType.chat_input}
        return self._ids


def mention(name: str, ids: Mapping[str, int]) -> str:
    """Give a command as a mention to click, where the ID of its first word is known."""
    known = ids.get(name.partition(" ")[0])
    return f"</{name}:{known}>" if known is not None else f"`/{name}`"
