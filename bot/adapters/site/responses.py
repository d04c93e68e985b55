"""What an answer means: which failures may pass, where a redirect leads, what type an answer has. Sends no requests."""

import re
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.message import Message

import httpx

from bot.adapters.site.retry_after import retry_after
from bot.core.errors import BadAnswer, SiteError, TooBusy, Unreachable, UntrustedSite

PASSING = frozenset({429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_PRINTABLE = re.compile(r"[\x20-\x7e]{1,512}")


class MayPass(Exception):
    """A failure that may be gone at the next try; `error` is raised to the caller once the tries are used up."""

    def __init__(self, error: SiteError) -> None:
        super().__init__(str(error))
        self.error = error

    def again(self) -> "MayPass":
        """Copy the failure for another caller, since each raise changes an exception's traceback."""
        return MayPass(type(self.error)(str(self.error), retry_after=self.error.retry_after))


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; the body is read for status 200 only."""

    status: int
    headers: Mapping[str, str]
    """Looked up by name, in upper or lower case."""
    body: bytes = b""


def failure_of(status: int, headers: Mapping[str, str], now: float) -> MayPass:
    """Make the failure for one of the PASSING statuses; `now` is the time of day, for a Retry-After that is a date."""
    kind = TooBusy if status == httpx.codes.TOO_MANY_REQUESTS else BadAnswer
    return MayPass(kind(f"status {status}", retry_after=retry_after(headers.get("retry-after"), now)))


def is_challenge(headers: Mapping[str, str]) -> bool:
    """Whether an answer is a bot check by Cloudflare, which marks it with a header (any status)."""
    return headers.get("cf-mitigated", "").strip().casefold() == "challenge"


def next_hop(origin: httpx.URL, hosts: Collection[str], current: httpx.URL, location: str | None) -> httpx.URL:
    """Give the address that a redirect leads to. Raises BadAnswer unless it is https on one of `hosts`, or on `origin`."""
    if location is None:
        raise BadAnswer("a redirect to nowhere")
    try:
        target = current.join(location).copy_with(fragment=None)
        host = target.host  # decodes an international name, which may fail
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise BadAnswer(f"a redirect to no address: {location[:100]!r}") from error
    home = target.scheme == "https" and host in hosts and target.port is None
    if target.userinfo or not (home or origin_of(target) == origin_of(origin)):
        raise BadAnswer(f"a redirect to {location[:100]!r}, which is not followed")
    return target


def origin_of(url: httpx.URL) -> tuple[str, str, int | None]:
    """Give scheme, host and port; the port is None if it is the default of the scheme."""
    return url.scheme, url.host, url.port


def check_type(headers: Mapping[str, str], types: Collection[str]) -> None:
    """Raise BadAnswer unless the Content-Type is one of `types`; an answer without one is accepted."""
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind and kind not in types:
        raise BadAnswer(f"an answer of type {kind[:60]!r}")


def charset_of(headers: Mapping[str, str]) -> str | None:
    """Give the charset that Content-Type names, in lower case, or None."""
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    charset = message.get_content_charset()
    return charset if charset and _PRINTABLE.fullmatch(charset) else None


def validator(value: str | None) -> str | None:
    """Give an ETag or Last-Modified verbatim; None for one that cannot be sent back in a header."""
    return value if value and _PRINTABLE.fullmatch(value) else None


def failure_from(error: Exception, host: str) -> MayPass | UntrustedSite:
    """Turn an error of the connection to `host` into UntrustedSite for an invalid certificate, else into MayPass."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UntrustedSite(
                f"the certificate of {host} does not hold ({cause.verify_message}). "
                "If your network signs connections itself, set CA_BUNDLE to the file of its CA certificates"
            )
        cause = cause.__cause__ or cause.__context__
    return MayPass(Unreachable(f"{type(error).__name__}: {error}"[:200]))
