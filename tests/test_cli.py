"""The command line answers at once, since it imports a command when the command runs."""

import subprocess
import sys

import click
import pytest

from bot.cli import COMMANDS, SECTIONS, main


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_no_command_is_imported(option: str) -> None:
    """For an option, click and its like are enough."""
    watched = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); import bot.__main__"
    ran = subprocess.run([sys.executable, "-c", watched, option], capture_output=True, text=True, check=True)
    imported = set(ran.stderr.split())
    assert {name for name in imported if name.startswith(("bot.", "cogs."))} == {"bot.cli"}
    assert imported.isdisjoint({"discord", "sqlalchemy", "httpx", "structlog"})


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_the_command_says(name: str) -> None:
    """The table's line is the first sentence of the command's own help."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(200) == COMMANDS[name][1]


def test_help_is_grouped() -> None:
    """Each command stands in one section, with all of its line."""
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(COMMANDS)
    shown = main.get_help(click.Context(main))
    sections = [shown.index(f"\n{section}:\n") for section in ("Use", "Run", "Keep", "Develop")]
    assert sections == sorted(sections)
    words = " ".join(shown.split())
    assert all(f"{name} {about}" in words for name, (_, about) in COMMANDS.items())
    group = main.get_command(click.Context(main), "db")
    assert "..." not in group.get_help(click.Context(group)).partition("Commands:")[2]
