"""Titles as services send them."""

from bot.core.errors import PageChanged
from bot.sources.erowid.title import read_title
from bot.sources.rich_text import to_csl


def title_of(sent: str | None) -> str:
    """Give a title with CSL's markup, without the stop that services add. Raises PageChanged if there is no title."""
    title = read_title(to_csl(sent)) if sent else ""
    if not any(map(str.isalnum, title)):
        raise PageChanged("a work without a title")
    return title
