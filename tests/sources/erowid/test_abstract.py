import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.record import Paragraph
from bot.sources.erowid.abstract import Body, read_body
from bot.sources.erowid.html_lines import Line
from bot.sources.labels import split_at_labels


def read(*texts, before=()):
    return read_body([Line(text) for text in texts], [Line(text) for text in before])


def wrapped(*texts):
    return read_body([Line(text, firm=number == 0) for number, text in enumerate(texts)], [])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Mice sleep. Methods Ten mice were seen. Results 8 of 10 slept. Conclusion Mice sleep.",
            [
                (None, "Mice sleep."),
                ("METHODS", "Ten mice were seen."),
                ("RESULTS", "8 of 10 slept."),
                ("CONCLUSION", "Mice sleep."),
            ],
        ),
        (
            "Aims To see mice. Materials and methods Ten mice.",
            [("AIMS", "To see mice."), ("MATERIALS AND METHODS", "Ten mice.")],
        ),
        ("Mice slept. Results Section 2 shows it.", [(None, "Mice slept. Results Section 2 shows it.")]),
        ("RESULTS: The mice slept.", [("RESULTS", "The mice slept.")]),
        ("Results: The mice slept.", [("RESULTS", "The mice slept.")]),
        ("MATERIALS AND METHODS: Mice.", [("MATERIALS AND METHODS", "Mice.")]),
        ("Design, Setting, and Participants: Mice.", [("DESIGN, SETTING, AND PARTICIPANTS", "Mice.")]),
        ("CONCLUSIONS & RELEVANCE: None.", [("CONCLUSIONS & RELEVANCE", "None.")]),
        ("ETHNOPHARMACOLOGICAL RELEVANCE: None.", [("ETHNOPHARMACOLOGICAL RELEVANCE", "None.")]),
        ("ETHNOPHARMACOLOGICAL SIGNIFICANCE: None.", [("ETHNOPHARMACOLOGICAL SIGNIFICANCE", "None.")]),
        ("AUTHORS' CONCLUSIONS: None.", [("AUTHORS' CONCLUSIONS", "None.")]),
        (
            "CONCLUSIONS: Mice sleep. TRIAL REGISTRATION: NCT00000000. FUNDING: None.",
            [("CONCLUSIONS", "Mice sleep."), ("TRIAL REGISTRATION", "NCT00000000."), ("FUNDING", "None.")],
        ),
        ("Ethics and dissemination: None.", [("ETHICS AND DISSEMINATION", "None.")]),
        ("Competing interests: None.", [("COMPETING INTERESTS", "None.")]),
        ("RESULTS", [("RESULTS", "")]),
        ("Results", [("RESULTS", "")]),
        ("Aim of the study:", [("AIM OF THE STUDY", "")]),
        ("RESULTS The mice slept.", [("RESULTS", "The mice slept.")]),
        ("RESULTS MDMA was given.", [("RESULTS", "MDMA was given.")]),
        ("RESULTS 12 mice slept.", [("RESULTS", "12 mice slept.")]),
        ("AIM OF THE STUDY To see.", [("AIM OF THE STUDY", "To see.")]),
        ("Results. The mice slept.", [("RESULTS", "The mice slept.")]),
        ("Results - The mice slept.", [("RESULTS", "The mice slept.")]),
        ("Methods We gave water.", [("METHODS", "We gave water.")]),
        (
            "AIMS: To see. METHODS: Mice drank. RESULTS They slept (p < 0.05). Conclusions: None.",
            [
                ("AIMS", "To see."),
                ("METHODS", "Mice drank."),
                ("RESULTS", "They slept (p < 0.05)."),
                ("CONCLUSIONS", "None."),
            ],
        ),
        ("Mice drank. RESULTS:", [(None, "Mice drank."), ("RESULTS", "")]),
        ("Mice drank. Results", [(None, "Mice drank."), ("RESULTS", "")]),
        ("Results - Mice slept. Conclusions - None.", [("RESULTS", "Mice slept."), ("CONCLUSIONS", "None.")]),
        ("Results. Mice slept. Conclusions. None.", [("RESULTS", "Mice slept."), ("CONCLUSIONS", "None.")]),
        ("Results Calm rose in mice.", [("RESULTS", "Calm rose in mice.")]),
        ("ResultsCalm rose in mice.", [("RESULTS", "Calm rose in mice.")]),
        ("R\u00c9SULTATS: Rien. CONCLUSION: Rien.", [("R\u00c9SULTATS", "Rien."), ("CONCLUSION", "Rien.")]),
        ("M\u00e9thodes: Rien.", [("M\u00c9THODES", "Rien.")]),
        ("ERGEBNISSE: Nichts.", [("ERGEBNISSE", "Nichts.")]),
        ("1. Methods", [("METHODS", "")]),
        (
            "OBJECTIVE--To see mice. DESIGN--Crossover of ten mice. RESULTS--They slept.",
            [("OBJECTIVE", "To see mice."), ("DESIGN", "Crossover of ten mice."), ("RESULTS", "They slept.")],
        ),
        (
            "Design Crossover of ten mice. Setting A cage. Main outcome measures Sleep. Results They slept.",
            [
                ("DESIGN", "Crossover of ten mice."),
                ("SETTING", "A cage."),
                ("MAIN OUTCOME MEASURES", "Sleep."),
                ("RESULTS", "They slept."),
            ],
        ),
        ("1. METHODS: Mice.", [("METHODS", "Mice.")]),
        # False labels.
        ("Treatment Outcome was poor.", [(None, "Treatment Outcome was poor.")]),
        ("Mice slept. Conclusions. None.", [(None, "Mice slept. Conclusions. None.")]),
        ("MDMA: a review of nothing.", [(None, "MDMA: a review of nothing.")]),
        ("LSD: The mice slept.", [(None, "LSD: The mice slept.")]),
        ("DOSE: Five drops.", [(None, "DOSE: Five drops.")]),
        ("CASE 1: A mouse.", [(None, "CASE 1: A mouse.")]),
        ("Results were poor. MDMA: none.", [(None, "Results were poor. MDMA: none.")]),
        ("We saw the results: mice slept.", [(None, "We saw the results: mice slept.")]),
        ("RESULTS WERE FOUND.", [(None, "RESULTS WERE FOUND.")]),
        ("PATIENTS WITH SLEEP slept.", [(None, "PATIENTS WITH SLEEP slept.")]),
        ("Treatment of mice with water was easy.", [(None, "Treatment of mice with water was easy.")]),
        ("THE STUDY: none.", [(None, "THE STUDY: none.")]),
        ("Ethanol (ETOH): Results of a survey.", [(None, "Ethanol (ETOH): Results of a survey.")]),
        ("<5 ng/mL was found.", [(None, "<5 ng/mL was found.")]),
        ("1. Mice slept. 2. They woke.", [(None, "1. Mice slept. 2. They woke.")]),
    ],
)
def test_labels(text, parts):
    """A label is told from words that only look like one, and nothing of the text is lost."""
    assert split_at_labels(text) == parts


def test_label_of_the_next_paragraph():
    """A label on a line of its own, or at a paragraph's end, is that of the text after it."""
    found = read("Mice drank. METHODS:", "They were watched.", "Results", "They slept.", "More sleep.", "CONCLUSIONS")
    assert found.paragraphs == [
        Paragraph("Mice drank."),
        Paragraph("They were watched.", "METHODS"),
        Paragraph("They slept.", "RESULTS"),
        Paragraph("More sleep."),
    ]


PLAIN = [Paragraph("Mice slept.")]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Mice slept."], Body(PLAIN)),
        (["Abstract: Mice slept."], Body(PLAIN)),
        (["Abstract Mice slept."], Body(PLAIN)),
        (["[Excerpt] Mice slept."], Body(PLAIN, excerpt=True)),
        (["Abstract [Excerpt] Mice slept."], Body(PLAIN, excerpt=True)),
        (["[Excerpt]", "Mice slept."], Body(PLAIN, excerpt=True)),
        (["Mice slept.(ABSTRACT TRUNCATED AT 250 WORDS)"], Body(PLAIN, truncated=True)),
        (["Mice slept. (ABSTRACT TRUNCATED AT 250 WORDS)"], Body(PLAIN, truncated=True)),
        (["Mice slept.", "(ABSTRACT TRUNCATED)"], Body(PLAIN, truncated=True)),
        (["Mice slept.", "Notes # : See also the other mice."], Body(PLAIN, notes=["See also the other mice."])),
        (["Mice slept. Notes # : See the other mice."], Body(PLAIN, notes=["See the other mice."])),
        (["Mice slept.", "Notes #:", "See here.", "And there."], Body(PLAIN, notes=["See here.", "And there."])),
        (["Mice slept.", "Notes #", ": See here."], Body(PLAIN, notes=["See here."])),
        (["Mice slept.", "Notes", "# :", "See here.", "And there."], Body(PLAIN, notes=["See here.", "And there."])),
        (["Mice slept.", "Note: See here."], Body(PLAIN, notes=["See here."])),
        (["Note: An old text.", "Mice slept."], Body(PLAIN, notes=["An old text."])),
        (["Mice slept.", "[13 pages]"], Body(PLAIN, notes=["[13 pages]"])),
        (["Mice slept. [13 pages]"], Body(PLAIN, notes=["[13 pages]"])),
        (["Mice slept.", "[Article in Serbian]"], Body(PLAIN, notes=["[Article in Serbian]"])),
        (["Mice slept.", "Comment in: J Made Up. 1999;1:2."], Body(PLAIN, notes=["Comment in: J Made Up. 1999;1:2."])),
        (["Mice slept.", "PMID: 1234567"], Body(PLAIN, notes=["PMID: 1234567"])),
        (["Mice slept.", "Key Words: mice; sleep; dreams."], Body(PLAIN, keywords=["mice", "sleep", "dreams"])),
        (["Mice slept. KEYWORDS: mice, sleep"], Body(PLAIN, keywords=["mice", "sleep"])),
        (["Mice slept.", "Key words", "mice; sleep"], Body(PLAIN, keywords=["mice", "sleep"])),
        (
            ["Mice slept.", "Department of Sleep, University of Nowhere, Nowhere, CA 90000, USA. mice@example.org"],
            Body(PLAIN, notes=["Department of Sleep, University of Nowhere, Nowhere, CA 90000, USA. mice@example.org"]),
        ),
        (
            ["Mice slept.", "The Made-Up Sleep Research Center, Nowhere, Germany."],
            Body(PLAIN, notes=["The Made-Up Sleep Research Center, Nowhere, Germany."]),
        ),
        (
            ["NOTE: Retracted by authors in 1999.", "Mice slept.", "[2 pages]"],
            Body(
                PLAIN,
                retraction="NOTE: Retracted by authors in 1999.",
                notes=["NOTE: Retracted by authors in 1999.", "[2 pages]"],
            ),
        ),
        (
            ["Mice slept.", "Notes # : This paper was retracted."],
            Body(PLAIN, retraction="This paper was retracted.", notes=["This paper was retracted."]),
        ),
        (
            ["Mice slept.", "Retraction in: J Made Up. 1999;1:2."],
            Body(PLAIN, retraction="Retraction in: J Made Up. 1999;1:2.", notes=["Retraction in: J Made Up. 1999;1:2."]),
        ),
        (
            ["Sleep was 13.3|[plusmn]|2 h; |[bogus]| stays, &eacute; too."],
            Body(
                [Paragraph("Sleep was 13.3±2 h; |[bogus]| stays, é too.")],
                repairs=["|[plusmn]| read as ±", "&eacute; read as é"],
            ),
        ),
        (["Mice slept.", "Notes # : See.", "Key Words: a; b"], Body(PLAIN, notes=["See."], keywords=["a", "b"])),
        (["Mice slept.", "Key words goat, milk"], Body(PLAIN, keywords=["goat", "milk"])),
        (
            ["Mice slept.", "Dept. of Chemistry, Univ. of Nowhere, NO."],
            Body(PLAIN, notes=["Dept. of Chemistry, Univ. of Nowhere, NO."]),
        ),
        (
            ["Mice slept.", "From the Department of Mice (Drs. Doe and Roe), University of Nowhere."],
            Body(PLAIN, notes=["From the Department of Mice (Drs. Doe and Roe), University of Nowhere."]),
        ),
        (["Mice slept.", "University of Nowhere."], Body(PLAIN, notes=["University of Nowhere."])),
        (
            ["Department of Sleep, University of Nowhere.", "Mice slept."],
            Body(PLAIN, notes=["Department of Sleep, University of Nowhere."]),
        ),
        (
            ["Mice slept. \u00a9 1999 Made Up. All rights reserved."],
            Body(PLAIN, notes=["\u00a9 1999 Made Up. All rights reserved."]),
        ),
        (["Mice slept. Copyright 1999 Made Up."], Body(PLAIN, notes=["Copyright 1999 Made Up."])),
        (["Mice slept. (45 references)"], Body(PLAIN, notes=["(45 references)"])),
        (
            [r"""A bird\'s \"key\" slept in 730f trials."""],
            Body(
                [Paragraph('A bird\'s "key" slept in 73% of trials.')],
                repairs=["backslashes before quotes dropped", "730f read as 73% of"],
            ),
        ),
        (["ABSTRACT: Mice slept."], Body(PLAIN)),
        # What looks like one of these and is the abstract.
        (
            ["College students, mostly goats.", "Mice."],
            Body([Paragraph("College students, mostly goats."), Paragraph("Mice.")]),
        ),
        (["Key words, shown to mice, were few."], Body([Paragraph("Key words, shown to mice, were few.")])),
        (["Mice.", "Hospital Treatment of Mice"], Body([Paragraph("Mice."), Paragraph("Hospital Treatment of Mice")])),
        (["University of Nowhere."], Body([Paragraph("University of Nowhere.")])),
        (["Retracted paws were seen in mice."], Body([Paragraph("Retracted paws were seen in mice.")])),
        (["Retraction by the mouse was slow."], Body([Paragraph("Retraction by the mouse was slow.")])),
        (["Retraction of: Mice."], Body(notes=["Retraction of: Mice."])),
        (["Abstract thinking was measured."], Body([Paragraph("Abstract thinking was measured.")])),
        (["Notes were taken."], Body([Paragraph("Notes were taken.")])),
        (["Key words were shown to mice."], Body([Paragraph("Key words were shown to mice.")])),
        (
            ["The Department of Sleep, in 1999, was shown to be empty."],
            Body([Paragraph("The Department of Sleep, in 1999, was shown to be empty.")]),
        ),
        (["500ut mice, deaths \ufffd, death\u0131s"], Body([Paragraph("500ut mice, deaths \ufffd, death\u0131s")])),
        ([], Body()),
    ],
)
def test_what_follows_the_source(texts, expected):
    """The abstract is told apart from what the editors add, each under its own name."""
    assert read(*texts) == expected


def test_only_notes_are_taken_from_before_the_heading():
    assert read("Mice slept.", before=["PMID: 1", "Full text and more", "Key words: a", "Notes # : An old text."]) == Body(
        PLAIN, notes=["PMID: 1", "An old text."], keywords=["a"]
    )


def test_wrapped_lines():
    """Lines that one break parts in mid-sentence are one paragraph; sentences that it parts are not."""
    long = "Mice slept in the first of the two rooms that we had set aside for"
    assert wrapped(long, "that purpose. RESULTS: none.").paragraphs == [
        Paragraph(f"{long} that purpose."),
        Paragraph("none.", "RESULTS"),
    ]
    assert wrapped("Results", "mice slept.").paragraphs == [Paragraph("mice slept.", "RESULTS")]
    assert wrapped("Mice slept.", "They woke.").paragraphs == [Paragraph("Mice slept."), Paragraph("They woke.")]
    even = [
        "Mice slept in a first room of two rooms that",
        "were there for that. They woke up and went on",
        "to the other room, and slept there. They did.",
    ]
    also = [*even, "Then they woke again, and that was it."]
    assert wrapped(*also).paragraphs == [Paragraph(" ".join(also))]


WORDS = st.sampled_from(
    ["mice", "slept", "MDMA", "(p < 0.05)", "13.3", "results", "retracted", "Abstract", "notes", "n = 12;", "[3]"]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=12).map(lambda words: f"Then {' '.join(words)} ended.")


@given(st.lists(st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join), max_size=6))
def test_prose_stands_as_printed(texts):
    """Paragraphs of sentences come out word for word, in order, and leave nothing elsewhere."""
    assert read(*texts) == Body([Paragraph(text) for text in texts])


@given(st.lists(st.text(max_size=120).map(lambda text: " ".join(text.split())).filter(bool), max_size=6), st.booleans())
def test_any_lines_are_read(texts, firm):
    """No text is too odd, and none grows."""
    found = read_body([Line(text, firm) for text in texts], [])
    kept = [paragraph.text for paragraph in found.paragraphs] + found.notes + found.keywords
    assert sum(map(len, kept)) <= sum(map(len, texts)) + len(texts)
