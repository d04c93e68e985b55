"""Addresses of records, and the record that a saved page says it shows."""

import re
from urllib.parse import parse_qs, urlsplit

from bot.core.links import HOSTS, read_address
from bot.core.reference import Reference
from bot.sources.erowid.end_matter import FOOT
from bot.sources.erowid.html_lines import PageLines

SITE = "https://www.erowid.org"
"""The canonical host; every other address of a record is only read for its ID."""

_SAVED_FROM = re.compile(r"saved from url=\(\d{1,6}\)(\S{1,300})")


def record_url(reference: Reference, base: str = SITE) -> str:
    """Return the canonical address of a record."""
    return f"{base.rstrip('/')}/references/refs_view.php?ID={reference}"


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
    return Reference.parse(ids[0]) if own and len(ids) == 1 else None
