"""Section labels of an abstract, told apart from words that only look like labels.

| printed                                        | read as                                  | why                          |
|------------------------------------------------|------------------------------------------|------------------------------|
| `RESULTS: It rose.`, `Results: It rose.`       | [RESULTS] It rose.                       | words of labels, and a colon |
| `RESULTS It rose.`, `RESULTS--It rose.`        | [RESULTS] It rose.                       | capitals that run on         |
| `Results. It rose.`, `Results It rose.`        | [RESULTS] It rose.                       | only at a paragraph's head   |
| `Sleep fell. Results It rose.`                 | as printed                               | not at a paragraph's head    |
| `Results Calm rose.`, `ResultsCalm rose.`      | [RESULTS] Calm rose.                     | a plural, or glued           |
| `Methods Ten slept. Results Six woke.`         | [METHODS] Ten slept. [RESULTS] Six woke. | two labels that run on       |
| `Results - It rose. Conclusion - It fell.`     | [RESULTS] It rose. [CONCLUSION] It fell. | parted like the first label  |
| `Results. It rose. Conclusion. It fell.`       | [RESULTS] It rose. [CONCLUSION] It fell. | parted like the first label  |
| `RESULTS`, `Results`, `1. Results`             | [RESULTS]                                | alone: labels what follows   |
| `Sleep fell. RESULTS: It rose.`                | Sleep fell. [RESULTS] It rose.           | after a sentence's end       |
| `Sleep fell. RESULTS:`, `Sleep fell. RESULTS`  | Sleep fell. [RESULTS]                    | labels what follows          |
| `1. Methods: Ten slept.`                       | [METHODS] Ten slept.                     | without its number           |
| `Résultats: On dort.`                          | [RÉSULTATS] On dort.                     | in other languages           |
| `AIM OF THE STUDY: To sleep.`                  | [AIM OF THE STUDY] To sleep.             | only words of labels         |
| `Funding: None.`                               | [FUNDING] None.                          | a label, though no section   |
| `LSD: a review`, `DOSE: 5 mg.`, `CASE 1: Doe.` | as printed                               | no section is called so      |
| `Results were mixed.`, `We list results: a.`   | as printed                               | a sentence                   |
| `RESULTS WERE FOUND IN MICE.`                  | as printed                               | all in capitals              |
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEADS = _words(
    """
    aim aims analysis approach assessment background case cases collection conclusion conclusions context contexts criteria
    design diagnosis discussion evaluation evidence experiments extraction findings goal goals highlights hypotheses
    hypothesis implications importance interpretation interpretations intervention interventions introduction limitations
    material materials measure measurement measurements measures method methodology methods objective objectives
    observations outcome outcomes participants patients perspective perspectives population procedure procedures purpose
    rationale recommendations relevance result results sample scope selection setting settings significance sources
    strategy subjects summary synthesis treatment volunteers
    competing conflict conflicts disclosure disclosures dissemination ethics funding registration sponsor sponsors
    conclusioni conclusiones contexte ergebnis ergebnisse hintergrund introducción methode methoden methodik metodi méthode
    méthodes método métodos obiettivi obiettivo objectif objectifs objetivo objetivos resultados risultati résultat
    résultats schlussfolgerung schlussfolgerungen zielsetzung
    """
)
"""Words that name sections; a label has at least one."""
_QUALIFIERS = _words(
    """
    and animals authors clinical data description ethnopharmacological experimental financial for future general
    health important interest interests key level main major number of other overall patient practical practice presentation
    primary principal public report reports research review scientific search secondary source statistical study the their
    therapeutic this trial trials
    """
)
"""Words that a label may have besides."""
_WORDS = _HEADS | _QUALIFIERS
_CONNECTIVES = frozenset({"and", "for", "of", "the", "their", "this"})

_LETTERS = r"[A-Z\u00c0-\u00dd][A-Za-z\u00c0-\u00ff &/,'\u2019-]{2,60}"
"""The characters of a label."""
_COLON = re.compile(rf"\(?({_LETTERS}?)\)?\s*:(?:\s+|$)")
_ALONE = re.compile(rf"({_LETTERS}?)\s*[:.]?")
_STOP = re.compile(rf"({_LETTERS}?)(?:\.|\s[-\u2013\u2014])\s+(?=[A-Z0-9])")
_CAPITALS = re.compile(r"[A-Z]{3,}(?:[ /,&]+[A-Z]{2,}){0,5}")
_SENTENCE = re.compile(
    r"""
    (?:
        (?:\s*[.\u2013\u2014-])?\s+    # `RESULTS. It`, `RESULTS - It`, `RESULTS It`
        | \s*(?:--|[\u2013\u2014])\s*  # `RESULTS--It`
    )
    (?=
        [A-Z][a-z] | [A-Z]\s+[a-z]     # `It rose`, `A rat`
        | [0-9]+(?![0-9]*\s?:) | \(    # a number, but not `RESULTS 1:`
        | [A-Z][A-Za-z0-9-]*\s+[a-z]   # `LSD rose`
    )
    """,
    re.VERBOSE,
)
_MIXED_RUN_ON = re.compile(
    r"""
    ([A-Z][a-z]{3,}(?:\ [a-z]{2,}){0,3})\s+                                    # `Results`, `Study design`
    (?=(?:All|An?|Both|For|In|It|On|Our|The|These|There|This|To|Twelve|We)\s)  # opens a sentence
    """,
    re.VERBOSE,
)
_PLURAL = re.compile(
    r"""
    (Aims|Conclusions|Findings|Methods|Objectives|Results)\s+
    (?=[A-Z][a-z]+\s[a-z])  # `Results Calm rose`
    """,
    re.VERBOSE,
)
_GLUED = re.compile(
    r"""
    (Aims?|Background|Conclusions?|Findings|Introduction|Methods|Objectives?|Purpose|Results)
    (?=[A-Z][a-z]+\s)  # `ResultsCalm rose`
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"\(?[0-9]{1,2}[.)]")
_LIKELY = re.compile(
    rf"""
    [.!?)\]]\s+(?=
        \(?(?:{_LETTERS}?:|[A-Z]{{3}})  # `Results:`, `RESULTS`
        | {_LETTERS}$                   # `Results` at the end of a line
    )
    """,
    re.VERBOSE,
)
"""The end of a sentence, if a label may open the next one."""
_LIKELY_STOP = re.compile(
    rf"""
    [.!?)\]]\s+(?=
        \(?(?:{_LETTERS}?(?::|\.\s|\s[-\u2013\u2014]\s)|[A-Z]{{3}})  # `Results:`, `Results. `, `Results - `
        | {_LETTERS}$
    )
    """,
    re.VERBOSE,
)
"""The same for a paragraph whose first label ends in a stop or a dash, so that its other labels may, too."""
_WORD = re.compile(r"[A-Za-z\u00c0-\u00ff]+(?:-[A-Za-z\u00c0-\u00ff]+)*")
_RUN_ON = re.compile(
    r"""
    (?:\A|[.!?)\]]\s+)                                                                         # at the head of a sentence
    (?P<label>
        (?:(?:Materials?|Subjects|Patients|Animals)\ and\ )?[Mm]ethods?(?:\ and\ [Rr]esults)?  # `Materials and Methods`
        | Background | Introduction | Rationale | Objectives? | Aims? | Purpose                # why
        | Procedures? | (?:Main\ )?[Rr]esults? | Findings | Discussion                         # `Main results`
        | (?:Study\ )?[Dd]esign | Setting | Participants | Interventions? | Measurements       # how
        | (?:Main\ )?[Oo]utcome\ [Mm]easures?
        | Interpretation | Conclusions?
    )
    \s+(?=(?:[A-Z][\w'\u2019-]*|[0-9][\w.,-]*%?)[\s,.])                                        # `Ten goats`, `10% of`
    """,
    re.VERBOSE,
)
"""A label without a mark between it and its sentence. A single one may be a phrase; two in a paragraph are labels."""


def split_at_labels(text: str) -> list[tuple[str | None, str]]:
    """Cut a paragraph at its labels: (label in capitals or None, text), in order.

    The text of a label at the paragraph's end is empty: such a label belongs to the next paragraph.
    """
    alone = label_alone(text)
    if alone:
        return [(alone, "")]
    run_on = {match.start("label"): (match["label"].upper(), match.end()) for match in _RUN_ON.finditer(text)}
    if len({label for label, _ in run_on.values()}) < 2:  # noqa: PLR2004
        run_on = {}
    opening = _opening_label(text) or run_on.pop(0, None)
    cuts: list[tuple[int, int, str | None]] = [(0, opening[1], opening[0]) if opening else (0, 0, None)]
    stopped = _STOP.match(text) if opening else None
    for end in (_LIKELY_STOP if stopped else _LIKELY).finditer(text):
        found = _label_at(text, end.end()) or (_shaped(text, end.end(), _STOP) if stopped else None)
        if found:
            run_on[end.end()] = found
    for start, (label, end_of_label) in sorted(run_on.items()):
        if start >= cuts[-1][1]:
            cuts.append((start, end_of_label, label))
    edges = [start for start, _, _ in cuts[1:]] + [len(text)]
    parts = [(label, text[start:edge].strip()) for (_, start, label), edge in zip(cuts, edges, strict=True)]
    if len(parts) > 1 and parts[0][0] is None and _NUMBER.fullmatch(parts[0][1]):  # `1. Methods`
        del parts[0]
    return [part for part in parts if part != (None, "")]


def label_alone(text: str) -> str | None:
    """Give the label, in capitals, that a line consists of; None for any other line."""
    match = _ALONE.fullmatch(text)
    return _label(match[1]) if match else None


def _label_at(text: str, at: int) -> tuple[str, int] | None:
    """Find a label that opens the sentence at `at`: the label, and where its text begins."""
    first = _WORD.match(text, at + text.startswith("(", at))
    if first is None or first[0].casefold() not in _WORDS:
        return None
    match = _COLON.match(text, at)
    if match and (label := _label(match[1])):
        return label, match.end()
    match = _CAPITALS.match(text, at)
    if match:
        return _run_on(text, match)
    rest = text[at:] if len(text) - at < 70 else ""  # noqa: PLR2004
    if rest and not rest.endswith(".") and (label := label_alone(rest)):
        return label, len(text)
    return None


def _opening_label(text: str) -> tuple[str, int] | None:
    """Find a label that opens a paragraph, where more spellings are certain to be labels than inside it."""
    found = _label_at(text, 0)
    if found:
        return found
    for shape in (_STOP, _MIXED_RUN_ON, _PLURAL, _GLUED):
        if found := _shaped(text, 0, shape):
            return found
    return None


def _shaped(text: str, at: int, shape: re.Pattern[str]) -> tuple[str, int] | None:
    match = shape.match(text, at)
    label = _label(match[1]) if match else None
    return (label, match.end()) if match and label else None


def _run_on(text: str, match: re.Match[str]) -> tuple[str, int] | None:
    """Find the longest label in capitals that is followed by a sentence or by the end of the text."""
    words = list(_WORD.finditer(text, match.start(), match.end()))
    for last in reversed(words):
        label = _label(text[match.start() : last.end()])
        if label is None:
            continue
        if last.end() == len(text):
            return label, last.end()
        sentence = _SENTENCE.match(text, last.end())
        if sentence:
            return label, sentence.end()
    return None


def _label(phrase: str) -> str | None:
    """Give a phrase in capitals if it is a label: all its words occur in labels, and at least one names sections."""
    words = [word.casefold() for word in _WORD.findall(phrase)]
    known = all(word in _WORDS for word in words)
    if not known or _HEADS.isdisjoint(words) or words[0] in _CONNECTIVES - {"the"} or words[-1] in _CONNECTIVES:
        return None
    return " ".join(phrase.upper().split()).strip(" ,-/&")
