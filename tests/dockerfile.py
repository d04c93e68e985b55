"""A Dockerfile, read: enough of it to check its steps and to take them."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[1] / "Dockerfile"


@dataclass
class Stage:
    """What one FROM begins."""

    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)
    """(instruction, what follows it), in order."""

    def all(self, instruction: str) -> list[str]:
        """What follows each instruction of a kind."""
        return [rest for name, rest in self.steps if name == instruction]

    def one(self, instruction: str) -> str:
        """What follows the one instruction of a kind."""
        (rest,) = self.all(instruction)
        return rest

    def exec_form(self, instruction: str) -> list[str]:
        """The words of an instruction in exec form, which no shell reads."""
        words: list[str] = json.loads(self.one(instruction))
        return words

    @property
    def environment(self) -> dict[str, str]:
        """What ENV sets."""
        return dict(word.split("=", 1) for rest in self.all("ENV") for word in shlex.split(rest))

    @property
    def health(self) -> tuple[dict[str, str], list[str]]:
        """The options and the command of HEALTHCHECK."""
        options, command = self.one("HEALTHCHECK").split(" CMD ", 1)
        words: list[str] = json.loads(command)
        return dict(re.findall(r"--([a-z-]+)=(\S+)", options)), words


def stages(text: str) -> list[Stage]:
    """Read a Dockerfile's stages."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    found: list[Stage] = []
    for line in filter(str.strip, joined.splitlines()):
        name, rest = line.split(" ", 1)
        if name == "FROM":
            found.append(Stage(rest))
        else:
            found[-1].steps.append((name, rest))
    return found


def compose() -> Any:
    """Read compose.yaml."""
    return yaml.safe_load((PATH.parent / "compose.yaml").read_text("utf-8"))
