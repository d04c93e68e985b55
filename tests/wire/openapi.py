"""Discord's official API description as a judge of requests.

The description is OpenAPI 3.1, so its schemas are JSON Schema 2020-12, which jsonschema reads as they stand. Three remarks:

- A snowflake is described as a string of digits. Discord takes a JSON integer too, and discord.py sends one in places
  (`message_reference`), so both pass.
- Discord ignores keys it does not know, and the description leaves every object open. A key nobody reads is a mistake of
  ours, though, so every object is closed here, but for three keys that discord.py 2.7.1 sends of its own accord (`tts` in
  edits, `flags` in embeds, `nsfw` in commands).
- Limits that the description words more loosely than Discord enforces them (2,000 characters of content for a bot, the rules
  of Components V2) are in `rules.py`.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, cast
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.shared import SHARED

DESCRIPTION = SHARED / "discord-openapi.json"
URN = "urn:discord"
IDLE_KEYS = {"^(tts|flags|nsfw)$": {}}
FORMATS = FormatChecker(formats=())
Judge = Callable[[dict[str, Any]], Draft202012Validator]
"""Gives the validator of a schema."""


@FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or urlsplit(value).scheme in {"http", "https", "discord", "attachment"}


@FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@FORMATS.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


def _validator_class(schemas: dict[str, Any]) -> type[Draft202012Validator]:
    """Give a validator that leaves out branches of a union which its `const` or the object's `type` rules out.

    jsonschema alone tries each component of a card as every kind there is, which was half of what a test of the wire takes.
    """

    def may_be(branch: dict[str, Any], instance: Any) -> bool:
        if "const" in branch:
            return bool(branch["const"] == instance)
        if not isinstance(instance, dict) or "type" not in instance:
            return True
        described = schemas.get(branch.get("$ref", "").rpartition("/")[2], branch)
        kinds = described.get("properties", {}).get("type", {}).get("enum")
        return kinds is None or instance["type"] in kinds

    def union(name: str) -> Any:
        judge = Draft202012Validator.VALIDATORS[name]

        def judge_likely(validator: Any, branches: list[dict[str, Any]], instance: Any, schema: Any) -> Any:
            likely = [branch for branch in branches if may_be(branch, instance)]
            return judge(validator, likely or branches, instance, schema)

        return judge_likely

    unions = {name: union(name) for name in ("oneOf", "anyOf")}
    return cast("type[Draft202012Validator]", validators.extend(Draft202012Validator, unions))


@dataclass(frozen=True)
class Operation:
    """One method of one path: what matches it and where its request body is described."""

    template: str
    pattern: re.Pattern[str]
    required: bool
    validator: Draft202012Validator | None
    """None where the operation takes no JSON body."""


class Description:
    """The description, with each request body's schema ready."""

    def __init__(self, document: dict[str, Any]) -> None:
        snowflake = document["components"]["schemas"]["SnowflakeType"]
        document["components"]["schemas"]["SnowflakeType"] = snowflake | {"type": ["string", "integer"], "minimum": 0}
        _close(document["components"]["schemas"])
        resource = DRAFT202012.create_resource(document)
        registry: Registry[Any] = Registry().with_resource(URN, resource)
        judge = partial(_validator_class(document["components"]["schemas"]), registry=registry, format_checker=FORMATS)
        self._operations: dict[str, list[Operation]] = {}
        # Literal segments first, so that `@original` is not taken for a message's ID.
        for template in sorted(document["paths"], key=lambda path: path.count("{")):
            for method, described in document["paths"][template].items():
                if method != "parameters":
                    operation = _operation(template, method, described, judge)
                    self._operations.setdefault(method.upper(), []).append(operation)

    def operation(self, method: str, path: str) -> Operation | None:
        """Find the operation that a path below /api/v10 belongs to."""
        return next((it for it in self._operations.get(method, ()) if it.pattern.fullmatch(path)), None)

    def violations(self, method: str, path: str, body: Any = None) -> list[str]:
        """Say what is wrong with a request, one line each; `body` is the JSON or payload_json, None where there was none."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path}: no such operation"]
        name = f"{method} {operation.template}"
        if body is None:
            return [f"{name}: a body is required"] if operation.required else []
        if operation.validator is None:
            return [f"{name}: takes no body"]
        return [f"{name}: {line}" for error in operation.validator.iter_errors(body) for line in _lines(error)]


@cache
def description() -> Description | None:
    """Read the description beside the checkout; None where it is absent."""
    if not DESCRIPTION.is_file():
        return None
    return Description(json.loads(DESCRIPTION.read_text("utf-8")))


def _operation(
    template: str, method: str, described: dict[str, Any], judge: Callable[..., Draft202012Validator]
) -> Operation:
    pattern = re.compile(
        "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", template))
    )
    body = described.get("requestBody", {})
    validator = None
    if "application/json" in body.get("content", {}):
        pointer = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        ref = f"{URN}#/paths/{pointer}/{method}/requestBody/content/application~1json/schema"
        validator = judge({"$ref": ref})
    return Operation(template, pattern, bool(body.get("required")), validator)


def _close(schema: Any) -> None:
    """Let no object hold a key that its schema does not name. (`allOf` stands here only around integers.)"""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
            schema |= {"additionalProperties": False, "patternProperties": IDLE_KEYS}
        for part in list(schema.values()):
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)


def _lines(error: ValidationError) -> Iterator[str]:
    """Word an error; of a union's branches only the one that was meant: its `type` is right, and little else wrong."""
    if error.validator in {"oneOf", "anyOf"} and error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for cause in error.context:
            branches.setdefault(cause.schema_path[0], []).append(cause)
        meant = [causes for causes in branches.values() if not any(_of_another_type(cause) for cause in causes)]
        if meant:
            for cause in min(meant, key=len):
                yield from _lines(cause)
            return
    where = "/".join(map(str, error.absolute_path)) or "body"
    yield f"{where}: {error.message[:200]}"


def _of_another_type(cause: ValidationError) -> bool:
    path = list(cause.relative_path)
    return path == ["type"] or (not path and cause.validator == "type")
