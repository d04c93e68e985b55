"""Files for reference managers, in one archive.

Discord shows the beginning of each attached text file below the message, often a dozen lines of field names for each.
It shows nothing of a ZIP file but its name, so an archive is the quietest way to attach several.
"""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

import discord

from cogs.discord_kit.i18n import Say


def archive(name: str, texts: Mapping[str, str], say: Say) -> discord.File:
    """Put texts, by their extensions, into one ZIP file, with a file that says what each of them is for."""
    uses = {
        "ris": say("for Zotero, EndNote, Mendeley, Citavi and most other reference managers"),
        "bib": say("for LaTeX and JabRef (BibTeX)"),
        "json": say("for Pandoc and programs (CSL-JSON)"),
        "txt": say("to read: all citations as text"),
    }
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", "".join(f"{name}.{ending}: {uses[ending]}\n" for ending in texts))
        for ending, text in texts.items():
            packed.writestr(f"{name}.{ending}", text)
    written.seek(0)
    return discord.File(written, f"{name}.zip")
