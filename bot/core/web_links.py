"""Web addresses that are made into links: a DOI's, and those that services give."""

import re
from urllib.parse import quote

LONGEST = 512
"""Characters of a link button's address at most (docs.discord.com, "Component Reference", Button)."""
_DOI_MARKS = "/:;.,-_!$&=@"
"""Marks that stand in a DOI's address as they are; brackets do not, since they would end a link in markdown."""
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
    """Give an address of somebody else's as it may stand under a button; None for what Discord would refuse.

    What stands for itself only in a message, such as a letter with an accent, is percent-encoded; a name or password
    before the host is refused.
    """
    url = quote(address, safe="._~:/?#@!$&'()*+,;=%-", errors="replace") if address is not None else ""
    return url if len(url) <= LONGEST and _ADDRESS.fullmatch(url) else None
