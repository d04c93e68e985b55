"""Citations as citeproc-js gives them, on works that do not exist and, where shared is there, on those of the database."""

import pytest

from bot.citation import AS_PRINTED, HOUSE_STYLES, cite, cite_all
from bot.core.card import Citation
from tests.citation.works import ARTICLE, CHAPTER, DOE, MONTHS, ROE
from tests.shared import needs_shared, rows

EXPECTED = {
    "apa": (
        (
            "Doe, J. A., Roe, R. B., & van Poe, C., Jr. (1988). Effects of a made-up tryptamine on sleep: "
            "a “double-blind” trial. J Made Up Stud, 447(1), 141–144."
        ),
        (
            "Nothing Study Group. (1978). What is known? In J. A. Doe & R. B. Roe (Eds.), The invention of "
            "nothing (pp. 12–31). "
            "Nowhere Press."
        ),
        "A note on the absence of rats. (1974). Annals of Absence, 26(4), S9–S17.",
    ),
    "modern-language-association": (
        (
            "Doe, J. A., et al. “Effects of a Made-up Tryptamine on Sleep: A ‘Double-Blind’ Trial.” J Made Up Stud, "
            "vol. 447, no. 1, Apr. 1988, pp. 141–44."
        ),
        (
            "Nothing Study Group. “What Is Known?” The Invention of Nothing, edited by J. A. Doe and Rita B. "
            "Roe, Nowhere Press, "
            "1978, pp. 12–31."
        ),
        "“A Note on the Absence of Rats.” Annals of Absence, vol. 26, no. 4, Oct.–Dec. 1974, pp. S9–17.",
    ),
    "chicago-author-date": (
        (
            "Doe, J. A., Rita B. Roe, and C. van Poe Jr. 1988. “Effects of a Made-up Tryptamine on Sleep: "
            "A ‘Double-Blind’ Trial.” J Made Up Stud 447 (1): 141–44."
        ),
        (
            "Nothing Study Group. 1978. “What Is Known?” In The Invention of Nothing, edited by J. A. Doe and Rita B. Roe. "
            "Nowhere Press."
        ),
        "“A Note on the Absence of Rats.” 1974. Annals of Absence 26 (4): S9–17.",
    ),
    "nlm-citation-sequence": (
        (
            "Doe JA, Roe RB, van Poe C Jr. Effects of a made-up tryptamine on sleep: a “double-blind” trial. J "
            "Made Up Stud. "
            "1988 Apr 26;447(1):141–4."
        ),
        (
            "Nothing Study Group. What is known? In: Doe JA, Roe RB, editors. The invention of nothing. Utopia: "
            "Nowhere Press; "
            "1978. p. 12–31."
        ),
        "A note on the absence of rats. Annals of Absence. 1974 Oct–Dec;26(4):S9–17.",
    ),
    "american-medical-association": (
        (
            "Doe JA, Roe RB, van Poe C Jr. Effects of a made-up tryptamine on sleep: a “double-blind” trial. J "
            "Made Up Stud. "
            "1988;447(1):141-144."
        ),
        "Nothing Study Group. What is known? In: Doe JA, Roe RB, eds. The Invention of Nothing. Nowhere Press; 1978:12-31.",
        "A note on the absence of rats. Annals of Absence. 1974;26(4):S9-S17.",
    ),
    "harvard-cite-them-right": (
        (
            "Doe, J.A., Roe, R.B. and van Poe, C., Jr. (1988) ‘Effects of a made-up tryptamine on sleep: "
            "a “double-blind” trial’, J Made Up Stud, 447(1), pp. 141–4."
        ),
        (
            "Nothing Study Group (1978) ‘What is known?’, in J.A. Doe and R.B. Roe (eds) The invention of nothing. Utopia: "
            "Nowhere Press, pp. 12–31."
        ),
        "Annals of Absence (1974) ‘A note on the absence of rats’, 26(4), pp. S9–S17.",
    ),
    "ieee": (
        (
            "J. A. Doe, R. B. Roe, and C. van Poe Jr., “Effects of a made-up tryptamine on sleep: a ‘double-blind’ trial,” "
            "J Made Up Stud, vol. 447, no. 1, pp. 141–4, Apr. 1988."
        ),
        (
            "Nothing Study Group, “What is known?,” in The invention of nothing, J. A. Doe and R. B. Roe, Eds., Utopia: "
            "Nowhere Press, 1978, pp. 12–31."
        ),
        "“A note on the absence of rats,” Annals of Absence, vol. 26, no. 4, pp. S9–S17, Oct.–Dec. 1974.",
    ),
    "nature": (
        (
            "Doe, J. A., Roe, R. B. & van Poe, C., Jr. Effects of a made-up tryptamine on sleep: a ‘double-blind’ trial. "
            "J Made Up Stud 447, 141–4 (1988)."
        ),
        (
            "Nothing Study Group. What is known? in The invention of nothing (eds Doe, J. A. & Roe, R. B.) 12–31 "
            "(Nowhere Press, Utopia, 1978)."
        ),
        "A note on the absence of rats. Annals of Absence 26, S9–S17 (1974).",
    ),
}


@pytest.mark.parametrize("style", HOUSE_STYLES)
@pytest.mark.parametrize("at", range(3), ids=["article", "chapter", "months"])
def test_house_styles(style, at):
    """An article, a chapter by a group and an article by nobody come out as citeproc-js has them."""
    work = (ARTICLE, CHAPTER, MONTHS)[at]
    assert EXPECTED[style][at] == cite(work, style).text


@needs_shared
@pytest.mark.parametrize("style", HOUSE_STYLES)
def test_identical_with_the_reference(style):
    """At least 99 of 100 real records are cited letter for letter as citeproc-js cites them."""
    data = rows("citations.jsonl")
    pairs = [(row["citations"][style].split(), cite(row["csl"], style).text.split()) for row in data]
    wrong = [(" ".join(expected), " ".join(text)) for expected, text in pairs if expected != text]
    assert len(wrong) <= len(data) / 100, wrong


@needs_shared
def test_all_styles_at_once():
    """`cite_all` gives the eight styles of a record, and the same as each alone."""
    item = rows("citations.jsonl")[0]["csl"]
    assert {style: cite(item, style).text for style in HOUSE_STYLES} == cite_all(item)


def test_markup():
    """Italics survive beside the plain text, and all else is escaped."""
    item = ARTICLE | {"title": "<i>Nihil</i> & H<sub>2</sub>O <x>", "author": [DOE]}
    made = cite(item, "apa")
    assert (
        Citation(
            "apa",
            "Doe, J. A. (1988). Nihil & H2O <x>. J Made Up Stud, 447(1), 141–144.",
            "Doe, J. A. (1988). <i>Nihil</i> &amp; H<sub>2</sub>O &lt;x&gt;. <i>J Made Up Stud</i>, <i>447</i>(1), 141–144.",
            "APA",
        )
        == made
    )


def test_italics_turn_within_italics():
    """What is italic within an italic title stands upright."""
    book = {"type": "book", "title": "The <i>Nihil</i> book", "author": [DOE], "issued": {"date-parts": [[1990]]}}
    markup = cite(book, "apa").markup
    assert markup == "Doe, J. A. (1990). <i>The</i> Nihil <i>book</i>."


def test_nothing_known():
    """An item that states nothing is no citation of any style."""
    assert Citation(AS_PRINTED, "No bibliographic details", "No bibliographic details") == cite({"type": "book"}, "apa")


@pytest.mark.parametrize(
    ("style", "two", "one"),
    [
        ("apa", "Doe, J. A., Roe, R. B., et al. (1988)", "Doe, J. A. et al. (1988)"),
        ("mla", "Doe, J. A., et al. “", "Doe, J. A., et al. “"),
        ("chicago", "Doe, J. A., Rita B. Roe, et al. 1988.", "Doe, J. A. et al. 1988."),
        ("vancouver", "Doe JA, Roe RB, et al. Effects", "Doe JA et al. Effects"),
        ("ama", "Doe JA, Roe RB, et al. Effects", "Doe JA et al. Effects"),
        ("harvard", "Doe, J.A., Roe, R.B., et al. (1988)", "Doe, J.A. et al. (1988)"),
        ("ieee", "J. A. Doe, R. B. Roe, et al., “Effects", "J. A. Doe et al., “Effects"),
        ("nature", "Doe, J. A., Roe, R. B., et al. Effects", "Doe, J. A. et al. Effects"),
    ],
)
def test_more_authors(style, two, one):
    """No style claims that the named authors are all, where the item says that there are more."""
    more = ARTICLE | {"custom": {"more-authors": True}}
    assert cite(more | {"author": [DOE, ROE]}, style).text.startswith(two)
    assert cite(more | {"author": [DOE]}, style).text.startswith(one)
    assert cite(ARTICLE | {"author": [DOE, {"literal": "et al."}]}, style).text.startswith(one)


def test_more_than_a_style_names():
    """The last of authors who are not named cannot stand behind APA's ellipsis."""
    text = cite(ARTICLE | {"author": [DOE] * 20, "custom": {"more-authors": True}}, "apa").text
    assert text.count("Doe, J. A.") == 19
    assert "Doe, J. A., et al. (1988)" in text


@pytest.mark.parametrize(
    ("style", "more", "part"),
    [
        ("apa", {"DOI": "10.1000/x1"}, "447(1), 141–144. https://doi.org/10.1000/x1"),
        ("apa", {"DOI": "https://doi.org/10.1000/x1"}, "141–144. https://doi.org/10.1000/x1"),
        ("apa", {"DOI": "http://dx.doi.org/10.1000/%281%29"}, "141–144. https://doi.org/10.1000/(1)"),
        ("apa", {"DOI": "doi:10.1000/x1"}, "141–144. https://doi.org/10.1000/x1"),
        ("apa", {"DOI": "DOI 10.1000/x1"}, "141–144. https://doi.org/10.1000/x1"),
        ("apa", {"DOI": "info:doi/10.1000/x1"}, "141–144. https://doi.org/10.1000/x1"),
        ("apa", {"DOI": "urn:doi:10.1000/x1"}, "141–144. https://doi.org/10.1000/x1"),
        ("apa", {"DOI": "https://doi.org/doi:10.1000/x1"}, "141–144. https://doi.org/10.1000/x1"),
        ("mla", {"title": "The newt 'sleep' story"}, "“The Newt ‘Sleep’ Story.”"),
        ("mla", {"title": "'sleep' in newts"}, "“‘Sleep’ in Newts.”"),
        ("mla", {"title": "Der Schlaf der Molche", "language": "de"}, "“Der Schlaf der Molche.”"),
        ("mla", {"title": "Der Schlaf der Molche"}, "“Der Schlaf Der Molche.”"),
        ("mla", {"title": "Sleep of newts", "language": "en"}, "“Sleep of Newts.”"),
        ("chicago", {"title": "Le sommeil des tritons", "language": "fr"}, "“Le sommeil des tritons.”"),
        ("mla", {"issued": {"date-parts": [[1988]], "season": "2"}}, "no. 1, Summer 1988, pp."),
        ("vancouver", {"issued": {"date-parts": [[1988]], "season": "3"}}, "1988 Autumn;447(1)"),
        ("ieee", {"issued": {"date-parts": [[1988]], "season": "4"}}, "pp. 141–4, Winter 1988."),
        ("apa", {"issued": {"date-parts": [[1988]], "season": "4"}}, " (1988). "),
        (
            "apa",
            {"container-title-short": "J Made Up", "note": "Retracted", "PMID": "1"},
            "J Made Up Stud, 447(1), 141–144.",
        ),
    ],
)
def test_values(style, more, part):
    """Values as sources give them come out as the style has them."""
    assert part in cite(ARTICLE | {"title": "Sleep"} | more, style).text


@pytest.mark.parametrize(("style", "number"), [("ieee", "["), ("nature", "1"), ("american-medical-association", "1")])
def test_no_list_number(style, number):
    """A citation stands alone: it has no number in a list."""
    assert cite(ARTICLE, style).text.lstrip() == cite(ARTICLE, style).text
    assert not cite(ARTICLE, style).text.startswith(number)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (
            "din-1505-2",
            (
                "Doe, J. A. ; Roe, Rita B. ; van Poe, C., Jr.: Effects of a made-up tryptamine on sleep: "
                "a „double-blind“ trial. In: J Made Up Stud Bd. 447 (1988), Nr.\N{NO-BREAK SPACE}1, "
                "S.\N{NO-BREAK SPACE}141–4"
            ),
        ),
        (
            "cell",
            (
                "Doe, J.A., Roe, R.B., and van Poe, C., Jr. (1988). Effects of a made-up tryptamine on sleep: "
                "a “double-blind” trial. J Made Up Stud 447, 141–144."
            ),
        ),
    ],
)
def test_any_style(style, expected):
    """Any style of the package goes through the same door, in its own language."""
    assert expected == cite(ARTICLE, style).text
