"""Collection of tests without collections of garbage: a hook of pytest, which tests/conftest.py takes in.

Several hundred modules are imported before the first test runs, and each full collection of garbage goes through all that
they hold, which took a tenth of the tests' time. They stay until the end, so none of it is garbage.
"""

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage meanwhile, and look for none among what was imported later on."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
