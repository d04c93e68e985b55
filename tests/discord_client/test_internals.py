"""What is internal to discord.py: only workarounds use it, and each of them says why it is there and has a test."""

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import discord
import pytest

import bot.discord_client
import cogs
from bot.discord_client import workarounds
from tests.discord_client import test_bot, test_gateway, test_http

ROOT = Path(__file__).parents[2]
PLACE = "bot/discord_client/workarounds/"
DOCUMENTED = {
    "discord",
    *(f"discord.{name}" for name in ("abc", "app_commands", "ext.commands", "ext.tasks", "ui", "utils")),
}
"""The modules of discord.py that discordpy.readthedocs.io documents, as far as a bot without voice needs them."""
SUBMODULES = {found.name for found in pkgutil.iter_modules(discord.__path__)} - {name[8:] for name in DOCUMENTED} - {"ext"}
VERSION = re.compile(r"\b2\.\d+\.\d+\b")
STOCK = re.compile(r"\b(?:Plain|PlainShards|stock|AsyncWebhookAdapter|discord\.\w*Client|Route|async_context)\b")
"""discord.py as it is, by the names that tests have for it."""
OWN = {"self", "cls", "super()"}
"""The object whose method runs, or its class."""
TESTS = {
    "bot.use_no_voice": [test_bot.test_a_warning_for_voice],
    "bot.HookedTree": [test_bot.test_a_command_runs_unseen],
    "bot.HookedBot._get_state": [
        test_bot.test_an_event_that_cannot_be_read,
        test_bot.test_a_view_is_held,
        test_bot.test_no_option_for_an_address,
    ],
    "bot.HookedBot._schedule_event": [test_bot.test_a_listener_runs_unseen],
    "bot.HookedBot.connect": [test_gateway.test_a_first_connect_that_fails, test_gateway.test_a_frame_that_is_nonsense],
    "bot.HookedBot.close": [test_bot.test_the_task_that_reports_ready],
    "gateway.gateway_trouble": [test_gateway.test_unanswered_heartbeats_show_nowhere],
    "gateway.shard_trouble": [test_gateway.test_trouble_with_a_shard],
    "gateway.gateway_limits": [test_gateway.test_limits_of_sessions],
    "gateway.first_frame": [test_gateway.test_the_first_frame],
    "gateway.PacedHTTPClient": [test_bot.test_no_option_for_an_address],
    "gateway.PacedHTTPClient.ws_connect": [test_gateway.test_a_gateway_that_closes_at_once],
    "gateway.HookedShards": [test_gateway.test_a_shard_that_cannot_connect],
    "gateway.end_session": [test_gateway.test_close_while_reading, test_gateway.test_a_close_that_is_not_answered],
    "http.use_api": [test_http.test_the_address_of_the_api, test_bot.test_no_option_for_an_address],
    "http.registered_commands": [test_http.test_translations_of_commands],
    "http.PatientHTTPClient.request": [test_http.test_a_broken_connection_is_not_tried_again],
    "http.PatientHTTPClient.send_typing": [test_http.test_a_cancelled_request_blocks_all],
    "http.PatientWebhookAdapter": [test_http.test_a_webhook_waits_for_a_day],
    "http.use_patient_webhooks": [test_http.test_webhooks_are_ours_where_they_are_asked_for],
    "http._discord_answer": [test_http.test_an_answer_that_is_no_json, test_http.test_a_webhook_is_answered_by_a_portal],
}
"""Each workaround, and what fails once discord.py does without it."""


def internal(tree: ast.Module) -> Iterator[str]:
    """Name what a file takes from discord.py that is internal: modules, and private names of any object but `self`."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {one.name for node in imports if isinstance(node, ast.Import) for one in node.names}
    pairs = [(node.module or "", one.name) for node in imports if isinstance(node, ast.ImportFrom) for one in node.names]
    taken = modules | {module if f"{module}.{name}" not in DOCUMENTED else f"{module}.{name}" for module, name in pairs}
    of_discord = {module for module in taken if module.partition(".")[0] == "discord"}
    if not of_discord:
        return
    yield from of_discord - DOCUMENTED
    yield from (f"{module}.{name}" for module, name in pairs if module in of_discord and private(name))
    yield from (f"{module}.{name}" for module, name in pairs if module == "discord" and name in SUBMODULES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of = ast.unparse(node.value)
            if (private(node.attr) and of not in OWN) or (of == "discord" and node.attr in SUBMODULES):
                yield ast.unparse(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"getattr", "setattr", "hasattr", "vars"}:
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and private(str(one.value)))


def private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name != "_replace"  # of each NamedTuple


@cache
def private_names(of: type) -> frozenset[str]:
    """Give the private names that the body of a class defines, or uses of `self`."""
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(of)))))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) in OWN}
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return frozenset(filter(private, used | defined))


def is_of_discord(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == "discord"


def classes() -> Iterator[type]:
    """Give the classes of ours that are derived from discord.py's."""
    for package in (bot.discord_client, cogs):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            yield from (
                one
                for _, one in inspect.getmembers(module, inspect.isclass)
                if one.__module__ == found.name and any(map(is_of_discord, one.__mro__))
            )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import discord\nchannel._state", ["channel._state"]),
        ("import discord\nself._state, row._replace(), channel.__class__", []),
        ("row._mapping", []),
        ("from discord.http import Route", ["discord.http"]),
        ("import discord.gateway", ["discord.gateway"]),
        ("from discord import state", ["discord.state"]),
        ("from discord import ui\nfrom discord.ext import tasks\nfrom discord.ext.commands import Cog", []),
        ("from discord.utils import _to_json", ["discord.utils._to_json"]),
        ("import discord\ndiscord.http.Route.BASE", ["discord.http"]),
        ("import discord\ndiscord.utils._to_json", ["discord.utils._to_json"]),
        ("import discord\ngetattr(client, '_connection')", ["_connection"]),
        ("import discord\nsuper()._get_state, self.bot._connection", ["self.bot._connection"]),
    ],
)
def test_what_is_internal(text: str, found: list[str]) -> None:
    assert list(internal(ast.parse(text))) == found


def test_only_workarounds_use_internals() -> None:
    """Elsewhere a change of discord.py that no test announces would be a fault."""
    found = {
        path.relative_to(ROOT).as_posix(): list(internal(ast.parse(path.read_text("utf-8"))))
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert sum(map(len, (names for file, names in found.items() if file.startswith(PLACE)))) > 5
    assert {file: names for file, names in found.items() if names and not file.startswith(PLACE)} == {}


def test_no_other_class_uses_what_it_inherits_privately() -> None:
    """A private name of a base class of discord.py is used or overridden by workarounds alone, on purpose or by chance."""
    found = {}
    for one in classes():
        inherited = frozenset[str]().union(*(private_names(base) for base in one.__mro__ if is_of_discord(base)))
        found[f"{one.__module__}.{one.__qualname__}"] = private_names(one) & inherited
    assert len(found) > 20
    assert found["bot.discord_client.workarounds.bot.HookedBot"] >= {"_get_state", "_schedule_event", "_connection"}
    assert {name: used for name, used in found.items() if used and workarounds.__name__ not in name} == {}


def described() -> Iterator[tuple[str, object]]:
    """Give each function, class and method of the workarounds, by its name."""
    for found in pkgutil.iter_modules(workarounds.__path__):
        module = importlib.import_module(f"{workarounds.__name__}.{found.name}")
        for name, one in vars(module).items():
            if getattr(one, "__module__", "") == module.__name__ and (inspect.isclass(one) or inspect.isfunction(one)):
                yield f"{found.name}.{name}", one
                methods = vars(one).items() if inspect.isclass(one) else ()
                yield from ((f"{found.name}.{name}.{key}", of) for key, of in methods if inspect.isfunction(of))


def names_version(one: object) -> bool:
    return bool(VERSION.search(one.__doc__ or ""))


def test_each_workaround_has_its_test() -> None:
    """Whatever names a version of discord.py is a workaround; its tests use discord.py as it is, not ours alone."""
    assert sorted(name for name, one in described() if names_version(one)) == sorted(TESTS)
    for name, tests in TESTS.items():
        assert any(STOCK.search(inspect.getsource(test)) for test in tests), name


def test_each_workaround_names_a_version() -> None:
    """Each public function does; of a class either itself, or each of its methods that overrides one of discord.py."""
    silent = {name: one for name, one in described() if not names_version(one)}
    functions = {name for name, one in silent.items() if name.count(".") == 1 and inspect.isfunction(one)}
    assert {name for name in functions if "._" not in name} == set()
    for name, one in silent.items():
        if inspect.isclass(one):
            overridden = {key for base in one.__mro__ if is_of_discord(base) for key in vars(base)} - {"__init__"}
            assert {key for key in overridden if f"{name}.{key}" in silent} == set(), name
