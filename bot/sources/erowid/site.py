"""Erowid as a source: its links, its site, and how its pages are read."""

from functools import partial
from urllib.parse import urlsplit

from bot.core.phrase import Phrase
from bot.core.reference import Reference
from bot.core.site import SiteProfile
from bot.core.source import Request, Source
from bot.core.source_work import SourceWork
from bot.sources.erowid.address import SITE, find_shorthands, read_address, read_words, record_url
from bot.sources.erowid.page import PARSER_VERSION, read_record
from bot.sources.erowid.saved import read_saved
from bot.sources.refusal import is_refusal

NAME = "Erowid"


def erowid_source(base: str = SITE) -> Source:
    """Describe Erowid, whose pages are fetched from `base`."""
    return Source(
        name="erowid",
        title=NAME,
        marks=("erowid",),
        read_address=read_address,
        read_words=read_words,
        find_shorthands=find_shorthands,
        label=lambda reference: Phrase("Erowid reference {id}", id=reference.id),
        url_of=record_url,
        search_url=f"{SITE}/references/",
        requests=partial(_requests, base),
        readers={NAME: _read},
        read_saved=read_saved,
        sites=(
            SiteProfile(
                name=NAME,
                url=base,
                setting="EROWID_URL",
                accept="text/html, application/xhtml+xml, text/plain;q=0.5",
                types=frozenset({"text/html", "application/xhtml+xml", "text/plain"}),
                hosts=frozenset({"erowid.org", "www.erowid.org"}),  # mirrors are never fetched
                is_refusal=is_refusal,
            ),
        ),
        parser=PARSER_VERSION,
    )


def _requests(base: str, reference: Reference) -> tuple[Request, ...]:
    return (
        Request(
            reference=reference,
            site=NAME,
            url=record_url(reference, base),
            may_redirect_to=lambda url: _at(url) == reference,
        ),
    )


def _at(url: str) -> Reference | None:
    """Read the reference from the path of an address on the fetched host, which may be a mirror or a test server."""
    parts = urlsplit(url)
    return read_address(f"{SITE}{parts.path}?{parts.query}")


def _read(body: bytes, reference: Reference, charset: str | None) -> SourceWork:
    return SourceWork(record=read_record(body, reference, charset))
