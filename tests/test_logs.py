import json
import logging

import pytest
import structlog

from bot.logs import set_up_logs


def test_json_lines_hold_what_was_bound(capsys) -> None:
    """Our lines and the libraries' come out alike, one JSON object a line, with what was bound around them."""
    set_up_logs("INFO", "json")
    with structlog.contextvars.bound_contextvars(guild=1):
        structlog.get_logger("ours").info("card sent", record=900_001)
    logging.getLogger("theirs").warning("%s happened", "it")
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["guild"], ours["record"], ours["level"]) == ("card sent", 1, 900_001, "info")
    assert (theirs["event"], theirs["logger"]) == ("it happened", "theirs")


@pytest.mark.parametrize("form", ["console", "json"])
def test_libraries_that_say_too_much_stay_quiet(form, capsys) -> None:
    """discord.py's debug lines hold tokens and message bodies; they are not logged at any level of ours."""
    set_up_logs("DEBUG", form)
    logging.getLogger("discord.http").debug("POST with {'content': 'private'}")
    logging.getLogger("httpx").info("GET something")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_lost_gateway_is_one_line(form, capsys) -> None:
    """discord.py logs it with a traceback; a reader needs the reason."""
    set_up_logs("INFO", form)
    try:
        raise ConnectionError("the gateway went away")
    except ConnectionError:
        logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.5)
    (line,) = capsys.readouterr().err.splitlines()
    assert "the gateway went away" in line


@pytest.mark.parametrize(("error", "whole"), [(ConnectionError("cut"), False), (KeyError("ours"), True)])
def test_choices_that_came_too_late_are_one_line(error, whole, capsys) -> None:
    """That somebody typed on is nobody's mistake; what else goes wrong there is seen whole."""
    set_up_logs("INFO", "console")
    try:
        raise error
    except type(error):
        logging.getLogger("discord.app_commands.tree").exception("Ignoring exception in autocomplete for %r", "study search")
    written = capsys.readouterr().err
    assert ("Traceback" in written) is whole
    assert type(error).__name__ in written


@pytest.mark.parametrize("form", ["console", "json"])
def test_tracebacks_hold_no_values(form, capsys) -> None:
    """A frame's variables may hold messages and the token; a traceback names lines, not values."""
    set_up_logs("INFO", form)
    message = "private " + "words"
    try:
        raise ZeroDivisionError(len(message))
    except ZeroDivisionError:
        structlog.get_logger("ours").exception("failed")
    written = capsys.readouterr().err
    assert "ZeroDivisionError" in written
    assert "private words" not in written
