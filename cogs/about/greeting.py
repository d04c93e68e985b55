"""The greeting of a server that the bot was just added to."""

import discord
import structlog
from discord.abc import Messageable

from cogs.about.help import EXAMPLE
from cogs.discord_kit.command_ids import CommandIds, mention
from cogs.discord_kit.errors import TRANSIENT_ERRORS, describe
from cogs.discord_kit.i18n import speak

MOST_ENTRIES = 20
"""Entries of the audit log that are read to find out who added the bot; one is written for each bot that is added."""

log = structlog.get_logger(__name__)


class Greeting:
    """Greets the person who added the bot, or the system channel if that person is unknown or takes no messages."""

    def __init__(self, ids: CommandIds) -> None:
        self._ids = ids

    async def greet(self, guild: discord.Guild) -> None:
        """Send one short message; a failure is only logged."""
        try:
            adder = await self._adder(guild)
            greeted = adder is not None and await self._send(adder, guild)
            if not greeted and (channel := _system_channel(guild)) is not None:
                await self._send(channel, guild)
        except Exception:
            log.exception("not greeted", guild=guild.id)

    async def _adder(self, guild: discord.Guild) -> discord.User | discord.Member | None:
        """Find the person who added the bot, if the bot may read the audit log; the invitation does not ask for that.

        The list of integrations also names the person, but needs Manage Server. The event of a new integration needs no
        permission, but Discord promises neither that it names the person nor that it comes after the bot has joined, and
        discord.py drops events that come before.
        """
        if not guild.me.guild_permissions.view_audit_log:
            return None
        try:
            async for entry in guild.audit_logs(action=discord.AuditLogAction.bot_add, limit=MOST_ENTRIES):
                if entry.target is not None and entry.target.id == guild.me.id:
                    return entry.user
        except TRANSIENT_ERRORS as error:
            log.info("audit log not read", guild=guild.id, reason=describe(error))
        return None

    async def _send(self, to: Messageable, guild: discord.Guild) -> bool:
        try:
            await to.send(await self._text(guild), silent=True, suppress_embeds=True)
        except TRANSIENT_ERRORS as error:
            log.info("greeting not sent", guild=guild.id, reason=describe(error))
            return False
        log.info("greeted", guild=guild.id)
        return True

    async def _text(self, guild: discord.Guild) -> str:
        say, ids = speak(guild.preferred_locale), await self._ids.get()
        return "\n".join(
            [
                say(
                    "Precis is now on this server. Moderators choose where it answers and how: {panel}.",
                    panel=mention("settings panel", ids),
                ),
                say("Paste a link such as `{link}`: a card of the study answers it.", link=EXAMPLE),
                say("All commands: {help}.", help=mention("help", ids)),
            ]
        )


def _system_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """Give the channel for Discord's own messages, if the bot may write there."""
    channel = guild.system_channel
    if channel is None:
        return None
    there = channel.permissions_for(guild.me)
    return channel if there.view_channel and there.send_messages else None
