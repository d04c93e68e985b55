"""Why the tests patch simcord: each of these fails once that is no longer needed."""

import inspect

import simcord
from simcord import _runtime


def test_the_start_has_five_seconds() -> None:
    """Whatever `settle_timeout` says. A test does not wait that long, so it reads."""
    assert "_settle_internal(timeout=5.0)" in inspect.getsource(_runtime)


def test_only_settle_has_an_option_for_looks() -> None:
    """Actions have none."""
    assert "idle" in inspect.signature(simcord.Env.settle).parameters
    known = {"bot", "strict_sync", "check_errors", "approved_intents", "shard_count", "settle_timeout"}
    assert set(inspect.signature(simcord.Env).parameters) == known
    assert "idle" not in inspect.signature(simcord.MemberActor.send).parameters
