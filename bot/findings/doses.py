"""Doses as a sentence states them: number and unit, the route, the substance where it stands right beside."""

import re
from collections.abc import Sequence

from bot.findings.cues import CUES

_I = re.IGNORECASE
_NUMBER = r"\d+(?:[.,]\d+)?"
_SERIES = rf"{_NUMBER}(?:(?:\s?(?:-|\u2013|to)\s?|,\s){_NUMBER}){{0,5}}(?:,?\s(?:and|or)\s{_NUMBER})?"
_MASS = r"(?:mg|g|\u00b5g|\u03bcg|ug|mcg|micrograms?|milligrams?|ng|nmol|\u00b5mol|\u03bcmol|mmol|mu ?g|mumol)"
_BODY = (
    r"\s?(?:/|per)\s?(?:kg|day|kilogram|rat|mouse|70 ?kg)"
    r"(?:\s?(?:/|per)\s?(?:day|d|hr?|min))?(?: body weight)?(?![\w/]|\s?/)"
)
_ROUTE = (
    r"(?:,? (?:i\.?p\.|i\.?v\.|s\.?c\.|p\.?o\.|i\.?m\.|i\.?c\.?v\.|orally|by mouth|intravenously"
    r"|intraperitoneally|subcutaneously|intramuscularly|per os"
    r"|sublingually|intranasally|ip\b|iv\b|sc\b|po\b|im\b|icv\b))?"
)
_DOSE = re.compile(
    r"(?<![\w.,/+-])(?<![<>\u2265\u2264=] )(?<![<>\u2265\u2264])"
    rf"(?P<dose>{_SERIES}\s?(?P<unit>{_MASS})(?P<body>{_BODY})?(?P<route>{_ROUTE}))"
    r"(?![\w/]|\s?/|\s?%| of (?:diet|feed|food|soil|dry))",
    _I,
)
_BEFORE = re.compile(r"(?P<name>[A-Za-z0-9][\w,'+-]*[\w)](?: [A-Za-z][\w'-]*)?)\s?[(\[](?:[A-Z0-9][\w-]{1,10}[,;:] )?$")
_AFTER = re.compile(r"^(?: of)? (?P<name>[A-Za-z0-9][\w'+-]{2,}(?:-[\w'+-]+)*)")
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
_NOT_NAMES = re.compile(
    r"^(?:(?:high|low|mid|full|half|single)[ -]?doses?|leaves|leaf|seeds?|roots?|therapy|groups?"
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
    r"|limits?|recover\w*|detect\w*|deficit|loss|consum\w+)\b",
    _I,
)


def doses_in(sentences: Sequence[str]) -> list[tuple[str, str]]:
    """Give each dose once, with the sentence that states it, those with a substance first; otherwise in their order."""
    named: dict[str, str] = {}
    bare: dict[str, str] = {}
    for text in sentences:
        if _NOT_A_DOSE.search(text):
            continue
        for match in _DOSE.finditer(text):
            given = bool(_GIVEN.search(text) or match["route"])
            weighed = match["body"] or match["unit"].lower() in {"mg", "milligrams", "micrograms"}
            if not weighed or not (given or (match["body"] and CUES["reports"].search(text))):
                continue
            name = _substance(text, match)
            if name:
                named.setdefault(f"{name} {match['dose']}", text)
            elif match["body"] and given:
                bare.setdefault(match["dose"], text)
    named_doses = " ".join(named)
    return [*named.items(), *((dose, text) for dose, text in bare.items() if dose not in named_doses)]


def _substance(text: str, dose: re.Match[str]) -> str | None:
    """Give the name right before the dose's bracket ("ketanserin (1 mg/kg)") or right after it ("1 mg/kg of ketanserin")."""
    before = _BEFORE.search(text[: dose.start()])
    if before and text[dose.end() : dose.end() + 1] in {")", "]", ",", ";", ":"}:
        words = before["name"].split()
        name = before["name"] if len(words) > 1 and _SALTS.search(words[-1]) else words[-1]
        return None if any(_NOT_NAMES.match(word) for word in name.split()) else name
    after = _AFTER.match(text[dose.end() :])
    if after and not _NOT_NAMES.match(after["name"]) and text[dose.end() :].startswith(" of "):
        return after["name"]
    beside = _BESIDE.search(text[: dose.start()])
    return beside["name"] if beside and not _NOT_NAMES.match(beside["name"]) else None
