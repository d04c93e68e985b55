"""Tell by its wording whether a sentence reports others' work, or states the aim of the present study."""

import re

from bot.findings.cues import cue

_X = re.IGNORECASE | re.VERBOSE
_REPORTED = r"""(?:
      shown|reported|suggested|demonstrated|documented|described|implicated|proposed|found|observed|associated
    | claimed|hypothesi[sz]ed|argued|concluded|indicated|identified|established|advocated|recommended|postulated
    | noted|used|considered|raised|revealed
)"""
"""How a finding was made known: "has been reported"."""
_REPORT = r"(?:reports?|suggests?|shows?|finds?|concludes?|claims?|argues?|states?|proposes?|demonstrates?|presents?)"
_WORKS = r"""(?:
      stud(?:y|ies)|reports?|work|investigations?|publications?|trials?|evidence|research|findings?|experiments?
    | observations?|results|data|literature|(?:meta-)?analys[ei]s|papers?
)"""
_FIND_OUT = "determine|investigate|examine|evaluate|assess|test|study|clarify|elucidate|explore|characteri[sz]e|compare"
"""What a study sets out to do, after "to"."""

_NAMED = cue(
    "et al|colleagues|workers|associates|collaborators|authors|investigators|researchers|in one |in a |in the literature"
    "|by others|previous|earlier|recent",
    rf"""
      \bet\ al\b                                                                 # "Quist et al."
    | \b(?:and|&)\ (?:his\ |her\ |their\ )?(?:colleagues|co-?workers|associates|collaborators)\b  # "and her colleagues"
    | \b(?:these|those|other|some|several|many)\ (?:authors|investigators|researchers|workers)\b  # "several authors"
    | \bthe\ authors\ (?:also\ )?(?:conclude|claim|state|argue)\b  # "the authors also claim"
    | \bin\ (?:one|a\ (?:previous|earlier|recent))\ (?:\w+\ )?(?:study|trial)\b  # "in one small study", "in a recent trial"
    | \b(?:reported|documented|described)\ (?:\w+\ )?                            # "documented widely by others"
      (?:in\ the\ literature|by\ others|previously|earlier)\b
    | \b(?:previous(?:ly)?|earlier|recent(?:ly)?)\ (?:been\ )?                   # "recently been reported"
      (?:{_WORKS}\ (?:\w+\ ){{0,3}}(?:have\ |has\ )?)?{_REPORTED}\b              # "previous studies in newts have shown"
    """,
    _X,
)
_CITED = re.compile(r"\((?:[^()]*[^\d()])?(?:19\d\d|20[0-2]\d)[a-z]?(?:[;,][^()]*)?\)")
"""A citation with its year, such as "(Quist and Marlow, 1990)"."""
_OPENS = re.compile(
    rf"""
      (?:\W|\d)*(?:they|he|she)\ (?:also\ |have\ |has\ )?(?:{_REPORTED}|showed)\b  # "They showed", "She has reported"
    | (?-i:(?!We\b|It\b|I\b|The[ny]?\b)[A-Z][a-z]+\ (?:and\ [A-Z][a-z]+\ )?)       # "Quist and Marlow"
      (?:ha(?:ve|s)\ )?(?:recently\ )?
      (?: (?:reported|suggested|argued|claimed|proposed|described|documented)\b    # "have recently reported"
          (?!\ (?:\w+\ ){{0,3}}(?:by|in)\b)                                        # but not "Sleep reported by newts"
        | found\ out\b )
    | (?:\W|\d)*(?:studies|reports|trials)\ showing\b  # "Reports showing"
    """,
    _X,
)
"""The beginning of a sentence that names others, or their work, and what they found."""

_ASIDE = re.compile(
    rf"""
      \b(?:that|which)\ (?:has|have|had|was|were)\ [^,;]*                         # "effects that have been reported"
    | (?<!was\ )(?<!were\ )(?<!been\ )(?<!has\ )(?<!have\ )(?<!had\ )(?<!we\ )
      \bpreviously\ {_REPORTED}\b(?!\ (?:that|the|an?)\b)                       # "the previously reported effects"
    | \b(?:not|never)\ previously\b                                             # "has not previously been seen"
    """,
    _X,
)
"""The part of a sentence that says of a thing whether it was known before; the rest may tell what this study found."""

_COMPARES = re.compile(
    r"""
      \b(?: consistent|agreement|agree|agrees|accord|accordance|line         # "in agreement with"
          | contrast|compared|inconsistent|variance )\ (?:with|to)\b         # "at variance with"
    | \b(?: in\ contrast|contrary|unlike|extends?                            # "in contrast"
          | confirm\w*|replicat\w*|challeng\w*|support\w*|contradict\w* )\b  # "confirming"
    """,
    _X,
)
"""Compares a result of this study with others' work; such a sentence does not count as others'."""

_OWN = cue(
    "this |our |present |current |we |in the stud|here |herein |now |aim|objective|purpose|goal|case|a patient|based on"
    "|to further|to determine|to investigate|to examine|to evaluate|to assess|to test|to study|to clarify|to elucidate"
    "|to explore|to characteri|to compare",
    rf"""
      \b(?:(?:the|this|our)\ (?:present|current)|this|our)\ (?:[\w-]+\ ){{0,3}}  # "the present clinical survey"
      (?: study|work|paper|report|article|investigation|experiments?|trial|review
        | case|series|survey|communication|analysis )\b
    | \bwe\ (?!(?:have\ |had\ )?(?:previously|recently|earlier)\b)  # "we now report", but not "we recently reported"
    | \bin\ the\ stud(?:y|ies)\ (?:reported|described)\ here\b  # "in the studies reported here"
    | \b(?:our|the\ present)\ (?:\w+\ )?(?:results|findings|data|patients|experiments|observations)\b  # "our first results"
    | \b(?:here|herein|now)\ (?:reported|{_REPORT}|investigated)\b  # "here reported"
    | \b(?:aims?|objectives?|purpose|goal)\b[^.;]{{0,60}}\b(?:was|were|is|to)\b  # "the aim of the trial was"
    | (?:^|\b(?:in\ order|undertaken|designed|performed|conducted|carried\ out|sought|attempted|attempt)\ )to\ (?:further\ )?
      (?:{_FIND_OUT})\b                                             # "To determine", "designed to test"
    | \bbased\ on\ (?:the\ )?available\ (?:studies|data|evidence|literature)\b  # "based on the available evidence"
    | \bcase\ (?:report|history|presentation)\b  # "case report"
    | \ba\ (?:case|patient)\b[^.;]{{0,40}}\b(?:is|was)\ (?:presented|reported|described)\b  # "a case of sleep is presented"
    """,
    _X,
)
"""Wording by which a sentence speaks of the present study."""

_EARLIER = cue(
    "previous|recent|earlier|prior|past|another|in a |in an |in our |in two ",
    r"""
      \bwe\ (?:have\ |had\ |also\ )*(?:previously|recently|earlier)\b                       # "we have previously"
    | \bour\ (?:\w+\ )?(?:previous|earlier|recent|past)\b                                   # "our own earlier"
    | \b(?:previous|earlier|prior|another)\ (?:\w+\ )?(?:study|work)\b(?:\ \w+){0,2}\ we\b  # "in another study of sleep we"
    | \bpreviously,?\ we\b  # "previously, we"
    | \bin\ (?:a|an|our|two)\ (?:previous|earlier|prior|recent)\b                           # "in a previous"
    """,
    _X,
)
"""Wording by which the authors speak of their own earlier work."""

_PLANS = cue(
    "will|being|planned|expected|scheduled|to be|currently|ongoing|under way|underway|if proven",
    r"""
    \b(?: will
        | (?:is|are)\ (?:being|planned|expected|scheduled|to\ be|currently|ongoing|under\ ?way)  # "are being recruited"
        | if\ proven )\b                                                                         # "if proven effective"
    """,
    _X,
)
"""Says what is yet to be done, as protocols do."""

_AIM = re.compile(
    rf"""
      \b(?: aims?|aimed|objectives?|purpose|goals?|sought|undertaken|designed            # "the aim", "was designed"
          | hypothes[ie]s|hypothesi[sz]ed|ask|asked|intended )\b                         # "the hypothesis"
    | \b(?: investigat|examin|stud|evaluat|assess|compar|test|explor|analy[sz]|determin  # "we investigated"
          | address|consider|discuss|review|describ )(?:ed?|ied|es|s|ing|y)\b            # "this paper describes"
    | \bto\ (?:\w+\ )?                                                                   # "to further explore"
      (?:{_FIND_OUT}|delineate|optimize)\b
    """,
    _X,
)
_STATED_AIM = re.compile(
    rf"""
      ^(?:\W|\d)*to\ (?:\w+\ )?                                                # "To test", "(1) To briefly review"
      (?:{_FIND_OUT}|describe|identify|review|increase|present)\b
    | \b(?:aims?|objectives?|purpose|goal)\b[^.;]*\b(?:was|were|is|are)\ to\b  # "the objective of the trial was to"
    """,
    _X,
)
_FURTHER_AIM = cue("secondary|will also|additional", r"\bsecondary\b|\bwill also\b|\badditional\b", re.IGNORECASE)
"""Names a secondary aim, which is not quoted as the aim of the study."""

_SETS_OUT = cue(
    "undertaken|designed|performed|conducted|carried|aim|intended|initiated|planned|objective|purpose|goal|we ",
    rf"""
      \b(?:the|this|our)\ (?:present\ |current\ )?(?:[\w-]+\ )?                     # "the present clinical"
      (?:study|work|trial|experiments?|investigation)\b[^.;]{{0,40}}
      \b(?:was|were|is|are)\ (?:\w+\ )?                                            # "study in newts was therefore"
      (?:undertaken|designed|performed|conducted|carried\ out|aimed|intended|initiated|planned)\ (?:in\ order\ )?to\b
    | \b(?:aims?|objectives?|purpose|goal)\b[^.;]*\b(?:was|were|is|are)\ to\b       # "the aim of the trial was to"
    | ^(?:\W|\d)*(?:therefore|thus|hence|accordingly),?\ (?:here,?\ )?we            # "Thus we tested"
      \ (?:\w+\ )?(?:{_FIND_OUT})(?:d|ed)?\b
    | \bwe\ (?:therefore|thus)\ (?:{_FIND_OUT}|sought|asked)                        # "we therefore asked"
    """,
    _X,
)
_REVIEWS = re.compile(r"\breview", re.IGNORECASE)


def sets_out(text: str) -> bool:
    """Whether a sentence surely says what the present study set out to find; the aim of a review does not count."""
    return bool(_SETS_OUT.search(text)) and not _REVIEWS.search(text)


def names_aim(text: str) -> bool:
    """Whether a sentence states the main aim of the present study."""
    if _FURTHER_AIM.search(text):
        return False
    return bool(_STATED_AIM.search(text)) or ((_names_own(text) or bool(_PLANS.search(text))) and bool(_AIM.search(text)))


def told_by_others(text: str) -> bool:
    """Whether a sentence surely tells what others, or the authors in an earlier study, found."""
    earlier = _names_earlier(text) and _names_earlier(_ASIDE.sub("", text))
    return earlier and not _COMPARES.search(text) and not _names_own(text)


def _names_earlier(text: str) -> bool:
    return bool(_EARLIER.search(text) or _OPENS.match(text) or _CITED.search(text) or _NAMED.search(text))


def _names_own(text: str) -> bool:
    """Whether a sentence speaks of the present study."""
    return bool(_OWN.search(text)) and not (_EARLIER.search(text) and not _COMPARES.search(text))
