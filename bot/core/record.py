"""A record: what one page of a site, or one answer of a service, states of a work, and nothing else.

Field names are those of CSL-JSON (docs.citationstyles.org, "CSL-JSON input"), with underscores for hyphens. A field that the
page leaves unclear is None or empty; the lines that it is read from are kept verbatim in fields of their own.
"""

from dataclasses import dataclass, field

from bot.core.markup import plain_title
from bot.core.reference import Reference

DateParts = tuple[int, ...]
"""A date as in CSL's `date-parts`: (year,), (year, month) or (year, month, day); months from 1."""

Csl = dict[str, object]
"""One CSL-JSON item."""


@dataclass(frozen=True, slots=True)
class Name:
    """An author: a person with a family name, or a body with only `literal`.

    `given` has initials with stops ("K. T."); particles are part of `family`, as printed ("Van Dusen").
    """

    family: str | None = None
    given: str | None = None
    suffix: str | None = None
    literal: str | None = None

    def to_csl(self) -> dict[str, str]:
        """Give the name as CSL-JSON has it."""
        parts = {"family": self.family, "given": self.given, "suffix": self.suffix, "literal": self.literal}
        return {key: value for key, value in parts.items() if value}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of an abstract: its text as printed, without the section label before it."""

    text: str
    label: str | None = None
    """The printed label in capitals ("RESULTS"), or None."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one page states of one work."""

    reference: Reference | None
    """None for a saved page that does not say which record it shows."""
    title: str
    """The title with CSL's markup: pairs of `<i>`, `<b>`, `<sup>`, `<sub>`. All other texts of a record are plain."""
    type: str = "article-journal"
    language: str | None = None
    """The language of the title as an ISO 639-1 code ("de"), or None when unsure."""
    authors: tuple[Name, ...] = ()
    more_authors: bool = False
    """Whether the page ends its list of authors with "et al."."""
    container_title: str | None = None
    issued: tuple[DateParts, ...] = ()
    """No date, one date, or the two ends of a range."""
    season: str | None = None
    """The season of `issued`: "1" (spring) to "4" (winter), or the words as printed."""
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    source: str | None = None
    """The source line, verbatim."""
    authors_line: str | None = None
    """The authors line, verbatim."""
    abstract: tuple[Paragraph, ...] = ()
    excerpt: bool = False
    """Whether the page says that its text is an excerpt, not the whole abstract."""
    truncated: bool = False
    """Whether the page says that its abstract was truncated."""
    notes: tuple[str, ...] = ()
    """Additions by the page's editors: notes, page counts, affiliations, the retraction note."""
    keywords: tuple[str, ...] = ()
    retraction: str | None = None
    """The retraction note of the record itself, verbatim."""
    comments: tuple[str, ...] = field(default=(), repr=False)
    """Readers' comments: never shown, and read only to keep them out of the abstract."""
    repairs: tuple[str, ...] = ()
    """Each certain repair that was made, in words."""
    publication_types: tuple[str, ...] = ()
    """The types of publication in the service's words: "Randomized Controlled Trial"."""
    mesh: tuple[str, ...] = ()
    """Medical Subject Headings, without qualifiers."""
    original_title: str | None = None
    """The title in the language of the work, if `title` is a translation."""
    languages: tuple[str, ...] = ()
    """Languages of the work's text as ISO 639-1 codes, or the service's code for a language without one."""

    @property
    def plain_title(self) -> str:
        """The title without markup."""
        return plain_title(self.title)

    @property
    def retracted(self) -> bool:
        """Whether the record itself says that the work was retracted."""
        return self.retraction is not None

    def to_csl(self) -> Csl:
        """Give the record as one CSL-JSON item with the known fields only; its `id` is the reference as a string."""
        item: Csl = {"type": self.type, "title": self.title}
        if self.authors:
            item["author"] = [name.to_csl() for name in self.authors]
        if self.more_authors:
            item["custom"] = {"more-authors": True}
        if self.container_title:
            item["container-title"] = self.container_title
        if self.issued:
            season = {"season": self.season} if self.season else {}
            item["issued"] = {"date-parts": [list(parts) for parts in self.issued], **season}
        language = None if self.language == "en" else self.language  # CSL assumes English
        known = {"volume": self.volume, "issue": self.issue, "page": self.page, "language": language}
        item |= {key: value for key, value in known.items() if value}
        if self.retracted:
            item["note"] = "Retracted"
        return item if self.reference is None else item | {"id": self.reference.short}
