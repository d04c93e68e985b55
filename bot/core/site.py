"""A site or service that is asked over HTTP: its address, what it may answer, and how often it may be asked."""

from collections.abc import Callable
from dataclasses import dataclass

JSON_TYPES = frozenset({"application/json", "application/vnd.crossref-api-message+json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """A site or service, and what it may answer."""

    name: str
    """For people, the log and metrics: "Erowid"."""
    url: str
    """Its address; scheme, host and port are all that is asked."""
    setting: str = ""
    """The name of the setting that holds the address, if there is one."""
    accept: str
    types: frozenset[str]
    """The media types that an answer may have."""
    hosts: frozenset[str] = frozenset()
    """Further hosts to which a redirect may lead, over https. They are one site: one robots.txt holds for all."""
    has_robots: bool = True
    """Whether robots.txt is read and obeyed; an API that is made for programs has none."""
    is_refusal: Callable[[bytes], bool] = lambda _: False
    """Tells the page by which the site blocks a client with status 200."""
    gap: float = 1.25
    """Seconds between two requests: one, and a quarter since requests may take differently long to arrive."""
    size: int = 2 * 1024 * 1024
    """Bytes of an answer at most, once decoded."""

    @property
    def advice(self) -> str:
        """The advice in the log if the site refuses us."""
        return (
            f"{self.name} blocks this bot. Do not try to get round it: make sure that CONTACT reaches you and that only one "
            f"bot runs from this address, and ask {self.name} for permission. The bot asks again by itself, once, later."
        )


def json_api(
    name: str, url: str, setting: str = "", *, gap: float, is_refusal: Callable[[bytes], bool] | None = None
) -> SiteProfile:
    """Describe an API that answers programs with JSON; with `is_refusal`, HTML is accepted and checked for refusals."""
    return SiteProfile(
        name=name,
        url=url,
        setting=setting,
        accept="application/json",
        types=JSON_TYPES | {"text/html"} if is_refusal is not None else JSON_TYPES,
        has_robots=False,
        is_refusal=is_refusal or (lambda _: False),
        gap=gap,
        size=4 * 1024 * 1024,
    )
