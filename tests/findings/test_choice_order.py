"""How many sentences a card quotes, in which order, and which of them only together."""

import pytest

from bot.findings import choose, label_sentences
from bot.findings.choice import CLEAR, Choice, score_sentences
from tests.findings.test_choice import AIM, CONCLUSION, METHOD, MORE, NEGATIVE, OPENING, RESULT, quotes
from tests.shared import needs_shared, rows


def chosen(sentences: list[str], most: int) -> Choice:
    return choose(sentences, label_sentences(sentences), most=most)


def test_clear_alone() -> None:
    """A sentence that leans on the one before stands right behind it."""
    found = quotes(AIM, METHOD, RESULT, NEGATIVE, CONCLUSION)
    assert found[0] == CONCLUSION
    assert NEGATIVE not in found or found.index(NEGATIVE) == found.index(RESULT) + 1


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_limits(most: int) -> None:
    """At most so many are quoted, and all sentences are ranked, those quoted first."""
    sentences = [AIM, METHOD, RESULT, RESULT, CONCLUSION, MORE]
    choice = chosen(sentences, most)
    assert len(choice.quoted) <= most
    assert choice.ranked[: len(choice.quoted)] == choice.quoted
    assert sorted(choice.ranked) == list(range(6))


SUPPOSED = "It is suggested that inventamine acts on the made-up receptor."


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param([OPENING, "Inventamine may be useful in the treatment of sleepless newts.", SUPPOSED], id="supposed"),
        pytest.param([OPENING, CONCLUSION, "In this group it also lowered body temperature."], id="concluded"),
        pytest.param([RESULT, SUPPOSED, "This effect was abolished by newtol."], id="last needs the one before"),
    ],
)
def test_a_short_card_is_the_beginning_of_a_full_one(sentences: list[str]) -> None:
    """A card of fewer sentences quotes the first of those that a full card quotes."""
    full = chosen(sentences, 3).quoted
    assert len(full) > 1
    assert [chosen(sentences, most).quoted for most in (1, 2)] == [full[:1], full[:2]]


@needs_shared
@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.storm)])
def test_compact_cards_on_read_abstracts(every: int) -> None:
    """A compact card quotes the first sentence of the full one, or nothing as it does."""
    for row in rows("findings/read-abstracts.jsonl")[::every]:
        assert chosen(row["sentences"], 1).quoted == chosen(row["sentences"], 3).quoted[:1], row["id"]


NEWTS, BLOCKED = "Newts given inventamine slept longer than controls.", "The effect was blocked by newtol but not by saline."
LATTER, GROUP = "The latter lasted for 2 h.", "In this group it also lowered body temperature."


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param([NEWTS, "This effect was abolished by newtol.", BLOCKED, LATTER], id="first is clear"),
        pytest.param(
            [CONCLUSION, "Naps, too, were longer.", GROUP, "This increase was not seen in frogs."], id="in between"
        ),
        pytest.param([NEGATIVE, BLOCKED, GROUP, "This increase was not seen in frogs."], id="none before is clear"),
    ],
)
def test_what_is_needed_needs_another(sentences: list[str]) -> None:
    """A sentence is quoted only after the one that it needs, also where that one needs another."""
    scores = score_sentences(sentences, label_sentences(sentences))
    quoted = chosen(sentences, 3).quoted
    unclear = [index for index in quoted if scores.needs[index] > CLEAR]
    assert [one for one in unclear if one - 1 not in quoted[: quoted.index(one)]] == []
