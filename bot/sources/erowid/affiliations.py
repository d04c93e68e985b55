"""Affiliations: the institutions of authors, as pages print them before or after an abstract."""

import re

_PLACES = (
    r"(?:department|dept|division|school|institut\w*|laborator\w*|faculty|college|university|universit\w+|cent(?:er|re)|section|"
    r"clinic|klinik|service|unit|univ|inst|lab|hospitals?|academy|istituto|dipartimento|d\u00e9partement|abteilung)"
)
_AFFILIATION = re.compile(
    rf"""
    \W*(?:[0-9*a-d]\W{{0,2}})?(?:from\ the\ )?  # `1 From the …`
    (?:[^\W\d_][\w'\u2019.&-]*\ ){{0,6}}?{_PLACES}\b\.?  # `Made-Up Sleep Research Center`
    (?:\bDrs?\.|\bProf\.|[^.;:])*,  # a sentence without a stop, and a comma in it
    """,
    re.IGNORECASE | re.VERBOSE,
)
OPENS_AFFILIATION = re.compile(
    r"""
    \W*(?:from\ the\ )?
    (?:department|dept\.?|division|institute?|laborator\w+|school|faculty|section|cent(?:er|re))
    \ (?:of|for|f\u00fcr)\b  # `From the Institut für …`
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The opening words of an affiliation that is recognised even before an abstract."""
_PLACE = re.compile(
    r"""
    (?:The\ )?(?:Universit\w+|Institute?|College|School|Department|Dept\.?)\ (?:of|de|di)\ [A-Z]  # `Université de Utopie`
    | .*\b(?:University|Hospital|Institute|College)\.?$                                           # `Utopia University`
    """,
    re.VERBOSE,
)
_SMALL_WORDS = frozenset({"and", "at", "de", "der", "des", "di", "du", "for", "f\u00fcr", "in", "of", "the", "und"})
_LONGEST_PLACE = 10
VERB = re.compile(
    r"""
    \b(?:
        was | were | is | are | has | have | had | been | be  # verbs
        | we | our | this | these | that | which | can | may  # words that stand beside verbs
        | showed? | found | suggests? | did | does            # verbs of studies
        | not | after | when
    )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words that occur in sentences, but not in affiliations or lists of keywords."""
_LONGEST_AFFILIATION = 500


def is_affiliation(text: str) -> bool:
    """Whether a text is the address of an institution."""
    return len(text) <= _LONGEST_AFFILIATION and bool(_AFFILIATION.match(text)) and not VERB.search(text)


def is_place(text: str) -> bool:
    """Whether a text is only an institution's name, such as `University of Nowhere.`, in capitalised words."""
    words = text.rstrip(".").split()
    named = all(word[0].isupper() or word in _SMALL_WORDS for word in words)
    return 1 < len(words) <= _LONGEST_PLACE and named and bool(_PLACE.match(text)) and not re.search(r"[:;?!]", text)
