"""`.ci/busy`, with another `make` in the place of the real one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "busy"
MAKE = f"""#!{sys.executable}
import json, psutil, sys
with open("runs", "a") as file:
    print(json.dumps([sys.argv[1:], [one.pid for one in psutil.Process().parent().children()]]), file=file)
sys.exit(len(open("runs").readlines()) in {{fails}})
"""
"""Notes what it is asked for and which processes run beside it; of its runs those with these numbers fail."""


def loops() -> set[int]:
    """Give the process IDs of all loops that run."""
    return {one.pid for one in psutil.process_iter(["cmdline"]) if ".ci/busy" in (one.info["cmdline"] or ())}


@pytest.mark.storm
@pytest.mark.parametrize(("fails", "code", "passed"), [((), 0, 3), ((1, 3), 1, 1)])
def test_the_sum(tmp_path: Path, fails: tuple[int, ...], code: int, passed: int) -> None:
    """A run that fails stops nothing and is not forgotten; the loops end with the script."""
    (tmp_path / "make").write_text(MAKE.format(fails=fails))
    (tmp_path / "make").chmod(0o755)
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "busy").write_bytes(SCRIPT.read_bytes())
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", ".ci/busy", "3"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    runs = [json.loads(line) for line in (tmp_path / "runs").read_text().splitlines()]
    assert [asked for asked, _ in runs] == [["test"]] * 3
    assert [len(beside) for _, beside in runs] == [5] * 3  # four loops, and `make`
    assert loops().isdisjoint(one for _, beside in runs for one in beside)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.splitlines()[-1] == f"== {passed} of 3 runs passed beside four busy loops"
