"""Slash commands about studies."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot import citation
from bot.core.channel_settings import ChannelSettings
from bot.core.clip import clip
from bot.core.errors import BadTarget, ButtonExpired, StorageError
from bot.core.phrase import Phrase
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.core.typed_reference import read_target
from bot.services.library import Bibliography, Library
from cogs.cards.digest import PICK, picked_reference
from cogs.discord_kit.channels import visible_channels
from cogs.discord_kit.custom_ids import CustomId, Handler, picked
from cogs.discord_kit.i18n import Say, speak, speak_to
from cogs.discord_kit.interactions import defer_if_slow, respond
from cogs.discord_kit.markdown import escape
from cogs.study.bibliography import drawn, formatted, nothing
from cogs.study.lists import MOST, Entry, ListView, choice_name, listed, pick_menu, seen
from cogs.study.reading_list import drawn_reading_list
from cogs.study.showing import Showing
from cogs.study.stats import chart_of, drawn_stats
from cogs.study.styles import suggest_styles

PLACES = {
    "channel": Phrase("this channel"),
    "channel and threads": Phrase("this channel and its threads"),
    "server": Phrase("this server"),
}
LONGEST_STYLE = 150
LONGEST_QUERY = 100

log = structlog.get_logger(__name__)


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class StudyCommands(
    commands.GroupCog,
    group_name="study",
    group_description=locale_str("Find, show and cite studies"),
):
    """`/study ...`."""

    def __init__(self, showing: Showing, library: Library, sources: Sources) -> None:
        self._showing = showing
        self._library = library
        self._sources = sources

    @app_commands.command(name="show", description=locale_str("Show the card of a study"))
    @app_commands.describe(
        reference=locale_str("The record's number, a link to it, or words to find it by"),
        style=locale_str("Citation style (default: this channel's)"),
        private=locale_str("Show it to you alone (default: to everyone here)"),
    )
    @app_commands.autocomplete(style=suggest_styles)
    async def show(
        self,
        interaction: discord.Interaction,
        reference: app_commands.Range[str, 1, 500],
        style: app_commands.Range[str, 1, LONGEST_STYLE] | None = None,
        private: bool = False,
    ) -> None:
        """Show the card of a study, given by its number or a link; or list the studies that words fit, privately."""
        target = read_target(reference, self._sources)
        if target is None:
            if "/" in reference or not any(map(str.isalpha, reference)):
                raise BadTarget(reference)
            await self._list_hits(interaction, reference)
            return
        private = self._showing.is_private(interaction, asked=private)
        await self._showing.show(interaction, target, private=private, style=style)

    @app_commands.command(name="search", description=locale_str("Search the studies that this bot has read"))
    @app_commands.describe(query=locale_str("Words of the title, authors, journal or abstract; or pick a study"))
    async def search(self, interaction: discord.Interaction, query: app_commands.Range[str, 1, LONGEST_QUERY]) -> None:
        """Show the card of the suggestion that was picked, or list the studies that match; always privately."""
        if (meant := self._meant(query)) is not None:
            await self._showing.show(interaction, meant, private=True)
            return
        await self._list_hits(interaction, query)

    @show.autocomplete("reference")
    @search.autocomplete("query")
    async def suggest(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Give the studies that fit what was typed so far."""
        try:
            hits = await self._library.suggest(current)
        except StorageError as error:
            log.warning("nothing suggested", reason=str(error))
            return []
        _ = speak(interaction.locale)
        return [app_commands.Choice(name=choice_name(hit, _), value=_typed(hit.reference)) for hit in hits]

    @app_commands.command(name="recent", description=locale_str("List the last studies that had a card in this channel"))
    async def recent(self, interaction: discord.Interaction) -> None:
        """List the channel's last cards with links to them, privately."""
        _ = speak(interaction.locale)
        channel_id = interaction.channel_id or 0
        cards = await defer_if_slow(interaction, self._library.recent(channel_id, most=MOST))
        entries = [seen(one, self._sources, _) for one in cards]
        if not entries:
            await respond(interaction, content=_("No study had a card here yet."))
            return
        await _list(interaction, _("Last studies in this channel"), entries, _)

    @app_commands.command(
        name="bibliography", description=locale_str("Cite all studies that had a card in this channel, with files")
    )
    @app_commands.describe(
        days=locale_str("How many days back (default: 30)"),
        style=locale_str("Citation style (default: this channel's)"),
        public=locale_str("Show it to everyone here (default: to you alone)"),
        form=locale_str("A list with files (default), or one HTML file to read, search and filter"),
    )
    @app_commands.rename(form="format")
    @app_commands.autocomplete(style=suggest_styles)
    async def bibliography(
        self,
        interaction: discord.Interaction,
        days: app_commands.Range[int, 1, 90] = 30,
        style: app_commands.Range[str, 1, LONGEST_STYLE] | None = None,
        public: bool = False,
        form: Literal["list", "html"] = "list",
    ) -> None:
        """Cite the studies of the channel and its threads: as a list with files for reference managers, or as a page."""
        settings = self._showing.effective(interaction)
        settings = replace(settings, style=citation.resolve_style(style)) if style else settings
        private = self._showing.is_private(interaction, asked=not public)
        work = self._formatted(interaction, days, settings, form, private=private)
        made = await defer_if_slow(interaction, work, private=private)
        if made is None:
            await respond(interaction, content=nothing(days, speak(interaction.locale)))
            return
        await respond(interaction, private=private, **made)

    @app_commands.command(name="stats", description=locale_str("Show the studies that had a card here by year and kind"))
    @app_commands.describe(
        where=locale_str("Which cards count (default: those of this channel and its threads)"),
        days=locale_str("How many days back (default: 90)"),
        public=locale_str("Show it to everyone here (default: to you alone)"),
    )
    async def stats(
        self,
        interaction: discord.Interaction,
        where: Literal["channel and threads", "channel", "server"] = "channel and threads",
        days: app_commands.Range[int, 1, 90] = 90,
        public: bool = False,
    ) -> None:
        """Draw the studies of a channel, of it and its threads, or of the server's channels that the reader can see."""
        private = self._showing.is_private(interaction, asked=not public)
        made = await defer_if_slow(interaction, self._counted(interaction, where, days, private=private), private=private)
        if made is None:
            await respond(interaction, content=nothing(days, speak(interaction.locale)))
            return
        await respond(interaction, private=private, **made)

    def clicks(self) -> dict[CustomId, Handler]:
        """Name the method that answers the menu of a list or a digest."""
        return {PICK: self.pick}

    async def pick(self, interaction: discord.Interaction[Any]) -> None:
        """Show the card of the study that was picked from a list or a digest."""
        try:
            reference = picked_reference("".join(picked(interaction)[:1]))
        except ValueError as error:
            raise ButtonExpired("no study was picked") from error
        await self._showing.show(interaction, reference, private=True)

    async def _list_hits(self, interaction: discord.Interaction[Any], query: str) -> None:
        """List the studies that fit a query, privately; if there are none, link to the search of the default site."""
        _, quoted = speak(interaction.locale), escape(clip(query, LONGEST_QUERY))
        hits = await defer_if_slow(interaction, self._library.search(query, most=MOST))
        if entries := [listed(hit, self._sources.url_of(hit.reference)) for hit in hits]:
            await _list(interaction, _("Studies for “{query}”", query=quoted), entries, _)
            return
        whole = self._sources.default
        found_none = _("No study that this bot has read fits “{query}”.", query=quoted)
        elsewhere = _(
            "The whole database can be searched [at {source}]({address}); `/study show` takes the number or the link of a "
            "study found there.",
            source=whole.title,
            address=f"<{whole.search_url}>",
        )
        await respond(interaction, content=f"{found_none} {elsewhere}" if whole.search_url else found_none)

    async def _formatted(
        self, interaction: discord.Interaction, days: int, settings: ChannelSettings, form: str, *, private: bool
    ) -> dict[str, Any] | None:
        """Draw the bibliography of the channel and its threads; None if there is nothing to cite."""
        found = await self._seen(interaction, [interaction.channel_id or 0], days)
        if found is None:
            return None
        _ = speak_to(interaction, private=private)
        if form == "html":
            return await drawn_reading_list(found, days, settings, self._sources, _, private=private)
        made = await formatted(found, settings.style, self._sources, private=private)
        return drawn(made, days, _, await chart_of(found.studies_for(private=private), _))

    async def _counted(
        self, interaction: discord.Interaction, where: str, days: int, *, private: bool
    ) -> dict[str, Any] | None:
        """Draw the studies of a place; None if there are none."""
        here = [interaction.channel_id or 0]
        channels = visible_channels(interaction, private=private) if where == "server" else here
        found = await self._seen(interaction, channels, days, threads=where != "channel")
        if found is None:
            return None
        _ = speak_to(interaction, private=private)
        return await drawn_stats(found, PLACES[where].said(_), days, self._sources, _, private=private)

    async def _seen(
        self, interaction: discord.Interaction, channels: Sequence[int], days: int, *, threads: bool = True
    ) -> Bibliography | None:
        """Give the studies that had a card in channels; None if there were none."""
        enrich = self._showing.effective(interaction).enrich
        found = await self._library.bibliography(channels, days=days, threads=threads, enrich=enrich)
        return found if found.studies or found.missing else None

    def _meant(self, query: str) -> Reference | None:
        """Give the study of a suggestion or a link; None for a bare number, which may be a year."""
        return None if query.strip().isdigit() else read_target(query, self._sources)


def _typed(reference: Reference) -> str:
    """Give what a person could type for a study; a number alone might be a year."""
    return str(reference) if reference.short == str(reference) else f"#{reference.short}"


async def _list(interaction: discord.Interaction[Any], heading: str, entries: Sequence[Entry], say: Say) -> None:
    await respond(interaction, view=ListView(heading, entries, pick_menu(PICK(), entries, say), say))
