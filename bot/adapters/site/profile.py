"""What the fetcher is told of one site or service."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A site or service, and what it may answer."""

    name: str
    """For people and the log: "Erowid"."""
    url: httpx.URL
    """Its address; scheme, host and port are all that is asked."""
    accept: str
    types: frozenset[str]
    """The media types that an answer may have."""
    hosts: frozenset[str] = frozenset()
    """Further hosts to which a redirect may lead, over https. They are one site: one robots.txt holds for all."""
    has_robots: bool = True
    """Whether robots.txt is read and obeyed; an API that is made for programs has none."""
    is_refusal: Callable[[bytes], bool] = lambda _: False
    """Tells the page by which the site blocks a client with status 200."""

    @property
    def advice(self) -> str:
        """The advice in the log if the site refuses us."""
        return (
            f"{self.name} blocks this bot. Do not try to get round it: make sure that CONTACT reaches you and that only one "
            f"bot runs from this address, and ask {self.name} for permission. The bot asks again by itself, once, later."
        )
