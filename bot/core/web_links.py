"""Web addresses for links and buttons: of DOIs, and those that services give."""

import re
from urllib.parse import quote

LONGEST = 512
"""The most characters of a link button's address (docs.discord.com, "Component Reference", Button)."""
_DOI_MARKS = "/:;.,-_!$&=@"
"""Marks that are not percent-encoded in a DOI's address; brackets are, since they would end a link in markdown."""
_ADDRESS = re.compile(
    r"""
    https?://
    (?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*  # a host with a dot: Discord takes no other
    (?::[0-9]{1,5})?
    (?:[/?\#][A-Za-z0-9._~:/?\#@!$&'()*+,;=%-]*)?
    """,
    re.IGNORECASE | re.VERBOSE,
)


def doi_url(doi: str, *, most: int = LONGEST) -> str | None:
    """Give the address that leads to a DOI's work, percent-encoded; None for one longer than `most`."""
    url = "https://doi.org/" + quote(doi, safe=_DOI_MARKS, errors="replace")
    return url if len(url) <= most else None


def link_url(address: str | None) -> str | None:
    """Give a foreign address in the form that Discord accepts for a button; None for one that it would refuse.

    Characters that are not allowed there, such as letters with accents, are percent-encoded; an address with a user name
    or password is refused.
    """
    url = quote(address, safe="._~:/?#@!$&'()*+,;=%-", errors="replace") if address is not None else ""
    return url if len(url) <= LONGEST and _ADDRESS.fullmatch(url) else None
