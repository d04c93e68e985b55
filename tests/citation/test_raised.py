"""Titles with markup and literal marks, in every form of a citation."""

import pytest

from bot.citation import cite, to_bibtex, to_csl_json, to_ris
from bot.core.record import Name, Record
from cogs.discord_kit.markdown import markdown

CELLS = Record(
    None, "Growth of 10<sup>6</sup> <i>Rana</i> cells in H<sub>2</sub>O", authors=(Name("Doe", "J."),), issued=((2031,),)
)
LITERAL = Record(None, "T<Cmax & p < 0.05 in a<b rats", authors=(Name("Doe", "J."),), issued=((2031,),))


@pytest.mark.parametrize("style", ["apa", "vancouver", "modern-language-association"])
def test_exponents(style: str) -> None:
    """Where nothing can be raised by markup, figures that are raised themselves stand there: 106 cells are others."""
    made = cite(CELLS.to_csl(), style)
    assert "10⁶ rana cells in h2o" in made.text.lower()
    assert "<sup>6</sup>" in made.markup
    shown = markdown(made.markup)
    assert "10⁶" in shown
    assert "**" not in shown


def test_exponents_in_files() -> None:
    """RIS is plain text; the others have markup of their own."""
    assert "10⁶ Rana cells in H2O" in to_ris([CELLS.to_csl()])
    assert r"10\textsuperscript{6} \textit{" in to_bibtex([CELLS.to_csl()])
    assert CELLS.title in to_csl_json([CELLS.to_csl()])


def test_literal_marks() -> None:
    """What only looks like markup is text everywhere."""
    made = cite(LITERAL.to_csl(), "apa")
    assert LITERAL.plain_title == LITERAL.title
    assert LITERAL.title in made.text
    assert "T&lt;Cmax &amp; p &lt; 0.05 in a&lt;b rats" in made.markup
    assert LITERAL.title in to_ris([LITERAL.to_csl()])
