"""Key findings: which sentences of an abstract say what was found, word for word."""

from collections.abc import Sequence

from bot.core.card import Fact, Finding
from bot.core.record import Paragraph
from bot.findings.sentences import split_sentences

__all__ = ["glance", "key_findings", "split_sentences"]


def key_findings(abstract: Sequence[Paragraph], *, most: int = 4, budget: int = 700) -> tuple[Finding, ...]:
    """Choose what the abstract says was found: the labelled conclusions, or else its last two sentences."""
    concluding = [paragraph for paragraph in abstract if paragraph.label and "CONCLUSION" in paragraph.label]
    spans = [(p, start, end) for p in concluding or abstract for start, end in split_sentences(p.text)]
    chosen: list[Finding] = []
    for paragraph, start, end in spans[:most] if concluding else spans[-min(most, 2) :]:
        text = paragraph.text[start:end]
        if sum(len(one.text) for one in chosen) + len(text) <= budget:
            chosen.append(Finding(text, paragraph.label))
    return tuple(chosen)


def glance(title: str, abstract: Sequence[Paragraph]) -> tuple[Fact, ...]:  # noqa: ARG001  (rules follow)
    """Give the facts that the title or abstract states; none yet."""
    return ()
