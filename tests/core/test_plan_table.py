"""The table in `bot.core.plan` holds."""

import re
from dataclasses import replace

import pytest

from bot.core import plan as planning
from bot.core.links import Link
from bot.core.plan import AnswerLink, Remove, ShowDigest, Situation, Step, conclude, plan
from bot.core.reply import Mark, Reply
from tests.core.test_plan import ASK, AUTO, card, digest, refs
from tests.references import erowid, number_of
from tests.tables import table_of

SETTINGS = {
    "none": [None],
    "ask": [ASK],
    "reply": [AUTO],
    "at most 2": [replace(AUTO, max_cards=2)],
    "any": [AUTO, ASK, None],
}


def links(cell: str) -> tuple[Link, ...]:
    return tuple(Link(erowid(int(number))) for number in re.findall(r"\d+", cell))


def number(shown: Reply | Link) -> int:
    return number_of(shown.reference)


def said(step: Step) -> str:
    match step:
        case Remove(reply):
            return f"remove {number(reply)}"
        case AnswerLink(link, reuse, instead):
            return f"answer {number(link)}" + (f" with {number(reuse)}" if reuse else "") + " if one fails" * instead
        case ShowDigest(entries):
            return f"digest {' '.join(str(number(entry)) for entry in entries)}"
    return str(step)


@pytest.mark.parametrize(("printed", "settings", "replied", "happens", "_why"), table_of(planning.__doc__))
def test_every_row_holds(printed: str, settings: str, replied: str, happens: str, _why: str) -> None:
    """Each row is a message: what it links to (in brackets what is not to be answered), and what the bot has replied."""
    unwanted = "".join(re.findall(r"\(.*?\)", printed))
    wanted = None if printed == "deleted" else links(re.sub(r"\(.*?\)", "", printed))
    replies = digest(*links(replied)) if "digest" in replied else tuple(map(card, links(replied)))
    for setting in SETTINGS[settings]:
        situation = Situation(wanted, setting, unwanted=refs(*links(unwanted)), replies=replies)
        steps = [said(step) for step in plan(situation)]
        steps += ["offer"] if conclude(situation, failed=False).mark is Mark.OFFER else []
        assert ", ".join(steps or ["nothing"]) == happens
