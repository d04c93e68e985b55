import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.search import LONGEST, singular, to_index, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Naïve Café-au-lait", "naive cafe au lait"),
        ("β-Carboline, 5\N{GREEK SMALL LETTER ALPHA}-reductase", "beta carboline 5 alpha reductase"),
        ("\N{MICRO SIGN}-opioid λ", "mu opioid lambda"),
        ("Δ9-THC H₂O ﬁsh", "delta 9 thc h2o fish"),
        ("Łódź Ørsted Æther straße", "lodz orsted aether strasse"),
        ('"a" OR b* NEAR(c) col:d ^e -f', "a or b near c col d e f"),
        ("x'y\\z & (q | !r) <-> :*", "x y z q r"),
        ("snake_case\x00\ud800 ٣", "snake case ٣"),
        ("日本語 текст", "日本語 текст"),
        ("", ""),
        ("⁂ — !", ""),
    ],
)
def test_words(text, expected) -> None:
    """Words are letters and digits, folded, without accents, Greek letters spelled out; marks and operators are nothing."""
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("studies", "study"),
        ("rats", "rat"),
        ("doses", "dose"),
        ("mus", "mus"),
        ("stress", "stress"),
        ("toes", "toe"),
        ("trees", "tree"),
        ("rat", "rat"),
        ("s", ""),
    ],
)
def test_singular(word, expected) -> None:
    """Harman's three rules: -ies, -es, -s, each with its exceptions."""
    assert singular(word) == expected


def test_a_text_is_found_by_its_words_and_their_singulars() -> None:
    """Both are indexed; a word that is only an ending is not made empty."""
    assert list(to_index("Two rats' s")) == ["two", "rats", "rat", "s"]


@given(st.text())
def test_any_text_is_only_words(text) -> None:
    """Whatever the text, a word is letters and digits, neither empty nor long, and folding it again changes nothing."""
    for word in to_index(text):
        assert word.isalnum()
        assert 0 < len(word) <= LONGEST
        assert "".join(words(word)) == word
