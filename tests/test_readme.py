"""What the documents can get wrong, checked."""

import re
from pathlib import Path

import click
import pytest
from discord import app_commands

from bot.app import build_client, open_services
from bot.cli import main
from bot.docs import generated
from bot.settings import Settings
from bot.show import FILES
from tests.test_show import KEYS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_generated_parts_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make docs` would change nothing."""
    monkeypatch.chdir(ROOT)
    for path, text in generated(main):
        assert path.read_text("utf-8") == text, f"{path} is stale: run `make docs`"


def test_every_setting_is_documented() -> None:
    """Each setting says what it is for."""
    assert all(field.description for field in Settings.model_fields.values())


async def test_every_slash_command_is_in_the_readme() -> None:
    """The table of slash commands is the one that the bot sends, no more and no less."""
    settings = Settings(_env_file=None, database_url="sqlite+aiosqlite://")
    async with open_services(settings) as services, build_client(services, settings) as client:
        await client.setup_hook()
        commands = [one for one in client.tree.walk_commands() if isinstance(one, app_commands.Command)]
        sent = {f"/{command.qualified_name}" for command in commands}
    assert set(re.findall(r"^\| `(/[a-z ]+)` \|", README, re.MULTILINE)) == sent


def test_every_key_of_show_is_in_the_readme() -> None:
    """What `show --format json` prints is described, key by key; and so is each format."""
    said = set(re.findall(r"`([a-z_-]+)`", README[README.index("`show` takes") : README.index("`run` exits")]))
    assert said >= KEYS | {"card", "json", *FILES}


def test_every_command_line_in_the_readme_exists() -> None:
    """`python -m bot X` and `make X` are commands that there are."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE)) <= targets
    assert isinstance(main, click.Group)
    assert set(re.findall(r"python -m bot ([a-z]+)", README)) <= set(main.commands)
