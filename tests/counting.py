"""The work that a call takes, counted in lines and calls, so that a busy machine changes nothing."""

import sys
from collections.abc import Callable


def count_steps(call: Callable[[], object]) -> int:
    """Count the calls and lines of Python that a call runs."""
    counted = 0

    def count(*_: object) -> object:
        nonlocal counted
        counted += 1
        return count

    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(None)
    return counted
