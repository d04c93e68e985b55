"""Key findings: the sentences of an abstract that say what was found, word for word; and facts such as species and dose.

    split_sentences -> label_sentences -> score_sentences -> choose -> key_findings

Rules split; a small trained network labels (`bot.findings.labels`); a second one, which learned from abstracts that were
read and marked, scores (`bot.findings.ranker`); `bot.findings.choice` chooses.
"""

from bot.findings.choice import choose
from bot.findings.labels import LABELS, Label, Labelled, label_sentences
from bot.findings.quotes import CUT, Quotes, findings_of, key_findings
from bot.findings.sentences import split_sentences
from bot.findings.study_facts import study_facts, substances_of

__all__ = [
    "CUT",
    "LABELS",
    "Label",
    "Labelled",
    "Quotes",
    "choose",
    "findings_of",
    "key_findings",
    "label_sentences",
    "split_sentences",
    "study_facts",
    "substances_of",
]
