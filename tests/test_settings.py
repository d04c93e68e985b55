import pytest

from bot.core.errors import ConfigurationError
from bot.settings import Settings, numbers_in, read_settings


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
        ("postgresql://u:p%40@h/d?sslmode=require", "postgresql+asyncpg://u:p%40@h/d?ssl=require"),
        ("postgresql:///d?host=/run/postgresql", "postgresql+asyncpg:///d?host=/run/postgresql"),
    ],
)
def test_database_url(monkeypatch, given: str, expected: str) -> None:
    """The asynchronous driver need not be named."""
    monkeypatch.setenv("DATABASE_URL", given)
    assert read_settings().database_url == expected


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("DATABASE_URL", "sqlite://secret.db", "three slashes"),
        ("DATABASE_URL", "postgresql://u:secret@h:99999/d", "port"),
        ("DATABASE_URL", "postgresql://u:p@h:secret/d", "%3A"),
        ("DATABASE_URL", "postgresql://u:secret@h/d?sslmode=require&channel_binding=secret", "leave out channel_binding"),
        ("EROWID_URL", "http://secret:99999", "port"),
        ("DISCORD_API_URL", "https://secret:x/api/v10", "port"),
        ("DISCORD_GATEWAY_URL", "wss://[secret", "port"),
    ],
)
def test_addresses_that_cannot_be(monkeypatch, name: str, given: str, says: str) -> None:
    """They are found when they are read, not when they are used; the sentence holds no value."""
    monkeypatch.setenv(name, given)
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    assert name in caught.value.advice
    assert says in caught.value.advice
    assert "secret" not in caught.value.advice


def test_all_problems_are_named_together(monkeypatch) -> None:
    """One sentence names every setting that is wrong, and no value that may hold a secret."""
    monkeypatch.setenv("DATABASE_URL", "oracle://secret@host")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("EROWID_URL", "gopher://secret")
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    for name in ("DATABASE_URL", "LOG_LEVEL", "EROWID_URL"):
        assert name in caught.value.advice
    assert "secret" not in caught.value.advice


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("SHARD_COUNT", "x", "SHARD_COUNT must be a number from 1 to 16384, or auto; it is x."),
        ("SHARD_COUNT", "0", "SHARD_COUNT must be a number from 1 to 16384, or auto; it is 0."),
        ("SHARD_IDS", "3-1", "SHARD_IDS must be numbers and ranges, such as 0-3,8; it is 3-1."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR; it is loud."),
        ("ENRICH", "yes", "ENRICH must be on or off; it is yes."),
        ("MESSAGE_CONTENT", "maybe", "MESSAGE_CONTENT must be true or false; it is maybe."),
        ("HEALTH_PORT", "99999", "HEALTH_PORT must be a number from 1 to 65535; it is 99999."),
        ("FRESH_DAYS", "soon", "FRESH_DAYS must be a number from 0 to 36500; it is soon."),
        ("FRESH_DAYS", "nan", "FRESH_DAYS must be a number from 0 to 36500; it is nan."),
        ("CA_BUNDLE", "nowhere.pem", "CA_BUNDLE must be the path of a file; it is nowhere.pem."),
    ],
)
def test_one_sentence_with_the_value(monkeypatch, name: str, given: str, sentence: str) -> None:
    """What the setting must be, and what it is."""
    monkeypatch.setenv(name, given)
    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    assert caught.value.advice == sentence


def test_the_token_hides(monkeypatch) -> None:
    """Neither the settings' text nor their dump shows the token."""
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret.token")
    settings = read_settings()
    assert "very.secret.token" not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRESH_DAYS", "1e12"),
        ("FRESH_DAYS", "nan"),
        ("FRESH_DAYS", "-1"),
        ("EROWID_URL", "https://www.erowid.org/x?y"),
        ("EROWID_URL", "https://www.erowid.org?y"),
        ("EROWID_URL", "https://www.erowid.org/x"),
        ("EROWID_URL", "https://www.erowid.org#x"),
        ("EROWID_URL", "https://[x"),
    ],
)
def test_values_that_cannot_work(monkeypatch, name: str, value: str) -> None:
    """What would only fail later is refused at the start."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        read_settings()


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", ()), ("0", (0,)), ("0-3,8", (0, 1, 2, 3, 8)), (" 8, 2 - 3 ,2", (2, 3, 8)), ("5-5,", (5,))],
)
def test_shard_ids(monkeypatch, given: str, expected: tuple[int, ...]) -> None:
    """Numbers and ranges, each once, in order."""
    monkeypatch.setenv("SHARD_IDS", given)
    monkeypatch.setenv("SHARD_COUNT", "9")
    assert numbers_in(read_settings().shard_ids) == expected


@pytest.mark.parametrize(
    ("count", "ids", "says"),
    [
        ("0", "", "SHARD_COUNT"),
        ("many", "", "SHARD_COUNT"),
        ("4", "4", "SHARD_IDS must be below SHARD_COUNT"),
        ("auto", "1", "SHARD_IDS needs a SHARD_COUNT"),
        *(("4", wrong, "SHARD_IDS must be numbers and ranges") for wrong in ("x", "3-1", "-1", "1-", "1--2", "0-99999999")),
    ],
)
def test_shards_that_cannot_be(monkeypatch, count: str, ids: str, says: str) -> None:
    """What Discord or another process would trip over is refused at the start, and named."""
    monkeypatch.setenv("SHARD_COUNT", count)
    monkeypatch.setenv("SHARD_IDS", ids)
    with pytest.raises(ConfigurationError, match=says):
        read_settings()


def test_values_that_people_write(monkeypatch) -> None:
    """A level in lower case and an address with a last slash are understood."""
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("EROWID_URL", "http://127.0.0.1:8080/")
    settings = read_settings()
    assert (settings.log_level, settings.erowid_url) == ("DEBUG", "http://127.0.0.1:8080")


def test_an_env_file_that_is_no_text(tmp_path) -> None:
    """A .env in another encoding is named, and nothing of it shown."""
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=secret\xff\n")
    with pytest.raises(ConfigurationError, match=r"\.env.*UTF-8") as caught:
        read_settings()
    assert "secret" not in caught.value.advice
