"""The table of rules in `bot.matching.match`, for every page, title and combination of the other fields."""

from dataclasses import replace
from itertools import product

import pytest

from bot.core.enrichment import MatchOutcome
from bot.core.record import Name
from bot.matching import match, match_record
from bot.matching.titles import Likeness, compare_titles
from tests.matching.test_match import RECORD, WORK
from tests.tables import table_of

PAGES = {"agrees": "141", "unknown": None, "misread": "151", "differs": "300"}
TITLES = {
    "same": (RECORD.title, Likeness.SAME),
    "alike, a word differs": ("Effects of a made-up tryptamine on sleep in the mouse", Likeness.ALIKE),
    "cut": (f"{RECORD.title}. The Invented Sleep Group", Likeness.CUT),
    "near": ("Effects of a made-up tryptamine on waking and sleep in rats", Likeness.NEAR),
    "another number": ("Effects of a made-up tryptamine on sleep in the rat 2", Likeness.NUMBERED),
    "another": ("Pharmacology of another compound altogether", Likeness.OTHER),
}
AUTHORS = {True: WORK.authors, False: (Name("Poe"),), None: ()}
YEARS = {True: {1988}, False: {1968}, None: set(), "nearly": {1989}}
VOLUMES = {True: "447", False: "448", None: None}
JOURNALS = {True: WORK.journal, False: "J Other Things", None: None}

Fields = tuple[bool | None, bool | str | None, bool | None, bool | None]
"""Whether author, year, volume and journal agree; "nearly" for the year after."""


def agreeing(fields: Fields) -> int:
    return sum(bool(one) for one in fields)


def clear(fields: Fields) -> bool:
    return False not in fields


def two_agree(fields: Fields) -> bool:
    return agreeing(fields) >= 2 and clear(fields)


def slip(fields: Fields) -> bool:
    author, year, volume, _ = fields
    return agreeing(fields) == 3 and author is True and (volume is not False or year is True)


CONDITIONS = {
    "two agree, none differs; or one slip": lambda fields: two_agree(fields) or slip(fields),
    "the same, and the volume agrees": lambda fields: (two_agree(fields) or slip(fields)) and fields[2],
    "two agree, none differs": two_agree,
    "the volume and two others agree, none differs": lambda fields: agreeing(fields) >= 3 and fields[2] and clear(fields),
    "author, year, and volume or journal agree, none differs; no chapter": lambda fields: (
        fields[0] and fields[1] and (fields[2] or fields[3]) and clear(fields)
    ),
    "all agree": all,
    "never": lambda fields: False,
}
RULES = {(page, title): condition for page, title, condition in table_of(match.__doc__)}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("title", TITLES)
def test_every_rule(page: str, title: str) -> None:
    """A record matches where the table says so, and nowhere else."""
    rule = RULES.get((page, title)) or RULES.get((page, "any"), "never")
    printed, likeness = TITLES[title]
    record = replace(RECORD, title=f"{RECORD.title} 1") if likeness is Likeness.NUMBERED else RECORD
    work = replace(WORK, title=printed, page=PAGES[page])
    assert compare_titles(record.title, work) is likeness
    for fields in product(AUTHORS, YEARS, VOLUMES, JOURNALS):
        author, year, volume, journal = fields
        found = replace(
            work,
            authors=AUTHORS[author],
            years=frozenset(YEARS[year]),
            volume=VOLUMES[volume],
            journal=JOURNALS[journal],
            journal_short=None,
        )
        expected = MatchOutcome.MATCH if CONDITIONS[rule](fields) else MatchOutcome.NONE
        assert match_record(record, [found]).outcome is expected, fields
        if page == "unknown":
            assert match_record(replace(record, type="chapter"), [found]).outcome is MatchOutcome.NONE


def test_every_row_is_a_rule() -> None:
    assert {page for page, _ in RULES} <= PAGES.keys()
    assert {title for _, title in RULES} <= TITLES.keys() | {"any"}
