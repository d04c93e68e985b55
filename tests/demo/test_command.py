"""`python -m bot demo`: what it prints, and how it ends."""

import asyncio
import os
import re
import signal
import socket
import subprocess
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.demo.samples import SAMPLES
from tests.demo.process import LAST, ROOT, page_url, running_demo, start_demo
from tests.wire.forks import Fork

SERVED = [sample for sample in SAMPLES if sample.served]


def words(text: str) -> str:
    """A terminal's text without its boxes and line breaks."""
    return " ".join(re.sub(r"[│╭╮╰╯─▎]", " ", text).split())


def test_once() -> None:
    """`--once` prints the card of every sample, or the sentence that says why there is none, and exits with 0."""
    done = CliRunner().invoke(main, ["demo", "--once"])
    said = words(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert not [sample.id for sample in SERVED if f"Erowid reference {sample.id}" not in said]
    assert "does not answer" in said
    assert "Erowid reference 900017 was not found" in said


def is_gone(url: str) -> bool:
    """Whether no page is there any more."""
    try:
        socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
async def test_a_signal_ends_it(number: signal.Signals) -> None:
    """Ctrl-C as SIGTERM, with 0 and without a word more; the page is gone."""
    demo = await Fork.start(["bot", "demo", "--no-browser"], ROOT, {"PATH": os.environ["PATH"]})
    said = ""
    try:
        async with asyncio.timeout(60):
            while LAST not in said:
                said += (line := (await demo.stdout.readline()).decode())
                assert line, said
            demo.send_signal(number)
            assert (await demo.stderr.read(), await demo.wait()) == (b"", 0)
    finally:
        demo.kill()
        await demo.wait()
    assert "Erowid reference 900001" in words(said)
    assert is_gone(page_url(said))


@pytest.mark.storm
def test_ctrl_c_ends_it_as_people_start_it() -> None:
    """In an interpreter of its own, where a warning is an error."""
    with running_demo() as demo:
        demo.process.send_signal(signal.SIGINT)
        _, complaints = demo.process.communicate(timeout=60)
    assert (demo.process.returncode, complaints) == (0, "")
    assert is_gone(demo.url)


def test_signal_while_starting() -> None:
    """Ctrl-C before the page is up ends it too."""
    process = start_demo("--no-browser")
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1.2)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
    finally:
        process.kill()
    assert "Traceback" not in complaints
    assert process.returncode in {0, -signal.SIGTERM}


def test_port_taken() -> None:
    """A port that is taken: one sentence, exit code 78."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(main, ["demo", "--no-browser", "--port", port])
    assert done.exit_code == 78
    assert done.stderr.count("\n") == 1
    assert port in done.stderr
