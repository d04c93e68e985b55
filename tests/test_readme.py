"""What the documents can get wrong, checked."""

import ast
import asyncio
import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from discord import app_commands

from bot.app import build_client, open_services
from bot.cli import main
from bot.commands.docs import generated
from bot.commands.exit_codes import EX_CONFIG
from bot.commands.show import FILES
from bot.settings import Settings
from tests.test_show import KEYS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
MEMBERS, HOSTS, DEVELOPERS, ARCHITECTURE = (
    (ROOT / f"docs/{name}.md").read_text("utf-8") for name in ("members", "hosts", "developers", "architecture")
)
DOCS = "\n".join(path.read_text("utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))))


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
    assert set(re.findall(r"^\| `(/[a-z ]+)` \|", MEMBERS, re.MULTILINE)) == sent


def test_every_key_of_show_is_in_the_readme() -> None:
    """What `show --format json` prints is described, key by key; and so is each format."""
    said = set(re.findall(r"`([a-z_-]+)`", HOSTS[HOSTS.index("`show` takes") : HOSTS.index("`run` exits")]))
    assert said >= KEYS | {"card", "json", *FILES}


def test_every_command_line_in_the_readme_exists() -> None:
    """`python -m bot X` and `make X` are commands that there are."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", DOCS, re.MULTILINE)) <= targets
    assert isinstance(main, click.Group)
    assert set(re.findall(r"python -m bot ([a-z]+)", DOCS)) <= set(main.list_commands(click.Context(main)))


def block(text: str, after: str, language: str = "console") -> str:
    """Give the first block of a language that follows these words in a text."""
    return text[text.index(after) :].split(f"```{language}\n", 1)[1].split("```", 1)[0]


def commands(text: str) -> list[list[str]]:
    """Give the words of each line of a console block, without its remark."""
    return [shlex.split(line, comments=True) for line in text.splitlines() if line]


def test_the_front_page_is_short() -> None:
    """A newcomer reads it in five minutes."""
    assert len(README.split()) <= 1_200


def test_the_front_page_has_two_pictures() -> None:
    """Each is a PNG, with words for those who do not see it."""
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", README)
    assert [file for _, file in pictures] == ["docs/card.png", "docs/panel.png"]
    for words, file in pictures:
        assert words
        assert (ROOT / file).read_bytes().startswith(b"\x89PNG\r\n")
    assert "<img" not in README


def test_the_front_page_has_two_commands_to_try() -> None:
    assert commands(block(README, "## Try it")) == [["make", "demo"], ["make", "test"]]


def test_a_bot_is_connected_in_five_steps() -> None:
    """Numbered from one to five; running the tests is none of them."""
    section = README[README.index("## Connect it to Discord") : README.index("## Read on")]
    assert re.findall(r"^(\d+)\.", section, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    assert re.findall(r"make ([a-z]+)", section) == ["setup", "run", "sync"]


@pytest.mark.parametrize("readers", ["members", "moderators", "hosts", "developers"])
def test_the_front_page_has_a_page_for_each_reader(readers: str) -> None:
    """It is there, and says whom it is for."""
    assert f"- [For {readers}](docs/{readers}.md): " in README[README.index("## Read on") :]
    assert (ROOT / f"docs/{readers}.md").read_text("utf-8").startswith(f"# Precis for {readers}\n")


def test_every_link_between_the_pages_leads_somewhere() -> None:
    """To a page, a picture or a module that there is."""
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
    for path in re.findall(r"`((?:bot|cogs|tests)/[\w./{},]+)`", DOCS):
        assert (ROOT / path).exists(), path


def test_the_glossary_is_short() -> None:
    """Twenty terms at most."""
    assert 5 < len(re.findall(r"^\| ", ARCHITECTURE[ARCHITECTURE.index("## Glossary") :], re.MULTILINE)) - 1 <= 20


def test_every_test_of_the_threat_table_exists() -> None:
    """Each row of it names tests, and each of them is there under that name."""
    rows = [line for line in HOSTS[HOSTS.index("| who | could try") :].split("\n\n")[0].splitlines()[2:] if line]
    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row.rsplit(" | ", 1)[1])
        assert named, row
        for file, name in named:
            functions = {
                node.name for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))) if hasattr(node, "name")
            }
            assert name in functions, f"{file}::{name}"


@pytest.mark.storm
async def test_the_way_to_a_simulated_discord(tmp_path: Path) -> None:
    """The README's own commands, one after another in two terminals, end in a card."""
    ((python, *simulation),) = commands(block(DEVELOPERS, "## A simulated Discord"))
    steps = commands(block(DEVELOPERS, "Put these into `.env`"))
    assert python == ".venv/bin/python"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": PIPE, "stdout": PIPE, "stderr": PIPE}
    other = await asyncio.create_subprocess_exec(
        sys.executable, *simulation, *("--port", "0"), cwd=ROOT, env=environment, **pipes
    )
    running = None
    try:
        given = [(await other.stdout.readline()).decode().strip() for _ in range(4)]
        told = re.findall(r"^[A-Z_]+=", block(DEVELOPERS, "## A simulated Discord", "text"), re.MULTILINE)
        assert [line.partition("=")[0] + "=" for line in given] == told
        (tmp_path / ".env").write_text("\n".join([*given, "CONTACT=keeper@precis.example"]), "utf-8")
        (tmp_path / ".env").chmod(0o600)
        for step in steps:
            running = await asyncio.create_subprocess_exec(sys.executable, *step[1:], cwd=tmp_path, env=environment, **pipes)
            if step[-1] != "run":
                out, _ = await running.communicate()
                assert running.returncode == 0, out.decode()
        async with asyncio.timeout(60):
            async for line in running.stderr:
                if b"ready" in line:
                    break
        other.stdin.write(b"look: https://www.erowid.org/references/refs_view.php?ID=101\n")
        await other.stdin.drain()
        async with asyncio.timeout(60):
            async for line in other.stdout:
                if b"We conclude that teacup 101 has no tides." in line:
                    break
        running.terminate()
        assert (await running.wait()) == 0
        other.stdin.close()
        assert await other.wait() == 0
    finally:
        for one in (other, running):
            if one is not None and one.returncode is None:
                one.kill()
                await one.wait()


def test_backup_restore_and_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's own commands work in its order; a restore goes into an empty database only."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    backup, restore, upgrade = (words[3:] for words in commands(block(HOSTS, "## Backup, restore, update")))
    run = CliRunner().invoke
    assert run(main, upgrade).exit_code == 0
    assert "up to date" in run(main, upgrade).output
    assert run(main, backup).exit_code == 0
    assert run(main, backup).exit_code == 1
    assert run(main, [*backup, "--force"]).exit_code == 0
    assert run(main, restore).exit_code == 0
    (tmp_path / "precis.sqlite3").unlink()
    done = run(main, restore)
    assert (done.exit_code, "rows restored" in done.output) == (0, True)


UNIT = "`/etc/systemd/system/precis.service`:"


def test_the_unit() -> None:
    """It runs what `install-app` installs where the README puts `.env`, and waits for the end."""
    text = block(HOSTS, UNIT, "ini")
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(text)
    service = unit["Service"]
    assert service["ExecStart"] == "/opt/precis/bin/python -m bot run"
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"
    assert f"{service['WorkingDirectory']}/.env" in block(HOSTS, "## As a service")
    assert int(service["TimeoutStopSec"]) > 10
    assert service["RestartPreventExitStatus"] == str(EX_CONFIG)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here to ask")
def test_the_unit_is_no_open_door(tmp_path: Path) -> None:
    """systemd knows each word of it, and finds little exposed. Nothing else can tell; most containers have no systemd."""
    (tmp_path / "precis.service").write_text(block(HOSTS, UNIT, "ini"), "utf-8")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(tmp_path / "precis.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-2000:] + judged.stderr
    assert "Unknown" not in judged.stderr


def test_issue_forms() -> None:
    """Each form has what GitHub asks for: a name, a description, and fields with IDs and labels of their own."""
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    assert [form.stem for form in forms] == ["fault", "wrong-card"]
    for form in (yaml.safe_load(one.read_text("utf-8")) for one in forms):
        assert form["name"]
        assert form["description"]
        for name in ("id", "label"):
            values = [field[name] if name == "id" else field["attributes"][name] for field in form["body"]]
            assert len(set(values)) == len(values) > 0
