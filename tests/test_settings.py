import pytest

from bot.core.errors import ConfigurationError
from bot.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing() -> None:
    """Without an environment there are settings that work, but for the token."""
    settings = read_settings()
    assert settings.discord_token is None
    assert settings.message_content
    assert settings.database_url.startswith("sqlite+aiosqlite:///")
    assert settings.erowid_url == "https://www.erowid.org"


def test_env_file_and_environment(monkeypatch, tmp_path) -> None:
    """The environment wins over .env, which wins over the defaults; an empty value is none."""
    (tmp_path / ".env").write_text("CONTACT=someone@example.org\nLOG_LEVEL=ERROR\nEROWID_URL=\n", "utf-8")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    settings = read_settings()
    assert (settings.contact, settings.log_level, settings.erowid_url) == (
        "someone@example.org",
        "DEBUG",
        "https://www.erowid.org",
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///x.sqlite3", "sqlite+aiosqlite:///x.sqlite3"),
        ("sqlite+aiosqlite://", "sqlite+aiosqlite://"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
    ],
)
def test_database_url(monkeypatch, given: str, expected: str) -> None:
    """The asynchronous driver need not be named."""
    monkeypatch.setenv("DATABASE_URL", given)
    assert read_settings().database_url == expected


def test_all_problems_are_named_together(monkeypatch) -> None:
    """One sentence names every setting that is wrong, and holds no value."""
    monkeypatch.setenv("DATABASE_URL", "oracle://secret@host")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("EROWID_URL", "gopher://secret")
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    for name in ("DATABASE_URL", "LOG_LEVEL", "EROWID_URL"):
        assert name in caught.value.advice
    assert "secret" not in caught.value.advice


def test_the_token_hides(monkeypatch) -> None:
    """Neither the settings' text nor their dump shows the token."""
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret.token")
    settings = read_settings()
    assert "very.secret.token" not in f"{settings!r} {settings} {settings.model_dump_json()}"
