"""Names: one name, one class."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_no_name_stands_for_two_classes() -> None:
    """Whoever searches for a class finds one."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for path in (*ROOT.glob("bot/**/*.py"), *ROOT.glob("cogs/**/*.py")):
        for name in re.findall(r"^ *class (\w+)[(:]", path.read_text("utf-8"), re.MULTILINE):
            files[name].append(path.relative_to(ROOT).as_posix())
    assert "Reference" in files
    assert {name: found for name, found in files.items() if len(found) > 1} == {}
