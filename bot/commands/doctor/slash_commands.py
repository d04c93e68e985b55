"""Checks whether Discord has the same commands as this program."""

from collections.abc import Iterable, Mapping
from typing import Any

Payload = Mapping[str, Any]

_FIELDS = (
    "description",
    "name_localizations",
    "description_localizations",
    "default_member_permissions",
    "nsfw",
    "required",
    "autocomplete",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
)
_SETS = ("contexts", "integration_types", "channel_types")


def differences(ours: Iterable[Payload], theirs: Iterable[Payload]) -> tuple[list[str], list[str], list[str]]:
    """Give the names of the commands that Discord lacks, that differ there, and that this program no longer has."""
    sent = {_key(one): one for one in ours}
    held = {_key(one): one for one in theirs}
    lacking = [one["name"] for key, one in sent.items() if key not in held]
    other = [one["name"] for key, one in sent.items() if key in held and _form(one) != _form(held[key])]
    return lacking, other, [one["name"] for key, one in held.items() if key not in sent]


def _key(command: Payload) -> tuple[int, str]:
    return command.get("type") or 1, command["name"]


def _form(command: Payload) -> Any:
    """Reduce a command, an option or a choice to a form for comparison, without empty parts."""
    form: dict[str, Any] = {"name": command["name"], "type": command.get("type") or 1}
    form |= {field: _plain(command[field]) for field in _FIELDS if command.get(field) not in (None, False, {}, "")}
    form |= {field: sorted(command[field]) for field in _SETS if command.get(field)}
    form["options"] = [_form(option) for option in command.get("options") or ()]
    form["choices"] = [(choice["name"], str(choice["value"])) for choice in command.get("choices") or ()]
    return form


def _plain(value: Any) -> Any:
    """Make one value comparable: permissions are sent as a number and come back as text; bounds may come back as floats."""
    return str(value).removesuffix(".0") if isinstance(value, (int, float)) else value
