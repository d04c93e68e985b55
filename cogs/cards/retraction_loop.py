"""Updates the cards of studies that were retracted, once a day, and reports them in log channels."""

import discord
import structlog
from discord.ext import commands, tasks

from bot.core.channel_settings import Scope, Target
from bot.core.clip import clip
from bot.core.errors import BotError
from bot.services.guild_settings import SettingsService
from bot.services.retraction_watch import NewRetraction, RetractionWatch
from bot.services.work import Work
from cogs.cards.chat import Chats
from cogs.discord_kit.channels import find_channel
from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.loops import end_loop
from cogs.discord_kit.markdown import escape

EVERY = 3600.0
"""Seconds between two checks whether the daily run is due."""
MOST_LINKS = 5
"""Cards that a line in a log channel links to at most."""
_TITLE = 200

log = structlog.get_logger(__name__)


class RetractionLoop(commands.Cog):
    """Runs the retraction watch; a failure is logged, and the loop goes on."""

    def __init__(
        self,
        client: discord.Client,
        chats: Chats,
        *,
        watch: RetractionWatch,
        settings: SettingsService,
        work: Work | None = None,
    ) -> None:
        self._client = client
        self._chats = chats
        self._watch = watch
        self._settings = settings
        self._work = work or Work()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Start the loop."""
        if not self.look.is_running():
            self.look.start()

    async def cog_unload(self) -> None:
        """End the loop."""
        await end_loop(self.look)

    @tasks.loop(seconds=EVERY)
    async def look(self) -> None:
        """Do the daily run if it is due. The bot does not wait for it when it stops: the next process repeats it."""
        if self._work.stopping:
            return
        try:
            await self._watch.run(self._chats.open, self._tell)
        except BotError as error:
            log.warning("retractions not looked for", error=type(error).__name__, reason=str(error))
        except Exception:
            log.exception("retractions not looked for")

    async def _tell(self, found: NewRetraction) -> None:
        """Say in the log channel of each server with a card of the study that it was retracted."""
        for guild_id in sorted({card.guild_id for card in found.cards if card.guild_id is not None}):
            chosen = self._settings.overrides(guild_id).get(Target(Scope.GUILD, guild_id), {}).get("log_channel")
            if isinstance(chosen, int):
                try:
                    await self._post(guild_id, chosen, found)
                except TRANSIENT_ERRORS as error:
                    log.info("retraction not posted", guild=guild_id, reason=describe(error))

    async def _post(self, guild_id: int, channel_id: int, found: NewRetraction) -> None:
        channel = await find_channel(self._client, channel_id)
        if not isinstance(channel, discord.TextChannel) or channel.guild.id != guild_id:  # a file can name any channel
            return
        _ = speak(channel.guild.preferred_locale)
        cards = [card for card in found.cards if card.guild_id == guild_id]
        links = [card.url for card in cards[:MOST_LINKS]]
        if len(cards) > MOST_LINKS:
            links.append(_("and {count} more", "and {count} more", count=len(cards) - MOST_LINKS))
        title = escape(clip(found.study.record.plain_title, _TITLE))
        said = _(
            "Retracted, says {source}: “{title}” ({notice}). Its cards here are marked now: {cards}",
            source=found.notice.source,
            title=f"||{title}||" if any(card.spoiler for card in cards) else title,
            notice=f"<https://doi.org/{found.notice.doi}>",
            cards=", ".join(links),
        )
        await channel.send(said, allowed_mentions=discord.AllowedMentions.none(), silent=True, suppress_embeds=True)
