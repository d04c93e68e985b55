"""Cuts texts that are too long for their place."""

CUT = "…"


def clip(text: str, most: int) -> str:
    """Cut a text to at most `most` characters, at the end of a word if possible, and mark the cut with `CUT`."""
    if len(text) <= most:
        return text
    cut = text[: most - len(CUT)]
    words = cut.rpartition(" ")[0]
    return (words if len(words) > most // 2 else cut).rstrip() + CUT
