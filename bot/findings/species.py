"""Species, where a title names them or a sentence says that they were studied."""

import re
from collections.abc import Sequence

from bot.findings.cues import CUES

MOST = 3
"""Species named in one breath; more are a survey of kinds."""

_I = re.IGNORECASE
_STOPPERS = (
    r"(?![ -](?:breed|farm|husbandry|meat|milk|owner|bite|blood|anti|serum|sera|antibod|polyclonal"
    r"|monoclonal|IgG|albumin|claw)"
    r"| (?:[\w-]+ ){0,4}(?:proteins?|genes?|[Ss]ynthase|cDNA)\b|-(?:derived|like|adapted)|')"
)
"""What stands after a species that was a tool or a source, and not what was studied."""

_PEOPLE = (
    r"(?:[Hh]ealthy|normal|[Hh]uman|male|female|experienced|paid) (?:[\w-]+ )?(?:volunteers|subjects"
    r"|participants)"
    r"|[Hh]ealthy (?:men|women|adults|males|females|humans|people)|human beings"
)
_PATTERNS = (
    ("rat", r"[Rr]ats?"),
    ("mouse", r"[Mm]ouse|[Mm]ice"),
    ("guinea pig", r"[Gg]uinea[ -]?pigs?"),
    ("rabbit", r"[Rr]abbits?"),
    ("hamster", r"[Hh]amsters?"),
    ("gerbil", r"[Gg]erbils?"),
    ("cat", r"(?:in |the |adult |an?esthetized |conscious |awake )[Cc]ats?|Cats|cats"),
    ("dog", r"[Dd]ogs?"),
    ("rhesus monkey", r"[Rr]hesus (?:monkeys?|macaques?)"),
    ("squirrel monkey", r"[Ss]quirrel monkeys?"),
    ("monkey", r"(?<!hesus )(?<!quirrel )[Mm]onkeys?"),
    ("baboon", r"[Bb]aboons?"),
    ("pigeon", r"[Pp]igeons?"),
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
    r"(?:^\W*|\d|[A-Z][\w/-]*|\b(?:in|to|of|from|with|by|using|on|the|an?|and|or|adult|male|female"
    r"|young|old|aged|albino|conscious|intact|naive"
    r"|an?a?esthetized|moving|awake|pregnant|neonatal|newborn|isolated|laboratory|trained|control"
    r"|treated|chronic|hypertensive|perfused"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty))[ -]*$"
)
"""What a species stands after where it is what was studied; "sheep" in "extensive sheep breeding" was not."""
_NOT_A_SUBJECT = re.compile(
    r"\b(?:cell lines?|antibod\w+|antiserum|cDNA|recombinant|homolog\w*|ortholog\w*|transfected|xenograft\w*)\b", _I
)


def species_in(title: str, sentences: Sequence[str]) -> tuple[str, str] | None:
    """Give the species that the title names, or those of the first sentence that tells of work on some; and the text."""
    named = _names(title, heading=True)
    if named:
        return ", ".join(named), title
    for text in sentences:
        named = _names(text)
        if named and (CUES["works"].search(text) or CUES["reports"].search(text)):
            return ", ".join(named), text
    return None


def _names(text: str, *, heading: bool = False) -> list[str]:
    """Give the species of a text, in the order of the table; none where only a tool is named."""
    if _NOT_A_SUBJECT.search(text):
        return []
    named = []
    for name, pattern in _SPECIES:
        found = pattern.search(text)
        if found and (heading or name == "human" or _LEADS.search(text[: found.start()])):
            named.append(name)
    if heading and "human" not in named and _MAN.search(text):
        named.append("human")
    return named if len(named) <= MOST else []
