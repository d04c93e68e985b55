"""Limits on time, size and number of the requests to one site."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """The limits within which a site is asked; times in seconds, sizes in bytes. The defaults are those for Erowid."""

    connect: float = 5.0
    """To open a connection, with its TLS handshake."""
    read: float = 10.0
    """From the request to the first piece of the answer, and from piece to piece."""
    answer: float = 20.0
    """To receive one whole answer, even if it keeps arriving slowly."""
    whole: float = 60.0
    """For one fetch: the queue, all tries and the pauses between them."""
    tries: int = 3
    """Tries for one fetch, the first included; a page that is stored already gets one try."""
    pause: float = 1.0
    """Pause before the second try; doubled before each later one, plus up to as much again of jitter."""
    size: int = 2 * 1024 * 1024
    """The largest decoded answer; the largest real record is a hundredth of this size."""
    redirects: int = 4
    """Redirects followed in a row."""
    gap: float = 1.25
    """Between two requests: one second, and a quarter more, since some requests take longer to arrive than others."""
    patience: float = 30.0
    """Longest wait in the queue for a turn. A longer Retry-After opens the circuit; a shorter one is waited for."""
    failures: int = 5
    """Fetches in a row that fail before the circuit opens."""
    open_seconds: float = 60.0
    """How long the circuit then stays open."""
    refusal_seconds: float = 3600.0
    """How long the circuit stays open after the site refused us."""
    robots_life: float = 24 * 3600.0
    """How long a robots.txt is used before it is read again (RFC 9309, 2.4)."""
    robots_size: int = 500 * 1024
    """Bytes of robots.txt that are read; the rest is ignored (RFC 9309, 2.5)."""
