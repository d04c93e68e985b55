"""What stands before the date of a source line: a journal, a book, or what the words say it is.

Most works here are articles, so an article it is unless the line says otherwise.

| before the date | with | read as |
|---|---|---|
| `Fed. Proc..` | volume and pages, issue or month | article-journal in `Fed. Proc.`: one stop parts |
| `Psychedelic Drugs.` | `p33-42`, no volume | chapter |
| `Newsweek.` | `p4`, no volume, a month or a day | article-journal: periodicals have those |
| `Psychedelic Drugs.` | editors for a volume | chapter |
| `Psychedelic Drugs (Hicks RE, ed.).` | anything | chapter; the editor is not in the name |
| `The Hallucinogens. A. Hoffer and H. Osmond.` | no volume, no month | chapter; whose book it is, is not in the name |
| `Personal communication.` | anything | article-journal, no container |
| `In: Psychedelic Drugs.` | anything | chapter |
| `Hicks RE (ed). Psychedelic Drugs.` | anything | chapter; the editor is not in the name |
| `Psychedelic Drugs.`, `Brain Res.` | a year alone, or pages | chapter; article-journal: its words are cut |
| `The Alkaloids.`, `The Lancet.` | a volume alone | chapter; article-journal: a known periodical |
| `Psychedelic Drugs. Raven Press.` | `p33-42` | chapter in `Psychedelic Drugs` |
| `Academic Press, New York.` | no volume, no pages | book, no container |
| `Ph.D. Thesis, …`, `… dissertation` | no volume | thesis, no container |
| `Technical Report …` | no volume, no pages | report, no container |
| `http://…` | no volume, no pages | webpage, no container |
| `US Patent 3,123,456.` | no volume | patent, no container: CSL has the type, and the line says it |
"""

import re
from dataclasses import dataclass

from bot.sources.erowid.locator import Locator

_EDITORS = re.compile(
    r"\s*[,(\[]\s*(?:eds?|editors?|hrsg)\b\.?\s*[)\]]?|\beditors?\b|\beds\.|\bedited by\b|\bhrsg\b", re.IGNORECASE
)
_NAMES = re.compile(r"[^\W\d_][\w'\u2019-]+ [A-Z]{1,4}(?:\s*(?:,|&|and)\s*[^\W\d_][\w'\u2019-]+ [A-Z]{1,4})*\W*")
_EDITORS_AFTER = re.compile(r"(?P<name>[^()]+?)[.,]?\s*\([^()]*\b(?:eds?|editors?|hrsg)\b[^()]*\)", re.IGNORECASE)
_PERSON = r"(?:[A-Z]\.\s?){1,3}[^\W\d_][\w'\u2019-]+"
_BY_NAMES = re.compile(rf"\.\s+{_PERSON}(?:(?:\s*,\s*|\s*,?\s+(?:and|&)\s+){_PERSON})*\W*$")
_UNPUBLISHED = re.compile(r"(?:personal communication|unpublished|manuscript)\b", re.IGNORECASE)
_PUBLISHER = re.compile(
    r"\b(?:press|publish(?:ers?|ing)|publications|verlag|& sons|grune & stratton|pergamon|elsevier|springer|karger|wiley|"
    r"raven|printing office|books|university press|presses|editions?|editorial|inc|ltd)\b",
    re.IGNORECASE,
)
_THESIS = re.compile(r"\b(?:thes[ei]s|th\u00e8se|dissertation|doctorate|habilitation)\b(?!\s+abstr)", re.IGNORECASE)
_REPORT = re.compile(
    r"\b(?:(?:technical|final|progress|research) report|report (?:no|to|of|on|number)\b|white paper|report$)", re.IGNORECASE
)
_PATENT = re.compile(r"\b(?:u\.?\s?s\.?|united states|german|british|french|swiss|european)?\s*patent\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_IN = re.compile(r"in\s*:\s*", re.IGNORECASE)

_FULL_WORDS = frozenset(
    re.findall(
        r"\S+",
        """a an and das de del der des die du el et for from in into la le les of on the their to und with y""",
    )
)
"""Words that abbreviated names of journals leave out (ISO 4)."""
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
"""Words cut short in names of journals (ISO 4), and a few that stand nowhere else."""
_PERIODICAL = re.compile(
    r"\b(?:j|acta|advances|american|annals?|annual|archiv\w*|berichte|british|bulletins?|cahiers|canadian|chronicle|digest|"
    r"encephale|european|gazette|giornale|international|journal\w*|herald|lancet|letters?|magazine|monograph\w*|nature|news\w*|observer|"
    r"practitioner|post|proceedings|progress|quarterly|reports?|review\w*|revista|revue|rivista|scholar|sciences?|studies|times|tidsskrift|today|tribune|"
    r"transactions|trends|weekly|world|yearbook|zeitschrift)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Container:
    """A container's name, where it has one, and the type of what stands in it."""

    title: str | None
    type: str


def read_container(before: str, locator: Locator, *, has_month: bool) -> Container:
    """Read what stands before the date; what follows the date tells a book from a journal."""
    name = before.strip()
    name = name[:-1].rstrip() if name.endswith(".") else name
    if locator.volume is None:
        kind = _kind(name, locator)
        if kind is not None:
            return Container(None, kind)
    opening = _IN.match(name)
    by = _BY_NAMES.search(name) if locator.volume is None and not has_month else None
    if opening or by:
        book = name[opening.end() if opening else 0 : by.start() if by else len(name)]
        return Container(_of_book(book), "chapter")
    if _EDITORS.search(name):
        return Container(_of_book(name), "chapter")
    if locator.volume is None and ((locator.marked and not has_month) or _names_a_book(locator.unread)):
        return Container(_of_book(name), "chapter")
    if locator.volume is None and locator.page is None and locator.issue is None and _PUBLISHER.search(name):
        return Container(None, "book")
    article = locator.issue or has_month or (locator.volume and locator.page)
    return Container(
        name or None, "article-journal" if article or not _is_book(name, in_series=locator.volume is not None) else "chapter"
    )


def _kind(name: str, locator: Locator) -> str | None:
    if _THESIS.search(name):
        return "thesis"
    if _PATENT.search(name):
        return "patent"
    if locator.page is None and _ADDRESS.search(name):
        return "webpage"
    if locator.page is None and _REPORT.search(name):
        return "report"
    return "article-journal" if _UNPUBLISHED.match(name) else None


def _names_a_book(unread: str) -> bool:
    """Tell whether editors or a publisher stand in the volume's place."""
    return bool(unread) and bool(_EDITORS.search(unread) or _NAMES.match(unread) or _PUBLISHER.search(unread))


def _of_book(name: str) -> str | None:
    """Give a book's name less its editors and publisher; None where they cannot be told apart."""
    editors = _EDITORS.search(name)
    bracketed = _EDITORS_AFTER.fullmatch(name)
    if bracketed:
        name = bracketed["name"]
    elif editors:
        before, after = name[: editors.start()], name[editors.end() :].strip(" .:,)")
        if not after:
            parts = before.split(". ")
            after = ". ".join(parts[:-1]) if len(parts) > 1 and _NAMES.match(parts[-1]) else ""
        name = after
    parts = name.split(". ")
    while len(parts) > 1 and _PUBLISHER.search(parts[-1]):
        parts.pop()
    return ". ".join(parts).strip() or None


def _is_book(name: str, *, in_series: bool) -> bool:
    """Tell a book's name: two full words at least, and none that periodicals are called by or that abbreviates.

    A volume can be a periodical's, so beside one only small words tell that the name is not abbreviated.
    """
    words = name.casefold().split()
    if len(words) < 2 or "." in name or _PERIODICAL.search(name) or not _ABBREVIATIONS.isdisjoint(words):  # noqa: PLR2004
        return False
    return not in_series or not _FULL_WORDS.isdisjoint(words)
