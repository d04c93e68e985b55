from typing import ClassVar, SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings import split_sentences
from tests.bench.findings import boundary_f1, passages
from tests.shared import SHARED, needs_shared, rows


@pytest.mark.parametrize(
    "passage",
    [
        "Ten rabbits got 2 mg/kg i.v. of the toxin.|None of them died.",
        "Sleep was scored blind.|REM time fell by 12% (p < 0.01).|It recovered on day 3.",
        "The tincture was compared with ethanol vs. water in six cats.",
        "The finding of Marlow et al. (1961) was confirmed.|That of Quist et al.|The method differed.",
        "Leaves of Ficus inventa L. and F. altera Mill. were dried.|The latter held no alkaloid.",
        "Tissue was kept at 4 degrees C.|Membranes were washed twice.",
        "5-HT2C agonists had no effect.|5-HT2A agonists did.",
        "1. Mice were trained to press a lever.|2. Responding fell after 0.3 mg/kg.|3. Tolerance was not seen.",
        "Yield was low (see Fig. 3 and Tab. 2 for details).|It rose later.",
        "Scores rose (mean 3.2, S.D. 0.8).|cAMP did not change.",
        "Is the effect real?|We think so!|More animals were tested.",
        "Dr. A. Nobody of St. Elsewhere gave approx. 40 doses, e.g. at 9 a.m. and 3 p.m. daily.",
        "It is safe.[3,4]|It is cheap.",
        'They said "it was like rain."|Others felt nothing.',
        "The U.S. Army paid for it.|So did the U.K.|The record is lost.",
        "Rats lost weight.(5)|Mice gained it.",
        "Salts (Merck Co., Darmstadt) were used (purity 99.5%).|Doses are those of the base.",
        "Results: It worked.|Conclusion: It works.",
        "Amines bound weakly to site A.|Site B held them.",
        "(i) Newts slept.|(ii) Toads did not.|(c) Frogs sang.",
        "It appeared in J. Pharm. Exp. Ther. 999:45-50.|Nobody read it.",
        "Comment in: Invent. 1999 Oct 30;354:1-2.|It was kind.",
        "Newts were fed.3|Toads were not.1,2|Frogs sang.",
        '"It was dull."|"It was not," said others.',
        "Marlow et al. [1961] agreed.|That of Quist et al. [2,3] differed.",
        "(+)-Inventol rose by 45%.|(-)-Inventol fell by 12%.|(\u2212)-Fictol did not.|(\u00b1)-Fictol did.",
        "It was given s.c.|(-)-Inventol was not.",
        "At 5 a.m. Dr. Nobody fed them.|They slept.",
        "From 9 a.m. to 5 p.m. Newts were watched.|They slept.",
        "Food was withheld until 6 p.m.|Inventol was given.",
        "They were fed at 9 a.m. EST.|They slept.",
        "Newts from Fictive Inc. USA were used.|They slept.",
        "Newts from Fictive Ltd. Nowhere were used.|They slept.",
        "Newts were bought from Fictive Corp. USA.|They slept.",
        "Newts were bought from Fictive Inc.|Inventol was given.",
        "A. B. Nobody Jr. Hospital gave them.|They slept.",
        "a) Newts slept.|b) Toads did not.|c) frogs sang.",
        "i) Newts slept.|ii) Toads did not.",
        "i. Newts slept.|ii. Toads did not.|iii. Frogs sang.",
        "a. Newts slept.|b. Toads did not.",
        "Viele Tiere, z.B. Molche, schliefen.|Andere, z. B. Unken, wachten, d.h. Lurche.",
        "Andere, d. h. Lurche, wachten.|Sie erhielten u. a. Wasser.",
        "Newts were caught on 3. June 1985.|They slept.",
        "Sie schliefen am 3. Juni 1985.|Andere nicht.",
    ],
)
def test_passages(passage: str) -> None:
    """Stops inside abbreviations, numbers, names and brackets end nothing; all others end a sentence."""
    true = passage.split("|")
    text = " ".join(true)
    assert [text[start:end] for start, end in split_sentences(text)] == true


def test_lines_and_lost_spaces() -> None:
    """A blank line ends a sentence, a broken line does not, and a lost space hides no boundary."""
    text = "  The dose was\nlow.\n\nNo stop here\n\nIt rained.The rats slept. "
    assert [text[start:end] for start, end in split_sentences(text)] == [
        "The dose was\nlow.",
        "No stop here",
        "It rained.",
        "The rats slept.",
    ]


@given(st.text(st.sampled_from("aAbB .!?()[]\"'0159\n,;-µα\u2009"), max_size=80) | st.text(max_size=80))
def test_spans(text: str) -> None:
    """Spans are in order, apart, trimmed, and leave out nothing but blank space."""
    spans = split_sentences(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    gaps = zip(edges[::2], edges[1::2], strict=True)
    assert not any(text[start:end].strip() for start, end in gaps)


@needs_shared
def test_hard_passages() -> None:
    """Boundary F1 is at least 97 on the hard passages and 99.5 on ordinary abstracts."""
    assert boundary_f1(passages(SHARED / "findings/sentences.txt")) >= 97
    assert boundary_f1([row["sentences"] for row in rows("findings/train.jsonl")[::5]]) >= 99.5


class Counted(str):
    """A text that counts the characters that are cut out of it."""

    __slots__ = ()
    read: ClassVar[int] = 0

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        """Cut, and count."""
        piece = super().__getitem__(key)
        Counted.read += len(piece)
        return piece


@pytest.mark.parametrize(
    "piece", ["(a. ", "(Quist 1970. ", "A. B. ", "[[(.", "....a", ". ", "a\n", "a.Ab", "It is. ", "([)] e.g. ", "a.[1,1"]
)
def test_work_grows_with_length(piece: str) -> None:
    """Ten times the text is at most ten times the work, and so it is of whatever is written."""
    counts = []
    for times in (300, 3000):
        Counted.read = 0
        split_sentences(Counted(piece * times))
        counts.append(Counted.read)
    assert counts[1] <= 11 * counts[0] + 1000


@pytest.mark.parametrize("blank", [" ", "\t", "\n", " \n"])
def test_long_blanks(blank: str) -> None:
    """A long stretch of nothing is passed once (going back from each of its places would take a day)."""
    text = f"It rained.{blank * 2_000_000}It dried."
    assert split_sentences(text) == [(0, 10), (len(text) - 9, len(text))]
