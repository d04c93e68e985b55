"""`/privacy`: what is stored of a user, and how to opt out or have it erased; only that user can use the buttons."""

from collections.abc import Iterator
from typing import Any

import discord
import structlog
from discord import ButtonStyle, app_commands
from discord.app_commands import locale_str
from discord.ext import commands
from discord.ui import ActionRow, Button, Container, Item, LayoutView, TextDisplay

from bot.core.errors import NotTheAsker
from bot.services.privacy import Privacy
from bot.services.retention import KEEP_CARDS, KEEP_GUILDS
from cogs.discord_kit.colours import QUIET
from cogs.discord_kit.custom_ids import DISCORD_ID, CustomId, Handler, Part
from cogs.discord_kit.i18n import Say, speak
from cogs.discord_kit.interactions import defer_if_slow, replace, respond

PRIVACY = CustomId("privacy:{}:{}", Part("out|in|ask|erase|show"), DISCORD_ID)
"""The buttons: opt out or in, ask before erasing, erase, or go back; the ID is the user's."""

log = structlog.get_logger(__name__)


class PrivacyInfo(commands.Cog):
    """`/privacy` and its buttons."""

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy

    @app_commands.command(name="privacy", description=locale_str("What is stored of you; opt out, or have it erased"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Show what is stored of the user, privately."""
        view = await defer_if_slow(interaction, self._overview(interaction))
        await respond(interaction, view=view)

    def clicks(self) -> dict[CustomId, Handler]:
        """Name the method that answers the buttons."""
        return {PRIVACY: self.act}

    async def act(self, interaction: discord.Interaction[Any], act: str, user_id: int) -> None:
        """Do what a button says and show the result. Raises NotTheAsker, or StorageError if nothing was changed."""
        if interaction.user.id != user_id:
            raise NotTheAsker(f"{interaction.user.id} is not {user_id}")
        view = await defer_if_slow(interaction, self._acted(interaction, act), replacing=True)
        await replace(interaction, view=view)

    async def _acted(self, interaction: discord.Interaction[Any], act: str) -> LayoutView:
        user_id = interaction.user.id
        _ = speak(interaction.locale)
        done = ""
        match act:
            case "ask":
                return confirmation(user_id, await self._privacy.stored(user_id), _)
            case "out":
                await self._privacy.opt_out(user_id)
            case "in":
                await self._privacy.opt_in(user_id)
            case "erase":
                done = _("Erased. Pairs that were stored: {count}.", count=await self._privacy.erase(user_id))
        log.info("privacy", act=act)
        return await self._overview(interaction, done)

    async def _overview(self, interaction: discord.Interaction[Any], done: str = "") -> LayoutView:
        user_id = interaction.user.id
        stored, out = await self._privacy.stored(user_id), self._privacy.opted_out(user_id)
        return overview(user_id, stored, speak(interaction.locale), out=out, done=done)


def overview(user_id: int, stored: int, say: Say, *, out: bool, done: str = "") -> LayoutView:
    """Draw what is stored, with buttons."""
    act, label = ("in", say("Cards for my links")) if out else ("out", say("No cards for my links"))
    buttons: list[Item[Any]] = [
        Button(custom_id=PRIVACY(act, user_id), label=label),
        Button(custom_id=PRIVACY("ask", user_id), label=say("Erase what is stored of me"), style=ButtonStyle.danger),
    ]
    return _drawn([*_texts(stored, say, out=out), *([f"**{done}**"] if done else [])], buttons)


def confirmation(user_id: int, stored: int, say: Say) -> LayoutView:
    """Ask before anything is erased."""
    text = say(
        "Erase what is stored of you? Pairs of message and card: {count}. The cards themselves stay, but no longer follow "
        "your messages; their button Delete still works for you.",
        count=stored,
    )
    buttons: list[Item[Any]] = [
        Button(custom_id=PRIVACY("erase", user_id), label=say("Erase"), style=ButtonStyle.danger),
        Button(custom_id=PRIVACY("show", user_id), label=say("Keep")),
    ]
    return _drawn([text], buttons)


def _texts(stored: int, say: Say, *, out: bool) -> Iterator[str]:
    yield f"### {say('Privacy')}\n" + say(
        "For each card: the IDs of its server, channel, message, of the card itself and of who posted the link or gave the "
        "command. Of servers: the settings, with who changed them. Of studies: their records. No text of messages."
    )
    yield say(
        "A pair of message and card is kept for {days} days, the IDs of a message whose links were looked at for one day. "
        "What is stored of a server is erased {after} days after the bot left it. That somebody wants no cards is kept "
        "until they want some again; until then, nothing else is stored of them.",
        days=KEEP_CARDS.days,
        after=KEEP_GUILDS.days,
    )
    yield say(
        "Of a study, its title, authors, journal, year, volume and pages may be sent to Europe PMC, Crossref and Unpaywall, "
        "to find its DOI and whether it was retracted. A PubMed ID or DOI that somebody gives is sent to Europe PMC, PubMed "
        "and Crossref. Nothing of people is sent."
    )
    yield say(
        "If you report a card as wrong, the bot's log gets the study and what is wrong, nothing of you. Your ID is kept in "
        "memory for a day, to limit the reports of one person."
    )
    yield say("Stored of you now, pairs of message and card: {count}.", count=stored)
    yield say("Your links get no cards.") if out else say("Your links get cards.")


def _drawn(texts: list[str], buttons: list[Item[Any]]) -> LayoutView:
    view = LayoutView(timeout=None)
    container: Container[LayoutView] = Container(*map(TextDisplay, texts), ActionRow(*buttons), accent_colour=QUIET)
    return view.add_item(container)
