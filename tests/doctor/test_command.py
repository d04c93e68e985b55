"""`python -m bot doctor`: every line it can say is true, nothing secret is in it, and it changes nothing."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.adapters.database.inspection import versions
from bot.cli import main
from bot.commands.doctor.local import settings_checks
from bot.commands.doctor.report import Check, Level
from bot.settings import Settings
from tests.wire.discord_server import Discord
from tests.wire.erowid import serve_erowid
from tests.wire.process import bot

SECRET = "hush-hush"


def topics(out: str, level: str) -> set[str]:
    return {line[12:].split()[0] for line in out.splitlines() if line.startswith(level.ljust(12))}


async def test_all_is_well(tmp_path: Path) -> None:
    """A bot that is set up right gets nothing but `ok`, and 0; Erowid met one polite request, Discord no IDENTIFY."""
    async with Discord.open() as server, serve_erowid() as site:
        async with bot("sync", server, tmp_path) as process:
            assert await process.exit() == 0
        async with bot("doctor", server, tmp_path, EROWID_URL=site.url) as process:
            assert await process.exit() == 0, process.out
        assert topics(process.out, "ok") >= {
            *("precis", "settings", ".env", "contact", "proxy", "database", "disk", "erowid", "services"),
            *("token", "intent", "application", "clock", "commands", "sessions", "gateway"),
        }
        assert not re.search(r"^(warning|failed|not checked)", process.out, re.MULTILINE), process.out
        assert f"tables of version {versions()[0]}" in process.out, process.out
        assert (site.robots, site.asked) == (1, [])
        assert server.gateway.identifies == []
        assert process.log == ""


async def test_nothing_is_well(tmp_path: Path) -> None:
    """Everything is looked at, whatever fails before it; a wrong token is configuration, so 78; no password shows."""
    async with Discord.open() as server:
        wrong = {
            "DISCORD_TOKEN": "wrong.token.entirely",
            "DATABASE_URL": f"postgresql://keeper:{SECRET}@127.0.0.1:9/precis",
            "CONTACT": "",
            "HTTPS_PROXY": f"http://user:{SECRET}@127.0.0.1:9",
        }
        async with bot("doctor", server, tmp_path, **wrong) as process:
            assert await process.exit() == 78
    assert topics(process.out, "failed") == {"database", "token"}
    assert topics(process.out, "warning") == {"contact", "erowid"}
    assert "needs a login" in process.out
    assert SECRET not in process.out + process.log
    assert "copy it anew" in process.out


def test_offline_and_without_a_token(tmp_path: Path) -> None:
    """Says what it cannot check; nothing here failed, and no file was made."""
    done = CliRunner().invoke(main, ["doctor", "--offline"])
    assert done.exit_code == 0
    assert topics(done.output, "not checked") == {"erowid", "services", "discord"}
    assert "not there yet" in done.output
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """All problems in one line, and 78."""
    monkeypatch.setenv("FRESH_DAYS", "soon")
    monkeypatch.setenv("EROWID_URL", "gopher://x")
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 78
    assert re.search("^failed.*FRESH_DAYS.*EROWID_URL|^failed.*EROWID_URL.*FRESH_DAYS", done.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "mode", "level", "says"),
    [
        (f"DISCORD_TOKEN={SECRET}\n", 0o600, Level.OK, "mode 600"),
        (f"DISCORD_TOKEN={SECRET}\n", 0o644, Level.WARNING, "chmod 600"),
        (f"DATABASE_URL=postgresql://u:{SECRET}@h/d\n", 0o640, Level.WARNING, "chmod 600"),
        ("LOG_LEVEL=INFO\nDISCORD_TOKEN=\n", 0o644, Level.OK, "mode 644"),
        (f"DISCORD_TOKNE={SECRET}\n", 0o600, Level.WARNING, "DISCORD_TOKEN was meant"),
    ],
)
def test_the_file_env(text: str, mode: int, level: Level, says: str) -> None:
    """Who else may read it, and names that nearly are settings."""
    Path(".env").write_text(text, "utf-8")
    Path(".env").chmod(mode)
    lines = [check for check in settings_checks(Settings()) if check.topic == ".env"]
    assert any(check.level is level and says in check.line() for check in lines)
    assert SECRET not in "".join(check.line() for check in lines)


def test_a_line_is_one_line_without_secrets() -> None:
    """Whatever an error's text holds."""
    line = Check(Level.FAILED, "token", f"a\nb {SECRET}", "do\r\nthis").line({SECRET})
    assert line == "failed      token        a b *** -> do this"
