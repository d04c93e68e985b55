import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.erowid import encoding
from bot.sources.erowid.encoding import decode
from tests.tables import table_of, values_of

TEXT = "Szára S. “Sleep… a dream”. café ±"


@pytest.mark.parametrize(("text", "charsets", "declared", "read", "_why"), table_of(encoding.__doc__))
def test_the_table_of_encodings_holds(text: str, charsets: str, declared: str, read: str, _why: str) -> None:
    """Of two charsets each has a word."""
    text, charset = text.strip("`"), None if declared == "none" else declared.strip("`")
    if " + " in charsets:
        pairs = zip(text.split(), charsets.split(" + "), strict=True)
        bodies = [b" ".join(word.encode(name.strip("`")) for word, name in pairs)]
    else:
        bodies = [text.encode(name) for name in values_of(charsets)]
    assert [decode(body, charset) for body in bodies] == [text if read == "as it was" else read.strip("`")] * len(bodies)


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        (TEXT.encode(), None, TEXT),
        (TEXT.encode(), "windows-1252", TEXT),
        (TEXT.encode(), "shift_jis", TEXT),
        (TEXT.encode("utf-8-sig"), "iso-8859-1", TEXT),
        (TEXT.encode("utf-16"), None, TEXT),
        (TEXT.encode("cp1252"), None, TEXT),
        (TEXT.encode("cp1252"), "utf-8", TEXT),
        (TEXT.encode("cp1252"), "iso-8859-1", TEXT),
        (TEXT.encode("cp1252"), "shift_jis", TEXT),
        (TEXT.encode("cp1252"), "no-such-charset", TEXT),
        (TEXT.encode("cp1252"), "base64", TEXT),
        (TEXT.encode("mac-roman"), "macintosh", TEXT),
        (b"<meta charset=macintosh>" + TEXT.encode("mac-roman"), None, "<meta charset=macintosh>" + TEXT),
        ("“Сон тритонов”. 5 µg".encode("cp1251"), "windows-1251", "“Сон тритонов”. 5 µg"),
        (b"<meta charset=windows-1251>" + "Сон тритонов".encode("cp1251"), None, "<meta charset=windows-1251>Сон тритонов"),
        ("ύπνος — Newton".encode("cp1253"), "windows-1253", "ύπνος — Newton"),
        ("Sen žab i čvorak".encode("cp1250"), "windows-1250", "Sen žab i čvorak"),
        ("Сон тритонов".encode("koi8-r"), "koi8-r", "Сон тритонов"),
        # A declared charset that gives words of two scripts, or what is no text, is wrong.
        (TEXT.encode("cp1252"), "windows-1251", TEXT),
        (TEXT.encode("cp1252"), "windows-1253", TEXT),
        (TEXT.encode("cp1252"), "koi8-r", TEXT),
        ("“Sleep”".encode("cp1252"), "koi8-r", "“Sleep”"),
        ("“Sleep”".encode("cp1252"), "iso-8859-2", "“Sleep”"),
        ("Сон тритонов".encode(), "windows-1251", "Сон тритонов"),
        # Two sources in one page.
        (TEXT.encode() + b" \x93banner\x94", None, TEXT + " “banner”"),
        (b"CAF\xc9\x94 \x93x\x94 \xe9t\xe9", None, "CAFÉ” “x” été"),
        (TEXT.encode()[:-1], None, TEXT[:-1] + "Â"),
        # Decoded twice.
        (TEXT.encode().decode("latin-1").encode(), None, TEXT),
        (TEXT.encode("cp1252").decode("latin-1").encode(), None, TEXT),
        ("â€œSleepâ€\x9d".encode(), None, "“Sleep”"),
        # Left as it stands: nothing tells what it was.
        ("death\u0131s �Ecstasy� Ã©".encode(), None, "death\u0131s �Ecstasy� Ã©"),
        (b"a\x00b\x1bc\x7fd", None, "a b c d"),
        (b"", None, ""),
    ],
)
def test_decode(body, charset, text):
    """The bytes themselves say what they are; what anybody says of them matters only where they do not."""
    assert decode(body, charset) == text


@given(
    st.binary(max_size=200),
    st.none() | st.sampled_from(["utf-8", "utf-16", "idna", "punycode", "hex", "\x00", "cp932", "undefined"]),
)
def test_any_bytes_are_read(body, charset):
    assert isinstance(decode(body, charset), str)


@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=100))
def test_windows_1252_is_read_back(text):
    """What a Windows editor wrote is read as it was written, unless it happens to be UTF-8 as well."""
    text = f"x{text}"  # no byte order mark
    body = text.encode("cp1252")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if "\xe2\u20ac" not in text and decode(body) != text:
            assert _mostly_valid(body)


def _mostly_valid(body: bytes) -> bool:
    kept = body.decode("utf-8", "ignore")
    strays = len(body.decode("utf-8", "surrogateescape")) - len(kept)
    return sum(1 for char in kept if not char.isascii()) > strays
