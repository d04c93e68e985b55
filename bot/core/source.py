"""A source of records: which links are its own, whom to ask for a work, and how to read the answer.

`Source` describes one, `Sources` all that a bot knows. Nothing here asks for anything. How to add one: docs/sources.md.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.phrase import Phrase
from bot.core.reference import DEFAULT_SOURCE, Reference
from bot.core.site import SiteProfile
from bot.core.source_work import SourceWork

Mention = tuple[int, Reference]
"""Where in a text a work is named, and its reference."""
Reader = Callable[[bytes, Reference, str | None], SourceWork | None]
"""Reads the work that was asked for from an answer's body and the charset of its header; None if the answer has none.

Raises RecordNotFound too where there is none, NotARecord, PageChanged, or a SiteError such as Refused.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One way to ask for a work."""

    reference: Reference
    site: str
    """The name of the site that is asked."""
    url: str
    may_redirect_to: Callable[[str], bool] = lambda _: True
    """Whether the site may lead us on to an address of its own: never to another work."""
    tries: int | None = None
    """Tries at most; None: as many as the site's limits allow. One is enough where the next site knows as much."""
    poorer: bool = False
    """The site knows less of a work than those before it. What it says while they do not answer is shown, but not kept."""


def _nothing(_: str) -> Iterator[Mention]:
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of records. All its functions are pure, and take time that is linear in the text."""

    name: str
    """The word for it in settings and in references: "erowid"."""
    title: str
    """For people: "Erowid"."""
    kinds: tuple[str, ...] = ()
    """The prefixes of its references (`pmc:`), if it has others than its name."""
    marks: tuple[str, ...]
    """A text without any of these, whatever its case, has no link to the source."""
    read_address: Callable[[str], Reference | None]
    """Reads the reference from an address with `https://`; what follows the address in a text does not matter."""
    read_words: Callable[[str], Reference | None]
    """Reads what a person types for a work: its number, or the number with the source's name."""
    find_names: Callable[[str], Iterator[Mention]] = _nothing
    """Finds works that a text names without an address, in an unmistakable form: `doi:10.5555/abc`."""
    find_shorthands: Callable[[str], Iterator[Mention]] = _nothing
    """Finds works that a text names in a few words, which are answered where moderators switch that on: `erowid#6004`."""
    label: Callable[[Reference], Phrase] | None = None
    """Names a work for people: "Erowid reference 6004"; without it, a work is called by the source's title and its ID."""
    url_of: Callable[[Reference], str]
    """Gives the address of the page about the work that people open."""
    search_url: str = ""
    """The page on which people search the source."""
    requests: Callable[[Reference], tuple[Request, ...]]
    """Gives whom to ask for a work: the next one where the one before has no such work, or does not answer."""
    readers: Mapping[str, Reader]
    """By the name of the site that answered."""
    read_saved: Callable[[bytes, str], SourceWork] | None = None
    """Reads a page that a browser saved, with the name of its file, which may say which record it is. Raises as `Reader`."""
    sites: tuple[SiteProfile, ...]
    parser: int
    """Version of the readers: another version reads stored answers again."""

    @property
    def all_kinds(self) -> tuple[str, ...]:
        """The words with which its references begin."""
        return self.kinds or (self.name,)


class Sources:
    """The sources that a bot knows, in the order in which they are asked whether something is theirs.

    Raises ValueError for a name that is taken, or is more than lower-case letters.
    """

    def __init__(self, *sources: Source) -> None:
        kinds = [kind for source in sources for kind in source.all_kinds]
        names = [source.name for source in sources]
        apart = len(kinds) == len({*kinds}) and len(names) == len({*names})
        if not apart or not all(re.fullmatch("[a-z]+", name, re.ASCII) for name in (*names, *kinds)):
            raise ValueError(f"names of sources are lower-case letters, each once: {[*names, *kinds]}")
        self._sources = sources
        self._by_kind = {kind: source for source in sources for kind in source.all_kinds}
        self.default = self._by_kind[DEFAULT_SOURCE]
        """The one whose IDs may stand alone, and whose links are answered unless moderators choose otherwise."""

    def __iter__(self) -> Iterator[Source]:
        return iter(self._sources)

    def of(self, reference: Reference) -> Source:
        """Give the source of a reference. Raises LookupError for a source that is not known (any more)."""
        return self._by_kind[reference.source]

    def knows(self, reference: Reference) -> bool:
        """Whether the bot has the reference's source."""
        return reference.source in self._by_kind

    def label(self, reference: Reference) -> Phrase:
        """Name a work for people."""
        label = self.of(reference).label if self.knows(reference) else None
        return label(reference) if label is not None else Phrase(self.short_label(reference))

    def short_label(self, reference: Reference) -> str:
        """Name a work in two words: "Erowid 6004"; or in one, where the ID says whose it is: "PMC123"."""
        if not self.knows(reference):
            return str(reference)
        is_name = reference.id.lower().startswith(reference.source)
        return reference.id if is_name else f"{self.of(reference).title} {reference.id}"

    def url_of(self, reference: Reference | None) -> str | None:
        """Give a work's own page, for people; None for no reference, and for a source that is not known (any more)."""
        if reference is None or not self.knows(reference):
            return None
        return self.of(reference).url_of(reference)

    def sites(self) -> Iterable[SiteProfile]:
        """Give the sites that are asked, each once."""
        return {site.name: site for source in self._sources for site in source.sites}.values()
