"""What a fact says is what the text says: whole names, whole units, whole numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.record import Paragraph
from bot.findings import doses, study_facts, subjects, substances
from tests.tables import table_of

JOINED = (
    *(
        "",
        "\u03b1-",
        "\u03b2,\u03b2-di",
        "\u03b3-hydroxy",
        "6\u03b2-",
        "\u03949-",
        "\u0394\u2079-",
        "\u0394 9-",
        "d-\u03b1 ",
        "(-)-delta 9-",
    ),
    *(
        "delta-9-",
        "delta 9-",
        "delta(9)-",
        "delta(9) ",
        "alpha-",
        "(+)-",
        "(-)-",
        "(\u2212)-",
        "(\u00b1)-",
        "(+/-)-",
        "(+) ",
        "(R)-",
    ),
    *("S-(+)-", "(1R,2S)-", "d-", "dl-", "D ", "L-", "trans-", "N-", "N,N-", "p-", "3,4-", "5-MeO-", "2,5-dimethoxy-4-"),
    *("1-(4-fluorophenyl)-", "[3H]", "[11C]-", "14C-"),
)
"""Prefixes that are read as a part of the name."""
APART = (
    *(
        "3, 4-",
        "N, N-",
        "( + )-",
        "( - ) ",
        "delta 9 ",
        "5- ",
        "\u03949 -",
        "5'-",
        "2,5-dimethoxy ",
        "inventyl ",
        "gamma-fictic ",
    ),
    *("methylene ", "sodium ", "inventic acid "),
)
"""Beginnings of a name that may keep it from being read."""
NAMES = (
    *("newtol", "Newtamine", "newtorphine", "NTL", "NTL-25", "newtamide", "newtamine hydrochloride", "NT 12345"),
    "newtic acid",
)
READ = (
    *(
        "mg",
        "\u00b5g",
        "\u03bcg",
        "ug",
        "mcg",
        "microg",
        "micrograms",
        "microgram/kg",
        "\u00b5g/kg",
        "\u03bcg/kg",
        "ng/kg",
        "mg/kg",
    ),
    *(
        "mg.kg-1",
        "mg kg-1",
        "mg kg(-1)",
        "mg\u00b7kg\u207b\u00b9",
        "mg kg\u22121",
        "mg kg-1 day-1",
        "mg\u00b7kg\u207b\u00b9\u00b7h\u207b\u00b9",
    ),
    *("mg/kg/day", "nmol/kg", "\u00b5mol/kg", "mmol kg-1", "g/kg"),
)
UNREAD = ("nmol", "g", "mg/ml", "mg/l", "mg/100 g", "mg kg-1 week-1", "mg/m2", "mg/week", "mg %")
AMOUNTS = (
    *("5", "0.5", "0\u00b75", "1,000", "1985", "0.1, 0.2 and 0.4", "5-10", "5 or 10"),
    *("1 000", "10\u2009000", "2 x 5", "5 \u00b1 1", "1/2", "-5", "<5"),
)
TEMPLATES = (
    "Rats were injected with saline or {name} ({amount} {unit}).",
    "Rats were injected with {name} ({amount}{unit} i.p.) or saline.",
    "Volunteers received {amount} {unit} of {name} by mouth.",
    "Volunteers received {amount} {unit} of {name}.",
    "Subjects were given {name} {amount} {unit} orally.",
    "{name}, {amount} {unit}, was given to rats.",
)


TIMES = ("", "In ", "During ", "By ", "Since ", "Before ", "In May ", "In the spring of ", "From 1950 to ")


def in_words(count: int) -> str:
    """Write a number below ten thousand in English words."""
    ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    names = [*ones.split(), "eighteen", "nineteen"]
    if count < 20:
        return names[count]
    if count < 100:
        tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"][count // 10 - 2]
        return tens + (f"-{names[count % 10]}" if count % 10 else "")
    size, name = (1000, "thousand") if count >= 1000 else (100, "hundred")
    rest = count % size
    return f"{in_words(count // size)} {name}" + (
        f" and {in_words(rest)}" if rest and rest < 100 else f" {in_words(rest)}" if rest else ""
    )


def stated(text: str, kind: str) -> list[str]:
    return [fact.text for fact in study_facts("Invention", [Paragraph(text)]) if fact.kind == kind]


@pytest.mark.parametrize(("text", "count"), table_of(subjects.__doc__))
def test_table_of_subjects(text: str, count: str) -> None:
    """The table of the module is true."""
    found = subjects.subjects_in("", [text])
    assert (str(found[0]) if found else "none") == count


@pytest.mark.parametrize(("text", "dose"), table_of(doses.__doc__))
def test_table_of_doses(text: str, dose: str) -> None:
    """The table of the module is true."""
    assert [found for found, _ in doses.doses_in([text])] == ([dose] if dose != "none" else [])


@pytest.mark.parametrize(("printed", "name"), table_of(substances.__doc__))
def test_table_of_substances(printed: str, name: str) -> None:
    """The table of the module is true."""
    assert (substances.substance(*printed.strip("`").split("\u2026")) or "none") == name


@pytest.mark.parametrize("unit", READ)
def test_units(unit: str) -> None:
    """The usual units are read, each as the text writes it."""
    assert stated(f"Volunteers were given NTL (5 {unit}).", "dose") == [f"NTL 5 {unit}"]


@pytest.mark.parametrize("unit", UNREAD)
def test_other_units(unit: str) -> None:
    """Concentrations and rates that are not read leave no shorter dose behind."""
    assert not stated(f"Volunteers were given NTL (5 {unit}).", "dose")


@pytest.mark.parametrize("prefix", JOINED)
def test_prefixes(prefix: str) -> None:
    """A prefix is a part of the name, before a dose and behind it."""
    for text in (f"Rats were given {prefix}newtol (5 mg/kg).", f"Rats were given 5 mg/kg of {prefix}newtol orally."):
        assert stated(text, "dose") == [f"{prefix}newtol 5 mg/kg"]


@given(
    st.sampled_from(JOINED + APART),
    st.sampled_from(NAMES),
    st.sampled_from(AMOUNTS),
    st.sampled_from(READ + UNREAD),
    st.sampled_from(TEMPLATES),
)
def test_doses_are_literal(prefix: str, name: str, amount: str, unit: str, template: str) -> None:
    """A dose names the whole substance or none, and states the whole number and unit, as the text does."""
    text = template.format(name=prefix + name, amount=amount, unit=unit)
    written = {amount + gap + unit + route for gap in ("", " ") for route in ("", " i.p.", " by mouth", " orally")}
    for dose in stated(text, "dose"):
        assert dose.removeprefix(prefix + name).removeprefix(" ") in written


@given(
    st.integers(0, 9999),
    st.sampled_from(("{}", "{:,}", "a total of {}")),
    st.sampled_from(TIMES),
    st.sampled_from(("men", "patients", "rats")),
)
def test_subjects_are_literal(count: int, form: str, time: str, who: str) -> None:
    """A number of subjects is one that stands before its noun and is no year."""
    number = form.format(count)
    found = stated(f"{time}{number} {who} were studied.", "subjects")
    assert found in ([], [f"n = {count:,}"])
    if time and form == "{}" and 1900 <= count < 2100:
        assert not found


@given(st.integers(1, 9999))
def test_numbers_in_words(count: int) -> None:
    """A number in words is read as the number it is."""
    found = stated(f"{in_words(count).capitalize()} men were studied.", "subjects")
    assert found == ([f"n = {count:,}"] if count > 2 else [])
