"""Which section of a study a printed label names; the label is what the abstract prints before a paragraph.

| printed                                  | its sentences may be  |
|------------------------------------------|-----------------------|
| BACKGROUND                               | BACKGROUND            |
| ETHNOPHARMACOLOGICAL RELEVANCE           | BACKGROUND            |
| SUMMARY OF BACKGROUND DATA               | BACKGROUND            |
| WHAT IS ALREADY KNOWN ON THIS TOPIC      | BACKGROUND            |
| IMPORTANCE                               | BACKGROUND, OBJECTIVE |
| AIM OF THE STUDY                         | OBJECTIVE             |
| QUESTIONS/PURPOSES                       | OBJECTIVE             |
| Main Outcome Measures                    | METHODS               |
| MAIN OUTCOMES AND MEASURES               | METHODS               |
| DATA SOURCES AND STUDY SELECTION         | METHODS               |
| OUTCOME                                  | METHODS, RESULTS      |
| CASE REPORT                              | METHODS, RESULTS      |
| METHODS AND RESULTS                      | METHODS, RESULTS      |
| METHODOLOGY/PRINCIPAL FINDINGS           | METHODS, RESULTS      |
| DATA SYNTHESIS                           | RESULTS               |
| RESULTS OF DATA ANALYSIS                 | RESULTS               |
| CLINICAL RELEVANCE                       | CONCLUSIONS           |
| CONCLUSIONS/SIGNIFICANCE                 | CONCLUSIONS           |
| CONCLUSIONS AND IMPLICATIONS OF FINDINGS | CONCLUSIONS           |
| WHAT THIS STUDY ADDS                     | CONCLUSIONS           |
| HOW THIS MIGHT AFFECT POLICY OR PRACTICE | CONCLUSIONS           |
| TRIAL REGISTRATION                       | BACKGROUND, apart     |
| ETHICS AND DISSEMINATION                 | BACKGROUND, apart     |
| STUDY FUNDING/COMPETING INTERESTS        | BACKGROUND, apart     |
| LEVEL OF EVIDENCE                        | METHODS, apart        |
| LIMITATIONS                              | CONCLUSIONS, apart    |

"Apart" means that no sentence under the label is a finding. The rules follow the mapping of labels to these five categories
that the US National Library of Medicine publishes ("Structured Abstracts in MEDLINE"), with one difference: a label that
names two sections allows both, where the mapping chooses one. The mapping is not consistent about CASE, OUTCOME and
OBSERVATION, so these allow two as well. SUMMARY may head a whole abstract, so it allows all.
"""

import re
from enum import StrEnum


class Label(StrEnum):
    """What a sentence does, in the order of the model's scores."""

    BACKGROUND = "BACKGROUND"
    OBJECTIVE = "OBJECTIVE"
    METHODS = "METHODS"
    RESULTS = "RESULTS"
    CONCLUSIONS = "CONCLUSIONS"


LABELS = tuple(Label)

_NO_SECTION = r"""
      REGIST(?:ER|R) | TRIAL\ (?:NUMBER|INFORMATION|ID\b) | IDENTIFIER  # where the study is registered
    | FUND(?:ING|ED|ERS?\b) | SPONSOR | \bSUPPORT | ACKNOWLEDG          # who paid or helped
    | DISCLOS | (?:CONFLICTS?|DECLARATIONS?)\ OF | COMPETING            # interests of the authors
    | \bGRANTS?\b | CONTRIBUTION | (?:COMMERCIAL|FINANCIAL)\ RELATIONSHIP | PROVENANCE | ISRCTN | EUDRA  # more of these
    | COPYRIGHT | DISCLAIMER                                            # rights
    | KEY\ ?-?WORD | INDEX\ TERM | ABBREVIATION | AVAILAB | SUPPLEMENT | CORRESPOND | CONTACT  # about the article
"""
_GRADE = r"(?:LEVELS?|QUALITY|STRENGTH)\ OF\ (?:\w+\ )?(?:EVIDENCE|RECOMMENDATION)"
_NO_FINDING = rf"\bETHIC | CONSENT\b | LIMITATION | CAUTION | {_GRADE}"

_APART = re.compile(f"{_NO_SECTION} | {_NO_FINDING}", re.VERBOSE)
_FOUND = re.compile("RESULT|FINDING|CONCLUSION|INTERPRETATION|DISCUSSION")
_BETWEEN_PARTS = re.compile(r"\s*(?:[/&,]|\bAND\b|\bOR\b)\s*")

_B, _O, _M, _R, _C = LABELS
_WHOLE = (
    (r"DISSEMINATION | ETHNO | BACKGROUND\ (?:AND|&)\ (?:SIGNIFICANCE|IMPORTANCE)", {_B}),
    (r"IS\ (?:ALREADY\ )?KNOWN", {_B}),
    (r"MIGHT\ AFFECT|WHAT\ THIS\ .*\bADDS", {_C}),
    (r"OUTCOMES?\ (?:AND|&)\ (?:OTHER\ )?MEASURE", {_M}),
    (_GRADE, {_M}),
)
"""Labels that are one phrase, though they may name two things."""
_PARTS = (
    (_NO_SECTION, {_B}),
    (
        r"""
          CONCLU | SCHLUSS | DISCUSS | INTERPRET | INFERENCE | IMPLICATION | RECOMMEND | COMMENT  # what is concluded
        | LIMITATION | CAUTION                                                                    # how sure it is
        | RELEVANCE | SIGNIFICANCE | CLINICAL\ IMPORTANCE | \bIMPACT | APPLICATION                # what it is good for
        | FUTURE | OUTLOOK | PROSPECT | PERSPECTIVE | \bNEXT$ | PROGNOSIS | SPECULATION           # what comes next
        | ADVANTAGE | CONSEQUENCE | \bVALUE$ | EXPERT\ OPINION | GUIDELINES?$ | LESSON            # what follows from it
        | IS\ NEW$ | \bADDS$ | MESSAGE | (?:KEY|LEARNING)\ POINT | HIGHLIGHT | BOTTOM\ LINE | \bANSWER  # what to remember
        """,
        {_C},
    ),
    (r"STATEMENT\ OF\ (?:THE\ )?PROBLEM", {_B}),
    (r"(?:KEY|CRITICAL)\ ISSUE", {_R}),
    (
        r"""
          \bAIMS?\b | OBJECT(?:IVE|S?\b) | OBJE[CT]TI[FV] | OBIETTIV | ZIEL | PURPOSE | \bGOALS?\b | INTENTION  # the aim
        | HYPOTHES | QUESTION | PROBLEM | \bISSUE | PREMISE | \bTOPIC  # what is asked
        """,
        {_O},
    ),
    (r"^IMPORTANCE$", {_B, _O}),
    (
        r"""
          BACKGROUND | HINTERGRUND | \bINTRO | CONTEXT | RATIONALE? | MOTIVATION | JUSTIFICATION | REASONS?\ FOR  # why
        | KNOWLEDGE | STATE\ OF\ (?:THE\ )?ART | HISTORICAL | OVERVIEW | IMPORTANCE  # what is known
        | DEFINITION | PRINCIPLES?$ | THEOR(?:Y|IES)$ | RECENT\ (?:ADVANCE|DEVELOPMENT) | STARTING\ POINT  # what it rests on
        | EPIDEMIOLOGY | ETIOLOGY                                                    # how common it is, and why
        """,
        {_B},
    ),
    (
        r"""
          R[E\u00c9]SULT | RISULTAT | ERGEBNIS | FINDING | SYNTHESIS$                       # what was found
        | ADVERSE | \bSAFETY | EFFICACY | TOXICITY | COMPLICATION | \bHARMS?\b | FOLLOW-UP  # what happened to the subjects
        | EVALUATION$ | VALIDATION | EXPERIENCE | AREAS?\ OF | \bCOURSE | RESPONSE$         # how it went
        """,
        {_R},
    ),
    (r"MEASURE | PARAMETER | VARIABLE | PRIMARY\ OUTCOME", {_M}),
    (r"OUTCOME | \bCASES?\b | OBSERVATION", {_M, _R}),
    (
        r"""
          M[E\u00c9]THOD | M[E\u00c9]TOD | DESIGN | APPROACH | PROCEDURE | PROTOCOL | TECHNIQUE | STRATEG | EXPERIMENT  # how
        | SETTING | PARTICIPANT | PATIENT | SUBJECT | VOLUNTEER | ANIMAL | POPULATION | \bSAMPL | COHORT | CONTROLS  # whom
        | MATERIAL | INTERVENTION | TREATMENT | THERAPY | EXPOSURE | DIAGNOS | INSTRUMENT | EQUIPMENT    # with what
        | \bDATA | SOURCE | SELECTION | EXTRACTION | EVIDENCE | LITERATURE | SEARCH | CRITERIA | REVIEW  # from what texts
        | AREAS?\ COVERED
        | STATISTIC | ANALYS | ASSESSMENT | DESCRIPTION | PREDICTOR                                      # how it was counted
        | STUDY | STUDIES | TRIAL                                                                        # the study as such
        | HISTORY | PRESENTATION | FEATURES | INDICATIONS | INVESTIGATION | END\ ?POINT | SPECIMEN | \bREPORTS?$  # the case
        | \bMODELS?$ | FRAMEWORK | CONCEPT | IMPLEMENTATION                                              # the model
        | \bETHIC | CONSENT | LOCATION | \bPLACE | \bSCOPE                                               # who agreed, where
        """,
        {_M},
    ),
)
"""What a part of a label names: the first rule that fits."""
_RULES_WHOLE, _RULES_PARTS = (
    [(re.compile(pattern, re.VERBOSE), frozenset(labels)) for pattern, labels in rules] for rules in (_WHOLE, _PARTS)
)


def printed_labels(label: str | None) -> frozenset[Label]:
    """Give what the sentences under a printed label may be: all labels if there is no label, or if it names no section."""
    text = (label or "").upper().strip(" .:")
    for pattern, labels in _RULES_WHOLE:
        if pattern.search(text):
            return labels
    parts = (
        next((labels for pattern, labels in _RULES_PARTS if pattern.search(part)), frozenset[Label]())
        for part in _BETWEEN_PARTS.split(text)
    )
    return frozenset().union(*parts) or frozenset(LABELS)


def stands_apart(label: str | None) -> bool:
    """Say whether a printed label heads something that is never a finding: funding, ethics, limitations, keywords."""
    text = (label or "").upper()
    return bool(_APART.search(text)) and not _FOUND.search(text)
