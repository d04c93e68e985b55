"""End matter: what stands in an abstract and is no part of it, such as consent, funding, rights, references and keywords.

A sentence is recognised by its subject and what it says about it, or by its lack of a verb.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.findings.announcements import names_contents
from bot.findings.cues import any_found, cue

_X = re.IGNORECASE | re.VERBOSE
_STUDY = r"""(?:
    (?:present\ |current\ )?
    (?:study|work|research|project|investigation|trial|survey|experiments?|paper|article|review|protocol)
)"""
_BUT_UNITS = r"""(?!(?:
      th|nd|fold                                                         # 10th, 10fold
    | [mkn]g|ug|pg|ml|[ckmn]m|m[suo]|mos|mol|mins?                       # 10mg
    | kb|bp|rpm|cpm|pp[mb]|secs?|hrs?|[ap]m|yrs?|days?|years?|aa|grams?  # 10kb, 10am
    | (?:alpha|beta|hydroxy|methyl|micro)\w*                             # 10beta
)\b)"""
"""Excludes what may follow a number in correct text: the ending of a numeral, a unit, a part of a name."""
_ATTACHED = r"(?:full\ text|video\ abstract|supplement(?:ary|al)|online\ version|code|editorial)"
"""What a publisher offers beside an abstract."""

_MATTER = (
    cue(  # consent and ethics
        "consent|assent|ethic|institutional|irb|approved by",
        rf"""
          \b(?:informed|written|verbal|oral|parental)\b(?:\ \w+){{0,2}}\ (?:consent|assent)\b  # "written informed consent"
        | \bconsent\ (?:was|were)\b  # "consent was obtained"
        | \b(?:ethic(?:s|al)|institutional|IRB)\b(?:\ \w+){{0,3}}         # "institutional review board", "ethical approval"
          \ (?:committees?|boards?|approval|clearance|permission)\b
        | \b{_STUDY}s?\ (?:was|were|has\ been)\ (?:\w+\ )?approved\ by\b  # "the present study was approved by"
        """,
        _X,
    ),
    cue(  # authors and their thanks and interests
        "thank|grateful|indebted|acknowledge|disclos|interest|conflict|employe|consultant|share|stock|patent|equity"
        "|financial",
        r"""
          \b(?:we|authors?)\ (?:\w+\ )?                # "the authors wish to thank", "we are most grateful"
          (?:(?:wish\ to\ )?thank|(?:are|is)\ (?:\w+\ )?(?:grateful|indebted)|acknowledge|disclose)\b
        | \b(?:authors?|we)\ (?:declare|report|state|ha(?:ve|s|d)|disclose)s?\b(?:\ \w+){0,3}  # "we have no conflict"
          \ (?:interests?|conflicts?|disclosures?)\b
        | \b(?:is|are|was|were)\ (?:an?\ )?(?:\w+\ )?  # "is an employee of Newt", "were paid consultants to Newt"
          (?:employees?|employed|consultants?|shareholders?)\b(?:\ \w+)?\ (?:of|by|to|for|at|in)\ (?-i:[A-Z])
        | \b(?:holds?|owns?)\ (?:\w+\ )?(?:shares?|stocks?|patents?|equity)\b  # "holds a patent"
        | \bfinancial\ (?:support|interests?|disclosures?|assistance)\b  # "financial support"
        | \b(?:no\ conflicts?|conflicts?\ of\ interest|competing\ interest)  # "competing interests"
        """,
        _X,
    ),
    cue(  # funding and gifts
        "fund|grant|kindly|generous|gift|donated|sponsored by|supported by",
        r"""
          \b(?:external|specific|no|research)\ funding\b  # "no external funding"
        | \bgrants?-in-aid\b  # "a grant-in-aid"
        | \bspecific\ grant\b  # "received no specific grant"
        | \b(?:kindly|generously)\ (?:supplied|provided|donated|given)\b  # "was kindly given"
        | \b(?:was|were)\ (?:a\ )?(?:generous\ |kind\ )?(?:gifts?|donated)\b  # "was a generous gift"
        | \b(?: (?:funded|sponsored)\ by\b
              | supported\ by\ (?:an?\ |the\ )?(?:[\w-]+\ ){0,5}              # "supported by the Quist Foundation"
                (?:grants?|foundation|institutes?|fellowship|council|ministry|funds?)\b
              | funding\ (?:was|source|from)
              | grants?\ (?:no|number|from)\b )                               # "grant number 7"
        """,
        _X,
    ),
    cue(  # who printed it, who has the rights
        "publisher|press|verlag|b.v|gmbh|(c) |copyright|rights reserved|this article is part of|special issue|\u00a9",
        r"""
          \(c\)\ (?:19|20)\d\d\b(?-i:(?!\ [a-z]))                                 # "(c) 1999 Quist", not "(c) 2000 mg"
        | \b(?:publishers?|(?-i:Press|Verlag|B\.V|GmbH))\.?(?:,?\ [A-Z]\w+)?\W*$  # "Newt Press, London."
        | \b(?:copyright|all\ rights\ reserved|this\ article\ is\ part\ of|special\ issue)  # "part of a special issue"
        | \u00a9                                                                  # the sign of copyright
        """,
        _X,
    ),
    cue(  # registration
        "identifier|regist|trials.gov|trial.gov|current controlled trials|prospero|trial number|trial id",
        r"""
          \b(?:clin\w*|trials?|study|registry|registration|eudract)\b[^.;]{0,20}        # "study identifier"
          \b(?:identifier|regist(?:ry|er|ration|ered))\b
        | \b(?: clinical\ ?trials?\.gov|clinical\ ?trials?\ regist\w+|trial\ regist\w+  # names of registers
              | current\ controlled\ trials|prospero
              | trial\ (?:number|id)\b
              | (?:trial|study|protocol|review)\b[^.;]{0,40}\bregist(?:ered|ration)\b   # "the protocol was registered"
              | regist(?:ered|ration|ry)(?:\ \w+){0,3}\ (?:number|no\b|at|with|identifier|id\b)  # "registered at"
              | (?:retro|pro)spective(?:ly)?\ regist\w+ )                               # "prospectively registered"
        """,
        _X,
    ),
    cue(  # registered numbers
        "0|1|2|3|4|5|6|7|8|9|umin|eudract|anzctr|chictr",
        r"""
          \b(?: (?: NCT|ISRCTN|CRD42|ACTRN|ANZCTR|UMIN|DRKS|NTR|IRCT|PACTR|KCT|TCTR|jRCT|NL  # NCT00000000
                  | CTRI/|ChiCTR|RBR-|SLCTR/|JPRN-|EudraCT )[ -]?\w*\d{3,}                   # CTRI/2010/01/000
              | (?:UMIN|EudraCT|ANZCTR|ChiCTR)\b )                                           # a register's name alone
        """,
        _X,
    ),
    cue(  # where to get things
        "protocol|trial design|rationale and design|available|free|accompan|online|on request|source code|supplementary"
        "|availability and|contact:|https|http|www.",
        rf"""
          \b(?:protocol|trial\ design|rationale\ and\ design)\b[^.;]{{0,15}}  # "the protocol has been published"
          \ (?:was|were|is|are|has\ been|have\ been)\ (?:\w+\ )?(?:published|described|available)\b
        | \b(?:{_ATTACHED}|data(?:sets?)?)\b[^.;]{{0,30}}                     # "data are available on", "code on request"
          \b(?:available\ (?:on|from|at|in|free|upon)|free|accompany|online|on\ request)\b
        | \b{_ATTACHED}\b[^.;]{{0,30}}\bavailable\W*$                         # "full text is available."
        | \b(?: freely\ available|source\ code|supplementary\ (?:information|material|data)  # "supplementary data"
              | availability\ and\ implementation
              | available\ (?:at|from|on(?:line)?)\b
              | contact:)
        | (?:https?://|www\.)                                                 # an address on the web
        """,
        _X,
    ),
    cue(  # people were paid
        "paid|compensat|reimbursed|credit|payment|voucher",
        r"""
          \b(?:subjects|participants|volunteers|patients|informants|respondents|students)\b[^.;]{0,12}  # they were paid
          \ (?:paid|compensated|reimbursed|received\ (?:\w+\ )?(?:credits?|payment|compensation|vouchers?))\b
        """,
        _X,
    ),
    cue(  # what became of the text
        "abstract of|summary of|paper read|talk read|truncated|keyword|key word|retract|type strain is|related to the",
        r"""
          \b(?:abstract|summary)\ of\ (?:a|the)\ (?:paper|lecture|talk|address)\b  # "summary of a lecture"
        | \b(?:paper|talk)\ read\ (?:at|before|to)\b                               # "paper read before"
        | \b(?: abstract\ truncated|key\ ?words?:
              | (?:this\ (?:paper|article|abstract)|has\ been|was)\ retracted      # "this paper retracted"
              | retract(?:ion|ed)\b
              | type\ strain\ is )
        | \brelated\ to\ the\ (?:research\ )?article\b                             # data of another article
        """,
        _X,
    ),
    cue(  # what a printf made of a `%`, where it could not be undone
        "0",
        rf"""
          \b\d+\ 0(?:\.000000)?[a-z]             # 16 0n, 5 0.000000rom
        | \d\.0{{6}}  # 1.000000
        | 0x0p\+0  # a number in base 16
        | (?-i:\b\d+0{_BUT_UNITS}[a-z]{{2,}}\b)  # 500ut
        """,
        _X,
    ),
)
_OPENS = re.compile(
    rf"""
    \W*
    (?: (?:this|the|our|these)\ {_STUDY}s?\b[^.;]{{0,25}}
        \b(?: (?:was|were|is|are|been)(?:\ [\w-]+){{0,3}}          # "this work was in part supported"
              \ (?:supported|funded|financed|sponsored|underwritten|made\ possible)
            | received\ (?:no|\w+\ (?:funding|support)) )\b        # "the trial received no", "received public funding"
      | (?:\w+ly\ |in\ part\ |partly\ )?(?:supported|funded|sponsored|financed)(?:\ \w+){{0,2}}  # "Partly funded by"
        \ (?:by|from|through|under)\b
      | funding\b
      | (?:(?:retro|pro)spectively\ )?registered\b|registration\b  # "Prospectively registered"
      | (?:published|printed|distributed)\ by\b
      | copyright|\(c\)\ \d{{4}}
      | (?:PMC?ID|DOI|ISBN|ISSN|erratum|corrigendum|comments?\ (?:in|on)|republished|update\ (?:in|of)|see\ also)\b
      | (?:received|accepted|revised|submitted)\b[^.;]*\b(?:19|20)\d\d\b  # "Received 3 May 1999"
      | (?-i:(?:[A-Z][\w&]*\.?,?\ ){{1,6}})(?:\(?(?:19|20)\d\d\)?[;,:.\ ]+)?  # "Newt Res. 1999; "
        \d{{1,4}}\ ?(?:\(\d+\))?\ ?[:;,]\ ?[A-Z]?\d+[-\u2013]\d    # "12 (3): 45-9"
      | (?:correspondence|address|reprints?|e-?mail|reprint\ requests?|author\ affiliations?)\b[^.]{{0,20}}[:.]
      | (?: references?:?\ \d+|\d+\ references?|refs?[:\ ]\d+      # "12 references."
          | author'?s?'?\ abstract|abstract\ truncated|AU )\W
      | (?:level|strength|class|quality)\ of\ evidence\W
      | evidence\ (?:level|grade)\b
      | \d{{1,2}}(?:st|nd|rd|th)?\ [A-Z]\w+,?\ \d{{4}}\W*$         # "3rd May, 1999."
      | (?:[A-Z][\w&]*\.?\ ){{0,6}}\(?(?:19|20)\d\d\)?\W{{1,3}}\d+(?:\(\d+\))?: )  # "Newt Res. (1999) 12(3):"
    """,
    _X,
)

_FINITE = re.compile(
    r"""
    \b(?: is|are|was|were|be|been|has|have|had|do|does|did
        | can|cannot|could|may|might|must|shall|should|will|would
        | rose|fell|led|grew|became|began|found|gave|took|came|went|showed?|made|kept|held|lost|felt|got|ran  # past tense
        | seems?|means|leads?|acts?|plays?|lies  # present tense
        | [a-z]{2,}(?:ed|s|ent|ate|ize|ise) )\b  # the endings of verbs
    """,
    re.VERBOSE,
)
_LISTS = re.compile(r"^[^.;,]{2,40}(?:[;,] ?[^.;,]{2,40}){2,}\W*$")
_MOST_IN_LIST = 3
_SHORTEST = 4


@lru_cache(512)
def is_end_matter(text: str) -> bool:
    """Whether a sentence is end matter, or only says what its paper contains."""
    return (
        bool(_OPENS.match(text)) or names_contents(text) or any_found(_MATTER, text) or _names_only(text) or _keywords(text)
    )


def body_length(sentences: Sequence[str]) -> int:
    """Count the sentences of an abstract before the end matter that closes it."""
    length = len(sentences)
    while length and is_end_matter(sentences[length - 1]):
        length -= 1
    return length


def _names_only(text: str) -> bool:
    """Whether there is no verb and every longer word is a name (`Quist Research Council.`)."""
    if _FINITE.search(text):
        return False
    longer = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) >= _SHORTEST]
    return len(longer) > 0 and all(word[0].isupper() for word in longer)


def _keywords(text: str) -> bool:
    """Whether this is a list of a few words each, without a verb (`Newts; sleep; memory.`)."""
    if not _LISTS.match(text):
        return False
    parts = re.split(r"[;,]", text.strip(" ."))
    return all(len(part.split()) <= _MOST_IN_LIST for part in parts) and not re.search(
        r"\b(?:is|are|was|were|has|have|had|did|not|no|and|or|than|\w+ed)\b", text
    )
