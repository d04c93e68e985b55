"""Processes of the bot that start at once: forked from one that has imported it, in all else like `python -m MODULE`.

A start takes a second and more of a processor, nearly all of it for imports; so tests that start a hundred of them share
those. What the start itself is to show is tested with `python -m` (`tests/test_readme.py`, `tests/test_cli.py`).
"""

import asyncio
import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.forkserver import ensure_running
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any, Self
from unittest import mock

ROOT = Path(__file__).parents[2]

_server = multiprocessing.get_context("forkserver")
_COMMANDS = [f"bot.commands.{command}" for command in ("doctor", "invite", "run", "setup", "sync")]
_LATER = ["httpcore", "anyio._backends._asyncio"]
"""What httpx imports only when it is first used; each takes a tenth of a second."""
_server.set_forkserver_preload(_COMMANDS + _LATER)


class Fork:
    """A running program, with the attributes of `asyncio.subprocess.Process`."""

    def __init__(self, process: Any, out: asyncio.StreamReader, log: asyncio.StreamReader) -> None:
        self._process = process
        self.pid: int = process.pid
        self.stdout, self.stderr = out, log
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(process.sentinel, self._note_end)

    @classmethod
    async def start(cls, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Self:
        """Run a module with its arguments."""
        (out, their_out), (log, their_log) = os.pipe(), os.pipe()

        def begin() -> Any:
            with mock.patch.dict(os.environ, {"PYTHONPATH": str(ROOT)}):  # whichever folder the test is in
                ensure_running()
            theirs = (DupFd(their_out), DupFd(their_log))
            process = _server.Process(target=_become, args=(arguments, str(folder), dict(environment), *theirs))
            process.start()
            return process

        process = await asyncio.to_thread(begin)
        os.close(their_out)
        os.close(their_log)
        return cls(process, await _reader(out), await _reader(log))

    def _note_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()

    @property
    def returncode(self) -> int | None:
        """The exit code; minus the number of a signal that ended it; None while it runs."""
        return self._process.exitcode if self._ended.is_set() else None

    async def wait(self) -> int:
        """Wait for its end, and give its exit code."""
        await self._ended.wait()
        return int(self._process.exitcode)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without asking."""
        if self.returncode is None:
            self._process.kill()


async def _reader(pipe: int) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    file = os.fdopen(pipe, "rb", 0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), file)
    return stream


def _become(arguments: Sequence[str], folder: str, environment: Mapping[str, str], out: Any, log: Any) -> None:
    """Be the program: its folder, its environment, its output."""
    os.dup2(out.detach(), 1)
    os.dup2(log.detach(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    module, *sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)
