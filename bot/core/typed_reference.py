"""Reads the work that a person names in a command, in a search box or on the command line."""

from bot.core.links import find_links, read_address
from bot.core.reference import Reference
from bot.core.source import Sources


def read_target(text: str, sources: Sources) -> Reference | None:
    """Read a work's number or name, its address with or without a scheme, or a text that names the work.

    None for a text that names no work, or several. A name that several sources know belongs to the first of them.
    """
    target = text.strip().removeprefix("<").removesuffix(">")
    for source in sources:
        if (reference := source.read_words(target)) is not None:
            return reference
    if links := find_links(target, sources):
        return links[0].reference if len(links) == 1 else None
    if any(character.isspace() for character in target):
        return None
    return read_address(target if target.casefold().startswith(("http://", "https://")) else f"https://{target}", sources)
