"""Turns a page's bytes into text. A declared charset is only believed where the bytes do not contradict it.

| text          | encoded in               | declared as    | read as   | why                                           |
|---------------|--------------------------|----------------|-----------|-----------------------------------------------|
| `café`        | `utf-8-sig`, `utf-16`    | `windows-1251` | as it was | a byte order mark                             |
| `café`        | `utf-8`                  | `windows-1251` | as it was | strict UTF-8                                  |
| `“café” café` | `utf-8` + `windows-1252` | none           | as it was | UTF-8 with a few bytes that are not           |
| `Сон`         | `windows-1251`           | `windows-1251` | as it was | one byte a letter, words of one script each   |
| `café`        | `windows-1252`           | `windows-1251` | as it was | a word of two scripts: windows-1252 after all |
| `“眠りの夢”`  | `shift_jis`              | `shift_jis`    | as it was | a quoted title in the declared charset only   |
| `â€œÃ©`       | `utf-8`                  | none           | `“é`      | decoded twice on its way: no text has `â€`    |
| `Ã©`          | `utf-8`                  | none           | as it was | it may be printed so                          |

C1 control characters are taken for a sign of double decoding, too, since no real text has them.
"""

import codecs
import re
import unicodedata

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _windows_1252(byte: int) -> str:
    """Decode one byte as browsers do; the five bytes that windows-1252 does not define stay as they are."""
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_C1 = {byte: _windows_1252(byte) for byte in range(0x80, 0xA0)}
_ESCAPED = {0xDC00 + byte: _windows_1252(byte) for byte in range(0x80, 0x100)}
_BYTES = {ord(_windows_1252(byte)): byte for byte in range(0x80, 0x100)} | {byte: byte for byte in range(0x80, 0x100)}

_C1_CONTROL = re.compile("[\x80-\x9f]")
_HIGH = "[" + "".join(re.escape(chr(code)) for code in sorted(_BYTES) if _BYTES[code] < 0xC0) + "]"  # noqa: PLR2004
_TWICE = re.compile(f"[\xc2-\xdf]{_HIGH}|[\xe0-\xef]{_HIGH}{{2}}|[\xf0-\xf4]{_HIGH}{{3}}")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{1,40})", re.IGNORECASE)
_CONTROLS = {code: " " for code in range(0x80) if not chr(code).isprintable() and chr(code) not in "\t\n\r"}
_NO_CONTROLS = bytes(ord(_CONTROLS.get(code, chr(code))) if code < 0x80 else code for code in range(0x100))  # noqa: PLR2004
_ONE_BYTE = re.compile(r"cp125[0-8]|iso8859-(?:[2-9]|1[0-6])|koi8-[rtu]")
_SIGNS = frozenset(
    "\u201c\u201d\u201e\u2018\u2019\u201a\u2039\u203a\u2013\u2014\u2026\u2022\u2020\u2021\u2122\u20ac\u2116"
    "\xa0\xa1\xa2\xa3\xa4\xa5\xa7\xa9\xab\xac\xad\xae\xb0\xb1\xb2\xb3\xb5\xb6\xb7\xb9\xbb\xbc\xbd\xbe\xbf\xd7\xf7"
)
"""Characters beyond ASCII, other than letters, that a text may contain."""
_LETTERS = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile("\u201c[^\u201d]{4,2000}\u201d")


def decode(body: bytes, charset: str | None = None) -> str:
    """Read a page's bytes; never fails. `charset` is what the Content-Type header named, if anything."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _once(body[len(mark) :].decode(codec, "replace").translate(_CONTROLS))
    body = body.translate(_NO_CONTROLS)
    if body.isascii():
        return body.decode("ascii")
    try:
        return _once(body.decode("utf-8"))
    except UnicodeDecodeError:
        mostly_utf8 = _mostly_utf8(body)
    declared, codec = _declared(body, charset)
    if declared and not mostly_utf8 and _ONE_BYTE.fullmatch(codec) and _reads_well(declared):
        return declared
    text = _once(mostly_utf8 or body.decode("latin-1").translate(_C1))
    return declared if declared and not _QUOTED.search(text) and _QUOTED.search(declared) else text


def _reads_well(text: str) -> bool:
    """Whether a text has only letters and known signs beyond ASCII, and no word of two scripts."""
    foreign = {char for char in text if not char.isascii()} - _SIGNS
    if not foreign or not all(map(str.isalpha, foreign)):
        return False
    words = {word for word in _LETTERS.findall(text) if not foreign.isdisjoint(word)}
    return all(len({unicodedata.name(char, "").partition(" ")[0] for char in word}) == 1 for word in words)


def _mostly_utf8(body: bytes) -> str | None:
    """Decode UTF-8 with a few invalid bytes; None if valid sequences do not outnumber invalid bytes."""
    text = body.decode("utf-8", "surrogateescape")
    strays = sum(1 for char in text if "\udc80" <= char <= "\udcff")
    if len(_MULTIBYTE.findall(body)) <= strays:
        return None
    return text.translate(_ESCAPED)


def _declared(body: bytes, charset: str | None) -> tuple[str, str]:
    """Decode by the charset that the header or else the page declares; return text and codec, both empty if none works."""
    meta = _META_CHARSET.search(body[:4096])
    for name in (charset, meta and meta[1].decode("ascii")):
        try:
            codec = codecs.lookup(name or "").name
            if codec not in {"utf-8", "ascii", "iso8859-1", "cp1252"}:
                return body.decode(codec), codec
        except (LookupError, ValueError):  # the charset is unknown, no text encoding, or does not fit
            continue
    return "", ""


def _once(text: str) -> str:
    """Mend a text whose UTF-8 was surely decoded as another charset."""
    if "\xe2\u20ac" not in text and not _C1_CONTROL.search(text):
        return text
    return _TWICE.sub(_decoded, text).translate(_C1)


def _decoded(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[ord(char)] for char in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
