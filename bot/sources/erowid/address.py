"""Addresses of records, and the record that a saved page says it shows."""

import re
from urllib.parse import parse_qs, urlsplit

from bot.core.reference import Reference
from bot.sources.erowid.html_lines import PageLines

SITE = "https://www.erowid.org"
"""The canonical host; every other address of a record is only read for its ID."""

_HOST = re.compile(r"(?:[a-z0-9-]+\.)*erowid\.(?:org|com)\.?", re.IGNORECASE)
_SAVED_FROM = re.compile(r"saved from url=\(\d{1,6}\)(\S{1,300})")
_PATH = re.compile(r"/references/(?:refs_view\.php)?([0-9]*)/?")
_OWN_LINKS = re.compile(r"\W*(?:submit (?:a )?comment|cite html)\b", re.IGNORECASE)


def record_url(reference: Reference, base: str = SITE) -> str:
    """Give the canonical address of a record."""
    return f"{base.rstrip('/')}/references/refs_view.php?ID={reference}"


def reference_of(page: PageLines) -> Reference | None:
    """Give the reference that a page itself is certain of; None where it names none, or two.

    Certain are its canonical address, the address that a browser saved it from, and the links to comment on this record and
    to cite it.
    """
    saved = _SAVED_FROM.search(page.saved_from)
    found = {_of_address(saved[1], need_view=True)} if saved else set()
    for text, address in page.links:
        if text == "canonical":
            found.add(_of_address(address, need_view=True))
        elif _OWN_LINKS.match(text):
            found.add(_of_address(address, need_view=False))
    known = {reference for reference in found if reference is not None}
    return known.pop() if len(known) == 1 else None


def _of_address(address: str, *, need_view: bool) -> Reference | None:
    """Read the ID in an address on the site, absolute or relative."""
    try:
        parts = urlsplit(address.strip()[:2000])
        host = parts.hostname
        query = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return None
    if parts.scheme not in {"", "http", "https"} or (host and not _HOST.fullmatch(host)):
        return None
    path = _PATH.fullmatch(parts.path)
    if need_view and (path is None or not host):
        return None
    ids = query.get("ID") or query.get("id") or ([path[1]] if path and path[1] else [])
    return Reference.parse(ids[0]) if len(ids) == 1 else None
