"""Words as the label model sees them: lower case, numbers as one sign, so that spaced and unspaced texts look alike.

The training texts are as printed; the published test sets stand tokenised, with `@` for numbers and `-LSB-` for brackets.
Both give the same words here.
"""

import re
import unicodedata
import zlib
from functools import lru_cache

MOST_WORDS = 80
"""Words of a sentence that are read; longer ones are lists."""

_BRACKETS = re.compile(r"-(?:LSB|RSB|LRB|RRB|LCB|RCB)-|``|''|\u00b1|\+/-|\+-")
_NUMBER = re.compile(r"[@\d][@\d.,\u00b7]*(?<![.,])")
_REPEATED = re.compile(r"@(?:\s*@)+")
_WORD = re.compile(r"[a-z]+|@|[%=<>():;,?/+]")


@lru_cache(512)
def words_of(sentence: str) -> list[str]:
    """Give a sentence's words: letters in lower case without accents, `@` for any number, a few signs; never none."""
    text = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", sentence)).lower()
    text = _REPEATED.sub("@", _NUMBER.sub("@", text))
    return _WORD.findall(text)[:MOST_WORDS] or [","]


@lru_cache(maxsize=8192)
def pieces_of(word: str, buckets: int) -> tuple[int, ...]:
    """Give the buckets of a word's pieces, by which a rare word is like its kin: ends, beginnings, runs of four letters."""
    framed = f"<{word}>"
    pieces = {framed[:4], framed[:5], framed[-4:], framed[-5:]} | {framed[i : i + 4] for i in range(len(framed) - 3)}
    return tuple(sorted({zlib.crc32(piece.encode()) % buckets for piece in pieces}))
