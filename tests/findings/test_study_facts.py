import pytest

from bot.core.record import Paragraph
from bot.findings import study_facts, substances_of


def facts(title: str, text: str = "") -> list[tuple[str, str]]:
    return [(fact.kind, fact.text) for fact in study_facts(title, [Paragraph(text)])]


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Inventamine for hiccups: a randomized, double-blind, placebo-controlled trial", "", "Randomised trial"),
        (
            "Inventamine for hiccups",
            "In a randomised crossover study inventamine was given to patients.",
            "Randomised trial",
        ),
        ("Delirium after inventamine: a case report", "", "Case report"),
        ("Inventamine", "We report the case of a 34-year-old man who chewed it.", "Case report"),
        ("The pharmacology of inventamine: a review", "", "Review"),
        ("Inventamine in pain: systematic review and meta-analysis", "", "Meta-analysis"),
        ("A survey of inventamine use among made-up students", "", "Survey"),
        ("Effects of inventamine on sleep", "Rats were injected with inventamine.", "Animal study"),
        ("Synthesis of inventamine and its esters", "", "Chemistry"),
        ("Binding of inventamine in vitro", "", "In vitro"),
        ("Chewing in a made-up valley", "Ethnographic fieldwork was carried out in four villages.", "Ethnography"),
        ("Inventamine for hiccups", "Forty patients were randomly assigned to it or to placebo.", "Randomised study"),
        ("Inventamine for hiccups: results of a randomised trial", "", "Randomised trial"),
        ("Talking of hiccups: a nested qualitative study within a randomised trial", "", "Qualitative study"),
        ("Inventamine for hiccups: study protocol for a randomised trial", "", "Study protocol"),
        ("A case of inventamine poisoning", "", "Case report"),
        ("Inventamine", "In this review, we surveyed what patients say of it.", "Review"),
    ],
)
def test_studies(title: str, text: str, kind: str) -> None:
    """A kind of study is given where the title or a sentence says that this study is one."""
    assert ("study", kind) in facts(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Inventamine and sleep", "A previous randomised trial has been reported in patients."),
        ("Inventamine and sleep", "Protein synthesis was reduced."),
        ("Reply to a comment on a randomised trial", ""),
        ("Inventamine and sleep", "Randomised trials of it are few."),
        ("Inventamine for hiccups: a non-randomised controlled trial in patients", ""),
        ("Not a randomised trial: what we learned of hiccups", ""),
        ("Inventamine", "This was not a randomised trial; patients chose."),
        ("Inventamine", "Patients were not randomly assigned."),
        ("Costs of hiccups in a randomised trial of inventamine", "In a randomised trial patients were given it."),
        ("Inventamine", "This is not a prospective randomised placebo-controlled clinical trial of patients."),
        ("Inventamine", "It is required before testing patients in a randomised controlled trial."),
        ("Inventamine", "Patients were participants in a randomised trial of rest."),
        ("A case of mistaken identity: the inventor's beans", ""),
        ("Inventamine", "We report the case of a plasmid in yeast."),
        ("Synthesis of inventamine in rat brain", ""),
        ("Synthesis of the evidence on inventamine", ""),
        ("Crystal structure of the INV1 domain", ""),
        ("A survey of alkaloids in made-up vines", ""),
        ("A genome survey of the made-up vine", ""),
        ("Survey of the effects of inventamine on the EEG of the cat", ""),
        ("Comparing aggregate meta-analysis and pooled meta-analysis", ""),
        ("In vitro fertilization and inventamine", ""),
    ],
)
def test_other_studies(title: str, text: str) -> None:
    """What is told of other studies is no fact of this one."""
    assert not [kind for kind, _ in facts(title, text) if kind == "study"]


@pytest.mark.parametrize(
    ("title", "text", "species"),
    [
        ("Inventamine and sleep in the rat", "", "rat"),
        ("Effects in rats, mice and guinea-pigs", "", "rat, mouse, guinea pig"),
        ("Effects in man", "", "human"),
        ("Effects", "Adult cats were given inventamine.", "cat"),
        ("Effects", "Inventamine was given to ten healthy volunteers.", "human"),
        ("Effects", "It blocked the response of the isolated guinea pig ileum.", "guinea pig"),
        ("Effects of rabbit antibodies to inventamine", "", None),
        ("Effects", "It has been shown in rats before.", None),
        ("Trade", "The valley practised extensive sheep farming, which was studied.", None),
        ("Effects", "Cat's claw was tested.", None),
        ("Yields of pigeon pea", "", None),
        ("The rat poison inventium in man", "", "human"),
        ("The rat race and inventamine", "", None),
        ("Monkey dust: a case report", "", None),
        ("Dog days", "", None),
        ("The rat-tail test in mice", "", "mouse"),
        ("Inventamine in rat hippocampus", "", "rat"),
        ("Effects", "The LD50 was found in mice. Dogs were treated with inventamine.", None),
        ("Effects", "It was studied in both rats (rFST) and mice (mFST).", "rat, mouse"),
        ("Effects in the monkey and baboon", "", "monkey, baboon"),
        ("Effects", "Mouse embryonic fibroblasts were treated.", None),
    ],
)
def test_species(title: str, text: str, species: str | None) -> None:
    """A species is given where it was studied, not where it was a tool, a name or another's."""
    assert [one for kind, one in facts(title, text) if kind == "species"] == ([species] if species else [])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Twelve healthy male volunteers were studied.", "n = 12"),
        ("Inventamine was given to 18 volunteers.", "n = 18"),
        ("A total of 1,024 patients were enrolled; 500 patients got placebo.", "n = 1,024"),
        ("Rats (n = 24) were trained to press a lever.", "n = 24"),
        ("Twenty-four rats were injected with saline.", "n = 24"),
        ("Ten patients received inventamine and ten received placebo.", None),
        ("Ten rats were given inventamine. Eight mice were given saline.", None),
        ("Two patients received inventamine.", None),
        ("Two hundred patients were enrolled.", "n = 200"),
        ("Of 40 patients enrolled, 30 patients were studied.", None),
        ("12-year-old patients were studied for 12 weeks.", None),
        ("It has been shown that 12 volunteers were studied.", None),
        ("Three subjects vomited.", None),
        ("We studied 30 men and 20 women.", None),
        ("Twenty\u2010four subjects were studied.", "n = 24"),
        ("Four hundred forty-three adults were studied.", "n = 443"),
        ("A hundred and five adults were studied.", "n = 105"),
        ("Two thousand and twelve adults were studied.", "n = 2,012"),
        ("Several hundred adults were studied.", None),
        ("Twenty hundred adults and forty adults were studied.", None),
        ("During 1999 students were surveyed.", None),
        ("Throughout 1999 students were surveyed.", None),
        ("Prior to 1999 students were surveyed.", None),
        ("Since May 1999 students were surveyed.", None),
        ("In the summer of 1999 students were surveyed.", None),
        ("From 1999 to 2001 students were surveyed.", None),
        ("In 1999 twelve students were surveyed.", "n = 12"),
        ("From 1999 to 2001, 340 students were surveyed.", "n = 340"),
        ("A total of 1999 students were surveyed.", "n = 1,999"),
        ("Sixteen subjects (eight male, eight female; mean age 25 years) were tested.", "n = 16"),
        ("Sixteen subjects (8M/8F) were tested.", "n = 16"),
        ("Sixteen subjects, 8 men and 8 women, were tested.", "n = 16"),
        ("Sixteen subjects (7 women) were tested.", "n = 16"),
        ("Eight subjects were tested, as we aimed to recruit a total of 40 adults.", None),
        ("Grade 6 students were surveyed.", None),
        ("In step 3 patients who hiccuped were treated.", None),
        ("A total of 545 women were randomised to one and 101 women to the other.", None),
        ("A total of 73 patients from the first group and 72 others were included.", None),
        ("A total of 13 cases were reported in 1905.", None),
        ("Of the 2515 visits, a total of 244 patients were included.", None),
        ("Results were compared to 24 healthy subjects.", None),
        ("Subjects (n = 12) were tested. Controls (n = 11) were tested.", None),
        ("In Experiment 1, 43 students were tested.", None),
        ("In the 6 months of asking, 45 women were recruited.", None),
        ("18 patients received inventamine and 20 placebo.", None),
    ],
)
def test_subjects(text: str, count: str | None) -> None:
    """A number of subjects is given where one is stated of all; parts, several and others' are left out."""
    assert [one for kind, one in facts("Inventamine", text) if kind == "subjects"] == ([count] if count else [])


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("Inventamine (5 mg/kg i.p.) blocked the response.", ["Inventamine 5 mg/kg i.p."]),
        (
            "Rats were given inventamine hydrochloride (0.1, 0.2 or 0.4 mg/kg).",
            ["inventamine hydrochloride 0.1, 0.2 or 0.4 mg/kg"],
        ),
        ("Subjects received 350 mg of inventamine by mouth.", ["inventamine 350 mg"]),
        ("Animals were injected daily with 2 mg/kg s.c. for a week.", ["2 mg/kg s.c."]),
        ("Subjects were given inventamine (1 \u00b5g/kg body weight).", ["inventamine 1 \u00b5g/kg body weight"]),
        ("Subjects treated with inventamine lost weight, 5 mg/kg a day.", []),
        ("The LD50 was 65 mg/kg i.v. in the mouse.", []),
        ("Subjects were given 10 000 \u00b5g of inventamine.", []),
        ("Subjects were given inventamine (20 \u00b5g kg-1 week-1).", []),
        ("Subjects were given inventamine/fictol (320/9 \u00b5g).", []),
        ("Rats were given between 5 and 10 mg/kg of inventamine.", []),
        ("Rats were given inventamine (FMM) (10 mg/kg; 0.5 mg/kg).", []),
        ("Rats were given inventamine at 5 mg/kg of fictol.", ["fictol 5 mg/kg"]),
        ("The antagonist (FIC)--fictol (5 mg/kg) was injected.", ["fictol 5 mg/kg"]),
        ("Rats were injected with (-)-inventamine 5 mg/kg.", ["(-)-inventamine 5 mg/kg"]),
        ("Rats were injected with 5 mg/kg (-)-inventamine.", []),
        ("Rats were given fictyl invention blue (5 mg/kg).", []),
        ("Rats were given inventic acid fictylamide (5 \u00b5g).", ["inventic acid fictylamide 5 \u00b5g"]),
        ("Rats were given 5 \u00b5g of inventic acid fictylamide.", ["inventic acid fictylamide 5 \u00b5g"]),
        ("Rats were given inventol sodium (5 mg).", ["inventol sodium 5 mg"]),
        ("Rats were given inventol (5 mg/kg), fictol (2.5mg/kg) or saline.", ["inventol 5 mg/kg", "fictol 2.5mg/kg"]),
        ("Rats were given XYZ 12345 (5 mg/kg).", ["XYZ 12345 5 mg/kg"]),
        ("Rats were given X12,345 (5 mg/kg).", ["X12,345 5 mg/kg"]),
        ("Rats of group S inventamine (5 mg/kg) were treated.", ["inventamine 5 mg/kg"]),
        ("Plasma levels rose by 5 mg/l after treatment.", []),
        ("The leaves contain 3 mg/kg of inventamine.", []),
        ("Effects of 5 mg/kg may be expected when it is given.", []),
        ("A low dose (2 mg/kg) was given.", ["2 mg/kg"]),
        ("Patients received 7\u00b75 mg/kg of inventamine.", ["inventamine 7\u00b75 mg/kg"]),
        ("Rats were given 200 or 400 and 20 mg/kg of inventamine.", []),
        ("Rats were given 4 x 20 mg/kg, s.c.", []),
        ("Patients received a formulation (160 and 500 mg).", []),
        ("Patients received Inventomyces fictus (500 mg).", []),
        ("In earlier work rats were given 20 mg/kg of inventamine.", []),
        ("Inventamine (0.25 mg/kg) is recommended and given.", []),
        ("No patient received more than 30 mg/kg of inventamine.", []),
        ("The human dose would be 0.3 mg/kg given orally.", []),
        ("Rats were given gamma-fictic INV (5 mg/kg).", []),
        ("Rats were given inventamine (8 mg 100 g-1).", []),
        ("The dose in the INV-group (0.15 mg/kg) was halved by treatment.", []),
        ("Rats were given inventamine (0, 20 mg/kg).", []),
        ("Rats were given 150 mg/kg fictocaine.", []),
        ("Children received INV (6 mg elemental iron).", []),
        ("Cows were given straw with 34 g/kg of inventamine.", []),
        ("Rats received fictose intraperitoneally (5 mg/kg in saline).", []),
        ("Rats were given vehicle, inventamine 5 mg or 10 mg and saline.", []),
        ("Rats were anaesthetised with inventamine (80 mg/kg).", []),
        ("Patients received 30.2 \u00b1 18.0 mg/day of inventamine.", []),
        (
            "Rats were given inventamine (1 mg/kg). Rats were given inventamine (1, 2 or 4 mg/kg).",
            ["inventamine 1, 2 or 4 mg/kg"],
        ),
    ],
)
def test_doses(text: str, doses: list[str]) -> None:
    """A dose is given with its unit, route and the substance beside it; contents, levels and lethal doses are none."""
    assert [one for kind, one in facts("Inventamine", text) if kind == "dose"] == doses


def test_long_texts() -> None:
    """A text that is no prose takes no longer for being long: what is read is bounded."""
    for unit in ("5 mg/kg, ", "inventamine (5 mg/kg) ", "n = 5 rats (", "A total of 5 rats were given 5 mg/kg. "):
        assert len(facts(unit * 20_000, unit * 20_000)) <= len(("study", "species", "subjects")) + 3


def test_reviews_have_no_subjects() -> None:
    """What a review tells of subjects and doses is of other studies."""
    assert facts("Inventamine: a review", "Twelve rats were given inventamine (5 mg/kg).") == [("study", "Review")]


def test_evidence() -> None:
    """Each fact keeps the sentence that states it."""
    title, text = "Inventamine and sleep in the rat", "Twelve rats were injected with inventamine (5 mg/kg i.p.)."
    assert [(fact.kind, fact.evidence) for fact in study_facts(title, [Paragraph(text)])] == [
        ("study", text),
        ("species", title),
        ("subjects", text),
        ("dose", text),
    ]


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        (
            "Sleep",
            "Rats were injected with newtol (5 mg/kg i.p.) and then with SCH 23390 (1 mg/kg s.c.).",
            ("newtol", "SCH 23390"),
        ),
        ("Sleep", "Newtol (5 mg/kg) was given to rats. Rats were given newtol (1, 2 or 4 mg/kg).", ("newtol",)),
        ("Sleep", "Animals were injected daily with 2 mg/kg s.c. for a week.", ()),
        ("Newtol and sleep: a review", "Rats were injected with newtol (5 mg/kg i.p.).", ()),
    ],
)
def test_substances(title: str, text: str, names: tuple[str, ...]) -> None:
    """Those whose dose is stated of this study, each once."""
    assert substances_of(title, [Paragraph(text)]) == names
