"""Packages whose parts are imported when somebody asks for what they hold, so that a start need not wait for them."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def late(package: str, where: Mapping[str, str]) -> Callable[[str], object]:
    """Give a package's `__getattr__` (PEP 562): `where` names for each thing that it offers the module that holds it."""

    def get(name: str) -> object:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{where[name]}"), name)
        setattr(sys.modules[package], name, found)  # so that nobody asks again
        return found

    return get
