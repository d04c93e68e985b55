"""What the title or abstract states at a glance: kind of study, species, number of subjects, doses.

A fact is given only if a sentence states it of this study, and that sentence is its evidence. A wrong fact is worse than
none: sentences about other work, guesses and plans are left out, and so is a number that another sentence contradicts.
"""

import re
from collections.abc import Iterator, Sequence

from bot.core.card import Fact
from bot.core.record import Paragraph
from bot.findings.doses import doses_in, substances_in
from bot.findings.sections import Label, printed_labels
from bot.findings.sentences import split_sentences
from bot.findings.species import species_in
from bot.findings.studies import REVIEWS, study_in
from bot.findings.subjects import subjects_in
from bot.findings.wordings import GUESS, KNOWN

MOST_DOSES = 3
MOST_TEXT = 20_000
"""Characters of an abstract that are read, at most; real abstracts are shorter."""
MOST_SENTENCE = 1_500
"""Characters of a sentence, at most; a longer one is not prose, and is not read."""

_X = re.IGNORECASE | re.VERBOSE
_OTHERS = re.compile(
    r"""
      \bet\ al\b
    | \b(?:the|these)\ authors\b
    | \bcolleagues\b
    | ^in\ the\ literature\b
    | \b(?:earlier|previous|prior|past|other)\ (?:\w+\ )?                                      # "previous clinical work"
      (?:work|stud(?:y|ies)|experiments?|reports?|papers?|trials?|investigations?|research|observations?)\b
    | \bpreviously\ (?:\w+\ )?(?:reported|shown|described|found|published|demonstrated)\b      # "previously been shown"
    | \bhave\ (?:\w+\ )?(?:shown|demonstrated|revealed|suggested|reported|identified|found)\b  # "trials have since shown"
    | \b(?:has|have)\ (?:\w+\ )?been\b                                                         # "has long been"
    | \brecommend\w*\b                                                                         # what others should do
    """,
    _X,
)
_PLANNED = re.compile(
    r"""
      \b(?:will|shall|would|should|is\ to\ be|are\ to\ be)\b
    | \bto\ be\ (?:enrolled|recruited)\b
    | \baim\w*\ to\ (?:enrol|include|recruit)  # "aimed to recruit"
    """,
    _X,
)
_OTHER_WORK = frozenset({Label.BACKGROUND, Label.CONCLUSIONS})


def study_facts(title: str, abstract: Sequence[Paragraph]) -> tuple[Fact, ...]:
    """Give the facts that the title or abstract states of the study, in the order of the card."""
    heading, sentences, study = _texts(title, abstract)
    species = species_in(heading, sentences)
    subjects = subjects_in(heading, sentences)
    facts = [
        ("study", study),
        ("species", species),
        ("subjects", subjects and (f"n = {subjects[0]:,}", subjects[1])),
        *(("dose", dose) for dose in doses_in(sentences)[:MOST_DOSES]),
    ]
    return tuple(Fact(kind, *stated) for kind, stated in facts if stated)


def substances_of(title: str, abstract: Sequence[Paragraph]) -> tuple[str, ...]:
    """Give the substances that the abstract states doses of, as it names them."""
    return tuple(substances_in(_texts(title, abstract)[1]))


def _texts(title: str, abstract: Sequence[Paragraph]) -> tuple[str, list[str], tuple[str, str] | None]:
    """Give the title, the sentences that tell of this study's subjects and doses, and the kind of study."""
    heading = title.strip()[:MOST_SENTENCE]
    sentences = list(_own_sentences(abstract))
    study = study_in(heading, sentences)
    if study and study[0] in REVIEWS:
        sentences = []  # a review tells of other people's subjects and doses, a protocol of planned ones
    return heading, sentences, study


def _own_sentences(abstract: Sequence[Paragraph]) -> Iterator[str]:
    """Give the sentences that tell of this study, without those about other work, plans and guesses."""
    left = MOST_TEXT
    for paragraph in abstract:
        read = paragraph.text[:left]
        left -= len(read)
        if printed_labels(paragraph.label) <= _OTHER_WORK:
            continue
        for start, end in split_sentences(read):
            text = read[start:end]
            cut = end == len(read) < len(paragraph.text)
            if cut or len(text) > MOST_SENTENCE:
                continue
            if not any(one.search(text) for one in (KNOWN, GUESS, _OTHERS, _PLANNED)):
                yield text
