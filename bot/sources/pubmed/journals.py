"""Names of journals: the title alone, as citations print it, out of the longer name in NLM's catalogue.

NLM adds words that tell journals of one name apart, other titles and translated titles. Its abbreviated names leave the
last two out ("Construction of the National Library of Medicine Title Abbreviations").

| NLM                                                   | printed                               | why                     |
|-------------------------------------------------------|---------------------------------------|-------------------------|
| `Naps (Nowhere, Utopia)`                              | `Naps`                                | a place                 |
| `Naps (Nowhere, Utopia : 1996)`, `Naps (1996)`        | `Naps`                                | a place, a year         |
| `Naps (Nowhere (Ut.))`, `Naps (Nowhere)`              | `Naps`                                |                         |
| `Naps (Clinical research ed.)`, `Naps (Personal ed.)` | `Naps`                                | the journal itself      |
| `Naps (International ed. in English)`                 | `Naps (International ed. in English)` | a separate edition      |
| `Journal of naps : JON`                               | `Journal of naps`                     | its short name          |
| `Naps : the journal of sleep`                         | `Naps`                                | a subtitle              |
| `Naps; the journal of sleep`, `Naps; a journal`       | `Naps`                                | the older style of NLM  |
| `Naps; rest and recreation`                           | `Naps; rest and recreation`           | a part of the title     |
| `Naps = Siestas`, `JON : Journal of naps = Siestas`   | `Naps`, `JON`                         | another language        |
| `Naps (Nowhere, Utopia) : JON`                        | `Naps`                                |                         |
| `Naps. A, Deep sleep : JON`                           | `Naps. A, Deep sleep`                 | a section belongs to it |
| `NAPS: The Journal of Sleep`                          | `NAPS: The Journal of Sleep`          | not NLM's: as printed   |
"""

import re

_ADDED = re.compile(r"\s*\((?![^()]{0,60}\bEnglish\b)(?:[^()]|\([^()]*\))*\)$")
"""Brackets at the end that tell journals of one name apart; an English edition is a journal of its own."""
_OTHER_TITLE = re.compile(r"\s+[:=]\s.*|;\s+(?:the|an?|(?:international\s)?journal)\s.*")


def journal_name(name: str | None) -> str | None:
    """Give a journal's title without what catalogues add to it."""
    if not name:
        return None
    alone = _OTHER_TITLE.sub("", _ADDED.sub("", name))
    return _ADDED.sub("", alone) or name
