"""Identifiers of works at PubMed, PubMed Central and Europe PMC as people write them without an address.

| typed                      | identifier        |
|----------------------------|-------------------|
| `PMID: 123`, `pmid 123`    | `pubmed:123`      |
| `PMID123`, `PubMed ID 123` | `pubmed:123`      |
| `pubmed:123`, `PubMed 123` | `pubmed:123`      |
| `PMC123`, `pmc:PMC123`     | `pmc:PMC123`      |
| `PMCID: PMC123`            | `pmc:PMC123`      |
| `PPR123`, `ppr:PPR123`     | `ppr:PPR123`      |
| `123`, `pmc 123`, `PMID 0` | none              |
"""

import re
from collections.abc import Iterator

from bot.core.reference import Reference

_NUMBER = "[1-9][0-9]{0,7}"
_WORDS = re.compile(
    rf"""
    (?: (?:pmid|pubmed(?:\s?id)?) (?:\s?[:\#]\s?|\s) | pmid ) (?P<pubmed>{_NUMBER})  # `PMID: 123`, `PubMed ID 123`
    | (?:(?:pmc|pmcid) (?:\s?:\s?|\s))? (?P<pmc>PMC{_NUMBER})                        # `PMCID: PMC123`
    | (?:ppr (?:\s?:\s?|\s))? (?P<ppr>PPR{_NUMBER})                                  # `PPR123`
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_AND = r"\s?(?:[,;/&+]|,?\s?\b(?:and|or)\b)\s?"
_LONG = "[1-9][0-9]{6,7}(?![0-9])"
_SHORTHAND = re.compile(
    rf"""
    (?<![\w/\#@&=.:-]) PMID(?P<many>s)? (?:\*\*)? (?:\s?:(?:\*\*)?\s?|\s) {_NUMBER}
    (?: (?(many) {_AND}{_NUMBER} | {_AND}{_LONG}) ){{0,19}}  # after `PMID`, a short number may be a dose or a year
    (?![\w\#/@-]|[.,][0-9])
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def read_words(text: str) -> Reference | None:
    """Read an identifier that a person typed; None for anything else, also for a bare number, which is Erowid's."""
    found = _WORDS.fullmatch(" ".join(text.split()).rstrip(".,;"))
    if found is None:
        return None
    source, number = next((name, value) for name, value in found.groupdict().items() if value)
    return Reference(source, number.upper())


def find_shorthands(text: str) -> Iterator[tuple[int, Reference]]:
    """Find `PMID: 12351788` in a text without addresses; yield each work of the list of numbers with the position."""
    for found in _SHORTHAND.finditer(text):
        for number in re.findall("[0-9]+", found[0]):
            yield found.start(), Reference("pubmed", number)
