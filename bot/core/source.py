"""Sources of records: which links belong to a source, which sites to ask for a work, and how to read the answers.

`Source` describes one, `Sources` all that a bot has. Nothing here sends requests. How to add one: docs/sources.md.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.phrase import Phrase
from bot.core.reference import DEFAULT_SOURCE, Reference
from bot.core.site import SiteProfile
from bot.core.source_work import SourceWork

Mention = tuple[int, Reference]
"""The position in a text where a work is named, and the reference of the work."""
Reader = Callable[[bytes, Reference, str | None], SourceWork | None]
"""Reads the work that was asked for from an answer's body and the charset of its header; None if the answer has none.

Raises RecordNotFound if the answer says that there is no such work, NotARecord, PageChanged, or a SiteError such as Refused.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request for a work to one site."""

    reference: Reference
    site: str
    """The name of the site that is asked."""
    url: str
    may_redirect_to: Callable[[str], bool] = lambda _: True
    """Whether to follow a redirect within the site to an address; not if it shows another work."""
    tries: int | None = None
    """The most tries; None for the site's own limit. One is enough if the next site knows as much."""
    poorer: bool = False
    """Whether the site knows less than those before it. Its answer is shown while they do not answer, but not stored."""


def _nothing(_: str) -> Iterator[Mention]:
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of records. Its functions are pure and take time linear in the text."""

    name: str
    """The name of the source in settings and references: "erowid"."""
    title: str
    """The name that people read: "Erowid"."""
    kinds: tuple[str, ...] = ()
    """The prefixes of its references (`pmc:`), if they differ from its name."""
    marks: tuple[str, ...]
    """A text with none of these words, in upper or lower case, has no link to the source."""
    read_address: Callable[[str], Reference | None]
    """Reads the reference from an address with `https://`; text may follow the address."""
    read_words: Callable[[str], Reference | None]
    """Reads a reference that a person typed: a number, or a number with the source's name."""
    find_names: Callable[[str], Iterator[Mention]] = _nothing
    """Finds works that a text names without an address, in an unmistakable form: `doi:10.5555/abc`."""
    find_shorthands: Callable[[str], Iterator[Mention]] = _nothing
    """Finds shorthands such as `erowid#6004` in a text, which get cards where moderators switch that on."""
    label: Callable[[Reference], Phrase] | None = None
    """Names a work for people: "Erowid reference 6004"; without it, a work is called by the source's title and its ID."""
    url_of: Callable[[Reference], str]
    """Gives the address of the page about the work that people open."""
    search_url: str = ""
    """The page on which people search the source."""
    requests: Callable[[Reference], tuple[Request, ...]]
    """Gives the requests for a work, in order: the next is sent if the last found no work, or got no answer."""
    readers: Mapping[str, Reader]
    """The reader of answers, by the name of the site that answered."""
    read_saved: Callable[[bytes, str], SourceWork] | None = None
    """Reads a saved page and the name of its file, which may tell the record. Raises what `Reader` raises."""
    sites: tuple[SiteProfile, ...]
    parser: int
    """Version of the readers; answers stored by another version are read again."""

    @property
    def all_kinds(self) -> tuple[str, ...]:
        """The prefixes of its references: `kinds`, or else its name."""
        return self.kinds or (self.name,)


class Sources:
    """The sources that a bot has; where several could read a text, the first one does.

    Raises ValueError for a name that is taken, or has other characters than lower-case letters.
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
        """The source whose IDs need no prefix, and whose links get cards unless moderators choose otherwise."""

    def __iter__(self) -> Iterator[Source]:
        return iter(self._sources)

    def of(self, reference: Reference) -> Source:
        """Give the source of a reference. Raises LookupError for an unknown or a former source."""
        return self._by_kind[reference.source]

    def knows(self, reference: Reference) -> bool:
        """Whether the bot has the source of a reference."""
        return reference.source in self._by_kind

    def label(self, reference: Reference) -> Phrase:
        """Name a work for people: "Erowid reference 6004"."""
        label = self.of(reference).label if self.knows(reference) else None
        return label(reference) if label is not None else Phrase(self.short_label(reference))

    def short_label(self, reference: Reference) -> str:
        """Name a work in two words: "Erowid 6004"; or in one, if the ID shows the source: "PMC123"."""
        if not self.knows(reference):
            return str(reference)
        is_name = reference.id.lower().startswith(reference.source)
        return reference.id if is_name else f"{self.of(reference).title} {reference.id}"

    def url_of(self, reference: Reference | None) -> str | None:
        """Give the address of a work's page; None without a reference, and for an unknown or a former source."""
        if reference is None or not self.knows(reference):
            return None
        return self.of(reference).url_of(reference)

    def sites(self) -> Iterable[SiteProfile]:
        """Give the sites of all sources, each once."""
        return {site.name: site for source in self._sources for site in source.sites}.values()
