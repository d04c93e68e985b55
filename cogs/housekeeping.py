"""Keeping the house: which guilds the bot is in, and the daily end of what has been kept for long enough."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.errors import StorageError
from bot.services.ports import GuildStore
from bot.services.privacy import Privacy

log = structlog.get_logger(__name__)


class Housekeeping(commands.Cog):
    """Listens for guilds that come and go, and tidies up once a day; a failure is logged, and the next day comes."""

    def __init__(self, client: discord.Client, privacy: Privacy, guilds: GuildStore, now: Callable[[], datetime]) -> None:
        self._client = client
        self._privacy = privacy
        self._guilds = guilds
        self._now = now

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Keep which guilds there are, after each new session; the first one starts the daily work."""
        if self.daily.is_running():
            await self._present()
        else:
            self.daily.start()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Keep that the bot is in a guild."""
        await _attempt("guild joined", self._guilds.joined(guild.id))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep that the bot left a guild: what is stored of it goes after its time."""
        await _attempt("guild left", self._guilds.left(guild.id, self._now()))

    @tasks.loop(hours=24)
    async def daily(self) -> None:
        """Forget what has been kept for long enough; only once it is known which guilds the bot came back to."""
        if await self._present():
            await _attempt("expired", self._privacy.expire())

    async def cog_unload(self) -> None:
        """Stop the daily work."""
        self.daily.cancel()

    async def _present(self) -> bool:
        there = {guild.id for guild in self._client.guilds}
        return await _attempt("guilds known", self._guilds.present(there, self._now()))


async def _attempt(what: str, work: Awaitable[object]) -> bool:
    """Do work; gives whether it was done."""
    try:
        done = await work
    except StorageError as error:
        log.warning("not done", what=what, reason=str(error))
        return False
    except Exception:
        log.exception("not done", what=what)
        return False
    log.info(what, result=str(done)) if done is not None else log.debug(what)
    return True
