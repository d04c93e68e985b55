"""The edges of the process, where no process of its own is needed to see them."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator

import pytest

from bot.commands.exit_codes import STOPPING, stop_signals


async def test_signals_are_handled_as_before_after_the_block() -> None:
    """Also where someone else cancelled the block, and hears of it."""
    before = [signal.getsignal(name) for name in STOPPING]
    with stop_signals():
        assert [signal.getsignal(name) for name in STOPPING] != before
    assert [signal.getsignal(name) for name in STOPPING] == before
    with pytest.raises(asyncio.CancelledError), stop_signals():
        raise asyncio.CancelledError
    assert [signal.getsignal(name) for name in STOPPING] == before


@pytest.fixture
def handlers() -> Iterator[None]:
    """Put back what a first signal leaves in place for a second one."""
    before = {name: signal.getsignal(name) for name in STOPPING}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("name", STOPPING)
async def test_a_signal_ends_the_block(name: signal.Signals) -> None:
    """A loop that waits is woken, the block unwinds, and nobody outside hears of a cancellation."""
    with stop_signals():
        threading.Timer(0.05, os.kill, (os.getpid(), name)).start()
        await asyncio.Event().wait()


@pytest.mark.usefixtures("handlers")
async def test_a_signal_as_the_block_ends() -> None:
    """Its cancellation does not reach what follows."""
    with stop_signals():
        signal.raise_signal(signal.SIGTERM)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
