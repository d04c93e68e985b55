"""What the title or abstract states at a glance: kind of study, species, number of subjects, doses.

Rules, not guesses: a fact is given only where a sentence states it of this study, and that sentence is kept beside it. What
is told of other work, supposed, or stated twice with different numbers is left out.
"""

import re
from collections.abc import Iterator, Sequence

from bot.core.card import Fact
from bot.core.record import Paragraph
from bot.findings.cues import CUES, VETOES
from bot.findings.doses import doses_in
from bot.findings.sentences import split_sentences
from bot.findings.subjects import subjects_in

MOST_DOSES = 2
MOST_SPECIES = 3

_I = re.IGNORECASE
_TRIAL = r"(?:trial|study|design|investigation|experiment|comparison|protocol)\b"
_PEOPLE = re.compile(
    r"\b(?:patients?|volunteers?|participants?|subjects|men|women|children|adults|adolescents|humans?|persons|people)\b", _I
)

_RANDOMISED = rf"randomi[sz]ed\b(?:[ ,-]+[\w-]+){{0,6}}?[ -]+{_TRIAL}"
_IN_TITLE = (
    ("Retraction", r"^(?:retract(?:ion|ed)\b|notice of retraction)"),
    ("Meta-analysis", r"\bmeta-?analysis\b"),
    ("Systematic review", r"\bsystematic(?: literature)? review\b"),
    ("Scoping review", r"\bscoping review\b"),
    (
        "Case report",
        r"\bcase reports?\b|^(?:a|one|two|three) (?:\w+ )?cases? of\b|\breport of (?:a|one|two|three|\d+) cases?\b",
    ),
    ("Case series", r"\bcase series\b"),
    (
        "Review",
        (
            r"\b(?:literature|critical|narrative|brief|mini|historical|comprehensive)[ -]review\b"
            r"|[:.?] an? (?:\w+ )?review\.?$|^an? review of\b|^review of\b|: review$"
        ),
    ),
    ("Randomised trial", rf"\b{_RANDOMISED}"),
    ("Survey", r"\bsurvey\b"),
    ("Qualitative study", r"\bqualitative (?:study|analysis|interview\w*)\b"),
    ("Ethnography", r"\bethnograph(?:y|ic)\b"),
    ("Cohort study", r"\bcohort study\b"),
    ("Case-control study", r"\bcase[ -]control study\b"),
    ("Open-label trial", rf"\bopen[ -]label\b(?: [\w-]+){{0,3}} {_TRIAL}"),
    ("Pilot study", r"\bpilot (?:study|trial)\b"),
    ("In vitro", r"^(?!.*\bin vivo\b).*\bin vitro\b"),
    (
        "Chemistry",
        (
            r"^(?:the |total |improved |an? )?(?:\w+ )?syntheses of|^(?:the |a |an )?(?:total |improved "
            r"|facile |stereoselective )?synthesis (?:of|and)\b"
            r"|\bcrystal structure of\b|\b(?:by|using) (?:gas|liquid|thin[ -]layer"
            r"|high[ -]performance liquid) chromatograph"
        ),
    ),
)
_THIS = r"\b(?:this|the present|the current|our|present)"
_WE_DID = r"\bwe (?:\w+ )?(?:conducted|performed|carried out|did|undertook|report|describe|present)(?: \w+)?"
_OF_THIS = rf"(?:{_THIS}|{_WE_DID})"
_IN_ABSTRACT = (
    ("Meta-analysis", rf"{_OF_THIS}\b(?: [\w-]+){{0,5}} meta-?analysis\b"),
    ("Systematic review", rf"{_OF_THIS}\b(?: [\w-]+){{0,4}} systematic(?: literature)? review\b"),
    (
        "Case report",
        (
            rf"{_THIS}\b(?: [\w-]+){{0,2}} case report\b|\bwe (?:report|describe|present) (?:the case"
            rf"|a case|here a case|one case) of\b"
        ),
    ),
    (
        "Review",
        (
            r"\b(?:this|the present) (?:\w+ )?review (?:article |paper )?"
            r"(?:will|summari|discuss|focus|cover|describ|present|examin|highlight|provid|explor|aim|consider)"
            r"|\b(?:this|the present) (?:article|paper|chapter) reviews\b"
        ),
    ),
    (
        "Randomised trial",
        (
            rf"\bin (?:a|this|the present|our)\b(?: [\w,-]+){{0,6}}?[ -]{_RANDOMISED}"
            rf"|{_OF_THIS}\b(?: [\w,-]+){{0,5}}[ -]{_RANDOMISED}"
            rf"|^(?:an? )?(?:[\w-]+,? ){{0,5}}{_RANDOMISED}(?= (?:was|of|in|with|comparing|conducted"
            rf"|involving|design|at)\b|\.?$)"
            r"|\b(?:patients|volunteers|participants|subjects|women|men|children)\b[^.;]{0,60}"
            r"\bwere (?:randomi[sz]ed|randomly (?:assigned|allocated))\b"
        ),
    ),
    (
        "Double-blind study",
        rf"\bin (?:a|this|the present)\b(?: [\w,-]+){{0,4}}?[ -]?double[ -]blind\b(?:[ ,-]+[\w-]+){{0,5}}?[ -]+{_TRIAL}",
    ),
    (
        "Survey",
        (
            r"\b(?:we (?:\w+ )?(?:surveyed|conducted (?:a|an)(?: \w+){0,3} survey)"
            r"|survey (?:was|of \d[\d,]* \w+ was) (?:conducted|carried out))\b"
        ),
    ),
    ("Cohort study", rf"{_OF_THIS}\b(?: [\w-]+){{0,5}} cohort study\b|\bin (?:a|this)(?: [\w-]+){{0,4}} cohort study\b"),
    ("Case-control study", rf"(?:{_OF_THIS}|\bin (?:a|this))\b(?: [\w-]+){{0,5}} case[ -]control study\b"),
    (
        "Ethnography",
        (
            rf"\bethnographic (?:fieldwork|field work|interviews|observation)\b"
            rf"|{_OF_THIS}\b(?: [\w-]+){{0,2}} ethnograph"
        ),
    ),
    (
        "Open-label trial",
        rf"(?:{_OF_THIS}|\bin (?:a|this|an)|^an?)\b(?: [\w-]+,?){{0,4}} open[ -]label\b(?:[ ,-]+[\w-]+){{0,4}}? {_TRIAL}",
    ),
    (
        "Animal study",
        (
            r"\b(?:rats|mice|guinea[ -]pigs|rabbits|hamsters|gerbils|cats|dogs|monkeys|baboons|pigeons"
            r"|sheep)\b(?: \([^)]*\))? "
            r"(?:were|was|had been|received)(?: \w+){0,2} "
            r"(?:injected|given|trained|treated|pretreated|administered|implanted|exposed|infused|fed"
            r"|tested|killed|anesthetized|anaesthetized)\b"
            r"|\bin (?:conscious|freely[ -]moving|awake|an(?:a)?esthetized|unrestrained|behaving) "
            r"(?:\w+ )?(?:rats|mice|guinea[ -]pigs|rabbits|cats|dogs|monkeys|sheep)\b"
        ),
    ),
)
_STUDIES_IN_TITLE = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_TITLE)
_STUDIES = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_ABSTRACT)
_OF_PEOPLE = frozenset({"Randomised trial", "Double-blind study", "Open-label trial"})
_REVIEWS = frozenset({"Meta-analysis", "Systematic review", "Scoping review", "Review", "Retraction"})

_STOPPERS = (
    r"(?![ -](?:breed|farm|husbandry|meat|milk|owner|bite|anti|serum|sera|antibod|polyclonal|monoclonal|IgG|albumin|claw)"
    r"| (?:\w+ ){0,2}(?:proteins?|genes?)\b|-(?:derived|like|adapted)|')"
)
_SPECIES = 3

_I = re.IGNORECASE
_TRIAL = r"(?:trial|study|design|investigation|experiment|comparison|protocol)\b"
_PEOPLE = re.compile(
    r"\b(?:patients?|volunteers?|participants?|subjects|men|women|children|adults|adolescents|humans?|persons|people)\b", _I
)

_RANDOMISED = rf"randomi[sz]ed\b(?:[ ,-]+[\w-]+){{0,6}}?[ -]+{_TRIAL}"
_IN_TITLE = (
    ("Retraction", r"^(?:retract(?:ion|ed)\b|notice of retraction)"),
    ("Meta-analysis", r"\bmeta-?analysis\b"),
    ("Systematic review", r"\bsystematic(?: literature)? review\b"),
    ("Scoping review", r"\bscoping review\b"),
    (
        "Case report",
        r"\bcase reports?\b|^(?:a|one|two|three) (?:\w+ )?cases? of\b|\breport of (?:a|one|two|three|\d+) cases?\b",
    ),
    ("Case series", r"\bcase series\b"),
    (
        "Review",
        (
            r"\b(?:literature|critical|narrative|brief|mini|historical|comprehensive)[ -]review\b"
            r"|[:.?] an? (?:\w+ )?review\.?$|^an? review of\b|^review of\b|: review$"
        ),
    ),
    ("Randomised trial", rf"\b{_RANDOMISED}"),
    ("Survey", r"\bsurvey\b"),
    ("Qualitative study", r"\bqualitative (?:study|analysis|interview\w*)\b"),
    ("Ethnography", r"\bethnograph(?:y|ic)\b"),
    ("Cohort study", r"\bcohort study\b"),
    ("Case-control study", r"\bcase[ -]control study\b"),
    ("Open-label trial", rf"\bopen[ -]label\b(?: [\w-]+){{0,3}} {_TRIAL}"),
    ("Pilot study", r"\bpilot (?:study|trial)\b"),
    ("In vitro", r"^(?!.*\bin vivo\b).*\bin vitro\b"),
    (
        "Chemistry",
        (
            r"^(?:the |total |improved |an? )?(?:\w+ )?syntheses of|^(?:the |a |an )?(?:total |improved "
            r"|facile |stereoselective )?synthesis (?:of|and)\b"
            r"|\bcrystal structure of\b|\b(?:by|using) (?:gas|liquid|thin[ -]layer"
            r"|high[ -]performance liquid) chromatograph"
        ),
    ),
)
_THIS = r"\b(?:this|the present|the current|our|present)"
_WE_DID = r"\bwe (?:\w+ )?(?:conducted|performed|carried out|did|undertook|report|describe|present)(?: \w+)?"
_OF_THIS = rf"(?:{_THIS}|{_WE_DID})"
_IN_ABSTRACT = (
    ("Meta-analysis", rf"{_OF_THIS}\b(?: [\w-]+){{0,5}} meta-?analysis\b"),
    ("Systematic review", rf"{_OF_THIS}\b(?: [\w-]+){{0,4}} systematic(?: literature)? review\b"),
    (
        "Case report",
        (
            rf"{_THIS}\b(?: [\w-]+){{0,2}} case report\b|\bwe (?:report|describe|present) (?:the case"
            rf"|a case|here a case|one case) of\b"
        ),
    ),
    (
        "Review",
        (
            r"\b(?:this|the present) (?:\w+ )?review (?:article |paper )?"
            r"(?:will|summari|discuss|focus|cover|describ|present|examin|highlight|provid|explor|aim|consider)"
            r"|\b(?:this|the present) (?:article|paper|chapter) reviews\b"
        ),
    ),
    (
        "Randomised trial",
        (
            rf"\bin (?:a|this|the present|our)\b(?: [\w,-]+){{0,6}}?[ -]{_RANDOMISED}"
            rf"|{_OF_THIS}\b(?: [\w,-]+){{0,5}}[ -]{_RANDOMISED}"
            rf"|^(?:an? )?(?:[\w-]+,? ){{0,5}}{_RANDOMISED}(?= (?:was|of|in|with|comparing|conducted"
            rf"|involving|design|at)\b|\.?$)"
            r"|\b(?:patients|volunteers|participants|subjects|women|men|children)\b[^.;]{0,60}"
            r"\bwere (?:randomi[sz]ed|randomly (?:assigned|allocated))\b"
        ),
    ),
    (
        "Double-blind study",
        rf"\bin (?:a|this|the present)\b(?: [\w,-]+){{0,4}}?[ -]?double[ -]blind\b(?:[ ,-]+[\w-]+){{0,5}}?[ -]+{_TRIAL}",
    ),
    (
        "Survey",
        (
            r"\b(?:we (?:\w+ )?(?:surveyed|conducted (?:a|an)(?: \w+){0,3} survey)"
            r"|survey (?:was|of \d[\d,]* \w+ was) (?:conducted|carried out))\b"
        ),
    ),
    ("Cohort study", rf"{_OF_THIS}\b(?: [\w-]+){{0,5}} cohort study\b|\bin (?:a|this)(?: [\w-]+){{0,4}} cohort study\b"),
    ("Case-control study", rf"(?:{_OF_THIS}|\bin (?:a|this))\b(?: [\w-]+){{0,5}} case[ -]control study\b"),
    (
        "Ethnography",
        (
            rf"\bethnographic (?:fieldwork|field work|interviews|observation)\b"
            rf"|{_OF_THIS}\b(?: [\w-]+){{0,2}} ethnograph"
        ),
    ),
    (
        "Open-label trial",
        rf"(?:{_OF_THIS}|\bin (?:a|this|an)|^an?)\b(?: [\w-]+,?){{0,4}} open[ -]label\b(?:[ ,-]+[\w-]+){{0,4}}? {_TRIAL}",
    ),
    (
        "Animal study",
        (
            r"\b(?:rats|mice|guinea[ -]pigs|rabbits|hamsters|gerbils|cats|dogs|monkeys|baboons|pigeons"
            r"|sheep)\b(?: \([^)]*\))? "
            r"(?:were|was|had been|received)(?: \w+){0,2} "
            r"(?:injected|given|trained|treated|pretreated|administered|implanted|exposed|infused|fed"
            r"|tested|killed|anesthetized|anaesthetized)\b"
            r"|\bin (?:conscious|freely[ -]moving|awake|an(?:a)?esthetized|unrestrained|behaving) "
            r"(?:\w+ )?(?:rats|mice|guinea[ -]pigs|rabbits|cats|dogs|monkeys|sheep)\b"
        ),
    ),
)
_STUDIES_IN_TITLE = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_TITLE)
_STUDIES = tuple((name, re.compile(pattern, _I)) for name, pattern in _IN_ABSTRACT)
_OF_PEOPLE = frozenset({"Randomised trial", "Double-blind study", "Open-label trial"})
_REVIEWS = frozenset({"Meta-analysis", "Systematic review", "Scoping review", "Review", "Retraction"})

_STOPPERS = r"(?![ -](?:breed|(?:\w+ ){0,2}(?:proteins?|genes?)\b|farm|husbandry|meat|milk|owner|bite|anti|serum|sera|antibod|polyclonal|monoclonal|IgG|albumin|claw|tail test|model of disease)|-(?:derived|like|adapted)|')"
_SPECIES = tuple(
    (name, re.compile(rf"(?<![\w-])(?<!anti[- ])(?:{pattern})\b{_STOPPERS}"))
    for name, pattern in (
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
        (
            "human",
            (
                r"(?:in|with|to|of|by|among) (?:normal |healthy )?(?:man|humans|human (?:subjects"
                r"|volunteers|beings))|"
                r"(?:healthy|normal|human|male|female|experienced|paid) (?:\w+ )?(?:volunteers|subjects"
                r"|participants)|[Hh]ealthy (?:men|women|adults)|human volunteers"
            ),
        ),
    )
)
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


def glance(title: str, abstract: Sequence[Paragraph]) -> tuple[Fact, ...]:
    """Give the facts that the title or abstract states of the study, for one line: study, species, subjects, doses."""
    heading = title.strip()
    sentences = [text for text in _own_sentences(abstract) if text]
    study = _study(heading, sentences)
    if any(fact.text in _REVIEWS for fact in study):
        sentences = []  # what a review tells of subjects and doses is other people's
    return (
        *study,
        *_species(heading, sentences),
        *(Fact("subjects", f"n = {count:,}", text) for count, text in subjects_in(heading, sentences)),
        *(Fact("dose", dose, text) for dose, text in doses_in(sentences)[:MOST_DOSES]),
    )


def _own_sentences(abstract: Sequence[Paragraph]) -> Iterator[str]:
    """Give the sentences that tell of this study: neither of earlier work, nor supposed, nor registration."""
    for paragraph in abstract:
        if paragraph.label and re.search("BACKGROUND|INTRODUCTION|CONTEXT|CONCLUSION", paragraph.label):
            continue
        for start, end in split_sentences(paragraph.text):
            text = paragraph.text[start:end]
            if not any(one.search(text) for one in (CUES["backs"], CUES["supposes"], VETOES)):
                yield text


def _study(title: str, sentences: Sequence[str]) -> list[Fact]:
    """Give the kind of study, by the title, or else by the first sentence that says what this study is."""
    for name, pattern in _STUDIES_IN_TITLE:
        if pattern.search(title) and not re.search(r"\b(?:comment|reply|letter|response to|erratum)\b", title, _I):
            return [] if name == "Retraction" else [Fact("study", name, title)]
    people = bool(_PEOPLE.search(" ".join(sentences)))
    for name, pattern in _STUDIES:
        for text in sentences:
            if pattern.search(text) and (people or name not in _OF_PEOPLE):
                return [Fact("study", name, text)]
    return []


def _species(title: str, sentences: Sequence[str]) -> list[Fact]:
    """Give the species that the title names, or else those of the sentences about this study."""
    named = _names(title, heading=True)
    if named:
        return [Fact("species", ", ".join(named), title)]
    for text in sentences:
        named = _names(text)
        if named and (CUES["works"].search(text) or (CUES["reports"].search(text) and named != ["human"])):
            return [Fact("species", ", ".join(named), text)]
    return []


def _names(text: str, *, heading: bool = False) -> list[str]:
    """Give the species of a sentence, at most a few, in the order of the table; none where only a tool is named."""
    if _NOT_A_SUBJECT.search(text):
        return []
    named = []
    for name, pattern in _SPECIES:
        found = pattern.search(text)
        if found and (heading or name == "human" or _LEADS.search(text[: found.start()])):
            named.append(name)
    return named if len(named) <= MOST_SPECIES else []
