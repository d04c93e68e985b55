import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from bot.adapters.site.limits import FetchLimits
from bot.cli import main
from bot.commands.show import ShownTarget, with_spinner
from bot.core.errors import BadTarget
from tests.invented import invented_page
from tests.references import SOURCES

ROOT = Path(__file__).parents[1]
KEYS = {
    "target", "ok", "id", "reference", "record", "abstract", "notes", "keywords", "retracted", "findings", "citation",
    "message", "source", "repairs", "retraction", "excerpt", "truncated", "facts", "read_at", "stale", "enrichment",
    "mesh", "publication_types", "languages", "original_title",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def run(*args: str, limits: FetchLimits | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["show", *args], obj=limits)
    return result.exit_code, result.stdout, result.stderr


def process(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a real process, which finds modules in its folder first."""
    environment = os.environ | {"PYTHONPATH": f".:{ROOT}"}
    return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)


def test_json_has_the_promised_shape() -> None:
    """One object a target, in order; the shape is a promise."""
    Path("900001.html").write_bytes(invented_page())
    code, out, _ = run("--format", "json", "900001.html", "nowhere.html", "900001.html")
    assert code == 1
    first, second, third = map(json.loads, out.splitlines())
    assert set(first) == KEYS
    assert first == third
    assert (first["target"], first["ok"], first["id"]) == ("900001.html", True, 900_001)
    assert first["record"] == {
        "type": "article-journal",
        "title": "On a drug that does not exist",
        "author": [{"family": "Doe", "given": "J. A."}, {"family": "Roe", "given": "R. B."}],
        "container-title": "J Imag Pharmacol",
        "issued": {"date-parts": [[1988, 4, 26]]},
        "volume": "447",
        "issue": "1",
        "page": "141-4",
        "id": "900001",
    }
    assert [set(paragraph) for paragraph in first["abstract"]] == [{"label", "text"}]
    assert all(set(finding) == {"text", "label"} for finding in first["findings"])
    assert set(first["citation"]) == {"style", "text"}
    assert first["message"]["components"]
    assert first["enrichment"] is None
    assert set(second) == {"target", "ok", "error", "message"}
    assert (second["ok"], second["error"]) == (False, "BadTarget")


def test_cards_in_the_terminal() -> None:
    """The default is a panel for people; exit 0 where every target is ok."""
    Path("900001.html").write_bytes(invented_page("A drug, \x1b[31mnot red\x1b[0m"))
    code, out, _ = run("900001.html")
    assert code == 0
    assert "Key findings" in out
    assert "Erowid reference 900001" in out
    assert "\x1b[31m" not in out


def test_a_retracted_work_is_not_quoted_in_the_terminal() -> None:
    """Without a way to strike findings through, what stands there would read as valid."""
    Path("900001.html").write_bytes(
        invented_page("On a drug", "NOTE: Retracted by authors in 2029.", "It lowered imaginary pulse by 12 % (p < 0.05).")
    )
    code, out, _ = run("900001.html")
    assert code == 0
    assert "Retracted by authors in 2029." in out
    assert "12 %" not in out
    assert "Quoted" not in out


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "PageChanged"),
        (b"<html><body>A new design</body></html>", "PageChanged"),
        (b"<title>The Vaults of Erowid : 403 - Blocked</title>", "Refused"),
    ],
)
def test_pages_that_are_no_record(body: bytes, error: str) -> None:
    """A page that gives no record gives an error, never half a record."""
    Path("page.html").write_bytes(body)
    code, out, _ = run("--format", "json", "page.html")
    assert code == 1
    assert json.loads(out)["error"] == error


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("6004.html", 6004),
        ("6004-table.html", 6004),
        ("6004_br.html", 6004),
        ("6004.utf8.html", 6004),
        ("281_m1_utf8.html", 281),
        ("6004-old (1).html", 6004),
        ("7.html", 7),
        ("refs_view.php?ID=6004&S=1998.html", 6004),
        ("refs_view.php_ID=6004", 6004),
        ("page 6004 (saved).html", 6004),
        ("record-6004.html", 6004),
        ("ref6004.html", 6004),
        ("erowid_6004.html", 6004),
        ("p281.html", 281),
        ("id-2001.html", 2001),
        ("ID=1066 and ID=1067.html", None),
        ("ID=0107.html", None),
        ("page-3-of-9.html", None),
        ("ref 6004-6010.html", None),
        ("LSD-25.html", None),
        ("page-007.html", None),
        ("007.html", None),
        ("2019.html", None),
        ("2019-notes.html", None),
        ("2019-05-03.html", None),
        ("5-MeO-DMT.html", None),
        ("4-aco-dmt.html", None),
        ("3utf8.html", None),
        ("25I-NBOMe.html", None),
        ("covid19.html", None),
        ("0.html", None),
        ("page.html", None),
    ],
)
def test_the_file_s_name_may_say_which_record_it_is(name: str, expected: int | None) -> None:
    """A number in the name is believed only where it can be nothing else."""
    Path(name).write_bytes(invented_page())
    row = json.loads(run("--format", "json", f"./{name}")[1])
    assert row["ok"]
    assert row["id"] == expected
    assert row["record"].get("id") == (str(expected) if expected else None)


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    """What cannot be read says so."""
    code, out, _ = run("--format", "json", str(tmp_path))
    assert (code, json.loads(out)["error"]) == (1, "BadTarget")
    assert "A file is a record's page as a browser saves it" in json.loads(out)["message"]


def test_a_negative_number_is_a_target_like_any_other() -> None:
    """What begins with a minus and a digit is no option; a mistyped option is still named as one."""
    code, out, _ = run("-5", "--format", "json", "--style", "mla", "-6")
    assert [(row["target"], row["error"]) for row in map(json.loads, out.splitlines())] == [
        ("-5", "BadTarget"),
        ("-6", "BadTarget"),
    ]
    assert code == 1
    assert run("--help")[0] == 0
    code, _, err = run("--stile", "mla", "5")
    assert (code, "--stile" in err) == (2, True)


def test_a_pipe_is_not_read() -> None:
    """A FIFO would keep the command waiting for ever."""
    os.mkfifo("page.html")
    code, out, _ = run("--format", "json", "./page.html")
    assert (code, json.loads(out)["error"]) == (1, "BadTarget")


@pytest.mark.parametrize(
    ("form", "to"),
    [
        ("card", ">/dev/full"),
        pytest.param("ris", ">/dev/full", marks=pytest.mark.storm),
        pytest.param("card", ">&-", marks=pytest.mark.storm),
        ("json", ">&-"),
    ],
)
def test_what_cannot_be_written_fails(form: str, to: str) -> None:
    """A full disk and a closed output each end in one sentence and 1, never in a success that wrote nothing."""
    Path("900001.html").write_bytes(invented_page())
    ended = process("/bin/sh", "-c", f'exec "$0" -m bot show --format {form} 900001.html {to}', sys.executable)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert "could not be written" in ended.stderr


@pytest.mark.parametrize(("level", "logged"), [("INFO", False), ("DEBUG", True)])
def test_a_failure_is_one_sentence(monkeypatch: pytest.MonkeyPatch, level: str, logged: bool) -> None:
    """The log keeps quiet about what the sentence says, unless it is asked to speak."""
    monkeypatch.setenv("EROWID_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    monkeypatch.setenv("LOG_LEVEL", level)
    code, _, err = run("900001", limits=FetchLimits(tries=1))
    assert code == 1
    *log, sentence = err.splitlines()
    assert sentence.startswith("900001: ")
    assert bool(log) == logged


@pytest.mark.parametrize(("package", "command"), [("click", "--help"), ("structlog", "run")])
def test_ctrl_c_while_it_starts(package: str, command: str) -> None:
    """An interrupt during the imports, of the command line or of a command, ends with 130 and no traceback."""
    Path(f"{package}.py").write_text("raise KeyboardInterrupt", "utf-8")
    ended = process(sys.executable, "-m", "bot", command)
    assert (ended.returncode, ended.stderr) == (130, "")


@pytest.mark.parametrize("form", ["card", "json"])
def test_a_setting_that_stands_in_the_way(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """A database that cannot be opened is named and ends in 78; what needs none is shown all the same."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:////no/such/folder/x")
    Path("page.html").write_bytes(invented_page())
    code, out, err = run("--format", form, "900001", "page.html")
    assert code == 78
    assert "DATABASE_URL" in out + err
    assert "On a drug that does not exist" in out


@pytest.mark.parametrize("configured", [False, True])
def test_no_database_is_left_behind(monkeypatch: pytest.MonkeyPatch, configured: bool) -> None:
    """Unless one is configured; the site refuses the connection."""
    monkeypatch.setenv("EROWID_URL", "http://127.0.0.1:9")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if configured:
        monkeypatch.setenv("DATABASE_URL", "sqlite:///kept.sqlite3")
    assert run("900001", limits=FetchLimits(tries=1))[0] == 1
    assert Path("kept.sqlite3").exists() is configured
    assert not Path("precis.sqlite3").exists()


async def test_a_terminal_is_told_what_is_asked_for() -> None:
    """At once, and never where the output is piped; a saved page is not asked for."""

    async def cards():
        for target in ("6004", "page.html"):
            yield ShownTarget(target, BadTarget(target))

    for terminal in (True, False):
        written = io.StringIO()
        console = Console(file=written, force_terminal=terminal)
        shown = [one.target async for one in with_spinner(cards(), ["6004", "page.html"], SOURCES, console)]
        assert shown == ["6004", "page.html"]
        assert ("Asking for 6004" in written.getvalue()) is terminal
        assert "page.html" not in written.getvalue()
