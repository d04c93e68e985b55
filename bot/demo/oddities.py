"""Samples whose lines, text or server are odd in ways that occur in reality. All are invented."""

from bot.core.record import Paragraph
from bot.demo.sample import Behaviour, Markup, Sample

ODD = (
    Sample(
        900008,
        "an excerpt instead of the whole abstract",
        authors="Poe CC, Doe JA",
        title="Does nullserin block what pretendoline never did?",
        source="Imaginary Psychiatry. 2031 Mar 19;85(6):e25-e27.",
        excerpt=True,
        abstract=(
            Paragraph(
                "Pretendoline can elicit rapid and sustained drowsiness in patients who do not exist. Recently, Roe and "
                "Noone (1) pretended that the effect is lost when nullserin (50 mg, 45 minutes before) is given first. "
                "However, the sample of seven responders is too small to carry that conclusion. In the present letter we "
                "ask whether nullserin blocks the effect in an invented mouse model, and find that it does not: latency "
                "to doze was 6.2 min with, and 6.0 min without, nullserin (n = 16, p = 0.81).",
            ),
        ),
    ),
    Sample(
        900009,
        "a title full of markup, a mention, and right-to-left marks",
        authors="Markup MD, O'Escape OE, De Backtick B",
        title=(
            "Is *bold* the new __underlined__? Pinging @everyone, <@1234> and [free samples](https://evil.example/) "
            "in `5-HT_2A` || spoiler || research \N{RIGHT-TO-LEFT OVERRIDE}gnihton\N{POP DIRECTIONAL FORMATTING}"
        ),
        source="Ann Typogr_Invented. 2030;1(1):*1-*9.",
        markup=Markup.BREAKS,
        abstract=(
            Paragraph(
                "We sent 64 titles with stray marks to 12 imaginary channels. Titles that were not escaped pinged "
                "@everyone in 41 cases (64%) and turned into [links](https://evil.example/) in 17. > A line that begins "
                "like a quotation, # a line that begins like a heading and ``` a fence did no harm once escaped. Escaping "
                "every mark left 0 of 64 titles misread (p < 0.001).",
            ),
        ),
    ),
    Sample(
        900010,
        "a record without an abstract",
        authors="Tartempion T",
        title="What should be said about substances that do not exist?",
        source="Ann Invented Med. 2030 Feb 6;287(5):585.",
    ),
    Sample(
        900011,
        "an old source line with a Roman volume and doubled stops",
        authors="Doe JA, and Roe RB Jr.",
        title="Preliminary Notes On the Taste Of Imaginol.",
        source="Proc. Soc. Imag. Biol.. 1961;IV:444-46..",
        markup=Markup.TABLE,
        abstract=(
            Paragraph(
                "Five observers tasted a 1% solution of imaginol. All found it to taste of nothing. A second series, in "
                "which the bottle was labelled “bitter”, gave bitterness in four of the five.",
            ),
        ),
    ),
    Sample(
        900012,
        "a case report, with key words; two works fit, so none is named",
        authors="Noone NN, Nobody NB",
        title="Transient invisibility after ingestion of vanishinol: a case report",
        source="Pretend Clin Res. 2031 Jun;8(6):601-2.",
        abstract=(
            Paragraph(
                "A 34-year-old man who has never existed presented to an imaginary emergency department 2 hours after "
                "swallowing about 40 mg of vanishinol. He could be heard but not seen. Heart rate was 96/min, temperature "
                "37.1 degrees C; a mirror test was negative. He was observed for 12 hours and reappeared without "
                "treatment.",
            ),
            Paragraph(
                "To our knowledge this is the first report of invisibility after vanishinol. Clinicians should ask about "
                "it when a patient cannot be found.",
            ),
        ),
        after=("Key Words: vanishinol; invisibility; case report; things that did not happen",),
    ),
    Sample(
        900013,
        "an abstract that was cut short",
        authors="Sample SA, Van der Example E",
        title="A review of 212 studies of fictamine that were never carried out",
        source="Fict Neurosci Rev. 1989;13(3-4):179-88.",
        markup=Markup.BREAKS,
        abstract=(
            Paragraph(
                "The pretended literature on fictamine from 1901 to 1988 is reviewed. Of 212 studies, 130 used rats, 51 "
                "used people, and 31 used neither. Doses ranged from 0.1 to 40 mg/kg. Where the dose was given with its "
                "unit, effects on running were found in 88 of 97 studies; where it was not, in 12 of 115. Nine studies "
                "reported effects of the box the fictamine came in. It is argued that the(ABSTRACT TRUNCATED AT 250 WORDS)",
            ),
        ),
    ),
    Sample(
        900014,
        "a survey; retracted by a notice that Erowid does not mention",
        authors="Specimen SP, Placeholder PH, D'Exemple D",
        title="Patterns of imaginary caffeine-substitute use among students of a university that was not founded",
        source="J Imaginary Pharmacol. 2033;14:7-15.",
        abstract=(
            Paragraph("To estimate how many students use wakamine, an invented caffeine substitute, and why.", "AIMS"),
            Paragraph(
                "Anonymous online survey of 1,204 students of an unfounded university, of whom 873 (72.5%) replied.",
                "DESIGN",
            ),
            Paragraph(
                "Lifetime use was reported by 118 students (13.5%) and use in the past month by 31 (3.6%). The commonest "
                "reason was an examination (68%). Use was not associated with sex (OR 1.04, 95% CI 0.71 to 1.52) but rose "
                "with year of study (OR 1.31 per year, 95% CI 1.12 to 1.53).",
                "FINDINGS",
            ),
            Paragraph(
                "About one student in eight has tried wakamine, mostly before examinations. As the replies were invented, "
                "the true figure is nought.",
                "CONCLUSIONS",
            ),
        ),
    ),
    Sample(
        900015,
        "a page that fails twice, then comes: the bot tries again",
        authors="Patience P, Retry RR",
        title="Persistence pays: recovery of imaginary servers after two internal errors",
        source="Fict Comput Med. 2032 May;5(5):500-2.",
        answer=Behaviour.FAILS_TWICE,
        abstract=(
            Paragraph(
                "Each of 30 imaginary servers was made to fail twice. All 30 answered a third request that came after a "
                "pause; of 30 control servers that were asked again at once, only 11 did. Pausing between attempts is "
                "therefore recommended, with pauses that grow.",
            ),
        ),
    ),
    Sample(900016, "a page that never answers: the bot gives up in time", answer=Behaviour.SILENT),
    Sample(900017, "a record that does not exist", answer=Behaviour.MISSING),
)
