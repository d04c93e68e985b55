"""The data beside the checkout, for tests that measure against it; absent, they skip and say so."""

import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[2] / "shared"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}: the data that this test measures against")


def rows(name: str) -> list[dict[str, Any]]:
    """Read a JSON Lines file of shared; empty where it is absent, so that collection works."""
    path = SHARED / name
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
