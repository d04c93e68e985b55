"""Workarounds for simcord 3.2.1: each private name of it that the demo uses is in this file.

`tests/demo/test_simcord_workarounds.py` has a test for each item that fails once simcord has changed. No issue of
github.com/SilentHacks/simcord was found for any item.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import simcord
from simcord import ChannelHandle
from simcord.preview import _markdown
from simcord.results import ResponseMessage

Plan = Callable[[Any, int], Awaitable[Any]]
"""Carries out a user's action on the page; takes the action and the page's position in the history of actions."""
PlanChoice = Callable[[Any, str, Mapping[str, Any], Plan], Plan]
"""Chooses a plan; takes the page, the kind of action, the data from the browser, and simcord's own plan."""


def serve_files(preview: simcord.Preview, paths: Mapping[str, Path]) -> None:
    """Serve files instead of some of simcord's own; a preview has no option for that."""
    server = preview._server  # noqa: SLF001
    served = {f"/{name}": str(path) for name, path in paths.items()}  # an absolute path overrides simcord's folder
    vars(server)["_STATIC_FILES"] = server._STATIC_FILES | served  # noqa: SLF001


def choose_plans(preview: simcord.Preview, choose: PlanChoice) -> None:
    """Let `choose` decide what an action on the page does; a preview only has its own actions."""
    known: Any = preview
    prepare = known._prepare_action  # noqa: SLF001

    def prepare_more(page: Any, kind: str, body: Mapping[str, Any]) -> Plan:
        return choose(page, kind, body, prepare(page, kind, body))

    known._prepare_action = prepare_more  # noqa: SLF001


def show_channel(preview: simcord.Preview, channel: ChannelHandle) -> None:
    """Show another channel on every open page; a preview is made for a single channel."""
    known: Any = preview
    known.channel = channel
    for page in (known._python, *known._pages.values()):  # noqa: SLF001
        page.channel_id, page.target_id, page.window_end_id = channel.id, None, None


def use_app(preview: simcord.Preview, page: Any, name: str, target_id: int) -> Plan:
    """Give the plan that uses an entry of a message's menu *Apps*, which a preview does not show."""
    known: Any = preview
    message = ResponseMessage(known.env, known._target_message(page, target_id))  # noqa: SLF001

    async def use(action: Any, cursor: int) -> Any:
        asked = page.viewer.context_menu(known.channel, name, message)
        return await known._run_interaction_action(page, action, cursor, asked, republish_all=True)  # noqa: SLF001

    return use


@contextmanager
def small_text() -> Iterator[None]:
    """Draw `-#` in embeds as small text, as Discord does; simcord shows the characters `-#`."""
    policy = _markdown._FIELD_POLICIES["embed_description"]  # noqa: SLF001
    before = policy["subtext"]
    policy["subtext"] = True
    try:
        yield
    finally:
        policy["subtext"] = before
