"""The buttons under a card. Their custom IDs say all that they need, so they outlive restarts (discord.py's DynamicItem).

precis:abstract:RECORD:PAGE         the abstract, to who clicked
precis:abstract:RECORD:PAGE:turn    another page of it, in the place of the one that shows
precis:cite:RECORD:STYLE            citation and files, to who clicked
precis:style:RECORD                 the citation in the style that was picked
precis:other:RECORD                 the citation in a style by its name, typed
precis:delete:POSTER                away with the card: for who posted the link, and for who may manage messages
"""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, Self

import discord
import structlog
from discord.ext import commands
from discord.ui import Button, DynamicItem, Item, Label, Modal, Select, TextInput, View

from bot import citation
from bot.citation import HOUSE_STYLES
from bot.core.card import Card
from bot.core.errors import BotError, StorageError
from bot.core.record import Csl
from bot.core.reference import Reference
from bot.core.wording import Say, clip, english
from bot.services.cards import Cards
from bot.services.ports import ReplyStore
from cogs.cards.abstract import AbstractView, pages
from cogs.discord_kit.errors import answering
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.thinking import answer, thinking_when_slow, update

LONGEST_ID = 100
"""Characters of a custom ID at most."""
CODE = 1_800
"""Characters of a citation in its code block at most."""
_OF_RECORD = re.compile(r"precis:cite:(?P<record>[0-9]+):")
"""The button that each card has."""

log = structlog.get_logger(__name__)


class NotYours(BotError):
    """Somebody clicked what another may click."""

    advice = "Only who posted the link, and who may manage messages here, can delete this card."


class CardButtons(commands.Cog):
    """Does what the buttons say."""

    def __init__(self, cards: Cards, pairs: ReplyStore) -> None:
        self._cards = cards
        self._pairs = pairs

    async def show_abstract(
        self, interaction: discord.Interaction[Any], reference: Reference, number: int, *, turning: bool
    ) -> None:
        """Show a page of the abstract: anew from a card, in its place from another page."""
        found = await thinking_when_slow(interaction, self._cards.find(reference), private=True, updating=turning)
        record = found.record
        _ = speak(interaction.locale)
        shown = pages(record, _)
        number = min(number, len(shown) - 1)
        turns: list[Item[Any]] = []
        if len(shown) > 1:
            turns = [
                AbstractButton(reference, number - 1, _("Back"), turning=True, disabled=number == 0),
                AbstractButton(reference, number + 1, _("Next"), turning=True, disabled=number == len(shown) - 1),
            ]
        view = AbstractView(record, shown, number, turns, _)
        if turning:
            await update(interaction, view)
        else:
            await answer(interaction, private=True, view=view)

    async def show_citation(self, interaction: discord.Interaction[Any], reference: Reference, style: str) -> None:
        """Show the citation with its files."""
        found = await thinking_when_slow(interaction, self._cards.find(reference), private=True)
        item = found.record.to_csl()
        whole = item | {"URL": self._cards.url_of(reference)}
        files = [
            discord.File(io.BytesIO(text.encode()), f"erowid-{reference}.{ending}")
            for ending, text in citation.to_files([whole]).items()
        ]
        view = CiteView(reference, style, speak(interaction.locale))
        await answer(interaction, private=True, content=_citation(item, style), view=view, files=files)

    @commands.Cog.listener()
    @answering
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take a style that was typed."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            if match := OtherStyle.NAME.fullmatch(data["custom_id"]):
                typed = data["components"][0]["component"]["value"].strip()
                await self.change_style(interaction, Reference(int(match["record"])), typed)

    async def change_style(self, interaction: discord.Interaction[Any], reference: Reference, style: str) -> None:
        """Put the citation in another style in the place of what is shown. Raises UnknownStyle."""
        chosen = citation.resolve_style(style)
        found = await thinking_when_slow(interaction, self._cards.find(reference), private=True, updating=True)
        item = found.record.to_csl()
        view = CiteView(reference, chosen, speak(interaction.locale))
        await update(interaction, view, content=_citation(item, chosen))

    async def delete(self, interaction: discord.Interaction[Any], poster: int) -> None:
        """Delete the card, and forget it: where the bot is no member nothing else tells it. Raises NotYours."""
        if interaction.user.id != poster and not interaction.permissions.manage_messages:
            raise NotYours(f"{interaction.user.id} is not {poster}")
        await interaction.response.defer()
        try:
            await interaction.delete_original_response()
        except discord.NotFound:
            log.info("card deleted before")
        if interaction.message is not None:
            try:
                await self._pairs.remove([interaction.message.id])
            except StorageError as error:
                log.warning("card not forgotten", card=interaction.message.id, reason=str(error))
        log.info("card deleted", by=interaction.user.id)


def _citation(item: Csl, style: str) -> str:
    made = citation.cite(item, style)
    text = clip(made.text, CODE).replace("```", "'''")
    return f"**{made.label or made.style}**\n```\n{text}\n```"


def _cog(interaction: discord.Interaction[Any]) -> CardButtons:
    cog = interaction.client.get_cog(CardButtons.__name__)
    assert isinstance(cog, CardButtons)  # noqa: S101 - the bot adds the cog before it adds the buttons
    return cog


class AbstractButton(
    DynamicItem[Button[Any]], template=r"precis:abstract:(?P<record>[0-9]+):(?P<page>[0-9]+)(?P<turn>:turn)?"
):
    """Shows a page of the abstract."""

    def __init__(
        self, reference: Reference, page: int = 0, label: str = "", *, turning: bool = False, disabled: bool = False
    ) -> None:
        custom_id = f"precis:abstract:{reference}:{max(page, 0)}" + ":turn" * turning
        super().__init__(Button(label=label, custom_id=custom_id, disabled=disabled))
        self._reference = reference
        self._page = page
        self._turning = turning

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(Reference(int(match["record"])), int(match["page"]), turning=match["turn"] is not None)

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await _cog(interaction).show_abstract(interaction, self._reference, self._page, turning=self._turning)


class CiteButton(DynamicItem[Button[Any]], template=r"precis:cite:(?P<record>[0-9]+):(?P<style>[a-z0-9._-]+)"):
    """Shows the citation and its files."""

    def __init__(self, reference: Reference, style: str, label: str = "") -> None:
        super().__init__(Button(label=label, custom_id=f"precis:cite:{reference}:{style}"[:LONGEST_ID]))
        self._reference = reference
        self._style = style

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(Reference(int(match["record"])), match["style"])

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show it."""
        await _cog(interaction).show_citation(interaction, self._reference, self._style)


class DeleteButton(DynamicItem[Button[Any]], template=r"precis:delete:(?P<poster>[0-9]+)"):
    """Deletes the card."""

    def __init__(self, poster: int, label: str = "") -> None:
        super().__init__(Button(label=label, custom_id=f"precis:delete:{poster}"))
        self._poster = poster

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(int(match["poster"]))

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Delete it, if its clicker may."""
        await _cog(interaction).delete(interaction, self._poster)


class StyleMenu(DynamicItem[Select[Any]], template=r"precis:style:(?P<record>[0-9]+)"):
    """Picks one of the house styles."""

    def __init__(self, reference: Reference, style: str = "", placeholder: str = "") -> None:
        options = [
            discord.SelectOption(label=label, value=name, default=name == style) for name, label in HOUSE_STYLES.items()
        ]
        super().__init__(Select(custom_id=f"precis:style:{reference}", placeholder=placeholder, options=options))
        self._reference = reference

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        made = cls(Reference(int(match["record"])))
        made.item = item  # type: ignore[assignment]  # the menu as it was clicked: it holds what was picked
        return made

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the citation in the style that was picked."""
        await _cog(interaction).change_style(interaction, self._reference, self.item.values[0])


class OtherStyleButton(DynamicItem[Button[Any]], template=r"precis:other:(?P<record>[0-9]+)"):
    """Asks for the name of a style."""

    def __init__(self, reference: Reference, label: str = "") -> None:
        super().__init__(Button(label=label, custom_id=f"precis:other:{reference}"))
        self._reference = reference

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], __: Item[Any], match: re.Match[str]) -> Self:
        """Read back what was said in the custom ID."""
        return cls(Reference(int(match["record"])))

    @answering
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Ask for it."""
        await interaction.response.send_modal(OtherStyle(self._reference, speak(interaction.locale)))


class OtherStyle(Modal):
    """Takes the name of any CSL style; the cog `CardButtons` does by the form's custom ID, so that it outlives a restart."""

    NAME = re.compile(r"precis:typed:(?P<record>[0-9]+)")

    def __init__(self, reference: Reference, say: Say) -> None:
        super().__init__(title=say("Citation style"), custom_id=f"precis:typed:{reference}")
        field: TextInput[Any] = TextInput(custom_id="style", placeholder="vancouver, cell, the-lancet ...", max_length=150)
        self.add_item(Label(text=say("Name of a CSL style"), component=field))


class CiteView(View):
    """What goes under a citation."""

    def __init__(self, reference: Reference, style: str, say: Say) -> None:
        super().__init__(timeout=None)
        self.add_item(StyleMenu(reference, style, say("Style")))
        self.add_item(OtherStyleButton(reference, say("Other style")))


ITEMS = (AbstractButton, CiteButton, DeleteButton, StyleMenu, OtherStyleButton)
"""All that messages can carry, for the bot to know them after a restart."""


def card_buttons(card: Card, poster: int | None = None, say: Say = english) -> list[Item[Any]]:
    """Give the buttons of a card; without a poster nobody can delete it, as of a card that only its reader sees."""
    reference = card.record.reference
    if reference is None:
        return []
    shown: list[Item[Any]] = (
        [AbstractButton(reference, 0, say("Abstract"))] if card.record.abstract or card.record.notes else []
    )
    shown.append(CiteButton(reference, card.citation.style, say("Cite")))
    return shown if poster is None else [*shown, DeleteButton(poster, say("Delete"))]


def record_of(message: discord.Message) -> Reference | None:
    """Tell which record's card a message of the bot's is, by its buttons; None where it is none."""
    for component in _walk(message.components):
        match = _OF_RECORD.match(getattr(component, "custom_id", None) or "")
        if match is not None:
            return Reference(int(match["record"]))
    return None


def _walk(components: Iterable[Any]) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _walk(getattr(component, "children", ()))
