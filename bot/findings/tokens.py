"""Words as the two networks read them: in lower case, with `@` for any number.

The training texts are as printed; the published test sets are tokenised, with `@` for numbers and `-LSB-` for brackets. Both
give the same words here.
"""

import re
import unicodedata
import zlib
from functools import lru_cache

MOST_WORDS = 80
"""Words of a sentence that are read, at most; a sentence with more is probably a list."""

_BRACKETS = re.compile(r"-(?:LSB|RSB|LRB|RRB|LCB|RCB)-|``|''|\u00b1|\+/-|\+-")
_NUMBER = re.compile(r"[@\d][@\d.,\u00b7]*(?<![.,])")
_REPEATED = re.compile(r"@(?:\s*@)+")
_WORD = re.compile(r"[a-z]+|@|[%=<>():;,?/+]")


@lru_cache(512)
def words_of(sentence: str) -> list[str]:
    """Give a sentence's words: letters in lower case without accents, `@` for any number, a few signs; or else `,`."""
    text = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", sentence)).lower()
    text = _REPEATED.sub("@", _NUMBER.sub("@", text))
    return _WORD.findall(text)[:MOST_WORDS] or [","]


@lru_cache(maxsize=8192)
def pieces_of(word: str, buckets: int) -> tuple[int, ...]:
    """Give the bucket numbers of a word's pieces: its beginning, its end, and all runs of four letters.

    Words with common pieces share buckets, so an unknown word gets a vector like those of similar words.
    """
    framed = f"<{word}>"
    pieces = {framed[:4], framed[:5], framed[-4:], framed[-5:]} | {framed[i : i + 4] for i in range(len(framed) - 3)}
    return tuple(sorted({zlib.crc32(piece.encode()) % buckets for piece in pieces}))
