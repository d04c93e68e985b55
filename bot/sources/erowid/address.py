"""Addresses of records, and the number of the record that a saved page names."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from bot.core.reference import Reference
from bot.sources.erowid.end_matter import FOOT
from bot.sources.erowid.html_lines import PageLines

SITE = "https://www.erowid.org"
"""The canonical host. Addresses on other hosts are never fetched; only the ID is read from them."""

HOSTS = frozenset(f"{prefix}erowid.{top}" for prefix in ("", "www.", "taz4.", "upload.") for top in ("org", "com"))
"""The site's hosts and mirrors that have been seen in links. Only the ID is read from them."""

_NUMBER = "[0-9]{1,14}"
_END = r"(?=$|[^\w.%+=@~/-]|\.(?!\w))"
"""Where a number may end inside a text: before a bracket, a stop or a letter not in ASCII; never inside a word."""
_ADDRESS = re.compile(
    rf"""
    https?://(?P<host>[a-z0-9.-]{{1,64}})(?::(?:80|443))?/+
    (?-i:
        references/+(?:
            refs_view\.php\?(?P<view>[^#]*)                              # a record
            | refs\.php\?(?P<action>[^#]*)                               # a record with `A=View`, else a search
            | texts/show/(?P<text>{_NUMBER})(?:docid{_NUMBER})?(?:/?(?=$|[?\#])|{_END})  # record, then document
            | (?P<number>{_NUMBER})(?:/?(?=$|[?\#])|{_END})                # `references/1066`
        )
        | refs/+(?P<short>{_NUMBER})(?:/?(?=$|[?\#])|{_END})             # `refs/1066`
    )
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_ID = re.compile(rf"ID=(?P<id>{_NUMBER}){_END}", re.ASCII)
_TAIL = ".,;:!?'\")]}*_~|`…"
"""Punctuation at the end of an address that belongs to the text around the address."""
_DIGITS = 7
"""The most digits of a record's number. The database holds fewer than 10,000 records, so longer numbers are junk."""
_TYPED = re.compile(rf"0{{0,7}}([1-9][0-9]{{0,{_DIGITS - 1}}})", re.ASCII)
_WORDS = re.compile(r"(?:erowid(?:\s+references?)?)?\s*[:#]?\s*(?P<number>[0-9]{1,14})", re.ASCII | re.IGNORECASE)
_SHORTHAND = re.compile(r"(?<![\w/#@&=.:-])erowid\s?#(?P<number>[0-9]{1,14})(?![\w#/-])", re.ASCII | re.IGNORECASE)

_SAVED_FROM = re.compile(r"saved from url=\(\d{1,6}\)(\S{1,300})")


def record_url(reference: Reference, base: str = SITE) -> str:
    """Return the canonical address of a record."""
    return f"{base.rstrip('/')}/references/refs_view.php?ID={reference.id}"


def read_number(text: str) -> Reference | None:
    """Read a record's number as addresses and commands have it: `6004`, `006004`; None for anything else."""
    match = _TYPED.fullmatch(text)
    return Reference("erowid", match[1]) if match else None


def read_words(text: str) -> Reference | None:
    """Read the reference that a person typed: `6004`, `#6004`, `erowid 6004`, `erowid:6004`; None for anything else."""
    match = _WORDS.fullmatch(text.strip())
    return read_number(match["number"]) if match else None


def find_shorthands(text: str) -> Iterator[tuple[int, Reference]]:
    """Find `erowid#6004` in a text without addresses; yield the position and the reference of each."""
    for match in _SHORTHAND.finditer(text):
        if (reference := read_number(match["number"])) is not None:
            yield match.start(), reference


def read_address(address: str) -> Reference | None:
    """Read the reference from one address, which punctuation may follow; None if it names no record."""
    match = _ADDRESS.match(address.rstrip(_TAIL))
    if match is None or match["host"].removesuffix(".").casefold() not in HOSTS:
        return None
    query = match["view"] if match["view"] is not None else match["action"]
    if query is None:
        return read_number(match["number"] or match["text"] or match["short"])
    fields = query.replace("&amp;", "&").split("&")
    read = [_ID.match(field) for field in fields if field.startswith("ID=")]
    numbers = {number["id"] for number in read if number}
    if not all(read) or len(numbers) != 1:
        return None
    if match["action"] is not None and {field for field in fields if field.startswith("A=")} != {"A=View"}:
        return None
    return read_number(numbers.pop())


def reference_of(page: PageLines) -> Reference | None:
    """Return the reference that the page itself names for certain; None if it names none, or two.

    Certain are its canonical address, the address that a browser saved it from, and the links to comment on this record and
    to cite it.
    """
    saved = _SAVED_FROM.search(page.saved_from)
    found = {read_address(saved[1])} if saved else set()
    for text, address in page.links:
        if text == "canonical":
            found.add(read_address(address.strip()))
        elif FOOT.match(text):
            found.add(_of_own_link(address))
    known = {reference for reference in found if reference is not None}
    return known.pop() if len(known) == 1 else None


def _of_own_link(address: str) -> Reference | None:
    """Read the ID in a link to comment on a record or to cite it, absolute or relative."""
    try:
        parts = urlsplit(address.strip()[:2000])
        ids = parse_qs(parts.query, max_num_fields=20).get("ID", [])
    except ValueError:
        return None
    own = not parts.netloc or (parts.scheme in {"http", "https"} and (parts.hostname or "").rstrip(".") in HOSTS)
    return read_number(ids[0]) if own and len(ids) == 1 else None
