"""Text from a web page, escaped for a Discord message: it is shown as it is, and pings and links nothing.

A backslash escapes any mark of Discord's markdown. Invisible characters, and those that change the direction of text, are
dropped: they could make a card look as if it said something else.
"""

import re
import unicodedata

from bot import citation
from bot.core.clip import CUT, clip
from bot.core.superscripts import raise_figures

_MARKS = re.compile(r"([\\*_~`|\[\]<@])")
_SCHEME = re.compile(r"(?<=[A-Za-z]):(?=//)")
_START = re.compile(r"([-+>#]|[0-9]+(?=[.)]))")
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Blank characters that Unicode does not class as format or control characters."""


def escape(text: str) -> str:
    """Escape markdown, mentions and links in a line; white space of every kind becomes one space.

    Marks of lists, headings and quotes are escaped only at the start of a line.
    """
    escaped = _SCHEME.sub(r"\\:", _MARKS.sub(r"\\\1", visible(text)))
    start = _START.match(escaped)
    if start is None:
        return escaped
    block, rest = start[0], escaped[start.end() :]
    return f"{block}\\{rest}" if block.isdigit() else f"\\{block}{rest}"


def visible(text: str) -> str:
    """Give a text as one line, without characters that are invisible or change the direction of text."""
    line = " ".join(text.split())
    return line if line.isascii() and line.isprintable() else "".join(filter(_is_seen, line)).strip()


def bounded(text: str, most: int) -> str:
    """Cut a text to `most` characters and escape it; cut to fewer if escaping makes it longer by more than a quarter."""
    shown = escape(clip(text, most))
    return shown if len(shown) <= most * 5 // 4 else escape(clip(text, most * 5 // 8))


def masked_link(title: str, url: str, *, most: int) -> str:
    """Give a title as a link, cut and escaped as by `bounded`."""
    shown = _in_pairs(title, most)
    return f"[{shown if len(shown) <= most * 5 // 4 else _in_pairs(title, most * 5 // 8)}]({url})"


def _in_pairs(title: str, most: int) -> str:
    """Escape a title of at most `most` characters for a link: Discord needs its square brackets in pairs."""
    shown = clip(title, most)
    opened, lone = [], []
    for place, character in enumerate(shown):
        if character == "[":
            opened.append(place)
        elif character == "]" and opened:
            opened.pop()
        elif character == "]":
            lone.append(place)
    if opened and opened[0] and shown != title:
        shown, opened = shown[: opened[0]].rstrip() + CUT, []
    paired = "".join(character for place, character in enumerate(shown) if place not in {*opened, *lone})
    return escape(paired)


def markdown(markup: str) -> str:
    """Turn a citation's italics and bold into Discord's marks, which must touch the words that they mark."""
    marked: list[tuple[str, str]] = []
    before = ""
    for run, face in citation.to_runs(markup):
        words = raise_figures(before, run) if face.script == "sup" else run
        before += words
        marks = "*" * face.italic + "**" * face.bold
        if marked and marked[-1][1] == marks:  # marks that touch one another would mean something else
            words = marked.pop()[0] + words
        marked.append((words, marks))
    return "".join(_in_marks(words, marks) for words, marks in marked)


def _in_marks(words: str, marks: str) -> str:
    inner = words.strip()
    return words.replace(inner, marks + escape(inner) + marks) if inner else words


def _is_seen(character: str) -> bool:
    return character not in _UNSEEN and unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
