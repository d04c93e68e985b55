"""What a click on a card's buttons does."""

import re
from functools import partial
from typing import Any

import discord
import structlog
from discord.ext import commands
from discord.ui import Button, Item, Label, Modal, Select, TextInput, View

from bot import citation
from bot.citation import HOUSE_STYLES, style_title
from bot.core.clip import clip
from bot.core.errors import NotYours
from bot.core.phrase import Say
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.core.study import Study
from bot.services.cards import Cards
from bot.services.guild_settings import SettingsService
from bot.services.replies import Replies
from cogs.cards.abstract import AbstractView, pages
from cogs.cards.citation_files import archive
from cogs.cards.notices import retraction_line
from cogs.cards.render import ABSTRACT, CHANNEL_STYLE, CITE, DELETE
from cogs.cards.report import report_button
from cogs.discord_kit.channels import place_asked
from cogs.discord_kit.custom_ids import NUMBER, RECORD, CustomId, Handler, picked, typed
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import defer_if_slow, replace, respond
from cogs.discord_kit.markdown import bounded, escape

TURN = CustomId("page:{}:{}", RECORD, NUMBER)
"""Shows another page of the abstract instead of the present one."""
OLD_TURN = CustomId("abstract:{}:{}:turn", RECORD, NUMBER)
"""The form of `TURN` in earlier versions, which their messages still have."""
STYLE_MENU = CustomId("style:{}", RECORD)
STYLE_BUTTON = CustomId("other:{}", RECORD)
"""Asks for the name of a style."""
STYLE_FORM = CustomId("typed:{}", RECORD)
_OPTION = 100
"""Characters of a menu's option, and of its value."""
CODE = 1_250
"""Characters of a citation in its code block at most; a retraction and two titles fit into the message beside it."""
_TITLE = 150

log = structlog.get_logger(__name__)


class CardButtons(commands.Cog):
    """Answers clicks on the buttons of cards."""

    def __init__(self, cards: Cards, sources: Sources, replies: Replies, settings: SettingsService) -> None:
        self._cards = cards
        self._sources = sources
        self._replies = replies
        self._settings = settings

    def clicks(self) -> dict[CustomId, Handler]:
        """Name the method that answers each button, menu and form."""
        return {
            ABSTRACT: self.show_abstract,
            TURN: partial(self.show_abstract, turning=True),
            OLD_TURN: partial(self.show_abstract, turning=True),
            CITE: self.show_citation,
            STYLE_MENU: self.pick_style,
            STYLE_BUTTON: self.ask_style,
            STYLE_FORM: self.take_style,
            DELETE: self.delete,
        }

    async def show_abstract(
        self, interaction: discord.Interaction[Any], reference: Reference, number: int, *, turning: bool = False
    ) -> None:
        """Show a page of the abstract: as a new message, or in the place of another page."""
        study = await defer_if_slow(interaction, self._study(interaction, reference), replacing=turning)
        _ = speak(interaction.locale)
        shown = pages(study.record, _)
        number = min(number, len(shown) - 1)
        under = [*_turns(reference, number, len(shown), _), report_button(reference, _)]
        view = AbstractView(study, self._sources.label(reference), shown, number, under, say=_)
        await (replace if turning else respond)(interaction, view=view)

    async def show_citation(self, interaction: discord.Interaction[Any], reference: Reference, style: str) -> None:
        """Show the citation with its files; without a style, in the channel's."""
        style = self._settings.effective(place_asked(interaction)).style if style == CHANNEL_STYLE else style
        study = await defer_if_slow(interaction, self._study(interaction, reference))
        files = citation.to_files([study.to_csl(self._sources.url_of(reference))])
        _ = speak(interaction.locale)
        view = CiteView(reference, style, _)
        packed = archive(file_name(reference), files, _)
        await respond(interaction, content=_citation(study, style, _), view=view, file=packed)

    async def pick_style(self, interaction: discord.Interaction[Any], reference: Reference) -> None:
        """Show the citation in the style that was picked."""
        await self._change_style(interaction, reference, "".join(picked(interaction)[:1]))

    async def ask_style(self, interaction: discord.Interaction[Any], reference: Reference) -> None:
        """Ask for the name of a style."""
        await interaction.response.send_modal(style_form(STYLE_FORM(reference), speak(interaction.locale)))

    async def take_style(self, interaction: discord.Interaction[Any], reference: Reference) -> None:
        """Show the citation in the style whose name was typed. Raises UnknownStyle."""
        await self._change_style(interaction, reference, typed(interaction))

    async def _change_style(self, interaction: discord.Interaction[Any], reference: Reference, style: str) -> None:
        chosen = citation.resolve_style(style)
        study = await defer_if_slow(interaction, self._study(interaction, reference), replacing=True)
        _ = speak(interaction.locale)
        view = CiteView(reference, chosen, _)
        await replace(interaction, view=view, content=_citation(study, chosen, _))

    async def _study(self, interaction: discord.Interaction[Any], reference: Reference) -> Study:
        """Give a study, without enrichment if the settings of the place switch it off."""
        return await self._cards.study(reference, enrich=self._settings.effective(place_asked(interaction)).enrich)

    async def delete(self, interaction: discord.Interaction[Any], poster: int) -> None:
        """Delete the card and what is stored of it. Raises NotYours."""
        if interaction.user.id != poster and not interaction.permissions.manage_messages:
            raise NotYours(f"{interaction.user.id} is not {poster}")
        await interaction.response.defer()
        try:
            await interaction.delete_original_response()
        except discord.NotFound:
            log.info("card was already deleted")
        if interaction.message is not None:
            await self._replies.card_deleted(interaction.message.id)
        log.info("card deleted", by=interaction.user.id)


def _citation(study: Study, style: str, say: Say) -> str:
    made = citation.cite(study.to_csl(), style)
    text = clip(made.text, CODE).replace("```", "'''")
    title = bounded(study.record.plain_title, _TITLE)
    named = f"**{title}**" if title else ""
    parts = [retraction_line(study, say=say), named, f"-# {escape(made.label or made.style)}", f"```\n{text}\n```"]
    return "\n".join(part for part in parts if part)


def file_name(reference: Reference) -> str:
    """Name a file after a work: `erowid-6004`."""
    return re.sub(r"[^a-z0-9]+", "-", str(reference).lower())


def _turns(reference: Reference, number: int, count: int, say: Say) -> list[Item[Any]]:
    """Give the buttons that turn the pages of an abstract, if it has several."""
    if count == 1:
        return []
    back, following = TURN(reference, max(number - 1, 0)), TURN(reference, number + 1)
    return [
        Button(label=say("Back"), custom_id=back, disabled=number == 0),
        Button(label=say("Next"), custom_id=following, disabled=number == count - 1),
    ]


def style_form(custom_id: str, say: Say) -> Modal:
    """Give a form that asks for the name of a CSL style."""
    form = Modal(title=say("Citation style"), custom_id=custom_id)
    field: TextInput[Any] = TextInput(custom_id="style", placeholder="Vancouver, Cell, The Lancet …", max_length=150)
    form.add_item(Label(text=say("Name of a CSL style"), component=field))
    return form


class CiteView(View):
    """The controls under a citation."""

    def __init__(self, reference: Reference, style: str, say: Say) -> None:
        super().__init__(timeout=None)
        titles = {**HOUSE_STYLES, style: clip(style_title(style), _OPTION)}
        options = [
            discord.SelectOption(label=label, value=name, default=name == style)
            for name, label in titles.items()
            if len(name) <= _OPTION
        ]
        self.add_item(Select(custom_id=STYLE_MENU(reference), placeholder=say("Style"), options=options))
        self.add_item(Button(custom_id=STYLE_BUTTON(reference), label=say("Other style")))
