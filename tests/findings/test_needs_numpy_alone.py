"""Findings need numpy, and threadpoolctl, which keeps numpy's products on one core, and no more; training needs more."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
USE = """
import sys
known = {*sys.modules} | sys.stdlib_module_names
from bot.core.record import Paragraph
from bot.findings import findings_of, key_findings, study_facts
abstract = [Paragraph("Twelve rats were given saline or inventamine. We conclude that inventamine delays sleep in rats.")]
assert key_findings(abstract, "Sleep").findings
assert findings_of({"id": 1, "abstract": [{"label": None, "text": abstract[0].text}]}, 4)["card"]
assert study_facts("Sleep in rats", abstract)
print(*sorted({name.partition(".")[0] for name in sys.modules} - known))
"""


def test_what_choosing_loads() -> None:
    """In a process of its own, nothing else is loaded beside the bot and the standard library."""
    done = subprocess.run([sys.executable, "-c", USE], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["bot", "numpy", "threadpoolctl"]
