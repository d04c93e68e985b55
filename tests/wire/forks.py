"""Processes of the bot that start at once: forked from one that has imported it, in all else like `python -m MODULE`.

A start takes a second and more of a processor, nearly all of it for imports; so tests that start a hundred of them share
those. What the start itself is to show is tested with `python -m` (`tests/test_readme.py`, `tests/test_cli.py`).
"""

import asyncio
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

ROOT = Path(__file__).parents[2]
COMMANDS = ("doctor", "invite", "run", "setup", "sync")
"""Commands whose modules are imported before the fork."""
MOST = 65_536
"""Bytes of a request."""


class Fork:
    """A running program, with the attributes of `asyncio.subprocess.Process`."""

    def __init__(self, pid: int, out: asyncio.StreamReader, log: asyncio.StreamReader, end: asyncio.StreamReader) -> None:
        self.pid = pid
        self.stdout, self.stderr = out, log
        self.returncode: int | None = None
        self._ended = asyncio.create_task(self._wait(end))

    async def _wait(self, end: asyncio.StreamReader) -> int:
        self.returncode = int(await end.read())
        return self.returncode

    async def wait(self) -> int:
        """Wait for its end, and give its exit code."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without asking."""
        self.send_signal(signal.SIGKILL)

    @classmethod
    async def start(cls, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Self:
        """Run a module with its arguments."""
        pipes = [os.pipe() for _ in range(3)]
        theirs = [write for _, write in pipes]
        request = json.dumps([arguments, str(folder), dict(environment)]).encode()
        socket.send_fds(_parent(), [request], theirs)
        for write in theirs:
            os.close(write)
        out, log, end = [await _reader(read) for read, _ in pipes]
        return cls(int(await end.readline()), out, log, end)


async def _reader(pipe: int) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    file = cast("BinaryIO", os.fdopen(pipe, "rb", 0))
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), file)
    return stream


@cache
def _parent() -> socket.socket:
    """Start the process that all are forked from; it ends with this one, which holds the other end of its socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    started = subprocess.Popen(
        [sys.executable, "-m", __name__, str(theirs.fileno())],
        env=environment,
        cwd=ROOT,
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for pytest
    )
    theirs.close()
    _started.append(started)
    return ours


_started: list[subprocess.Popen[bytes]] = []
"""Kept, since Python warns of a process that nobody waits for."""


def _serve(requests: socket.socket) -> None:
    """Fork at each request until nobody can send one."""
    for command in COMMANDS:
        import_module(f"bot.commands.{command}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever waits for a program ends unheeded
    while True:
        request, pipes, *_ = socket.recv_fds(requests, MOST, 3)
        if not request:
            return
        if not os.fork():
            requests.close()
            _attend(json.loads(request), pipes)
            return
        for pipe in pipes:
            os.close(pipe)


def _attend(request: Any, pipes: list[int]) -> None:
    """Fork once more: the child is the program, the parent tells its number and its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    out, log, end = pipes
    pid = os.fork()
    if not pid:
        os.dup2(out, 1)
        os.dup2(log, 2)
        for pipe in pipes:
            os.close(pipe)
        _become(*request)
        return
    os.close(out)
    os.close(log)
    os.write(end, b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    os.write(end, b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    module, *sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
