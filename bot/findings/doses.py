"""Doses as a sentence states them: number and unit, the route, the substance where it stands right beside."""

import re
from collections.abc import Sequence

from bot.findings.cues import CUES

_I = re.IGNORECASE
_NUMBER = r"\d+(?:[.,\u00b7]\d+)?"
_SERIES = rf"{_NUMBER}(?:(?:\s?(?:-|\u2013|to)\s?|,\s){_NUMBER}){{0,5}}(?:,?\s(?:and|or)\s{_NUMBER})?"
_MASS = r"(?:mg|g|\u00b5g|\u03bcg|ug|mcg|micrograms?|milligrams?|ng|nmol|\u00b5mol|\u03bcmol|mmol|mu ?g|mumol)"
_BODY = (
    r"\s?(?:/|per)\s?(?:kg|day|kilogram|rat|mouse|70 ?kg)"
    r"(?:\s?(?:/|per)\s?(?:day|d|hr?|min))?(?: (?:body weight|bw|b\.w\.))?(?![\w/]|\s?/|\.\w|[\u207b\u2212-]\d)"
)
_ROUTE = (
    r"(?:,? (?:i\.?p\.|i\.?v\.|s\.?c\.|p\.?o\.|i\.?m\.|i\.?c\.?v\.|orally|by mouth|intravenously"
    r"|intraperitoneally|subcutaneously|intramuscularly|per os"
    r"|sublingually|intranasally|ip\b|iv\b|sc\b|po\b|im\b|icv\b))?"
)
_DOSE = re.compile(
    r"(?<![\w.,\u00b7/+\u2010-\u2015\u2212\u00d7-])"
    r"(?<![<>\u2265\u2264=x\u00d7*\u00b1] )(?<!\+/- )(?<![<>\u2265\u2264x\u00d7*\u00b1])"
    rf"(?P<dose>{_SERIES}\s?(?P<unit>{_MASS})(?P<body>{_BODY})?(?P<route>{_ROUTE}))"
    r"(?![\w/]|\s?/|\s?%| of (?:diet|feed|food|soil|dry)|\s?[\u00b7.\u2022\u2219\u22c5]?\s?(?:\d|kg|per|g\b|l\b"
    r"|ml|m2|m\s?[-\u2212]|d\s?[-\u2212])"
    r"|\s?[\u00b1\u00d7x*]\s?\d)",
    _I,
)
_BEFORE = re.compile(r"(?P<name>[A-Za-z0-9][\w,'+-]*[\w)](?: [A-Za-z][\w'-]*)?)\s?[(\[](?:[A-Z0-9][\w-]{1,10}[,;:] )?$")
_AFTER = re.compile(
    r"^ of (?P<name>[A-Za-z0-9][\w'+-]{2,}"
    r"(?: (?:(?:\w+ )?(?:extract|oil|juice|powder|seeds?|leaf|leaves|root|tea)|HCl|hydrochloride|sulfate"
    r"|sulphate|acid)\b)?)"
)
_REACH = 80
"""Characters beside a dose in which its substance may stand."""
_JOINED = re.compile(rf"\d\s?(?:{_MASS})?(?:\s?/\s?\w+){{0,2}}\s?(?:,|,?\s(?:or|and|to|plus)|\band|[-\u2013/])\s?$", _I)
_JOINS = re.compile(
    rf"^\s?(?:,|,?\s(?:or|and|to|plus)\b|[-\u2013])\s?(?:(?:or|and|to"
    rf"|then) )?{_NUMBER}\s?(?:{_MASS})\b",
    _I,
)
"""A dose that is one of several in one breath, of which nobody knows whose is whose."""
_BOUNDED = re.compile(
    r"\b(?:(?:more|less|greater|lower|higher|fewer|larger|smaller) than|up to|above|below|over|under|exceed\w*"
    r"|about|approximately|around|nearly|almost"
    r"|at least|at most|maxim\w+(?: \w+)?(?: of)?|minim\w+(?: \w+)?(?: of)?|additional"
    r"|cumulative(?: dose)?(?: of)?|total(?: dose)? of"
    r"|increased (?:by|to)|titrated to)\s$",
    _I,
)
_EPITHET = re.compile(r"(?:\b[A-Z][a-z]+|\b[A-Z]\.) [a-z]+(?:ii|i|us|um|is|ae|a)$")
"""The second word of a scientific name, which is no substance alone."""
_SALTS = re.compile(
    r"(?:hydrochloride|HCl|sulfate|sulphate|hydrobromide|bromide|tartrate|maleate|phosphate|acetate"
    r"|mesylate|base|acid|citrate|fumarate)$",
    _I,
)
_BESIDE = re.compile(
    r"(?:^|[\s(])(?P<name>[A-Z0-9][A-Z0-9-]+[A-Z][A-Z0-9-]*|[A-Za-z][\w-]*(?:amine|idine|azine|epine"
    r"|orphine|caine|etine|odone|oxone|orphan|azole|olol|ipam"
    r"|azepam|peridol|phine|zapine|setron|ergide|cybin|caline|anserin|triptan|pramine|barbital"
    r"|cholamine|tamine|nicotine|atropine|ethanol|ketamine))"
    r" (?:at |\()?$"
)
"""A name right before its dose with no bracket ("naloxone 15 micrograms/kg"): only what is shaped like a substance's."""
_MODIFIER = re.compile(r"(?:ic|yl|oxy|ium|ate|ide)$|\d", _I)
"""A word that is the first half of a substance's name ("gamma-acetylenic GABA")."""
_PLAIN = re.compile(
    r"(?:\b(?:with|of|at|receiv\w+|given|dos(?:e|es|age|ages)|injected|administered|daily"
    r"|orally|was|were|took)\s\(?|\bdoses?\s\()$",
    _I,
)
"""What stands before a dose whose substance is told elsewhere; any other word may be another substance's name."""
_NAMED = re.compile(
    r"^ (?!(?:daily|once|twice|every|each|after|before|during|with|when|from|orally|intra\w+|subcut\w+|either"
    r"|per|given|at|in|on|to|of|for"
    r"|by|and|or|was|were|as|over|b\.\w|bw|body|reduced|increased|doses?|s\.c|i\.|p\.)\b)[A-Za-z]",
    _I,
)
"""A word after a dose that may be its substance's name."""
_NOT_NAMES = re.compile(
    r"^(?:[\w-]+-(?:groups?|treated|induced)|formulations?|actives?|m?l|iu|u|mm|cm|ng|intake|course|single-dose"
    r"|suspension|emulsion|cri"
    r"|bolus(?:es)?|regimen|strength|equivalents?|active|ingredients?"
    r"|product|concentrate|"
    r"(?:high|low|mid|full|half|single)[ -]?doses?|leaves|leaf|seeds?|roots?|therapy|groups?"
    r"|supplements?|arm|\w+ly|\w+ed|bolus|study|studies|total|mean|average|maximum|minimum|the|a|an"
    r"|of|in|at|by|for"
    r"|to|and|or|with|from|was|were|is|are|given|dose|doses|dosage"
    r"|dosages|treatment|treatments|injections?|administration|infusion|drug|drugs|group"
    r"|groups|low|lower|high|higher|lowest|highest|medium|moderate|large|small|single|acute|chronic"
    r"|daily|twice|once|vehicle|saline|placebo|body|rats?|mice|mouse|animals?"
    r"|subjects?|patients?|each|per|oral|orally|intravenous|intravenously|subcutaneous"
    r"|intraperitoneal|agonists?|antagonists?|inhibitors?|compounds?|body|weight|respectively|both"
    r"|agents?|than|that|which|but|on|after|before|did|had|also|every|tablets?|capsules?|protein"
    r"|tissue|dry|wet|fresh|material|cells?|level|levels|range|i|s|p"
    r"|food|diet|powder|solution|extract|body-weight|bid|tid|qd|increased|decreased|reduced|produced"
    r"|induced|caused|failed|not|significantly|it|all|there|their|its|these|this"
    r"|followed|during|when|only|no|as|over|until|while|plus|versus|vs|then|days?|weeks?|hours?|h|min"
    r"|minutes|hr|prior|combined|administered|received|injected|infused)$",
    _I,
)
_GIVEN = re.compile(
    r"\b(?:given|administ\w+|inject\w*|dos(?:e|es|ed|age|ages|ing)|receiv\w+|treat\w*|infus\w+"
    r"|oral\w*|ingest\w+|took|pretreat\w*|intraperitoneal\w*|subcutaneous\w*"
    r"|intravenous\w*|challeng\w+|i\.?p\.|i\.?v\.|s\.?c\.|p\.?o\.|i\.?m\.)",
    _I,
)
_NOT_A_DOSE = re.compile(
    r"\b(?:LD ?-?50|ED ?-?50|ID ?-?50|IC ?-?50|EC ?-?50|LD\(?50\)?|lethal|contain\w*|content"
    r"|concentrations?|levels?|yield\w*|excret\w+|intake|weigh\w*|clearance|found in|isolated|extracted"
    r"|limits?|recover\w*|detect\w*|deficit|loss|consum\w+"
    r"|suggest\w*|optimal|equivalent|toxic|tolerated|threshold|human doses?|none|never|no (?:\w+ )?(?:patients?"
    r"|subjects?|animals?|volunteers?|rats?|mice)"
    r"|an(?:a)?esth\w+|euthan\w+|sacrific\w+|(?:median|mean|average|cumulative)(?: \w+){0,2} doses?"
    r"|premedicat\w+|to induce|induction|(?:was|were) induced|induced by|if|soil|water|diets?|feed|dry matter"
    r"|straw|habitual\w*"
    r"|formulations?)\b",
    _I,
)


def doses_in(sentences: Sequence[str]) -> list[tuple[str, str]]:
    """Give one dose of each substance, that of most steps, and its sentence; doses of no named substance where all are."""
    named: dict[str, tuple[str, str]] = {}
    bare: dict[str, str] = {}
    for text in sentences:
        if _NOT_A_DOSE.search(text):
            continue
        doses = list(_DOSE.finditer(text))
        for match in doses:
            before = text[max(0, match.start() - _REACH) : match.start()]
            after = text[match.end() : match.end() + _REACH]
            if (
                _JOINED.search(before)
                or _BOUNDED.search(before)
                or _JOINS.match(after)
                or match["dose"].startswith(("0 ", "0,"))
            ):
                continue
            given = bool(_GIVEN.search(text) or match["route"])
            weighed = match["body"] or match["unit"].lower() in {"mg", "milligrams", "micrograms"}
            if not weighed or not (given or (match["body"] and CUES["reports"].search(text))):
                continue
            name = _substance(text, match)
            if name:
                dose = f"{name} {match['dose']}"
                known = named.get(name.lower())
                if not known or _count(match["dose"]) > _count(known[0].removeprefix(name)):
                    named[name.lower()] = dose, text
            elif match["body"] and given and len(doses) == 1 and _PLAIN.search(before) and not _NAMED.match(after):
                bare.setdefault(match["dose"], text)
    return list(named.values()) or list(bare.items())


def _count(dose: str) -> int:
    return len(re.findall(_NUMBER, dose))


def _substance(text: str, dose: re.Match[str]) -> str | None:
    """Give the name right before the dose's bracket ("ketanserin (1 mg/kg)") or right after it ("1 mg/kg of ketanserin")."""
    head = text[max(0, dose.start() - _REACH) : dose.start()]
    tail = text[dose.end() : dose.end() + _REACH]
    before = _BEFORE.search(head)
    if before and tail[:1] in {")", "]", ",", ";", ":"}:
        words = before["name"].split()
        name = before["name"] if len(words) > 1 and _SALTS.search(words[-1]) else words[-1]
        epithet = _EPITHET.search(head[: before.end("name")])
        if name.count("(") != name.count(")") or (len(words) > 1 and name == words[-1] and _MODIFIER.search(words[0])):
            return None
        return None if epithet or any(_NOT_NAMES.match(word) for word in name.split()) else name
    after = _AFTER.match(tail)
    if after and not _NOT_NAMES.match(after["name"]):
        return after["name"]
    beside = _BESIDE.search(head)
    if beside and beside[0].endswith("(") and tail[:1] not in {")", "]", ",", ";", ":"}:
        return None
    return beside["name"] if beside and not _NOT_NAMES.match(beside["name"]) else None
