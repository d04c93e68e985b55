"""Imports stand at the top of files, and nothing tinkers with what is imported or with the collection of garbage."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW = {
    "bot/cli.py": {"importlib.import_module"},  # the module of the one command that runs, so that `--help` answers at once
    "bot/adapters/database/engine.py": {"bot.adapters.database.migrate.migrate"},  # Alembic: 12 MB, for new versions only
    "bot/commands/demo.py": {"bot.demo.run_demo"},  # the extra `demo`, which may not be installed
    "cogs/study/stats.py": {"cogs.study.chart.draw_chart"},  # matplotlib: 30 MB, which most bots never need
    "bot/findings/train/__main__.py": {  # scikit-learn, torch: extras of developers
        "bot.findings.train.choice.train_choice",
        "bot.findings.train.recipe.train",
    },
}
"""The imports that are not made at the top, by file, each with its reason."""
TRICKS = {"gc", "sys.modules", "importlib.reload", "__import__"}


def names(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Give the full names that a file uses, and whether it imports them in a function."""
    known = {}
    nodes = list(ast.walk(tree))
    functions = [(one.lineno, one.end_lineno) for one in nodes if isinstance(one, FUNCTION)]

    def inside(of: ast.stmt | ast.expr) -> bool:
        return any(first <= of.lineno <= last for first, last in functions)

    for node in nodes:
        if isinstance(node, IMPORT):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for one in node.names:
                known[one.asname or one.name.partition(".")[0]] = f"{module}{one.name}"
                yield f"{module}{one.name}", inside(node)
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{known.get(node.value.id, node.value.id)}.{node.attr}"
        elif isinstance(node, ast.Name):
            name = known.get(node.id, node.id)
        else:
            continue
        yield name, name in {"importlib.import_module", "__import__"} and inside(node)


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
IMPORT = (ast.Import, ast.ImportFrom)


def tricks(tree: ast.Module) -> set[str]:
    """Name what a file does to modules or to garbage."""
    return {trick for name, _ in names(tree) for trick in TRICKS if name == trick or name.startswith(f"{trick}.")}


def below(tree: ast.Module) -> set[str]:
    """Name what a file imports in functions."""
    return {name for name, inside in names(tree) if inside}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import gc\ngc.freeze()", {"gc"}),
        ("from gc import collect", {"gc"}),
        ("import sys\nsys.modules['x'] = None", {"sys.modules"}),
        ("from sys import modules as m\nm.pop('x')", {"sys.modules"}),
        ("import sys as s\ndel s.modules['x']", {"sys.modules"}),
        ("__import__('x')", {"__import__"}),
        ("import sys\nsys.exit(modules)", set()),
    ],
)
def test_what_is_a_trick(text: str, found: set[str]) -> None:
    assert tricks(ast.parse(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a\ntry:\n    from b import c\nexcept ImportError:\n    c = None", set()),
        ("def f():\n    import a.b", {"a.b"}),
        ("class A:\n    async def f(self):\n        if self:\n            from b import c", {"b.c"}),
        ("from importlib import import_module as load\nf = lambda: load('x')", {"importlib.import_module"}),
        ("import importlib\ndef f():\n    importlib.import_module('x')", {"importlib.import_module"}),
    ],
)
def test_what_is_imported_below(text: str, found: set[str]) -> None:
    assert below(ast.parse(text)) == found


def test_imports_are_at_the_top() -> None:
    """But for those that are named above, with their reasons."""
    trees = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {file: found for file, tree in trees.items() if (found := tricks(tree))} == {}
    assert {file: found for file, tree in trees.items() if (found := below(tree))} == BELOW
