"""Tells the application's owner in a direct message when a site's pages can no longer be read, and when they can again."""

import asyncio

import discord
import structlog
from discord.ext import commands

from bot.core.errors import StorageError
from bot.services.page_ports import PagesChange
from bot.services.page_watch import PageWatch
from bot.services.work import Work
from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe
from cogs.discord_kit.i18n import Say, speak

log = structlog.get_logger(__name__)


class OwnerNews(commands.Cog):
    """Looks for changes at the start and whenever `PageWatch` reports one; a failure is only logged."""

    def __init__(self, client: discord.Client, watch: PageWatch, *, tell: bool, work: Work | None = None) -> None:
        self._client = client
        self._watch = watch
        self._tell = tell
        self._work = work or Work()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look for changes that the owner was not told of, and listen for new ones."""
        self._watch.listen(self._begin)
        self._begin()

    async def cog_unload(self) -> None:
        """Stop listening."""
        self._watch.listen(None)

    def _begin(self) -> None:
        if not self._work.stopping:
            self._work.add(asyncio.create_task(self._look(), name="owner news"))

    async def _look(self) -> None:
        try:
            for change in await self._watch.changes():
                if self._tell:
                    await self._send(change)
        except StorageError as error:
            log.warning("changes of pages not looked for", reason=str(error))
        except Exception:
            log.exception("changes of pages not looked for")

    async def _send(self, change: PagesChange) -> None:
        about = self._client.application
        if about is None:  # never after a login
            return
        owner_id = about.team.owner_id if about.team is not None else about.owner.id
        try:
            channel = await self._client.create_dm(discord.Object(owner_id or about.owner.id))
            await channel.send(sentence(change, speak(self._locale(owner_id))), suppress_embeds=True)
        except TRANSIENT_ERRORS as error:
            log.warning("owner not told", site=change.site, reason=describe(error))

    def _locale(self, owner_id: int | None) -> discord.Locale | None:
        """Give the language of a server that the owner has: Discord does not tell which language a person uses."""
        return next((guild.preferred_locale for guild in self._client.guilds if guild.owner_id == owner_id), None)


def sentence(change: PagesChange, say: Say) -> str:
    """Say to the owner what changed, and what to do."""
    _ = say
    if not change.unreadable:
        return _("The pages of {site} can be read again.", site=change.site)
    return _(
        "The pages of {site} can no longer be read: the last {count} that it gave were not understood. Perhaps the site has "
        "changed. Studies that are stored are still shown; links to others get no card. Please run "
        "`python -m bot pages export pages.zip` and attach the file to an issue of Precis.",
        site=change.site,
        count=change.unreadable,
    )
