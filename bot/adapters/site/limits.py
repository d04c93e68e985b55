"""How much of a site's time, and of our own, one fetch may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """The limits within which a site is asked; times in seconds, sizes in bytes. The defaults are those for Erowid."""

    connect: float = 5.0
    """For a connection, its TLS handshake included."""
    read: float = 10.0
    """Between two pieces of an answer; also from the request to the first piece."""
    answer: float = 20.0
    """For one whole answer, however steadily it drips."""
    whole: float = 60.0
    """For one fetch: queue, tries and the pauses between them."""
    tries: int = 3
    """Tries for one fetch, the first included; for a page that is known already there is one."""
    pause: float = 1.0
    """Before the second try; doubled before each later one, with up to as much again of jitter."""
    size: int = 2 * 1024 * 1024
    """Of an answer, once decoded. The largest real record is a hundredth of it."""
    redirects: int = 4
    """Redirects followed in a row."""
    gap: float = 1.25
    """Between two requests: one second, and a quarter since requests may take differently long to arrive."""
    patience: float = 30.0
    """In the queue for a turn; a longer Retry-After opens the circuit, a shorter one is waited for in the queue."""
    failures: int = 5
    """Fetches in a row that fail before the circuit opens."""
    open_seconds: float = 60.0
    """For which the circuit is then open."""
    refusal_seconds: float = 3600.0
    """For which the circuit is open after the site refused us."""
    robots_life: float = 24 * 3600.0
    """For which robots.txt is believed (RFC 9309, 2.4)."""
    robots_size: int = 500 * 1024
    """Of robots.txt; what lies beyond it is not read (RFC 9309, 2.5)."""
