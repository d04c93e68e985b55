"""Answers of services, damaged as transport, caches and errors of theirs may damage them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([[None]]),
    st.just("<i>"),
)


def cut_or_changed(body: bytes) -> st.SearchStrategy[bytes]:
    """Cut a body, or put other bytes into it."""
    places = st.integers(0, len(body))
    cut = places.map(lambda end: body[:end])
    changed = st.tuples(places, st.integers(0, 20), st.binary(max_size=12)).map(
        lambda how: body[: how[0]] + how[2] + body[how[0] + how[1] :]
    )
    return cut | changed


def other_values(value: Any) -> st.SearchStrategy[bytes]:
    """Put a value of another kind somewhere into a JSON answer."""
    paths = list(_paths(value))
    return st.tuples(st.sampled_from(paths), JUNK).map(lambda how: json.dumps(_replaced(value, *how)).encode())


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _paths(one, (*path, key))


def _replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = _replaced(value[path[0]], path[1:], junk)
    return copied


def outcome(read: Callable[[], Any], error: type[Exception]) -> Any:
    """Give what reading gives, or the foreseen error that it raises."""
    try:
        return read()
    except error as foreseen:
        return foreseen
