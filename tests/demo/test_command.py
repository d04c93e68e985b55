"""`python -m bot demo` as a process: what it prints, and how it ends."""

import re
import signal
import socket
import subprocess

import pytest

from bot.demo.samples import SAMPLES
from tests.demo.process import running_demo, start_demo

SERVED = [sample for sample in SAMPLES if sample.served]


def words(text: str) -> str:
    """A terminal's text without its boxes and line breaks."""
    return " ".join(re.sub(r"[│╭╮╰╯─▎]", " ", text).split())


def test_once() -> None:
    """`--once` prints the card of every sample, or the sentence that says why there is none, and exits with 0."""
    process = start_demo("--once")
    printed, complaints = process.communicate(timeout=60)
    said = words(printed)
    assert (process.returncode, complaints) == (0, "")
    assert not [sample.id for sample in SERVED if f"Erowid reference {sample.id}" not in said]
    assert "does not answer" in said
    assert "Erowid reference 900017 was not found" in said


@pytest.mark.storm
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end it with 0 and without a word more; the page is gone."""
    with running_demo() as demo:
        assert "http://127.0.0.1:" in demo.url
        assert "Erowid reference 900001" in words(demo.said)
        demo.process.send_signal(number)
        _, complaints = demo.process.communicate(timeout=60)
    assert (demo.process.returncode, complaints) == (0, "")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", demo.port), timeout=1)


@pytest.mark.storm
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


@pytest.mark.storm
def test_port_taken() -> None:
    """A port that is taken: one sentence, exit code 78."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = start_demo("--no-browser", "--port", port)
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == 78
    assert complaints.count("\n") == 1
    assert port in complaints
