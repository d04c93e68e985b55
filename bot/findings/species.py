"""Species, where a title names them or a sentence says that they were studied."""

import re
from collections.abc import Sequence

from bot.findings.wordings import CONCLUSION, REPORT, WORK

MOST = 3
"""Species named in one breath; more are a survey of kinds."""

_I = re.IGNORECASE
_ORGANS = (
    r"(?:brain|whole|hippocamp\w+|cort(?:ex|ical)|striat\w+|liver|hepat\w+|heart|cardiac|kidney|renal|spinal"
    r"|ileum|ileal|aort\w+|vas|uter\w+"
    r"|dorsal|ventral|raphe|forebrain|hypothalam\w+|cerebell\w+|cerebr\w+|nucleus|locus|prefrontal|medial"
    r"|frontal|muscle|lung|retina|nerve"
    r"|skin|skeletal|trachea\w*|intestin\w+|bladder|papillary|atri\w+|ventricul\w+|caudate|pineal|pituitary"
    r"|adrenal|brainstem|thalam\w+"
    r"|amygdala|superior|sciatic|stomach|colon|isolated|models?|pups?|offspring|behavio\w+)\b"
)
_ENDS = (
    rf"(?=$|[.,;:?!)]|[ ](?:in|on|with|after|by|and|or|to|during|is|was|following|using|under|at|as|before"
    rf"|from|for|when|given|[(]|{_ORGANS}))"
)
"""What stands after the singular of a species that was studied: the "rat brain", but neither rat poison nor the rat race."""
_STOPPERS = (
    r"(?![ -](?:breed|farm|husbandry|meat|milk|owner|bite|blood|anti|serum|sera|antibod|polyclonal"
    r"|monoclonal|IgG|albumin|claw)"
    r"| (?:[\w-]+ ){0,4}(?:proteins?|genes?|[Ss]ynthase|cDNA|fibroblasts?|cell|cells|cultures?)\b|-\w"
    r"|['\u2019\u2010\u2011])"
)
"""What stands after a species that was a tool or a source, and not what was studied."""

_PEOPLE = (
    r"(?:[Hh]ealthy|normal|[Hh]uman|male|female|experienced|paid) (?:[\w-]+ )?(?:volunteers|subjects"
    r"|participants)"
    r"|[Hh]ealthy (?:men|women|adults|males|females|humans|people)|human beings"
)
_PATTERNS = (
    ("rat", rf"[Rr]ats|[Rr]at\b{_ENDS}"),
    ("mouse", rf"(?<![Oo]f )[Mm]ice|[Mm]ouse\b{_ENDS}|(?<=[a-z] of )mice(?! and men)"),
    ("guinea pig", rf"(?<!uman )[Gg]uinea[ -]?pigs|[Gg]uinea[ -]?pig\b{_ENDS}"),
    ("rabbit", rf"[Rr]abbits|[Rr]abbit\b{_ENDS}"),
    ("hamster", rf"[Hh]amsters|[Hh]amster\b{_ENDS}"),
    ("gerbil", rf"[Gg]erbils|[Gg]erbil\b{_ENDS}"),
    ("cat", rf"[Cc]ats|(?:in |the |adult |an?esthetized |conscious |awake )[Cc]at\b{_ENDS}"),
    ("dog", rf"[Dd]ogs|[Dd]og\b{_ENDS}"),
    ("rhesus monkey", r"[Rr]hesus (?:monkeys?|macaques?)"),
    ("squirrel monkey", r"[Ss]quirrel monkeys?"),
    ("monkey", rf"(?<!hesus )(?<!quirrel )(?:[Mm]onkeys|[Mm]onkey\b{_ENDS})"),
    ("baboon", rf"[Bb]aboons|[Bb]aboon\b{_ENDS}"),
    ("pigeon", rf"[Pp]igeons|[Pp]igeon\b{_ENDS}"),
    ("chick", r"(?:day-old |young )[Cc]hicks?"),
    ("pig", r"(?<!uinea )(?<!uinea-)[Pp]igs|[Pp]iglets?"),
    ("sheep", r"[Ss]heep"),
    ("zebrafish", r"[Zz]ebrafish"),
    ("frog", r"[Ff]rogs?"),
    ("Drosophila", r"Drosophila"),
    ("human", _PEOPLE),
)
SPECIES = tuple(name for name, _ in _PATTERNS)
"""The names of all species."""
_SPECIES = tuple((name, re.compile(rf"(?<![\w-])(?<!anti[- ])(?:{pattern})\b{_STOPPERS}")) for name, pattern in _PATTERNS)
_MAN = re.compile(r"\bin (?:normal |healthy )?(?:man|humans)\b")
_LEADS = re.compile(
    r"(?:^\W*|\d|[A-Z][\w/-]*|\b(?:in|to|of|from|with|by|using|on|the|an?|and|or|both|adult|male|female"
    r"|young|old|aged|albino|conscious|intact|naive"
    r"|an?a?esthetized|moving|awake|pregnant|neonatal|newborn|isolated|laboratory|trained|control"
    r"|treated|chronic|hypertensive|perfused"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty))[ -]*$"
)
"""What a species stands after where it is what was studied; "sheep" in "extensive sheep breeding" was not."""
_NOT_A_SUBJECT = re.compile(
    r"\b(?:cell lines?|antibod\w+|antiserum|cDNA|recombinant|homolog\w*|ortholog\w*|transfected|xenograft\w*"
    r"|cell cultures?|cultured|co-?cultur\w+|hybridomas?|fibroblasts?|metaphor\w*|fed on|of mice and men)\b",
    _I,
)


def species_in(title: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Give the species that the title names, or or that one sentence tells of work on; and the text."""
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
    """Give the species of a text, in the order of the table; none where only a tool is named."""
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
