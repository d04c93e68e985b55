"""References and sources for tests."""

import re
from collections.abc import Iterator

from bot.core.phrase import Phrase
from bot.core.reference import Reference
from bot.core.site import SiteProfile
from bot.core.source import Mention, Request, Source, Sources
from bot.core.source_work import SourceWork
from bot.sources.erowid import erowid_source
from bot.sources.erowid.page import read_record

SOURCES = Sources(erowid_source())


def erowid(number: int) -> Reference:
    """The record of Erowid's with this number."""
    return Reference("erowid", str(number))


def number_of(reference: Reference) -> int:
    """A record's number."""
    return int(reference.id)


def newt(number: int) -> Reference:
    """The study of the Newt Library's with this number."""
    return Reference("newt", str(number))


def newt_link(number: int) -> str:
    """Its address."""
    return f"https://newt.example/{number}"


def _read_newt(pattern: str, text: str) -> Reference | None:
    match = re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE)
    return newt(int(match[1])) if match else None


def _newts_named(text: str) -> Iterator[Mention]:
    for match in re.finditer(r"\bnewt#([0-9]{1,5})\b", text, re.ASCII | re.IGNORECASE):
        yield match.start(), newt(int(match[1]))


NEWT = Source(
    name="newt",
    title="Newt Library",
    marks=("newt",),
    read_address=lambda address: _read_newt(r"https?://newt\.example/([1-9][0-9]{0,4})[.,;:!?)\]|]*", address),
    read_words=lambda text: _read_newt(r"newt\s*[:#]?\s*([1-9][0-9]{0,4})", text),
    find_shorthands=_newts_named,
    label=lambda reference: Phrase("Newt {id}", id=reference.id),
    url_of=lambda reference: newt_link(int(reference.id)),
    requests=lambda reference: (Request(reference=reference, site="Newt", url=newt_link(int(reference.id))),),
    readers={"Newt": lambda body, reference, charset: SourceWork(record=read_record(body, reference, charset))},
    sites=(
        SiteProfile(
            name="Newt",
            url="https://newt.example",
            setting="NEWT_URL",
            accept="text/html",
            types=frozenset({"text/html"}),
            hosts=frozenset({"newt.example"}),
        ),
    ),
    parser=1,
)
"""An invented source, whose pages have Erowid's markup."""
BOTH = Sources(erowid_source(), NEWT)
