"""`python -m bot invite`."""

import base64
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from bot.cli import main
from cogs.discord_kit.permissions import invited, purposes
from tests.wire import objects as o
from tests.wire.discord_server import Discord
from tests.wire.process import bot


def token_of(number: object) -> str:
    """A token as Discord makes them: the ID in base64, the time, a signature."""
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=") + ".Gabcde.not-a-secret"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)


def links(out: str) -> list[dict[str, list[str]]]:
    found = [line.strip() for line in out.splitlines() if line.startswith("  https://")]
    assert all(urlsplit(link)[:3] == ("https", "discord.com", "/oauth2/authorize") for link in found)
    return [parse_qs(urlsplit(link).query) for link in found]


@pytest.mark.parametrize("number", [150_000_000_000_000_001, 1_456_074_443_980_800_001])
def test_the_links(number: int) -> None:
    """To a server with two scopes and the fewest permissions, to an account with one scope; each permission is explained."""
    done = CliRunner().invoke(main, ["invite"], env={"DISCORD_TOKEN": token_of(number)})
    assert done.exit_code == 0
    server, account = links(done.output)
    assert server["client_id"] == account["client_id"] == [str(number)]
    assert server["scope"] == ["bot applications.commands"]
    assert server["permissions"] == [str(invited().value)]
    assert account["scope"] == ["applications.commands"]
    assert "permissions" not in account
    for asked in (True, False):
        for (_name, title), purpose in purposes(asked=asked).items():
            assert f"{title:<26}{purpose}" in done.output
    assert "not-a-secret" not in done.output


def test_without_a_token() -> None:
    """With the ID alone nothing else is needed; without either it says so."""
    done = CliRunner().invoke(main, ["invite", "--client-id", "5", "--all"])
    assert [link["client_id"] for link in links(done.output)] == [["5"], ["5"]]
    assert links(done.output)[0]["permissions"] == [str(invited(all_of_them=True).value)]
    done = CliRunner().invoke(main, ["invite"])
    assert done.exit_code == 78
    assert "DISCORD_TOKEN" in done.output


async def test_a_token_that_does_not_say(tmp_path: Path) -> None:
    """Then Discord is asked."""
    async with Discord.open() as server, bot("invite", server, tmp_path) as process:
        assert await process.exit() == 0
        assert [link["client_id"] for link in links(process.out)] == [[str(o.APPLICATION)]] * 2
