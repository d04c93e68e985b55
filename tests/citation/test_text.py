"""What is done to text: quotes and markup, letter case, numbers and ranges, initials, and punctuation that meets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citation.csl.fragments import Fragment, QuoteMarks
from bot.citation.csl.initials import initialize
from bot.citation.csl.line import lay_out, settle
from bot.citation.csl.numbers import read_number, shorten_range
from bot.citation.csl.particles import split_particles
from bot.citation.csl.style import load_style
from bot.citation.csl.textcase import apply_case
from bot.citation.item import CslName
from bot.citation.markup import Face, Run, to_markup, to_runs, to_text

ITALIC, BOLD = Face(italic=True), Face(bold=True)


def plain(part, *, punctuation_in_quote=True):
    """Give a part as plain text."""
    return to_text(settle(lay_out(part, QuoteMarks()), punctuation_in_quote=punctuation_in_quote))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("it's", "it’s"),
        ("the rats' tails", "the rats’ tails"),
        ("'one' and \"two\"", "“one” and ‘two’"),
        ("\"one\" and 'two'", "“one” and ‘two’"),
        ("a \"b 'c' d\" e", "a “b ‘c’ d” e"),
        ("('yes')", "('yes’)"),
        ("rock 'n' roll", "rock “n” roll"),
        ("5' and 6\"", '5’ and 6"'),
        ("l’amour d’un", "l’amour d’un"),
        ("“one ‘two’”", "“one ‘two’”"),
        ("a <i>b", "a <i>b"),
        ("a </i> b", "a </i> b"),
        ("x<sub>2</sub>", "x2"),
        ('<span class="nocase">x</span>y', "xy"),
        ("<u>x</u>", "<u>x</u>"),
        ("", ""),
    ],
)
def test_quotes(field, expected):
    """Quotes become the locale's, level by level; what does not pair is text."""
    assert plain(Fragment(field)) == expected


def test_faces():
    """Markup sets faces, and italics within italics stand upright."""
    runs = settle(
        lay_out(Fragment("a <i>b</i> <b>c</b>", font=(("font-style", "italic"),)), QuoteMarks()), punctuation_in_quote=True
    )
    assert runs == [Run("a", ITALIC), Run(" b "), Run("c", Face(italic=True, bold=True))]


@pytest.mark.parametrize(
    ("part", "american", "british"),
    [
        (Fragment("Doe Jr.", suffix="."), "Doe Jr.", "Doe Jr."),
        (Fragment("What?", suffix="."), "What?", "What?"),
        (Fragment("What?", suffix=","), "What?,", "What?,"),
        (Fragment("Well:", suffix="."), "Well:", "Well:"),
        (Fragment("One", quoted=True, suffix=", "), "“One,”", "“One”,"),
        (Fragment("One?", quoted=True, suffix=", "), "“One?,”", "“One?”,"),
        (Fragment("One?", quoted=True, suffix=". "), "“One?”", "“One?”"),
        (Fragment("One.", quoted=True, suffix=". "), "“One.”", "“One.”"),
        (Fragment("One", quoted=True, suffix=": x"), "“One”: x", "“One”: x"),
        (Fragment([Fragment("a 'b'"), Fragment("c")], delimiter=". "), "a “b.” c", "a “b”. c"),
        (Fragment([Fragment("a", suffix=", "), Fragment("b", prefix=", ")]), "a, , b", "a, , b"),
        (Fragment([Fragment("a "), Fragment(" b")]), "a b", "a b"),
        (Fragment("e.g. U.S.A.", suffix=".), b"), "e.g. U.S.A.), b", "e.g. U.S.A.), b"),
        (Fragment("a...", suffix="."), "a...", "a..."),
        (Fragment("http://x.y/'q'", suffix=".", verbatim=True), "http://x.y/'q'.", "http://x.y/'q'."),
    ],
)
def test_punctuation(part, american, british):
    """Marks that meet merge, and go inside quotes or stay outside as the locale has it."""
    assert plain(part) == american
    assert plain(part, punctuation_in_quote=False) == british


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("title", "the effects of LSD on a rat", "The Effects of LSD on a Rat"),
        ("title", "what is it for", "What Is It For"),
        ("title", "sleep: a study", "Sleep: A Study"),
        ("title", "why? because of it", "Why? Because of It"),
        ("title", "N,N-dimethyl and 5-HT2A", "N,N-Dimethyl and 5-HT2A"),
        ("title", "β-methyl and μ-opioid", "β-Methyl and μ-Opioid"),
        ("title", "iPhone use among mRNA fans", "iPhone Use among mRNA Fans"),
        ("title", "double-blind vs. single", "Double-Blind vs. Single"),
        ("title", "don't say 'no way'", "Don't Say 'No Way'"),
        ("title", "the 'sleep' of newts", "The 'Sleep' of Newts"),
        ("title", "newts ('sleep') again", "Newts ('Sleep') Again"),
        ("title", '"sleep" in newts', '"Sleep" in Newts'),
        ("title", "the newts' 'of sleep'", "The Newts' 'of Sleep'"),
        ("title", "the '90s 'sleep' story", "The '90s 'Sleep' Story"),
        ("title", "rock 'n' roll", "Rock 'n' Roll"),
        ("title", "state-of-the-art", "State-of-the-Art"),
        ("title", "x<sub>a</sub> word", "X<sub>a</sub> Word"),
        ("title", '<span class="nocase">pH</span> of <i>water</i>', '<span class="nocase">pH</span> of <i>Water</i>'),
        ("sentence", "The Effects OF LSD", "The effects of lsd"),
        ("capitalize-first", "one Two", "One Two"),
        ("capitalize-first", "mRNA one", "mRNA one"),
        ("capitalize-all", "one two", "One Two"),
        ("uppercase", "one <i>two</i>", "ONE <i>TWO</i>"),
        ("lowercase", "ONE", "one"),
        ("no such case", "One", "One"),
        ("title", "", ""),
    ],
)
def test_case(case, text, expected):
    """Letter case changes as CSL names it."""
    assert apply_case(case, text) == expected


@given(st.text(max_size=30), st.sampled_from(["title", "sentence", "uppercase", "lowercase", "capitalize-first"]))
def test_case_keeps_all(text, case):
    """A change of case changes nothing but case; letters such as the dotless i have a capital that is another's, too."""
    assert apply_case(case, text).upper().casefold() == text.upper().casefold()


ENGLISH = load_style("apa").locale


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("1532-7", ["1532–1537", "1532–7", "1532–37", "1532–37", "1532–7"]),
        ("45-51", ["45–51", "45–51", "45–51", "45–51", "45–51"]),
        ("100-104", ["100–104", "100–4", "100–04", "100–104", "100–104"]),
        ("101-108", ["101–108", "101–8", "101–08", "101–8", "101–108"]),
        ("1496-1504", ["1496–1504", "1496–504", "1496–504", "1496–504", "1496–1504"]),
        ("1-43", ["1–43", "1–43", "1–43", "1–43", "1–43"]),
        ("S242-S245", ["S242–S245", "S242–5", "S242–45", "S242–45", "S242–S245"]),
        ("S242-5", ["S242-5", "S242-5", "S242-5", "S242-5", "S242-5"]),
        ("33-37, 40-42", ["33–37, 40–42", "33–7, 40–2", "33–37, 40–42", "33–37, 40–42", "33–37, 40–42"]),
        ("845, 855", ["845, 855", "845, 855", "845, 855", "845, 855", "845, 855"]),
        ("615 – 619", ["615–619", "615–9", "615–19", "615–19", "615–619"]),
        ("iv-xii", ["iv–xii", "iv–xii", "iv–xii", "iv–xii", "iv–xii"]),
        ("256-21", ["256–21", "256–21", "256–21", "256–21", "256–21"]),
        ("e1234", ["e1234", "e1234", "e1234", "e1234", "e1234"]),
        ("pp. 3-4", ["3–4", "3–4", "3–4", "3–4", "3–4"]),
        ("12991-13001", ["12991–13001", "12991–3001", "12991–3001", "12991–3001", "12991–13001"]),
    ],
)
def test_pages(page, expected):
    """Page ranges are written in the style's format, and no page is made up."""
    formats = ("expanded", "minimal", "minimal-two", "chicago-16", "")
    assert [str(read_number("page", page, ENGLISH, page_format)) for page_format in formats] == expected


@given(st.integers(1, 10**6), st.integers(1, 5000), st.sampled_from(["minimal", "minimal-two", "chicago-15", "chicago-16"]))
def test_short_ranges_say_the_same(start, more, page_format):
    """The end of a range, however short, says the same page: it completes the start's first digits."""
    first, end = str(start), str(start + more)
    short = shorten_range(first, end, page_format)
    kept = len(first) - len(short) if len(first) == len(end) else 0
    assert first[:kept] + short == end


@pytest.mark.parametrize(
    ("variable", "text", "written", "numeric", "plural"),
    [
        ("volume", "12", "12", True, False),
        ("volume", "112-113", "112–113", True, True),
        ("volume", "88 Suppl 8", "88 Suppl 8", False, False),
        ("volume", "XIV", "XIV", False, False),
        ("volume", "1967(II)", "1967(II)", False, False),
        ("volume", "1998/1999", "1998/1999", True, False),
        ("issue", "1-3", "1–3", True, True),
        ("issue", "Fragment I", "Fragment I", False, False),
        ("issue", "1 & 2", "1 & 2", True, True),
        ("edition", "2nd", "2nd", True, False),
        ("number-of-pages", "300", "300", True, True),
        ("number-of-pages", "1", "1", True, False),
        ("page", "", "", False, False),
        ("section", "3-4", "3-4", True, True),
    ],
)
def test_numbers(variable, text, written, numeric, plural):
    """A number is known for one, and several for several; what is no number stands as it is."""
    number = read_number(variable, text, ENGLISH, "")
    assert (str(number), number.numeric, number.plural) == (written, numeric, plural)


@pytest.mark.parametrize(
    ("given_name", "dotted", "bare", "normalized"),
    [
        ("J. A.", "J. A.", "JA", "J. A."),
        ("John Albert", "J. A.", "JA", "John Albert"),
        ("J.A.", "J. A.", "JA", "J. A."),
        ("Jean-Luc", "J.-L.", "J-L", "Jean-Luc"),
        ("Mary Ann de", "M. A. de", "MA de", "Mary Ann de"),
        ("K T", "K. T.", "KT", "K. T."),
        ("Thomas K.", "T. K.", "TK", "Thomas K."),
        ("Chr.", "Chr.", "Chr", "Chr."),
        ("É.", "É.", "É", "É."),
        ("太郎", "太郎", "太郎", "太郎"),
        ("علي", "ع.", "ع", "علي"),
        ("", "", "", ""),
    ],
)
def test_initials(given_name, dotted, bare, normalized):
    """Given names are cut to initials, with the style's mark behind each."""
    assert initialize(given_name, ". ") == dotted
    assert initialize(given_name, "") == bare
    assert initialize(given_name, ". ", only_normalize=True) == normalized


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (CslName("van Gogh", "V."), CslName("Gogh", "V.", non_dropping="van")),
        (CslName("de la Cruz", "J."), CslName("Cruz", "J.", non_dropping="de la")),
        (CslName("d'Arc", "J."), CslName("Arc", "J.", non_dropping="d'")),
        (CslName("al-Rashid", "H."), CslName("Rashid", "H.", non_dropping="al-")),
        (CslName("Van Dusen", "W."), CslName("Van Dusen", "W.")),
        (CslName("D'Esposito", "M."), CslName("D'Esposito", "M.")),
        (CslName("Nicolas-Charles", "P."), CslName("Nicolas-Charles", "P.")),
        (CslName("Beethoven", "Ludwig van"), CslName("Beethoven", "Ludwig", dropping="van")),
        (CslName("Pope", "H. G., Jr."), CslName("Pope", "H. G.", suffix="Jr.")),
        (CslName("van Gogh", "V.", parse=False), CslName("van Gogh", "V.", parse=False)),
        (CslName("van Gogh"), CslName("van Gogh")),
    ],
)
def test_particles(name, expected):
    """Particles and suffixes are told from names by their first letter and their place."""
    assert split_particles(name) == expected


FACES = st.builds(Face, st.booleans(), st.booleans(), st.sampled_from(["", "sup", "sub"]))


def test_an_exponent_in_two_pieces() -> None:
    """It is one number, however its figures are set."""
    raised, slanted = Face(script="sup"), Face(italic=True, script="sup")
    assert to_text([Run("10", Face()), Run("1", raised), Run("2", slanted), Run(" cells", Face())]) == "10¹² cells"
    assert to_text([Run("0", raised), Run("0", raised)]) == "00"


@given(st.lists(st.builds(Run, st.text(min_size=1, max_size=9), FACES), max_size=6))
def test_markup_round_trip(runs):
    """Markup gives back the runs it was made of, neighbours of one face joined."""
    back = to_runs(to_markup(runs))
    assert [(letter, run.face) for run in runs for letter in run.text] == [
        (letter, run.face) for run in back for letter in run.text
    ]
    assert to_text(back) == to_text(runs)


def test_markup_is_escaped():
    """What looks like markup in a text is text."""
    assert to_markup([Run("a <b>&", BOLD)]) == "<b>a &lt;b&gt;&amp;</b>"
    assert to_runs("<b>a &lt;b&gt;&amp;</b>") == [Run("a <b>&", BOLD)]
