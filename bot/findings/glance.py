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
from bot.findings.species import species_in
from bot.findings.studies import REVIEWS, study_in
from bot.findings.subjects import subjects_in

MOST_DOSES = 3
MOST_TEXT = 20_000
"""Characters that are read; no abstract is longer."""
MOST_SENTENCE = 1_500
"""Characters of a sentence; what is longer is no prose."""

_OTHERS = re.compile(
    r"\bet al\b|\bthe authors\b|\bthese authors\b|\bcolleagues\b|\b(?:earlier|previous|prior|past|other) (?:\w+ )?"
    r"(?:work|stud(?:y|ies)|experiments?|reports?|papers?|trials?|investigations?|research|observations?)\b"
    r"|\bpreviously (?:\w+ )?(?:reported|shown|described|found|published|demonstrated)\b"
    r"|\bhave (?:\w+ )?(?:shown|demonstrated|revealed|suggested|reported|identified|found)\b"
    r"|\b(?:has|have) (?:\w+ )?been\b|\brecommend\w*\b|^in the literature\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(r"\b(?:will|shall|would|should|is to be|are to be|to be (?:enrolled|recruited))\b", re.IGNORECASE)
_OTHER_WORK = re.compile("BACKGROUND|INTRODUCTION|CONTEXT|CONCLUSION", re.IGNORECASE)


def glance(title: str, abstract: Sequence[Paragraph]) -> tuple[Fact, ...]:
    """Give the facts that the title or abstract states of the study, for one line: study, species, subjects, doses."""
    heading = title.strip()[:MOST_SENTENCE]
    sentences = list(_own_sentences(abstract))
    study = study_in(heading, sentences)
    if study and study[0] in REVIEWS:
        sentences = []  # what a review tells of subjects and doses is other people's, what a protocol tells is planned
    species = species_in(heading, sentences)
    subjects = subjects_in(heading, sentences)
    facts = [
        ("study", study),
        ("species", species),
        ("subjects", subjects and (f"n = {subjects[0]:,}", subjects[1])),
        *(("dose", dose) for dose in doses_in(sentences)[:MOST_DOSES]),
    ]
    return tuple(Fact(kind, *stated) for kind, stated in facts if stated)


def _own_sentences(abstract: Sequence[Paragraph]) -> Iterator[str]:
    """Give the sentences that tell of this study: neither of earlier work, nor supposed, nor registration."""
    left = MOST_TEXT
    for paragraph in abstract:
        read = paragraph.text[:left]
        left -= len(read)
        if paragraph.label and _OTHER_WORK.search(paragraph.label):
            continue
        for start, end in split_sentences(read):
            text = read[start:end]
            cut = end == len(read) < len(paragraph.text)
            if cut or len(text) > MOST_SENTENCE:
                continue
            if not any(one.search(text) for one in (CUES["backs"], CUES["supposes"], VETOES, _OTHERS, _PLANNED)):
                yield text
