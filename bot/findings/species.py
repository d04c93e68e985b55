"""The species of a study, if its title names them or a sentence says that they were studied."""

import re
from collections.abc import Sequence

from bot.findings.wordings import CONCLUSION, REPORT, WORK

MOST = 3
"""Species of one study, at most; a text with more compares kinds of animals."""

_ORGAN = r"""(?:
      brain|forebrain|brainstem|hippocamp\w+|cort(?:ex|ical)|prefrontal|striat\w+  # parts of the brain
    | hypothalam\w+|thalam\w+|cerebell\w+|cerebr\w+|amygdala|caudate|raphe|locus|nucleus
    | pineal|pituitary|spinal|sciatic|nerve|retina                                 # nerves and glands
    | liver|hepat\w+|heart|cardiac|papillary|atri\w+|ventricul\w+|kidney|renal|adrenal|lung|trachea\w*  # organs
    | muscle|skeletal|skin
    | ileum|ileal|intestin\w+|stomach|colon|aort\w+|vas|uter\w+|bladder            # hollow organs
    | whole|isolated|dorsal|ventral|medial|frontal|superior                        # "rat isolated ileum"
    | models?|pups?|offspring|behavio\w+                                           # "rat pups"
)\b"""
_END = rf"""(?=
      $ | [.,;:?!)]
    | \ (?: in|on|with|after|by|and|or|to|during|is|was|following|using|under|at|as|before|from|for|when|given  # "rat after"
          | \(         # "rat (n = 6)"
          | {_ORGAN})  # "rat brain"
)"""
"""What must follow a species in the singular that was studied: as in "rat brain", but not in "rat poison" or "rat race"."""
_TOOL = r"""(?!
      [ -](?:anti|serum|sera|antibod|polyclonal|monoclonal|IgG|albumin|blood)                   # "rabbit antibodies"
    | [ -](?:breed|farm|husbandry|meat|milk|owner|bite|claw)                                    # "sheep farming"
    | \ (?:[\w-]+\ ){0,4}(?:proteins?|genes?|[Ss]ynthase|cDNA|fibroblasts?|cells?|cultures?)\b  # "mouse muscle cells"
    | -\w                                                                                       # "rat-tail"
    | ['\u2019\u2010\u2011]                                                                     # "cat's claw"
)"""
"""What must not follow a species that was studied: with it, the species is a source, a tool or food."""

_PEOPLE = r"""
      (?:[Hh]ealthy|normal|[Hh]uman|male|female|experienced|paid)\ (?:[\w-]+\ )?  # "healthy male volunteers"
      (?:volunteers|subjects|participants)
    | [Hh]ealthy\ (?:men|women|adults|males|females|humans|people)
    | human\ beings
"""
_PATTERNS = (
    ("rat", rf"[Rr]ats | [Rr]at\b{_END}"),
    ("mouse", rf"(?<![Oo]f\ )[Mm]ice | [Mm]ouse\b{_END} | (?<=[a-z]\ of\ )mice(?!\ and\ men)"),
    ("guinea pig", rf"(?<!uman\ )[Gg]uinea[ -]?pigs | [Gg]uinea[ -]?pig\b{_END}"),
    ("rabbit", rf"[Rr]abbits | [Rr]abbit\b{_END}"),
    ("hamster", rf"[Hh]amsters | [Hh]amster\b{_END}"),
    ("gerbil", rf"[Gg]erbils | [Gg]erbil\b{_END}"),
    ("cat", rf"[Cc]ats | (?:in\ |the\ |adult\ |an?esthetized\ |conscious\ |awake\ )[Cc]at\b{_END}"),
    ("dog", rf"[Dd]ogs | [Dd]og\b{_END}"),
    ("rhesus monkey", r"[Rr]hesus\ (?:monkeys?|macaques?)"),
    ("squirrel monkey", r"[Ss]quirrel\ monkeys?"),
    ("monkey", rf"(?<!hesus\ )(?<!quirrel\ )(?:[Mm]onkeys|[Mm]onkey\b{_END})"),
    ("baboon", rf"[Bb]aboons | [Bb]aboon\b{_END}"),
    ("pigeon", rf"[Pp]igeons | [Pp]igeon\b{_END}"),
    ("chick", r"(?:day-old\ |young\ )[Cc]hicks?"),
    ("pig", r"(?<!uinea[ -])[Pp]igs | [Pp]iglets?"),
    ("sheep", r"[Ss]heep"),
    ("zebrafish", r"[Zz]ebrafish"),
    ("frog", r"[Ff]rogs?"),
    ("Drosophila", r"Drosophila"),
    ("human", _PEOPLE),
)
SPECIES = tuple(name for name, _ in _PATTERNS)
_SPECIES = tuple(
    (name, re.compile(rf"(?<![\w-])(?<!anti[ -])(?:{pattern})\b{_TOOL}", re.VERBOSE)) for name, pattern in _PATTERNS
)
_MAN = re.compile(r"\bin (?:normal |healthy )?(?:man|humans)\b")
_LEADS = re.compile(
    r"""
    (?: ^\W* | \d | [A-Z][\w/-]*                                                      # "12 ", "Wistar "
      | \b(?: in|to|of|from|with|by|using|on|the|an?|and|or|both                      # "in ", "both "
            | one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty
            | adult|young|old|aged|pregnant|neonatal|newborn|male|female              # age and sex
            | conscious|awake|moving|intact|isolated|perfused|an?a?esthetized         # state
            | albino|hypertensive|laboratory|trained|naive|control|treated|chronic )  # strain and treatment
    )[ -]*$
    """,
    re.VERBOSE,
)
"""What must stand before a species that a sentence says was studied; not so in "extensive sheep breeding"."""
_NOT_A_SUBJECT = re.compile(
    r"""
    \b(?: cell\ lines? | cell\ cultures? | cultured | co-?cultur\w+ | hybridomas? | fibroblasts?  # cells
        | transfected | recombinant | cDNA | homolog\w* | ortholog\w*                             # genes
        | xenograft\w* | antibod\w+ | antiserum                                                   # sources
        | metaphor\w* | fed\ on | of\ mice\ and\ men )\b                                          # figures of speech, food
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words of a sentence in which a species is a tool, a source or a figure of speech."""


def species_in(title: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Give the species that the title names, or else that a sentence says were studied, and the text that says so."""
    named = _names(title, heading=True)
    if named:
        return ", ".join(named), title
    told = [
        (set(_names(text)), text)
        for text in sentences
        if (WORK.search(text) or REPORT.search(text)) and not CONCLUSION.search(text)
    ]
    named_somewhere = set().union(*(names for names, _ in told))
    for names, text in told:
        if names and names == named_somewhere:
            return ", ".join(name for name, _ in _PATTERNS if name in names), text
    return None


def _names(text: str, *, heading: bool = False) -> list[str]:
    """Give the species of a text in the order of the table; none if the text names only a tool."""
    if _NOT_A_SUBJECT.search(text):
        return []
    named = []
    for name, pattern in _SPECIES:
        found = list(pattern.finditer(text))
        if heading or name == "human" or any(_LEADS.search(text[max(0, one.start() - 40) : one.start()]) for one in found):
            named += [name] * bool(found)
        elif found:
            return []  # a sentence of which only a part is understood
    if heading and "human" not in named and _MAN.search(text):
        named.append("human")
    return named if len(named) <= MOST else []
