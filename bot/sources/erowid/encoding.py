"""Page bytes to text. Nothing that a server or a page says of its own encoding is believed against the bytes.

| bytes                                               | read as                                                  |
|-----------------------------------------------------|----------------------------------------------------------|
| a byte order mark                                   | what it says                                             |
| strict UTF-8 (ASCII among it)                       | UTF-8, whatever the header says                          |
| UTF-8 with a few bytes that are not                 | UTF-8, those bytes as windows-1252: two sources in one   |
| anything else                                       | windows-1252, as browsers read it: no byte is undefined  |
| the same, a quoted title in the declared charset only | the declared charset                                   |

Text decoded twice on its way (`Ã©` for `é`, C1 controls for curly quotes) is undone where it is certain: a C1 control
never stands in text, nor does `â€`.
"""

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _windows_1252(byte: int) -> str:
    """Read one byte as browsers do: the five that windows-1252 leaves open stay as they are."""
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
        text = _once(_mostly_utf8(body) or body.decode("latin-1").translate(_C1))
    declared = _declared(body, charset)
    if declared is not None and not _QUOTED.search(text) and _QUOTED.search(declared):
        return declared
    return text


def _mostly_utf8(body: bytes) -> str | None:
    """Read UTF-8 with strays; None where the bytes that fit UTF-8 do not outnumber those that do not."""
    text = body.decode("utf-8", "surrogateescape")
    strays = sum(1 for char in text if "\udc80" <= char <= "\udcff")
    if len(_MULTIBYTE.findall(body)) <= strays:
        return None
    return text.translate(_ESCAPED)


def _declared(body: bytes, charset: str | None) -> str | None:
    meta = _META_CHARSET.search(body[:4096])
    for name in (charset, meta and meta[1].decode("ascii")):
        try:
            if name and codecs.lookup(name).name not in {"utf-8", "ascii", "iso8859-1", "cp1252"}:
                return body.decode(name)
        except (LookupError, ValueError):  # an unknown charset, one that is no text, or one that does not fit
            continue
    return None


def _once(text: str) -> str:
    """Undo a second decoding, where it is certain."""
    if "\xe2\u20ac" not in text and not _C1_CONTROL.search(text):
        return text
    return _TWICE.sub(_decoded, text).translate(_C1)


def _decoded(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[ord(char)] for char in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
