"""The name of a substance beside its dose: the whole name as printed, or none.

A part of a name is another substance ("9-THC" of Δ9-THC, "diethylamide" of lysergic acid diethylamide), so a name is given
only if it surely begins and ends where it seems to.

| printed, a dose standing for …         | name                       |
|----------------------------------------|----------------------------|
| `Rats were given ketanserin (…)`       | ketanserin                 |
| `ketanserin (KET, …)`                  | ketanserin                 |
| `injected with Δ9-methylnewtamine (…)` | Δ9-methylnewtamine         |
| `injected with delta 9-THC (…)`        | delta 9-THC                |
| `the isomer (-)-3,4-newtol (…)`        | (-)-3,4-newtol             |
| `lysergic acid diethylamide (…)`       | lysergic acid diethylamide |
| `morphine sulfate (…)`                 | morphine sulfate           |
| `SCH 23390 (…)`                        | SCH 23390                  |
| `naloxone …`                           | naloxone                   |
| `… of [3H]newtol was given`            | [3H]newtol                 |
| `… of (+)-newtol, given by mouth`      | (+)-newtol                 |
| `… of newt root extract daily`         | newt root extract          |
| `… of sodium newtate`                  | none                       |
| `gamma-fictic INV (…)`                 | none                       |
| `Inventomyces fictus (…)`              | none                       |
| `a low dose (…)`                       | none                       |
"""

import re

_X = re.IGNORECASE | re.VERBOSE
_DASH = r"\u2010-\u2015\u2212-"
_BRACKET = re.compile(r"\s?[(\[](?:[A-Z0-9\u0370-\u03ff][\w-]{1,10}[,;:]\ )?$", re.VERBOSE)
"""The bracket in which a dose stands behind its substance, perhaps after a short form of the name."""
_WORD = re.compile(
    rf"""
    (?=.*(?: [a-z\u0370-\u03ff].*[a-z\u0370-\u03ff]  # at least two letters
           | [a-z]\d\d))                             # or one and a number: U69,593
    (?![',\u2019\u2032{_DASH}])                      # no punctuation at its beginning
    (?: [\w,'\u2019\u2032+{_DASH}]                   # 3,4-, N,N-, Δ⁹-
      | \([^()\s]+\) | \[[^\[\]\s]+\] )+             # (+/-)-, (1R,2S)-, [3H]
    (?<=[\w)\]])                                     # nor at its end
    """,
    _X,
)
"""A word that may be a name, whatever prefixes it carries."""
_STEREO = rf"""(?:
      [(\[][+\u00b1/RSEZDL0-9,{_DASH}]{{1,9}}[)\]]         # (+), (R), (+/-)
    | \u00b1 | \+/?[{_DASH}]                               # ±, +/-
    | d,?l | [dlRSNO] | cis | trans | ortho | meta | para  # d amphetamine
    | (?:[\u0370-\u03ff]|alpha|beta|gamma|delta|kappa)     # delta 9-THC
      (?:[,{_DASH}]?(?:\d+|\(\d+\)))?                      # delta-(9)
)"""
_PREFIX = re.compile(
    rf"""
      {_STEREO}(?:(?:-|(?<=[)\]])|(?=[(\[])){_STEREO})*-?  # d-, (R)-(+)-
    | vitamin
    | coenzyme
    """,
    _X,
)
"""A word that is the beginning of the name that follows it."""
_GROUP = re.compile(r"\b(?:groups?|arms?|series|phase|day) [A-Z]$", re.IGNORECASE)
"""A single letter that names a group and is no prefix."""
_HALF = re.compile(
    r"""
      (?<!bar)(?<!system)(?<!erg)(?<!ot)ic$        # acetylenic; but not hyperbaric, systemic, dopaminergic, narcotic
    | (?:yl|oxy|ium|ate|ide|ene|acid|-)$           # methylene, sodium
    | ^(?!\(.*\)$).*\d.*(?<![,;:])$                # 2,5-dimethoxy; but not an aside
    | ^[(\[]?(?:\d[\d,]*|[NOS]|[\u0370-\u03ff]),$  # 3, 4-newtol; N, N-newtol
    | ^[^\w+]+$                                    # ( + ) newtol
    """,
    _X,
)
"""A word that may be the first half of the name that follows it ("gamma-acetylenic GABA", "methylene blue")."""
_LONGEST = 4
"""Words of a name, at most."""
_REACH = 200
"""Characters before a dose in which its substance may stand."""
_CODE, _NUMBER = re.compile(r"[A-Z]{1,5}|[A-Z][a-z]{1,2}"), re.compile(r"\d[\d,-]+\d[A-Z]?")
"""The two words of a laboratory's name for a substance: "SCH 23390", "Ro 15-1788"."""
_SALT = r"""
      (?:hydro)?(?:chloride|bromide|iodide) | HCl | HBr | (?:bi)?sul(?:f|ph)ate | nitrate | phosphate  # of mineral acids
    | (?:bi)?tartrate | acetate | citrate | fumarate | maleate | malate | oxalate | lactate            # of organic acids
    | succinate | gluconate | pamoate | [mb]esylate | tosylate | napsylate | aspartate | saccharate | decanoate
    | base | acid                                                                                      # "newtol base"
    | sodium | potassium                                                                               # "newtol sodium"
"""
_KIND = "extract | oil | juice | powder | seeds? | leaf | leaves | root | tea"
"""What a plant's name may be followed by."""
_EPITHET = re.compile(r"(?:\b[A-Z][a-z]+|\b[A-Z]\.) [a-z]+(?:ii|i|us|um|is|ae|a)$")
"""A scientific name at the end of a phrase: its second word alone is no substance."""
_SHAPED = re.compile(
    r"""
      (?-i:[A-Z0-9][A-Z0-9-]+[A-Z][A-Z0-9-]*)                                            # THC, 8-OH-DPAT
    | .*(?: amine|idine|azine|azepine|epine|orphine|phine|caine|etine|atropine|nicotine  # ketamine, morphine
          | odone|oxone|orphan|azole|olol|ipam|azepam|peridol|zapine|setron              # oxycodone, diazepam
          | ergide|cybin|caline|anserin|triptan|pramine                                  # lysergide, psilocybin
          | barbital|ethanol|ketamine )                                                  # phenobarbital
    """,
    _X,
)
"""A word that looks like the name of a substance; any other word right before a dose ("infusion 5 mg/kg") is ignored."""
_BESIDE = r"""
      \w+ly | \w+ed | \w+ing | intra\w+ | per                                 # "orally", "treated", "receiving"
    | the|a|an|all|it|its|their|there|these|this|that|which|each|every|both|no|not|only|than|alone  # articles and pronouns
    | of|in|at|by|for|to|and|or|with|from|on|as|over|plus|versus|vs|via|into  # prepositions and conjunctions
    | but|while|until|when|then|before|after|during
    | was|were|is|are|did|had|has|have|also|caused|failed|given|gave|rose|fell|led|showed|respectively  # verbs
    | daily|once|twice|bid|tid|qd|days?|weeks?|hours?|h|hr|min|minutes|prior  # times
    | tablets?|capsules?|orally|oral|intravenous|subcutaneous|i\.?v|i\.?p|s\.?c|p\.?o|i\.?m  # routes
"""
"""Words that stand beside names: function words, verbs, times and routes."""
_BOUNDARY = re.compile(_BESIDE, _X)
_NO_NAME = re.compile(
    rf"""
      {_BESIDE}
    | [\w-]+-(?:groups?|treated|induced) | i | s | p                                         # "newtol-treated"
    | doses?|dosages?|single-dose|(?:high|low|mid|full|half|single)-?doses?                  # words for doses
    | bolus(?:es)?|regimen|strength|equivalents?
    | low|lower|lowest|high|higher|highest|medium|moderate|large|small|single|acute|chronic  # how large they are
    | total|mean|average|maximum|minimum
    | treatments?|therapy|course|injections?|administration|infusion|intake                  # what is done
    | stud(?:y|ies)|groups?|arm|surgery
    | vehicle|saline|placebo|drugs?|compounds?|agents?|agonists?|antagonists?|inhibitors?    # kinds of substances
    | actives?|product|ingredients?
    | formulations?|suspension|emulsion|solution|concentrate|cri|supplements?|powder         # preparations
    | extract|tincture|resin
    | leaf|leaves|seeds?|roots?|barks?|oil|juice|wort|material|food|diet                     # parts of plants
    | hormone|factor|peptide|toxin|blue|green|red|violet                                     # the second half of a name
    | rats?|mice|mouse|animals?|subjects?|patients?|cells?|tissue|protein                    # who gets it
    | body|body-weight|weight|dry|wet|fresh|levels?|range                                    # what is measured
    | m?l|iu|u|mm|cm|ng                                                                      # units
    """,
    _X,
)
"""Words that alone are not the name of a substance."""
_TWO_WORDS = re.compile(
    rf"""
      (?:\S+\ ){{1,2}}(?:{_KIND})           # newt root extract
    | \S+\ (?:{_SALT})                      # newtol hydrochloride
    | \S+ic\ acid(?:\ \w+(?:amide|ester))?  # lysergic acid diethylamide
    """,
    _X,
)


def substance(head: str, tail: str) -> str | None:
    """Give the name of the substance whose dose stands between `head` and `tail`, the text before and after it."""
    bracket = _BRACKET.search(head)
    if bracket and tail[:1] in {")", "]", ",", ";", ":"}:
        phrase = head[: bracket.start()]
        return None if _EPITHET.search(phrase) else _last_name(phrase)
    if tail.startswith(" of "):
        return _first_name(tail[4:])
    phrase = re.sub(r" (?:at )?$", "", head)
    last = phrase.rsplit(" ", 1)[-1].lstrip("([")
    if phrase == head or not (_SHAPED.fullmatch(last) or _NUMBER.fullmatch(last)):
        return None
    return _last_name(phrase)


def _last_name(phrase: str) -> str | None:
    """Read the last words of a phrase as a name."""
    words = re.split(r"\s+|--|\u2014", phrase[-_REACH:])[-_LONGEST - 2 :]
    if len(words) > 1 and re.fullmatch(r"\([\w-]+\)", words[-1]):  # `ketamine (KET)`
        words.pop()
    name = [words.pop()]
    if name[0].startswith(("(", "[")) and not _WORD.fullmatch(name[0]):  # the name opens a bracket
        return _checked(name[0][1:])
    code = words and _NUMBER.fullmatch(name[0]) and _CODE.fullmatch(words[-1])
    if words and (code or re.fullmatch(_SALT, name[0], _X)):
        name.insert(0, words.pop())
    elif words[1:] and words[-1] == "acid" and words[-2].endswith("ic"):
        name = [*words[-2:], *name]
        del words[-2:]
    while words and _PREFIX.fullmatch(words[-1]) and not _GROUP.search(" ".join(words[-2:])):
        name.insert(0, words.pop())
    if words and (_HALF.search(words[-1]) or (name[-1] == "acid" and words[-1].endswith("ine"))):
        return None
    return _checked(" ".join(name))


def _first_name(phrase: str) -> str | None:
    """Read the first words of a phrase as a name."""
    name: list[str] = []
    for word in phrase.split(None, _LONGEST + 1)[: _LONGEST + 1]:
        bare = word.rstrip(".,;:")
        bare = bare if bare.count("(") == bare.count(")") else bare.rstrip(")")
        if name and (_BOUNDARY.fullmatch(bare) or (bare[:1] in "([" and not _WORD.fullmatch(bare))):
            break
        name.append(bare)
        if bare != word:
            break
    return _checked(" ".join(name)) if len(name) <= _LONGEST else None


def _checked(name: str) -> str | None:
    """Give the name if its words are a single name, else None."""
    words = name.split()
    while words[1:] and _PREFIX.fullmatch(words[0]):
        del words[0]
    if words[1:] and _CODE.fullmatch(words[0]) and _NUMBER.fullmatch(words[1]):
        return name if not words[2:] else None
    one = not words[1:] or _TWO_WORDS.fullmatch(" ".join(words))
    sound = words and _WORD.fullmatch(words[0]) and not _NO_NAME.fullmatch(words[0])
    return name if one and sound else None
