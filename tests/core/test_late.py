"""What packages import late is there when somebody asks, and only what they offer."""

import sys
from importlib import import_module
from types import ModuleType

import pytest

from bot.core.late import late


@pytest.mark.parametrize("package", ["bot.sources.erowid"])
def test_all_that_a_package_offers_is_there(package: str) -> None:
    """Each name of `__all__`, from wherever it is held."""
    module = import_module(package)
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module.nothing


def test_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found stands in the package itself from then on."""
    package, part = ModuleType("package"), ModuleType("package.part")
    part.thing = object()
    monkeypatch.setitem(sys.modules, "package", package)
    monkeypatch.setitem(sys.modules, "package.part", part)
    package.__getattr__ = late("package", {"thing": "part"})
    assert package.thing is part.thing
    assert vars(package)["thing"] is part.thing
