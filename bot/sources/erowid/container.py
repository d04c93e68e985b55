"""The part of a source line before its date: a journal, a book, or words for another type of work.

Most works in the database are articles, so a work is an article unless the line says otherwise.

| printed                                           | type            | container        | why                             |
|---------------------------------------------------|-----------------|------------------|---------------------------------|
| `Fed. Proc.. 1961;20:320.`                        | article-journal | Fed. Proc.       | one stop parts                  |
| `J.Pharmacol,. 1975;4:1.`                         | article-journal | J.Pharmacol      | stray marks                     |
| `Odd Drugs. 1969;p33-42.`                         | chapter         | Odd Drugs        | marked pages, and no volume     |
| `Newsweek. 1966 Apr 12;p4.`                       | article-journal | Newsweek         | the same, but a month too       |
| `Goats Magazine. 1966;p4.`                        | article-journal | Goats Magazine   | a word for a periodical         |
| `Odd Drugs. 1969;Hicks RE (ed):33-42.`            | chapter         | Odd Drugs        | editors for a volume            |
| `Odd Drugs (Hicks RE, ed.). 1969;p33.`            | chapter         | Odd Drugs        | the editor is not in the name   |
| `Odd Drugs, edited by RE Hicks, Raven. 1969;p33.` | chapter         | Odd Drugs        | nor is the publisher            |
| `Hicks RE (ed). Odd Drugs. 1969;p33.`             | chapter         | Odd Drugs        |                                 |
| `In: Odd Drugs. 1969;33-42.`                      | chapter         | Odd Drugs        |                                 |
| `Farmaco, Ed.sci.. 1959;14:503.`                  | article-journal | Farmaco, Ed.sci. | a part, no editor               |
| `J. Med. Ed.. 1965;40:100.`                       | article-journal | J. Med. Ed.      | the same                        |
| `J. Newt, Ed. Int. 1965;40:100.`                  | article-journal | J. Newt, Ed. Int | the same, by volume and page    |
| `Newt J (Int Ed). 1985;290:1.`                    | article-journal | Newt J (Int Ed)  | the same                        |
| `Roe RA, Ed. Odd Drugs. 1969;2:33.`               | chapter         | Odd Drugs        | two initials: an editor         |
| `The Newts. A. Roe and H. Poe. 1967.`             | chapter         | The Newts        | the editors are left out        |
| `Odd Drugs. Raven Press. 1969;p33.`               | chapter         | Odd Drugs        |                                 |
| `Odd Drugs. 1969.`                                | chapter         | Odd Drugs        | a book's name, and nothing else |
| `Brain Res. 2010.`                                | article-journal | Brain Res        | abbreviated words: a journal    |
| `The Alkaloids. 2001;56.`                         | chapter         | The Alkaloids    | a book in a series              |
| `The Lancet. 2001;56.`                            | article-journal | The Lancet       | a known periodical              |
| `Personal communication. 1988.`                   | article-journal |                  | no container                    |
| `Academic Press, New York. 1970.`                 | book            |                  | a publisher is no container     |
| `Ph.D. Thesis, Univ. Nowhere. 1975.`              | thesis          |                  |                                 |
| `Technical Report 12. 1975.`                      | report          |                  |                                 |
| `http://example.org/page. 2001.`                  | webpage         |                  |                                 |
| `US Patent 3,123. 1966.`                          | patent          |                  |                                 |
"""

import re
from dataclasses import dataclass

from bot.sources.erowid.locator import Locator

_FAMILY = r"[^\W\d_][\w'\u2019-]+"
_AND = r"(?:\s*,\s*|\s*,?\s+(?:and|&)\s+)"
_INDEXED = rf"(?>{_FAMILY},?\s[A-Z]\.?(?:[\s-]?[A-Z]\.?){{0,3}}(?![^\W\d_]))"
_INITIALS_FIRST = rf"(?>(?:(?:[A-Z]\.[\s-]?){{1,3}}|[A-Z]{{1,3}}\s){_FAMILY})"
_NAMES = re.compile(rf"{_INDEXED}(?:{_AND}{_INDEXED})*\W*")
_PEOPLE = rf"(?>(?:{_INDEXED}|{_INITIALS_FIRST})(?:{_AND}(?:{_INDEXED}|{_INITIALS_FIRST}))*)"
_BY_NAMES = re.compile(rf"\.\s+(?=[A-Z]\.){_INITIALS_FIRST}(?:{_AND}(?=[A-Z]\.){_INITIALS_FIRST})*\W*$")
_ED = r"(?i:eds?|editors?|hrsgg?)\b\.?"
_BY = r"(?i:edited|eds?\.?|hrsg\.?|herausgegeben)\s(?:by|von)\b"
_EDITED = re.compile(
    rf"""
    # `Hicks RE, Fink PJ (eds). Drugs`, `Edited by RE Hicks. Drugs`
    (?i:in\s+)?(?:{_PEOPLE}\s*(?:[,(\[]\s*{_ED}|\s(?i:eds|editors?)\b\.?)\s*[)\]]?\s*[:.,]?|{_BY}\s{_PEOPLE}[.:])\s+(?P<after>.+)
    # `Drugs, edited by RE Hicks, Raven Press`
    | (?P<before_by>.+?)[\s,.;:(\[]+{_BY}.*
    # `Drugs. Hicks RE, ed. Raven Press`
    | (?P<before_people>[^()]+?)[.,:;]\s+{_PEOPLE}\s*[,(]\s*{_ED}.*
    # `Drugs (Hicks RE, ed.)`, `Drugs (eds. Hicks RE, Fink PJ)`, `Drugs (ed. RE Hicks)`
    | (?P<before_bracket>.+?)[\s,.]*[(\[]
      (?:[^()\[\]]*\b{_ED}\s*|(?i:eds|editors)\b[^()\[\]]*|(?i:ed)\b\.?\s{_PEOPLE}\W*?)[)\]].*
    # `Drugs, eds. RE Hicks`, `Drugs, Ed. RE Hicks`
    | (?P<before_eds>.+?)[.,;:]\s+(?:(?i:eds|editors)\b.*|(?i:ed)\b\.?\s{_PEOPLE})
    """,
    re.VERBOSE,
)
"""A book with its editors. `Ed.` without a name after it is an edition or a part of a journal (`Farmaco, Ed.sci.`)."""
_JOURNAL_PART = re.compile(
    r"""
    # `J. Newt, Ed. Int`, but not beside two initials (`Roe RA, Ed.`, `Ed. RA Roe`), `(R. Roe, Ed.)` and `Ed. by`
    (?<![A-Z]{2})[,.;:]\s+Ed\b(?!\.?(?:\s*[)\]]|\s(?:by|von|[A-Z]{2,3})\s))
    # `Br Med J (Clin Res Ed)`, but not `(2nd Ed.)`
    | \([^(),0-9]+\sEd\.?\)
    """,
    re.VERBOSE,
)
"""`Ed.` that means an editor where a book is cited, but a part of the journal where an article is."""
_STRAY = re.compile(r"[\s,;:][\s,;:.\u2013\u2014-]*$")
_STOPS = re.compile(r"\.[.\s]*\.$")
_UNPUBLISHED = re.compile(r"(?:personal communication|unpublished|manuscript)\b", re.IGNORECASE)
_PUBLISHER = re.compile(
    r"""
    \b(?:
        (?<!in\ )press(?!\ release)                 # but not `in press`, `press release`
        | publish(?:ers?|ing) | publications | verlag | &\ sons
        | grune\ &\ stratton | pergamon | elsevier  # by name
        | springer | karger | wiley | raven
        | printing\ office | books | university\ press | presses
        | editions? | editorial                     # `Editions`, `Editorial`: French, Spanish
        | inc | ltd
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_THESIS = re.compile(r"\b(?:thes[ei]s|th\u00e8se|dissertation|doctorate|habilitation)\b(?!\s+abstr)", re.IGNORECASE)
_REPORT = re.compile(
    r"""
    \b(?:
        (?:technical|final|progress|research)\ report
        | report\ (?:no|to|of|on|number)\b  # `Report to the Board`
        | white\ paper
        | report$                           # `Newt Report`
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PATENT = re.compile(
    r"""
    \b(?: u\.?\s?s\.? | united\ states | german | british | french | swiss | european )?  # `U.S.`
    \s*patent\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_IN = re.compile(r"in\s*:\s*", re.IGNORECASE)
_IN_OR_WITHOUT_COLON = re.compile(r"in\s*:\s*|in\s(?=[A-Z])", re.IGNORECASE)
_SURELY_PERIODICAL = re.compile(r"\b(?:journal|magazine|newsletter)\b", re.IGNORECASE)

_FULL_WORDS = frozenset(
    re.findall(
        r"\S+",
        """a an and das de del der des die du el et for from in into la le les of on the their to und with y""",
    )
)
"""Small words, which abbreviated names of journals leave out (ISO 4)."""
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """alc alcohol am amer anesth ann arch behav biochem biol br bull can chem chim clin commun curr depend diagn dis
        dtsch educ endocrinol environ epidemiol eur exp exper forensic gen genet hum immunol indian int intern jpn
        lett med ment metab mol monogr nat natl nerv neurochem neurol neuropharmacol neuropsychopharmacol neurosci
        nutr pediatr pharm pharmacol physiol proc psychiat psychiatr psychol psychopharmacol psychother rep res rev
        schweiz sci scand soc stud subst suppl ther tox toxicol trans vet wkly""",
    )
)
"""Abbreviated words in names of journals (ISO 4), and a few words that only journals have."""
_PERIODICAL = re.compile(
    r"""
    \b(?:
        j | acta | advances | american | annals? | annual | archiv\w*         # `J Newt`, `Acta Newt`
        | berichte | british | bulletins? | cahiers | canadian | chronicle    # `Berichte`, `Cahiers`: German, French
        | digest | encephale | european | gazette | giornale | international  # `L'Encephale`, `Giornale`: French, Italian
        | journal\w* | herald | lancet | letters? | magazine | monograph\w*
        | nature | news\w* | observer | practitioner | post                   # `Newsletter`, `The Newt Post`
        | proceedings | progress | quarterly | reports? | review\w*
        | revista | revue | rivista | scholar | sciences? | studies           # Spanish, French, Italian
        | times | tidsskrift | today | tribune | transactions | trends        # `Tidsskrift`: Danish
        | weekly | world | yearbook | zeitschrift
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Container:
    """The name of the journal or book, if any, and the type of the work in it."""

    title: str | None
    type: str


def read_container(before: str, locator: Locator, *, has_month: bool) -> Container:
    """Read the part before the date; the part after it (`locator`) helps to tell a book from a journal."""
    name = _STRAY.sub("", before.strip().removesuffix("."))
    name = _STOPS.sub(".", name)
    if locator.volume is None or locator.page is None:
        kind = _kind(name, locator)
        if kind is not None:
            return Container(None, kind)
    in_book = locator.volume is None and ((locator.marked and not has_month) or _names_a_book(locator.unread))
    opening = (_IN if not in_book else _IN_OR_WITHOUT_COLON).match(name)
    book = name[opening.end() :] if opening else name
    by = _BY_NAMES.search(book) if locator.volume is None and not has_month else None
    is_article = bool(locator.issue or has_month or (locator.volume and locator.page))
    edited = None if is_article and _JOURNAL_PART.search(book) else _EDITED.fullmatch(book)
    if edited:
        return Container(_less_publisher(next(filter(None, edited.groups()))), "chapter")
    if opening or by or (in_book and not _SURELY_PERIODICAL.search(name)):
        return Container(_less_publisher(book[: by.start()] if by else book), "chapter")
    if locator.volume is None and locator.page is None and locator.issue is None and _PUBLISHER.search(name):
        return Container(None, "book")
    in_journal = is_article or not _is_book(name, in_series=locator.volume is not None)
    return Container(name or None, "article-journal" if in_journal else "chapter")


def _kind(name: str, locator: Locator) -> str | None:
    if _THESIS.search(name):
        return "thesis"
    if locator.volume is not None:
        return None
    if _PATENT.search(name):
        return "patent"
    if locator.page is None and _ADDRESS.search(name):
        return "webpage"
    if locator.page is None and _REPORT.search(name):
        return "report"
    return "article-journal" if _UNPUBLISHED.match(name) else None


def _names_a_book(unread: str) -> bool:
    """Whether editors or a publisher are printed in place of the volume."""
    return bool(re.search(rf"\b{_ED}|{_BY}", unread) or _NAMES.match(unread) or _PUBLISHER.search(unread))


def _less_publisher(book: str) -> str | None:
    """Return a book's name without the publisher and the text behind it; None if nothing is left."""
    parts = re.split(r"(\. |, )", book.strip(" .:,;"))
    publisher = next((at for at in range(2, len(parts), 2) if _PUBLISHER.search(parts[at])), len(parts) + 1)
    return "".join(parts[: publisher - 1]).strip(" .:,;") or None


def _is_book(name: str, *, in_series: bool) -> bool:
    """Whether a name is a book's: it has two words at least, none abbreviated, and none that periodicals have.

    With a volume (`in_series`) it may still be a periodical, unless a small word shows that the name is written in full.
    """
    words = name.casefold().split()
    if len(words) < 2 or "." in name or _PERIODICAL.search(name) or not _ABBREVIATIONS.isdisjoint(words):  # noqa: PLR2004
        return False
    return not in_series or not _FULL_WORDS.isdisjoint(words)
