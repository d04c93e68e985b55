"""What is in the archive that an answer of the bot has attached."""

import io
from typing import Any
from zipfile import ZipFile


async def unpacked(result: Any) -> dict[str, str]:
    """The text of each file, by its extension; the one that says what the others are for is `README.txt`."""
    (attached,) = [file for file in result.response.attachments if file.filename.endswith(".zip")]
    stem = attached.filename.removesuffix("zip")
    with ZipFile(io.BytesIO(await attached.read())) as packed:
        return {name.removeprefix(stem): packed.read(name).decode() for name in packed.namelist()}
