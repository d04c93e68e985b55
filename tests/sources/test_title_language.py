"""The language of a title, and none where it is unsure."""

import pytest

from bot.sources import title_language
from bot.sources.title_language import language_of
from tests.tables import table_of


@pytest.mark.parametrize("row", table_of(title_language.__doc__), ids=lambda row: row[0])
def test_the_table(row):
    title, code, _ = (cell.strip("`") for cell in row)
    assert language_of(title) == (None if code == "None" else code)


@pytest.mark.parametrize(
    ("code", "titles"),
    [
        ("de", ["Zur Pharmakologie des Newtols", "Über Newtol", "LSD und Schlaf", "Klinische Untersuchungen mit Newtol"]),
        (
            "fr",
            ["Intoxication mortelle par newtol", "À propos d\u2019un cas d\u2019intoxication", "Sur la toxicité du newtol"],
        ),
        ("it", ["Su un caso di intossicazione", "Sulla tossicità del newtol", "Il sonno dei tritoni"]),
        ("es", ["Intoxicación por newtol", "Ayahuasca y salud", "El sueño de los tritones"]),
        ("pt", ["O sono dos tritões e a memória"]),
        ("nl", ["De slaap van salamanders en het geheugen"]),
        ("sv", ["Vattenödlors sömn och minne"]),
        ("da", ["Salamandres søvn og hukommelse"]),
        (
            "en",
            ["De novo synthesis of newtol", "Effects of D-newtol", "Die another day", "Newtol: a review", "DMT at fifty"],
        ),
        (None, ["Ecstasy", "MDMA", "Salvia divinorum", "LSD-Psychose", "LSD et sommeil", "Newtol in La Jolla", ""]),
    ],
)
def test_language(code, titles):
    assert {title: language_of(title) for title in titles} == dict.fromkeys(titles, code)
