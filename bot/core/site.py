"""A site or service that is asked over HTTP: its address, acceptable answers, and how often to ask it."""

from collections.abc import Callable
from dataclasses import dataclass

JSON_TYPES = frozenset({"application/json", "application/vnd.crossref-api-message+json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """A site or service, and the answers to accept from it."""

    name: str
    """The name that people, the log and metrics use: "Erowid"."""
    url: str
    """The address of the site: scheme, host and perhaps port."""
    setting: str = ""
    """The name of the setting that holds the address, if there is one."""
    accept: str
    types: frozenset[str]
    """The media types that an answer may have."""
    hosts: frozenset[str] = frozenset()
    """Further hosts to which a redirect may lead, over https. The robots.txt of `url` applies to them, too."""
    has_robots: bool = True
    """Whether robots.txt is read and obeyed; APIs for programs have none."""
    is_refusal: Callable[[bytes], bool] = lambda _: False
    """Whether the body of a 200 is a page that blocks the client."""
    gap: float = 1.25
    """Seconds between two requests: one, and a quarter more, since some requests take longer to arrive than others."""
    size: int = 2 * 1024 * 1024
    """The most bytes of a decoded answer."""

    @property
    def advice(self) -> str:
        """The advice in the log if the site refuses the bot."""
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
