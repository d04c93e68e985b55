"""simcord as a busy machine needs it: a fixture for all tests, which tests/conftest.py takes in.

After each simulated action, simcord 3.2.1 waits until the bot is at rest. There are two things wrong with that for us:

- It gives up after five seconds, which a busy machine may need. `simcord.run` has the option `settle_timeout`, but the start
  of a bot has five seconds whatever that says.
- It looks whether the bot is at rest only each twentieth of a second, which took a third of a test; `Env.settle` has an
  option for that, and the actions have none.

Both are arguments of one private method. `tests/test_patient_simcord.py` fails once simcord has changed. No issue of
github.com/SilentHacks/simcord was found for either.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import simcord

PATIENCE = 60.0
"""Seconds for the simulated Discord to come to rest."""
IDLE = 0.01
"""Seconds between two looks."""


@pytest.fixture(scope="session", autouse=True)
def patient_simcord() -> Iterator[None]:
    """Let simcord wait as long as it takes, and look more often."""
    settle = simcord.Env._settle_internal  # noqa: SLF001 - see above

    async def patiently(env: simcord.Env, *, timeout: float | None = None, **more: Any) -> None:  # noqa: ASYNC109 - its own
        await settle(env, timeout=max(timeout or 0.0, PATIENCE), **more | {"idle": IDLE})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simcord.Env, "_settle_internal", patiently)
        patch.setitem(simcord.Env.__init__.__kwdefaults__, "settle_timeout", PATIENCE)
        yield
