import pytest

from bot.sources.erowid.title import QuotedTitle, cut_at_title, read_title


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("“DMT at fifty”.", QuotedTitle("", "DMT at fifty", "")),
        ("“DMT at fifty”", QuotedTitle("", "DMT at fifty", "")),
        ("““Ecstasy” and sleep”.", QuotedTitle("", "“Ecstasy” and sleep", "")),
        ("“Sleep and “rave””.", QuotedTitle("", "Sleep and “rave”", "")),
        ("“Sleep, “rave”, and work”.", QuotedTitle("", "Sleep, “rave”, and work", "")),
        ("“Sleep at a “rave”.", QuotedTitle("", "Sleep at a “rave", "")),
        ('"Is "ecstasy" safe?".', QuotedTitle("", 'Is "ecstasy" safe?', "")),
        ("„Schlaf und Traum“.", QuotedTitle("", "Schlaf und Traum", "")),
        ("«Le sommeil».", QuotedTitle("", "Le sommeil", "")),
        (
            "Doe J, Roe K. “Sleep: a study”. J Made Up. 1998;1:2-3.",
            QuotedTitle("Doe J, Roe K.", "Sleep: a study", "J Made Up. 1998;1:2-3."),
        ),
        ('Doe J. "Sleep". J Made Up. 1998;1:2-3.', QuotedTitle("Doe J.", "Sleep", "J Made Up. 1998;1:2-3.")),
        (
            "“Sleep in 1999; a “poem”. Part two”. J Made Up. 1998;1:2.",
            QuotedTitle("", "Sleep in 1999; a “poem”. Part two", "J Made Up. 1998;1:2."),
        ),
        ("Doe J. “Sleep”. Unpublished.", QuotedTitle("Doe J.", "Sleep", "Unpublished.")),
        ("“1958”.", QuotedTitle("", "1958", "")),
        ("“Goats” [Letter].", QuotedTitle("", "Goats", "", "[Letter]")),
        ("Doe J. “Goats.” [Letter]. J X. 1998;1:2.", QuotedTitle("Doe J.", "Goats.", "J X. 1998;1:2.", "[Letter]")),
        ("Doe J. “Goats” J X. 1998;1:2.", QuotedTitle("Doe J.", "Goats", "J X. 1998;1:2.")),
        ("Doe J. “A “rave” Study” J X. 1998;1:2.", QuotedTitle("Doe J.", "A “rave” Study", "J X. 1998;1:2.")),
        ("Doe J. “Goats” Were few.", None),
        ("“Goats”: reply to Doe.", None),
        ("“Goats”, “sheep” and “kids””.", None),
        ("Doe J. “Goats”, “sheep” and “kids””. J X. 1998;1:2.", None),
        ("“Ecstasy” and “rave” are words.", None),
        ("“Ecstasy” and “rave”", None),
        ("As somebody said, “sleep is good” and so on.", None),
        ("As somebody said “sleep is good”.", None),
        ("The “rave” was long.", None),
        ("“”.", None),
        ("“...”.", None),
        ("Sleep", None),
        ("", None),
    ],
)
def test_title_line(line, expected):
    """A line is cut at the title's outer quotes; a quotation in a sentence is no title."""
    assert cut_at_title(line) == expected


@pytest.mark.parametrize(
    ("quoted", "title"),
    [
        ("DMT at fifty", "DMT at fifty"),
        ("Sleep of ants.", "Sleep of ants"),
        ("Sleep of ants..", "Sleep of ants"),
        ("Is it safe?", "Is it safe?"),
        ("Is it safe?.", "Is it safe?"),
        ("Sleep in the U.S.", "Sleep in the U.S."),
        ("Alkaloids of Psilocybe sp.", "Alkaloids of Psilocybe sp."),
        ("And then...", "And then..."),
        ("And then\u2026", "And then\u2026"),
        ("Sleep. A study. Part 2", "Sleep. A study. Part 2"),
        ("Sleep [Le sommeil]", "Sleep [Le sommeil]"),
    ],
)
def test_title(quoted, title):
    """Only the stray stop at the end goes."""
    assert read_title(quoted) == title
