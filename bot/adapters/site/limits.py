"""How much of the site, and how much of our own patience, one page may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The bounds within which pages are fetched; times in seconds, sizes in bytes."""

    connect: float = 5.0
    """For a connection, its TLS handshake included."""
    read: float = 10.0
    """Between two pieces of an answer; also from the request to the first piece."""
    answer: float = 20.0
    """For one whole answer, however steadily it drips."""
    whole: float = 60.0
    """For one page: queue, tries and the pauses between them."""
    tries: int = 3
    """Tries for one page, the first included; for a page that is known already there is one."""
    pause: float = 1.0
    """Before the second try; doubled before each later one, with up to as much again of jitter."""
    size: int = 2 * 1024 * 1024
    """Of a page, once decoded. The largest real record is a hundredth of it."""
    hops: int = 4
    """Redirects followed in a row."""
    pace: float = 1.25
    """Between two requests: a second, and a quarter for what their ways to the site may differ by."""
    patience: float = 30.0
    """In the queue for a turn; also the longest Retry-After that is waited for with requests queued behind it."""
    failures: int = 5
    """Pages in a row that failed before the site is left in peace."""
    rest: float = 60.0
    """For which the site is then left in peace."""
    refusal: float = 3600.0
    """For which nothing is asked after the site refused us."""
    robots_life: float = 24 * 3600.0
    """For which robots.txt is believed (RFC 9309, 2.4)."""
    robots_size: int = 500 * 1024
    """Of robots.txt; what lies beyond it is not read (RFC 9309, 2.5)."""
