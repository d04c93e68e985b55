"""`python -m bot docs`: writes the generated parts of `docs/` and `.env.example`, or with `--check` names the stale ones."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic.fields import FieldInfo

from bot.adapters.monitoring.metrics import METRICS, Metric
from bot.settings import Settings
from cogs.discord_kit.permissions import purposes

ENV = Path(".env.example")
DOCS = Path("docs")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where something is stale.")
@click.pass_context
def docs(context: click.Context, check: bool) -> None:
    """Write the generated parts of docs/ and .env.example."""
    if not DOCS.is_dir():
        raise click.UsageError(f"There is no {DOCS}/ here: run this in the folder that holds the source.")
    made = generated(context.find_root().command)
    stale = [(path, text) for path, text in made if not path.exists() or path.read_text("utf-8") != text]
    for path, text in stale:
        if not check:
            path.write_text(text, "utf-8")
        click.echo(f"{path} {'is stale: run `make docs`' if check else 'written'}", err=check)
    sys.exit(1 if check and stale else 0)


def generated(commands: click.Command) -> Iterator[tuple[Path, str]]:
    """Give each generated file with its current text."""
    yield ENV, _env()
    hosts, moderators = DOCS / "hosts.md", DOCS / "moderators.md"
    text = hosts.read_text("utf-8")
    for name, table in (
        ("commands", _commands_table(commands)),
        ("settings", _settings_table()),
        ("metrics", _metrics_table()),
    ):
        text = _between(text, name, table)
    yield hosts, text
    yield moderators, _between(moderators.read_text("utf-8"), "permissions", _permissions_table())


def _fields() -> Iterator[tuple[str, str, str]]:
    """Give each setting: its name, its default as written in `.env`, and its description."""
    for name, field in Settings.model_fields.items():
        yield name.upper(), _written(field), field.description or ""


def _written(field: FieldInfo) -> str:
    default = field.default
    return "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)


def _env() -> str:
    lines = ["# Settings of Precis; copy to .env. Written by `make docs` from bot/settings.py."]
    for name, default, description in _fields():
        assignment = f"{name}={default}"
        lines += ["", f"# {description}", assignment if name == "DISCORD_TOKEN" else f"# {assignment}"]
    return "\n".join(lines) + "\n"


def _settings_table() -> str:
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {about} |" for name, default, about in _fields()]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])


def _commands_table(commands: click.Command) -> str:
    rows = [f"| `python -m bot {name}` | {command.get_short_help_str(200)} |" for name, command in _leaves(commands)]
    return "\n".join(["| command | what it does |", "|---|---|", *rows])


def _metrics_table() -> str:
    rows = [f"| `{metric.name}` | {metric.kind} | {_labels(metric)} | {metric.about} |" for metric in METRICS]
    return "\n".join(["| metric | type | labels | what it is |", "|---|---|---|---|", *rows])


def _labels(metric: Metric) -> str:
    return "; ".join(f"`{name}`" + (f": {', '.join(values)}" if values else "") for name, values in metric.labels.items())


def _leaves(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for one in command.list_commands(context):
        if found := command.get_command(context, one):
            yield from _leaves(found, f"{name} {one}".lstrip())


def _permissions_table() -> str:
    rows = [
        f"| {title} | {purpose} | {'yes' if asked else 'give it where that is chosen'} |"
        for asked in (True, False)
        for (_name, title), purpose in purposes(asked=asked).items()
    ]
    return "\n".join(["| permission | what for | in the invitation |", "|---|---|---|", *rows])


def _between(text: str, name: str, content: str) -> str:
    """Put content between the two marks `name` in a text. Raises ValueError if they are missing."""
    begin, end = f"<!-- {name}: written by `make docs` -->", f"<!-- end of {name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"no marks for {name}")
    return re.sub(f"(?<={re.escape(begin)}).*?(?={re.escape(end)})", lambda _: f"\n{content}\n", text, flags=re.DOTALL)
