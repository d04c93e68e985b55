"""A running demo, for tests that need one from outside."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
COMMAND = [
    sys.executable,
    "-W",
    "error",
    "-W",
    "ignore:'audioop' is deprecated:DeprecationWarning",
    "-m",
    "bot",
    "demo",
]
LAST = "Ctrl-C ends."


def start_demo(*options: str) -> subprocess.Popen[str]:
    """Start the demo as people do, but with warnings as errors."""
    pipe = subprocess.PIPE
    return subprocess.Popen([*COMMAND, *options], cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def page_url(said: str) -> str:
    """Give the address of the page, from what a demo wrote."""
    return re.findall(r"http://127\.0\.0\.1:\S+", said)[-1]


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo whose page is up."""

    process: subprocess.Popen[str]
    said: str

    @property
    def url(self) -> str:
        return page_url(self.said)

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0


@contextmanager
def running_demo(*options: str) -> Iterator[Demo]:
    """Start the demo, wait until its page is up, and kill it at the end if it still runs."""
    process = start_demo("--no-browser", *options)
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if LAST in line:
                break
        else:
            _, complaints = process.communicate(timeout=60)
            raise AssertionError(f"the demo ended: {said}{complaints}")
        yield Demo(process, said)
    finally:
        process.kill()
        process.communicate()
