"""Damage by a printf is undone where it is certain, and nowhere else."""

import pytest

from bot.sources.erowid.printf import undo_printf


@pytest.mark.parametrize(
    ("damaged", "read"),
    [
        ("730f the mice slept", "73% of the mice slept"),
        ("in 700ver 3 h", "in 70% over 3 h"),
        ("900ure water", "90% pure water"),
        ("16 0n the urine", "16% in the urine"),
        ("a 57 0ecrease", "a 57% decrease"),
        ("68 0nhibition", "68% inhibition"),
        ("fell 10-15 0.000000rom rest", "fell 10-15% from rest"),
        ("33-67aturation", "33-67% saturation"),
        ("20 0gher", "20% higher"),
        ("100ubjects", "100% subjects"),
        ("1000f mice", "100% of mice"),
        ("0.050f the mice", "0.05% of the mice"),
        ("12.50f the mice", "12.5% of the mice"),
        ("400r more", "40% or more"),
        ("750f 120 mice, 250f 40", "75% of 120 mice, 25% of 40"),
        ("30 0ntensification, as the intensification", "30% intensification, as the intensification"),
    ],
)
def test_what_is_certain(damaged, read):
    texts, repairs = undo_printf([damaged, "Mice slept."])
    assert texts == [read, "Mice slept."]
    assert repairs


@pytest.mark.parametrize(
    "text",
    [
        "500ut the mice slept",
        "30 0ntensification",
        "20mg, 10min, 50s, 60y, 40mol and 300bp",
        "the 30th of the 1960s, at 10am",
        "17beta-estradiol, 5fold",
        "73% of the mice slept for 10 of 20 days",
        "5-HT2A, 10x, 2.50",
        "1000.000000f mice",
        "",
    ],
)
def test_what_is_not(text):
    """Units, endings and what two words may have been stay as printed."""
    assert undo_printf([text]) == ([text], ())
