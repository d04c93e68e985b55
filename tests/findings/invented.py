"""Invented texts with their marks, from which nothing was learned: letters, protocols, case reports, debates, reviews.

In each, others' results stand beside, or instead of, the study's own. `invented.jsonl` holds one a line: `sentences`, and
`main`, `ok`, `needs`, `others` and `aim`, the numbers of sentences that bear each mark.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

INVENTED: Sequence[Mapping[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("invented.jsonl").read_text("utf-8").splitlines()
]
