"""Bodies of responses, decoded no further than a cap.

httpx decodes each received piece whole, and 64 KiB of gzip can hold 64 MiB. So the raw pieces are decoded here, never
further than the cap. Known encodings: the two that requests accept, `gzip` and `deflate` (with or without a zlib header).
"""

import zlib
from collections.abc import Iterator

import httpx

from bot.adapters.site.responses import MayPass
from bot.core.errors import BadAnswer

ACCEPTED = "gzip, deflate"

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_NO_HEADER = -zlib.MAX_WBITS


async def read_body(response: httpx.Response, cap: int, *, cut: bool = False) -> bytes:
    """Read a streamed response's body, at most `cap` bytes, received or decoded.

    A longer body is cut off if `cut`, else BadAnswer. Raises MayPass for a body that ends too early or is garbled, and
    httpx.TransportError.
    """
    decoder = _decoder(response.headers)
    length = response.headers.get("content-length", "")
    if not cut and length.isascii() and length.isdigit() and len(length) < 20 and int(length) > cap:  # noqa: PLR2004
        raise BadAnswer(f"a body of {length} bytes")
    body = bytearray()
    try:
        async for piece in response.aiter_raw():
            for part in decoder.decode(piece, cap):
                body += part
                if len(body) > cap:
                    break
            if len(body) > cap or response.num_bytes_downloaded > cap:
                if cut:
                    return bytes(body[:cap])
                raise BadAnswer(f"a body of more than {cap} bytes")
    except zlib.error as error:
        raise MayPass(BadAnswer(f"a garbled body: {error}")) from error
    except httpx.RemoteProtocolError as error:
        raise MayPass(BadAnswer(f"a body that ends too early: {error}")) from error
    if not decoder.finished:
        raise MayPass(BadAnswer("a body that ends too early"))
    return bytes(body)


class _Plain:
    """Passes on a body that is not compressed."""

    finished = True

    def decode(self, piece: bytes, _most: int) -> Iterator[bytes]:
        yield piece


class _Inflating:
    """Decodes gzip (one member or several) or deflate, at most `most` + 1 bytes at a time."""

    def __init__(self, *, header_optional: bool) -> None:
        self._header_optional = header_optional
        self._inner = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._head = b""  # the first two bytes, which are the header if there is one

    @property
    def finished(self) -> bool:
        return self._inner.eof or not self._head

    def decode(self, piece: bytes, most: int) -> Iterator[bytes]:
        while piece:
            if self._inner.eof:
                if not piece.startswith(b"\x1f"):  # no further gzip member: padding, which clients ignore
                    return
                self._inner = zlib.decompressobj(_GZIP_OR_ZLIB)
            yield self._inflate(piece, most + 1)
            piece = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

    def _inflate(self, piece: bytes, most: int) -> bytes:
        head, self._head = self._head, (self._head + piece[:2])[:2]
        try:
            return self._inner.decompress(piece, most)
        except zlib.error:
            if len(head) == 2 or not self._header_optional:  # noqa: PLR2004
                raise
            self._inner = zlib.decompressobj(_NO_HEADER)
            return self._inner.decompress(head + piece, most)


def _decoder(headers: httpx.Headers) -> _Plain | _Inflating:
    encoding = headers.get("content-encoding", "").strip().casefold()
    if encoding in {"", "identity"}:
        return _Plain()
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return _Inflating(header_optional=encoding == "deflate")
    raise BadAnswer(f"a body in the encoding {encoding[:60]!r}, which was not asked for")
