"""What a person gives for one work: in a command, in a search box, on the command line."""

from bot.core.links import find_links, read_address
from bot.core.reference import Reference
from bot.core.source import Sources


def read_target(text: str, sources: Sources) -> Reference | None:
    """Read what a person gives for a work: its number or name, its address with or without a scheme, a text that names it.

    None for a text that names no work, or several. What is a name at several sources is the first one's.
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
