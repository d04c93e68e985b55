"""A simulated Discord for each test."""

import threading
from collections.abc import AsyncIterator

import pytest
from discord.gateway import KeepAliveHandler
from discord.http import Route

from tests.wire.discord_server import Discord


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Discord]:
    """A simulated Discord on loopback, where all requests go."""
    async with Discord.open() as opened:
        monkeypatch.setattr(Route, "BASE", opened.api_url)
        yield opened
    beating = [it for it in threading.enumerate() if isinstance(it, KeepAliveHandler) and not it._stop_ev.is_set()]
    assert beating == [], "a client was left open: its heartbeat would fail in a later test"
