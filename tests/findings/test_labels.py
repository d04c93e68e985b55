import hashlib
import re
from itertools import pairwise

import numpy as np
import pytest

from bot.findings import Label, label_sentences, ranker
from bot.findings.chain import probabilities
from bot.findings.features import features_of
from bot.findings.labels import MODEL, shipped, vocabulary
from bot.findings.network import TOP, place_features
from bot.findings.ranker import CHOICE_MODEL
from bot.findings.tokens import words_of
from tests.bench.findings import INVENTED, label_figures
from tests.shared import needs_shared, rows


def test_invented_abstract() -> None:
    """Each sentence of a plain abstract gets its label, the likeliest, and probabilities that add up."""
    labelled = label_sentences(INVENTED)
    assert [one.label for one in labelled] == [
        Label.BACKGROUND,
        Label.METHODS,
        Label.RESULTS,
        Label.RESULTS,
        Label.CONCLUSIONS,
    ]
    for one in labelled:
        assert sum(one.probabilities) == pytest.approx(1, abs=0.001)
        assert one.probability(one.label) == max(one.probabilities)


def test_spaced_text_is_the_same_text() -> None:
    """A text with its numbers as @ and its tokens spaced is labelled as the printed one."""
    printed = "Latency rose from 42.5 to 61.0 min [p < 0.05], in drug-free rats."
    spaced = "Latency rose from @ to @ min -LSB- p < @ -RSB- , in drug-free rats ."
    assert words_of(printed) == words_of(spaced)


@pytest.mark.parametrize("count", [0, 1])
def test_few_sentences(count: int) -> None:
    """No sentence gives no label; one gives one."""
    assert len(label_sentences(INVENTED[:count])) == count


@pytest.mark.parametrize("sentence", ["", ".", "\u2009", "x" * 5000, "\ufffd\u0000"])
def test_any_sentence_is_labelled(sentence: str) -> None:
    """A sentence with no words at all is labelled too."""
    assert len(label_sentences([sentence, *INVENTED])) == 1 + len(INVENTED)


def test_printed_labels_are_believed_first() -> None:
    """Under a printed label no sentence gets another, whatever the model would say."""
    labelled = label_sentences(INVENTED, ["CONCLUSIONS"] * len(INVENTED))
    assert {one.label for one in labelled} == {Label.CONCLUSIONS}


def test_chain() -> None:
    """The sums over sequences are those that trying every sequence gives."""
    rng = np.random.default_rng(3)
    scores, transitions, first, last = (rng.normal(size=shape) for shape in ((4, 5), (5, 5), 5, 5))
    permitted = rng.random((4, 5)) < 0.7
    permitted[:, 2] = True
    true = np.zeros((4, 5))
    for path in np.ndindex(5, 5, 5, 5):
        if permitted[range(4), path].all():
            steps = sum(transitions[a, b] for a, b in pairwise(path))
            true[range(4), path] += np.exp(first[path[0]] + last[path[-1]] + scores[range(4), path].sum() + steps)
    true /= true.sum(axis=1, keepdims=True)
    assert probabilities(scores, transitions, first, last, permitted) == pytest.approx(true, abs=1e-4)


def test_sums_are_exact() -> None:
    """Every product the network adds up is of whole steps, and no sum can reach where float32 loses a whole number."""
    for network in (shipped().network, ranker.shipped().network):
        for layer in (network.pair, network.triple, *network.inputs, network.state, network.output):
            assert np.abs(layer.steps).sum(axis=-2).max() * 127 < 2**24
    assert np.abs(vocabulary().vectors.astype(int)).max() <= TOP


def test_columns() -> None:
    """The network for the choice was trained with the columns that are computed now, in their order; it gets whole steps."""
    known = features_of(INVENTED, label_sentences(INVENTED), "Sleep")
    model = ranker.shipped()
    assert model.names == tuple(known.columns)
    steps = ranker.columns_in_steps(known, model.mean, model.deviation)
    assert (steps == np.rint(steps)).all()
    assert np.abs(steps).max() <= TOP


def test_place_features() -> None:
    """A place is its tenth, its rank from both ends and the size of the abstract."""
    assert place_features(2).tolist() == [[0, 10, 17, 22], [5, 11, 16, 22]]
    assert place_features(0).shape == (0, 4)


def test_model_card() -> None:
    """The card beside the models names the very files that ship, together at most 3 MB."""
    card = MODEL.with_name("model-card.md").read_text("utf-8")
    files = (MODEL, CHOICE_MODEL)
    assert re.findall(r"`([0-9a-f]{64})`", card) == [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    assert sum(file.stat().st_size for file in files) <= 3_000_000


@needs_shared
@pytest.mark.parametrize("every", [10, *(pytest.param(one, marks=pytest.mark.storm) for one in (5, 1))])
def test_floor(every: int) -> None:
    """On published abstracts the labels are as good as the card says; the bounds lie just under what was measured."""
    figures = label_figures(rows("findings/dev-labels.jsonl")[::every])
    weighted, finding = {10: (91.4, 98.0), 5: (90.2, 97.6), 1: (89.5, 97.5)}[every]
    assert figures["weighted_f1"] >= weighted
    assert figures["finding_f1"] >= finding
