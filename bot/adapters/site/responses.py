"""What an answer of the site means: which may pass, where it leads, what it holds. Nothing here asks for anything."""

import re
import ssl
from dataclasses import dataclass
from email.message import Message

import httpx

from bot.adapters.site.retry_after import retry_after
from bot.core.errors import BadAnswer, SiteError, TooBusy, Unreachable, UntrustedSite
from bot.core.links import read_target
from bot.core.reference import Reference

CANONICAL = "www.erowid.org"
HOSTS = frozenset({"erowid.org", CANONICAL})
"""The hosts to which a redirect may lead. The mirrors seen in pasted links are read for their ID, never asked."""

PASSING = frozenset({429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})

_VALIDATOR = re.compile(r"[\x20-\x7e]{1,512}")


class MayPass(Exception):
    """A failure that another try may mend; `error` is what the caller gets once the tries are used up."""

    def __init__(self, error: SiteError) -> None:
        super().__init__(str(error))
        self.error = error

    def again(self) -> "MayPass":
        """Give the same failure for another caller, since an exception belongs to one traceback."""
        return MayPass(type(self.error)(str(self.error), retry_after=self.error.retry_after))


ADVICE = (
    "Erowid blocks this bot. Do not try to get round it: make sure that CONTACT reaches you and that only one bot runs "
    "from this address, and ask Erowid for permission. The bot asks again by itself, once, after that time."
)
"""What who runs the bot is told, in the log, where the site does not want it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that came whole; the body is read for status 200 only."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


def failure_of(status: int, headers: httpx.Headers, now: float) -> MayPass:
    """Make the failure that one of the PASSING statuses is."""
    kind = TooBusy if status == httpx.codes.TOO_MANY_REQUESTS else BadAnswer
    return MayPass(kind(f"status {status}", retry_after=retry_after(headers.get("retry-after"), now)))


def next_hop(origin: httpx.URL, current: httpx.URL, location: str | None) -> httpx.URL:
    """Give the address a redirect leads to, or BadAnswer for any but Erowid's https hosts and the `origin` we ask."""
    if location is None:
        raise BadAnswer("a redirect to nowhere")
    try:
        target = current.join(location).copy_with(fragment=None)
        host = target.host  # decodes an international name, which may fail
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise BadAnswer(f"a redirect to no address: {location[:100]!r}") from error
    home = target.scheme == "https" and host in HOSTS and target.port is None
    if target.userinfo or not (home or origin_of(target) == origin_of(origin)):
        raise BadAnswer(f"a redirect to {location[:100]!r}, which is not followed")
    return target


def is_of(url: httpx.URL, reference: Reference) -> bool:
    """Whether an address of the site, or of what stands for it, is one of this record, in any form that it has had."""
    return read_target(f"https://{CANONICAL}{url.raw_path.decode('ascii', 'replace')}") == reference


def origin_of(url: httpx.URL) -> tuple[str, str, int | None]:
    """Give scheme, host and port (None for the scheme's own)."""
    return url.scheme, url.host, url.port


def check_type(headers: httpx.Headers) -> None:
    """Raise BadAnswer for a Content-Type that no page has; a missing one is let pass."""
    kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind and kind not in TYPES:
        raise BadAnswer(f"a page of type {kind[:60]!r}")


def charset_of(headers: httpx.Headers) -> str | None:
    """Give the charset that Content-Type names, in lower case, or None."""
    message = Message()
    message["content-type"] = headers.get("content-type", "")
    charset = message.get_content_charset()
    return charset if charset and _VALIDATOR.fullmatch(charset) else None


def validator(value: str | None) -> str | None:
    """Give an ETag or Last-Modified verbatim, or None for one that could not be sent back as it came."""
    return value if value and _VALIDATOR.fullmatch(value) else None


def failure_from(error: Exception, host: str) -> MayPass | UntrustedSite:
    """Put an error of the connection in the project's tree; a certificate that does not hold is the one that cannot pass."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UntrustedSite(
                f"the certificate of {host} does not hold ({cause.verify_message}). "
                "If your network signs connections itself, set CA_BUNDLE to the file of its CA certificates"
            )
        cause = cause.__cause__ or cause.__context__
    return MayPass(Unreachable(f"{type(error).__name__}: {error}"[:200]))
