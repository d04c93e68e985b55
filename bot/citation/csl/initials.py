"""Initials of given names for `initialize-with` (CSL 1.0.2, "Name"); what counts as an initial follows citeproc-js."""

import re
from itertools import takewhile

from bot.citation.csl.richtext import LETTER

_CAPITAL = (
    "A-Z\u0e01-\u0e5b\u00c0-\u017f\u0400-\u042f\u0590-\u05d4\u05d6-\u05ff\u0600-\u06ff\u0370\u0372\u0376\u0386\u0388-\u03ab"
    "\u03e2\u03e4\u03e6\u03e8\u03ea\u03ec\u03ee\u03f4\u03f7\u03fd-\u03ff"
)
_WORD = re.compile(
    rf"""
    ([{_CAPITAL}])
    ([a-zA-Z\u0e01-\u0e5b\u00c0-\u017f\u0400-\u052f\u0600-\u06ff\u0370-\u03ff\u1f00-\u1fff]*)  # the rest of the word
    (\.)*
    """,
    re.VERBOSE,
)
LATIN_START = re.compile(f"[&{LETTER.removeprefix('-0-9')}]")
LATIN = re.compile(f"[{LETTER}]")
_CUT = re.compile(r"([-\s]+)")
_ENDING_SPACE = re.compile("[\t\n\v\f\r \ufeff\u00a0]+$")
_SPACE = re.compile("[\t\n\v\f\r ]+")


def initialize(given: str, mark: str, *, hyphens: bool = True, only_normalize: bool = False) -> str:
    """Return the initials of a given name, each followed by the mark; with `only_normalize`, full names are kept.

    `Jean-Luc` becomes `J.-L.`, or `J. L.` without hyphens; words in lower case are kept.
    """
    if not given or given in {"Lord", "Lady"} or not LATIN_START.match(given):
        return given
    name = given if hyphens else given.replace("-", " ")
    name = _SPACE.sub(" ", re.sub(r"\s*-\s*", "-", name))
    name = re.sub("-(?=[a-z])", "\N{EN DASH}", name)
    name = re.sub(r"\.(?=[^ ])", ". ", name)
    words = _CUT.split(name)
    if len(words) == 1 and re.search(r"(?:^|\.)([^.])$", words[0]) and words[0][-1] != words[0][-1].lower():
        words[0] += "."
    cut = _normalized(words, mark) if only_normalize else _initials(words, mark)
    cut = re.sub(r"\s*-\s*", "-", _ENDING_SPACE.sub("", cut))
    return re.sub("\N{EN DASH}(?=[a-z])", "-", _SPACE.sub(" ", cut))


def _initials(words: list[str], mark: str) -> str:
    """Shorten each capitalised word; words are at even indexes, separators at odd ones."""
    out = list(words)
    for at in range(0, len(words), 2):
        word = words[at]
        shape = _WORD.match(word)
        if shape and shape[1] == shape[1].upper():
            first, rest = shape[1], shape[2]
            if rest and shape[3]:
                out[at] = first + rest
            else:
                capitals = "".join(takewhile(lambda letter: letter == letter.upper(), rest))
                out[at] = first + (capitals.lower() if len(capitals) < len(rest) else "")
            if at + 1 < len(words):
                out[at + 1] = mark + "-" if "-" in words[at + 1] else mark
            else:
                out.append(mark)
        elif word and LATIN.search(word):
            out[at] = f" {word}"
    return "".join(out)


def _normalized(words: list[str], mark: str) -> str:
    """Put the mark behind each initial, and keep full names."""
    out = list(words)
    short = [word.endswith(".") if len(word) > 1 else word.upper() == word != "" for word in words]
    for at in range(0, len(words), 2):
        if not short[at]:
            continue
        out[at] = out[at].removesuffix(".")
        if at + 2 < len(words):
            full = len(words[at + 2].removesuffix(".")) > 1
            out[at + 1] = mark + words[at + 1] if full else mark
            out[at + 1] += "" if short[at + 2] else " "
        else:
            out[at] += mark
    return "".join(out)
