"""A folder and an environment without settings, for each test of the doctor."""

from pathlib import Path

import pytest
from discord.http import Route

from bot.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*Settings.model_fields, "https_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # which a client with DISCORD_API_URL moves
    monkeypatch.chdir(tmp_path)
