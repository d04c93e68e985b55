"""Samples that show layouts of abstracts, and what a card quotes from them. All are invented."""

from bot.core.record import Paragraph
from bot.demo.sample import Labels, Markup, Sample

LAID_OUT = (
    Sample(
        900001,
        "section labels in capitals; PubMed knows it, with its DOI and a free text",
        authors="Doe JA, Roe RB, Poe CC",
        title="Pretendoline for imaginary insomnia: a randomised trial",
        source="J Imaginary Pharmacol. 2031 Feb 14;12(2):101-9.",
        abstract=(
            Paragraph(
                "Pretendoline, a substance that does not exist, has been said to shorten the time needed to fall asleep "
                "in people who are not there, but no controlled trial has been pretended so far.",
                "BACKGROUND",
            ),
            Paragraph(
                "Forty-eight fictional volunteers (mean age 31.4 years, 26 women) were randomly assigned to pretendoline "
                "5 mg, pretendoline 10 mg or placebo, taken by mouth 30 minutes before bedtime on 14 nights. Sleep was "
                "recorded by polysomnography on nights 1, 7 and 14.",
                "METHODS",
            ),
            Paragraph(
                "Sleep latency fell from 41.2 to 22.6 min with 10 mg (p = 0.003) and from 40.8 to 33.9 min with 5 mg (p = "
                "0.09); it did not change with placebo. REM latency rose by 18.5 min with 10 mg (95% CI 9.2 to 27.8). Two "
                "participants of the 10 mg group reported vivid dreams of card catalogues.",
                "RESULTS",
            ),
            Paragraph(
                "A single evening dose of 10 mg pretendoline shortened sleep latency and delayed REM sleep in this "
                "imaginary sample. The 5 mg dose did not differ from placebo.",
                "CONCLUSIONS",
            ),
        ),
    ),
    Sample(
        900002,
        "several paragraphs, no labels; PubMed and Crossref are down",
        authors="Roe RB, Noone NN",
        title="Dose-dependent effects of fictamine on wheel running and core temperature in the rat",
        source="Fict Neurosci Lett. 2029 Nov;88(4):512-20.",
        markup=Markup.BREAKS,
        abstract=(
            Paragraph(
                "Fictamine is an invented phenethylamine whose behavioural effects have, for want of the compound, never "
                "been described. We examined wheel running and core temperature in male Supposed-Dawley rats (n = 36) "
                "after subcutaneous injection of saline or of fictamine at 1, 3 or 10 mg/kg.",
            ),
            Paragraph(
                "Running increased with dose, from 212 +/- 31 turns per hour after saline to 655 +/- 72 turns per hour "
                "after 10 mg/kg. Core temperature rose by 0.4 degrees C at 3 mg/kg and by 1.9 degrees C at 10 mg/kg; the "
                "rise was prevented by pretreatment with nullserin (2 mg/kg), whereas running was not.",
            ),
            Paragraph(
                "These results suggest that the two effects of fictamine arise from different mechanisms. Only the rise "
                "of temperature appears to depend on receptors that nullserin blocks.",
            ),
        ),
    ),
    Sample(
        900003,
        "mixed-case labels, each alone on a line",
        authors="Example EX, Sample SA, Specimen SP, Placeholder PH",
        title="Two-year outcome after a single session of imaginol-assisted daydreaming",
        source="Pretend Clin Res. 2030;7(3):44-58.",
        labels=Labels.OWN_LINE,
        markup=Markup.TABLE,
        abstract=(
            Paragraph(
                "To describe how people who never took part fare two years after a single dose of imaginol.", "OBJECTIVE"
            ),
            Paragraph(
                "Open-label follow-up of 19 make-believe participants given 0.2 mg/kg imaginol under supervision. "
                "Wistfulness was rated with the 21-item Daydream Inventory before, and 1, 12 and 24 months after, the "
                "session.",
                "METHOD",
            ),
            Paragraph(
                "Seventeen participants (89%) completed all ratings. Mean scores fell from 24.6 to 11.3 at one month and "
                "were 12.0 at 24 months. No serious adverse events occurred. Because nobody was blinded and there was no "
                "control group, expectancy cannot be ruled out.",
                "RESULTS",
            ),
            Paragraph(
                "Improvement after one session of imaginol-assisted daydreaming persisted for two years in most "
                "participants. Controlled trials are needed before anything is concluded from a study that did not happen.",
                "CONCLUSION",
            ),
        ),
    ),
    Sample(
        900004,
        "no authors, reader comments below",
        title="The absorption and urinary excretion of nullserin in the imaginary dog",
        source="J Imaginary Pharmacol. 1951 Feb;1(2):205-9.",
        markup=Markup.BREAKS,
        abstract=(
            Paragraph(
                "Nullserin hydrochloride was given to 6 imaginary dogs by stomach tube in doses of 20 mg/kg. Peak blood "
                "levels of 3.1 mg/L were reached after 45 minutes. Within 24 hours 39% of the dose was recovered "
                "unchanged in the urine; less than 1% was excreted in the first hour. It is concluded that nullserin is "
                "absorbed rapidly and excreted slowly.",
            ),
        ),
        comments=(
            "I tried this on my own imaginary dog and my conclusion is that he slept for a week.",
            "RESULTS: everybody in the comments was convinced. CONCLUSIONS: a comment is not an abstract.",
        ),
    ),
    Sample(
        900005,
        "a retracted study",
        authors="Nobody NB, Doe JA, Hoax HH",
        title="A single dose of placeboxin abolishes gravity in squirrel-like primates",
        source="Acta Nonexist. 2028 Sep 27;297(5590):2260-3.",
        retraction=(
            "NOTE: Retracted by authors in 2029 because the vials were found to have held lemonade. See Acta Nonexist. "
            "2029;301:1479."
        ),
        abstract=(
            Paragraph(
                "Ten squirrel-like primates received placeboxin (2 mg/kg intramuscularly, three times at 3-hour "
                "intervals) or vehicle. All five treated animals floated within 20 minutes, at a mean height of 1.3 m, "
                "and none of the controls did. We conclude that a common dose regimen of placeboxin abolishes gravity.",
            ),
        ),
    ),
    Sample(
        900006,
        "a list of 25 authors",
        authors=(
            "Aardvark A, Badger BB, Capybara C, Dormouse DE, Echidna E, Ferret FG, Gibbon G, Heron HH, Ibis I, Jackdaw "
            "JK, Kestrel K, Lemur LM, Marmot M, Newt NO, Ocelot O, Puffin PQ, Quokka Q, Raven RS, Stoat S, Tapir TU, "
            "Urial U, Vole VW, Wombat W, Xerus XY, Yak Y"
        ),
        title="Genome-wide association of the wish to be cited: a meta-analysis of 25 imaginary zoos",
        source="Fict Genet. 2032 Jan 3;64(1 Suppl):S1-S19.",
        abstract=(
            Paragraph("The heritability of the wish to be cited is unknown.", "BACKGROUND"),
            Paragraph(
                "We pooled pretended genotypes of 104,211 animals from 25 imaginary zoos and tested 8.1 million variants "
                "for association with the number of times an animal asked to be an author.",
                "METHODS",
            ),
            Paragraph(
                "Three loci passed the threshold of 5 x 10(-8). Together they explained 0.7% of the variance; the order "
                "of names in the list explained 61%.",
                "RESULTS",
            ),
            Paragraph(
                "Common variants contribute little to the wish to be cited. Most of the differences between animals "
                "reflect where their names stand in the alphabet.",
                "CONCLUSIONS",
            ),
        ),
    ),
    Sample(
        900007,
        "a title in German, with its translation",
        authors="Mustermann M, Mustermann E",
        title=(
            "Über den Einfluß des Scheinolins auf das Traumschlafverhalten der erdachten Hausmaus [On the influence of "
            "scheinolin on dream sleep in the imagined house mouse]"
        ),
        source="Z Ausgedachte Pharmakol. 1974 Okt-Dez;26(4):9-17.",
        markup=Markup.TABLE,
        abstract=(
            Paragraph(
                "Scheinolin (0,5 und 2 mg/kg) wurde 24 erdachten Hausmäusen in die Bauchhöhle gespritzt. Die Dauer des "
                "Traumschlafes nahm dosisabhängig von 11,2 auf 4,6 Minuten je Stunde ab. Die Wirkung war nach acht "
                "Stunden abgeklungen.",
            ),
        ),
    ),
)
