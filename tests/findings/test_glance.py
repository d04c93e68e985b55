import pytest

from bot.core.record import Paragraph
from bot.findings import glance


def facts(title: str, text: str = "") -> list[tuple[str, str]]:
    return [(fact.kind, fact.text) for fact in glance(title, [Paragraph(text)])]


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
        ("Two hundred patients were enrolled.", None),
        ("Of 40 patients enrolled, 30 patients were studied.", None),
        ("12-year-old patients were studied for 12 weeks.", None),
        ("It has been shown that 12 volunteers were studied.", None),
        ("Three subjects vomited.", None),
        ("We studied 30 men and 20 women.", None),
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
        ("The LD50 was 65 mg/kg i.v. in the mouse.", []),
        ("Plasma levels rose by 5 mg/l after treatment.", []),
        ("The leaves contain 3 mg/kg of inventamine.", []),
        ("Effects of 5 mg/kg may be expected when it is given.", []),
        ("A low dose (2 mg/kg) was given.", ["2 mg/kg"]),
    ],
)
def test_doses(text: str, doses: list[str]) -> None:
    """A dose is given with its unit, route and the substance beside it; contents, levels and lethal doses are none."""
    assert [one for kind, one in facts("Inventamine", text) if kind == "dose"] == doses


def test_reviews_have_no_subjects() -> None:
    """What a review tells of subjects and doses is of other studies."""
    assert facts("Inventamine: a review", "Twelve rats were given inventamine (5 mg/kg).") == [("study", "Review")]


def test_evidence() -> None:
    """Each fact keeps the sentence that states it."""
    title, text = "Inventamine and sleep in the rat", "Twelve rats were injected with inventamine (5 mg/kg i.p.)."
    assert [(fact.kind, fact.evidence) for fact in glance(title, [Paragraph(text)])] == [
        ("study", text),
        ("species", title),
        ("subjects", text),
        ("dose", text),
    ]
