"""Key findings: which sentences of an abstract say what was found, word for word; and what it states at a glance.

    split_sentences -> label_sentences -> pick -> key_findings

Rules split; a small trained network labels (`bot.findings.labels`); label, wording and place decide which are quoted.
"""

from bot.findings.choice import pick
from bot.findings.glance import glance
from bot.findings.labels import LABELS, Label, Labelled, label_sentences
from bot.findings.quotes import CUT, findings_of, key_findings
from bot.findings.sentences import split_sentences

__all__ = [
    "CUT",
    "LABELS",
    "Label",
    "Labelled",
    "findings_of",
    "glance",
    "key_findings",
    "label_sentences",
    "pick",
    "split_sentences",
]
