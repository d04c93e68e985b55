"""Doses as a sentence states them: number and unit, the route, and the substance if it stands right beside.

| stated                                                    | dose                              |
|-----------------------------------------------------------|-----------------------------------|
| Newtol (5 mg/kg i.p.) blocked the response.               | Newtol 5 mg/kg i.p.               |
| Rats were given Δ9-newtol (0.1, 0.2 or 0.4 mg.kg-1).      | Δ9-newtol 0.1, 0.2 or 0.4 mg.kg-1 |
| Volunteers were given 100 µg of newtol by mouth.          | newtol 100 µg                     |
| Animals were injected daily with 2 mg/kg s.c. for a week. | 2 mg/kg s.c.                      |
| The LD50 was 65 mg/kg i.v. in the mouse.                  | none                              |
| Rats were given 200 or 400 and 20 mg/kg of newtol.        | none                              |
| No patient received more than 30 mg/kg of newtol.         | none                              |
"""

import re
from collections.abc import Sequence

from bot.findings.substances import substance
from bot.findings.wordings import REPORT

_X = re.IGNORECASE | re.VERBOSE
_DASH = r"\u2010-\u2015\u2212\u207b-"
_POINT = r"\u00b7.\u2022\u2219\u22c5"
_NUMBER = r"\d+(?:[.,\u00b7]\d+)?"
_SERIES = rf"""
    {_NUMBER}
    (?:(?:\s?(?:-|\u2013|to)\s?|,\s){_NUMBER}){{0,5}}  # 5-10, "5 to 10", "1, 2"
    (?:,?\s(?:and|or)\s{_NUMBER})?                     # "or 4"
"""
_WEIGHT = r"(?:mg|milligrams?|\u00b5g|\u03bcg|ug|mcg|micro-?g(?:rams?)?|mu\ ?g)"
_UNIT = rf"(?:{_WEIGHT}|g|ng|[mn]mol|(?:\u00b5|\u03bc|u|mu|micro)mol)"
_MINUS_ONE = rf"\s?(?:[{_DASH}]\s?[1\u00b9]|\(-1\))"
_TIME = r"(?:day|d|hr?|min)"
_BODY = rf"""
    (?: \s?(?:/|per)\s?(?:kg|day|kilogram|rat|mouse|70\ ?kg)              # mg/kg
      | \s?[{_POINT}]?\s?kg{_MINUS_ONE} )                                 # mg kg-1, mg·kg⁻¹
    (?: \s?(?:/|per)\s?{_TIME} | \s?[{_POINT}]?\s?{_TIME}{_MINUS_ONE} )?  # /day, day-1
    (?:\ (?:body\ weight|bw|b\.w\.))?
    (?![\w/]|\s?/|\.\w|[{_DASH}]\d|\s?[{_POINT}]\s?\w+{_MINUS_ONE})       # not before the rest of a unit
"""
_ROUTE = r"""
    (?:,?\ (?: i\.?p\.|i\.?v\.|s\.?c\.|p\.?o\.|i\.?m\.|i\.?c\.?v\.       # "i.p.", "ip."
             | (?:ip|iv|sc|po|im|icv)\b                                  # "ip"
             | orally|by\ mouth|per\ os|sublingually                     # "by mouth"
             | intra(?:ven|peritone|muscul|nas)\w+ly|subcutaneously ))?  # "intravenously"
"""
_DOSE = re.compile(
    rf"""
    (?-i:(?<![A-Z]\ )|(?!\d{{3,}},))                  # no name before it: not the 12345 of NT 12345, 5 mg
    (?<![\w.,\u00b7/+\u2010-\u2015\u2212\u00d7-])     # not in the middle of a number or an interval: 0.5, 5-10
    (?<!\b\d\s)(?<!\b\d\d\s)(?<!\b\d{{3}}\s)(?<!\d:)  # nor of 10 000, nor of 1:10
    (?<![<>\u2265\u2264=x\u00d7*\u00b1]\ )(?<!\+/-\ )(?<![<>\u2265\u2264x\u00d7*\u00b1])  # no bound, product or error
    (?P<dose>(?P<series>{_SERIES})\s?(?:(?P<weight>{_WEIGHT})|{_UNIT})(?P<body>{_BODY})?(?P<route>{_ROUTE}))
    (?! [\w/] | \s?/ | \s?%                           # not before the rest of a unit
      | \s?[{_POINT}]?\s?(?:\d|kg|per|g\b|l\b|ml|m2|m\s?[{_DASH}]|d\s?[{_DASH}])  # mg ml, mg m-2
      | \s?[{_POINT}]?\s?\w+{_MINUS_ONE}(?!\d)        # mg l-1
      | \s?[\u00b1\u00d7x*]\s?\d                      # nor of a calculation: 5 mg x 3
      | \ of\ (?:diet|feed|food|soil|dry) )           # nor " of diet"
    """,
    _X,
)
_JOINED = re.compile(
    rf"""
    \d\s?{_UNIT}?(?:\s?/\s?\w+){{0,2}}                               # 5, 5 mg/kg
    \s?(?: [,;] | ,?\s(?:or|and|to|plus) | \band | [-\u2013/] )\s?$  # ", or "
    """,
    _X,
)
_JOINS = re.compile(
    rf"""
    \s?(?: [,;] | ,?\s(?:or|and|to|plus)\b | [-\u2013] )\s?  # " and", "; "
    (?:(?:or|and|to|then)\ )?{_NUMBER}\s?{_UNIT}\b           # "then 10 mg"
    """,
    _X,
)
"""A dose after `_JOINED` or before `_JOINS` is one of several, and it is unclear which substance each belongs to."""
_BOUNDED = re.compile(
    r"""
    \b(?: (?:more|less|greater|lower|higher|fewer|larger|smaller)\ than
        | above | below | over | under | exceed\w*
        | up\ to | between | at\ least | at\ most
        | (?:maxim|minim)\w+(?:\ \w+)?(?:\ of)?                               # "maximum dose of"
        | about | approximately | around | nearly | almost
        | additional | cumulative(?:\ dose)?(?:\ of)? | total(?:\ dose)?\ of  # "total dose of"
        | increased\ (?:by|to) | titrated\ to )\s$
    """,
    _X,
)
"""Words right before a number that is a limit, an estimate, a sum or a change, not the dose that was given."""
_PLAIN = re.compile(
    r"""
    (?: \b(?: with|of|at|receiv\w+|given|dos(?:e|es|age|ages)|injected|administered  # "were injected "
            | daily|orally|was|were|took )\s\(?                                      # "orally ("
      | \bdoses?\s\( )$                                                              # "a low dose ("
    """,
    _X,
)
"""Words right before a dose that is given without its substance; any other word there may be the name of a substance."""
_NAMED = re.compile(
    rf"""
    \ (?!(?: daily|once|twice|every|each|per|over|after|before|during|when  # but not " daily", " every"
           | orally|intra\w+|subcut\w+|b\.\w|bw|body|s\.c|i\.|p\.           # nor " intravenously"
           | with|from|at|in|on|to|of|for|by|and|or|as|either               # nor " in"
           | was|were|given|reduced|increased|doses?)\b)                    # nor " reduced"
    (?:[a-z\u0370-\u03ff] | [(\[][+\u00b1{_DASH}])                          # " newtol", " (+)"
    """,
    _X,
)
"""A word after a dose that may be the name of its substance."""
_GIVEN = re.compile(
    r"""
    \b(?: given | administ\w+ | inject\w* | dos(?:e|es|ed|age|ages|ing)                   # "was administered"
        | receiv\w+ | treat\w* | pretreat\w* | infus\w+ | ingest\w+ | took | challeng\w+  # "received", "after infusion"
        | oral\w* | intraperitoneal\w* | subcutaneous\w* | intravenous\w*                 # "orally"
        | i\.?p\. | i\.?v\. | s\.?c\. | p\.?o\. | i\.?m\. )                               # "i.p."
    """,
    _X,
)
_NOT_A_DOSE = re.compile(
    r"""
    \b(?: [LEI]D\ ?-?50 | [IE]C\ ?-?50 | LD\(?50\)?                  # LD50, IC-50
        | lethal | toxic | tolerated | threshold | limits? | optimal | equivalent  # limits
        | human\ doses? | suggest\w* | if                            # supposed doses
        | (?:median|mean|average|cumulative)(?:\ \w+){0,2}\ doses? | habitual\w*  # "mean daily dose"
        | contain\w* | content | concentrations? | levels? | found\ in | isolated | extracted  # contents
        | formulations? | yield\w* | recover\w* | detect\w*          # preparations
        | excret\w+ | clearance | deficit | loss                     # what leaves the body
        | (?<!kg\ body\ )weigh\w*                                    # but not the weight of "5 mg/kg body weight"
        | intake | consum\w+ | soil | water | diets? | feed | dry\ matter | straw  # food and soil
        | none | never | no\ (?:\w+\ )?(?:patients?|subjects?|animals?|volunteers?|rats?|mice)  # "no treated patient"
        | an(?:a)?esth\w+ | euthan\w+ | sacrific\w+ | premedicat\w+  # a tool of the experiment
        | to\ induce | induction | (?:was|were)\ induced | induced\ by )\b
    """,
    _X,
)
"""A sentence with these words states contents, levels or limits, or the dose of a drug that was only a tool."""
_REACH = 80
"""Characters before a dose that are searched for words that qualify it."""


def doses_in(sentences: Sequence[str]) -> list[tuple[str, str]]:
    """Give each substance with its dose, and the sentence; or, if no substance is named, doses alone, and their sentences.

    If a substance has several doses, the one that lists the most amounts is taken: "1, 2 or 4 mg/kg" before "2 mg/kg".
    """
    named, bare = _read(sentences)
    return [(f"{name} {dose}", text) for _, name, dose, text in named.values()] or list(bare.items())


def substances_in(sentences: Sequence[str]) -> list[str]:
    """Give the name of each substance whose dose is stated, as printed."""
    return [name for _, name, _, _ in _read(sentences)[0].values()]


def _read(sentences: Sequence[str]) -> tuple[dict[str, tuple[int, str, str, str]], dict[str, str]]:
    """Give {name in lower case: (amounts listed, name, dose, sentence)}, and {dose without a substance: sentence}."""
    named: dict[str, tuple[int, str, str, str]] = {}
    bare: dict[str, str] = {}
    for text in sentences:
        if _NOT_A_DOSE.search(text):
            continue
        doses = list(_DOSE.finditer(text))
        for match in doses:
            before, after, dose = text[: match.start()], text[match.end() :], match["dose"]
            near = before[-_REACH:]
            if _JOINED.search(near) or _BOUNDED.search(near) or _JOINS.match(after) or dose.startswith(("0 ", "0,")):
                continue
            given = bool(_GIVEN.search(text) or match["route"])
            if not (match["body"] or match["weight"]) or not (given or (match["body"] and REPORT.search(text))):
                continue
            name = substance(before, after)
            steps = len(re.findall(_NUMBER, match["series"]))
            if name and steps > named.get(name.lower(), (0,))[0]:
                named[name.lower()] = steps, name, dose, text
            elif (
                not name and match["body"] and given and len(doses) == 1 and _PLAIN.search(near) and not _NAMED.match(after)
            ):
                bare.setdefault(dose, text)
    return named, bare
