"""The edges of the process, where no process of its own is needed to see them."""

import asyncio
import signal

import pytest

from bot.commands.exit_codes import stop_signals


async def test_an_event_loop_without_signal_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' takes none (docs.python.org, asyncio, "Platform Support"); the block runs, and who cancels it is heard."""

    def none(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", none)
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals():
        assert signal.getsignal(signal.SIGTERM) is before
    with pytest.raises(asyncio.CancelledError), stop_signals():
        raise asyncio.CancelledError
