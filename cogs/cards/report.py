"""*This card is wrong*: tells the bot's host which record has a wrong card, and which part of it.

It is a button under the abstract, not a command: people who read the abstract see what is wrong, nobody has to type which
record is meant, and the row of buttons under the card stays short enough for a phone.
"""

from collections.abc import Callable
from contextvars import Context
from datetime import datetime
from enum import StrEnum
from typing import Any

import discord
import structlog
from cachetools import TTLCache
from discord.ui import Button, Label, Modal, Select

from bot.core.errors import ButtonExpired, TooManyReports
from bot.core.phrase import Phrase, Say
from bot.core.reference import Reference
from cogs.discord_kit.custom_ids import RECORD, CustomId, Handler, picked_in_form
from cogs.discord_kit.i18n import speak
from cogs.discord_kit.interactions import respond

REPORT = CustomId("report:{}", RECORD)
"""Asks what is wrong."""
REPORT_FORM = CustomId("reported:{}", RECORD)
MOST = 5
"""How many reports one person can send; more can be sent after a day without one."""
_DAY = 24 * 3600.0
_PEOPLE = 10_000
"""For how many people reports are counted, in memory."""

log = structlog.get_logger(__name__)


class WrongPart(StrEnum):
    """What is wrong with a card, as the log names it."""

    TITLE = "title"
    AUTHORS = "authors"
    JOURNAL = "journal"
    DATE = "date"
    FINDINGS = "findings"
    CITATION = "citation"
    OTHER = "other"


LABELS = {
    WrongPart.TITLE: Phrase("Title"),
    WrongPart.AUTHORS: Phrase("Authors"),
    WrongPart.JOURNAL: Phrase("Journal"),
    WrongPart.DATE: Phrase("Date"),
    WrongPart.FINDINGS: Phrase("Key findings"),
    WrongPart.CITATION: Phrase("Citation"),
    WrongPart.OTHER: Phrase("Something else"),
}


class CardReports:
    """Answers the button and its form. Nothing of the person, the message or the place is logged or stored."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._made: TTLCache[int, int] = TTLCache(_PEOPLE, _DAY, lambda: now().timestamp())

    def clicks(self) -> dict[CustomId, Handler]:
        """Name the method that answers the button and the form."""
        return {REPORT: self.ask, REPORT_FORM: self.take}

    async def ask(self, interaction: discord.Interaction[Any], reference: Reference) -> None:
        """Ask what is wrong. Raises TooManyReports."""
        self._check(interaction.user.id)
        await interaction.response.send_modal(report_form(reference, speak(interaction.locale)))

    async def take(self, interaction: discord.Interaction[Any], reference: Reference) -> None:
        """Log a report and say thanks. Raises TooManyReports, or ButtonExpired for an unknown part."""
        try:
            (wrong,) = map(WrongPart, picked_in_form(interaction))
        except ValueError as error:
            raise ButtonExpired("no such part of a card") from error
        self._check(interaction.user.id)
        self._made[interaction.user.id] = self._made.get(interaction.user.id, 0) + 1
        # In an empty context: an interaction's own context adds its channel and server to each line of the log.
        Context().run(log.warning, "card reported", record=str(reference), field=wrong.value)
        _ = speak(interaction.locale)
        await respond(interaction, content=_("Thank you. Who runs this bot gets your report, without your name."))

    def _check(self, user_id: int) -> None:
        if self._made.get(user_id, 0) >= MOST:
            raise TooManyReports("one person's reports of a day")


def report_button(reference: Reference, say: Say) -> Button[Any]:
    """Give the button that asks what is wrong with the card of a record."""
    return Button(label=say("This card is wrong"), custom_id=REPORT(reference))


def report_form(reference: Reference, say: Say) -> Modal:
    """Give a form with one menu: what is wrong."""
    form = Modal(title=say("This card is wrong"), custom_id=REPORT_FORM(reference))
    options = [discord.SelectOption(label=label.said(say), value=part.value) for part, label in LABELS.items()]
    form.add_item(
        Label(
            text=say("What is wrong?"),
            description=say("Who runs this bot gets the study and your choice, nothing else."),
            component=Select[Any](custom_id="part", options=options),
        )
    )
    return form
