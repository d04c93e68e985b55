"""Writes pages of the site as its text stands in many markups, since nobody knows which the site uses today.

body = write_page(PageText("“On sleep”.", "Doe JA.", "J Sleep. 1999;1:2-3.", ("First.", "Second.")), "table", "windows-1252")
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.entities import codepoint2name
from random import Random

BANNER = "Erowid is supported by its readers. “Knowledge wants company”. Please give a little today!"
MENU = ("Plants - Drugs", "Mind - Spirit", "Freedom - Law", "Arts - Culture", "Library")
COMMENTS = "Comments and Responses to this Article"


@dataclass(frozen=True)
class PageText:
    """The text of one page, a line each, as the site prints it."""

    title_line: str
    authors_line: str = ""
    source_line: str = ""
    paragraphs: Sequence[str] = ()
    comments: Sequence[str] = ()
    banner: str = ""
    heading: bool = True
    """The newer template, with `Abstract` and `#`."""
    site_heading: bool = True
    reference: int | None = None
    """With it the page's own links name the record."""

    @property
    def record(self) -> list[str]:
        return [line for line in (self.authors_line, self.title_line, self.source_line) if line]

    @property
    def comment_lines(self) -> list[str]:
        lines = []
        for number, text in enumerate(self.comments, 1):
            lines += ["Status: display", f"Jan {number}, 2009", f"A remark, number {number} #", text]
        return lines


def write_page(
    page: PageText, markup: str = "p", encoding: str = "utf-8", *, declared: str | None = None, noise: Random | None = None
) -> bytes:
    """Write a page in one of MARKUPS and one of ENCODINGS.

    `declared` goes in a `<meta charset>`, right or wrong; `noise` strews what no reader sees over the markup.
    """
    text = MARKUPS[markup](page)
    if noise and markup != "plain":
        text = re.sub(r"<(p|div|td|li|span|font|center|b)\b([^<>]*)>", lambda match: _strewn(match, noise), text)
    if declared:
        text = text.replace("<head>", f"<head><meta charset={declared}>")
    return ENCODINGS[encoding](text)


def _strewn(match: re.Match[str], noise: Random) -> str:
    """Give a tag with attributes in any order, and after it something that no reader sees."""
    attributes = ["class='x y'", 'ID="n1"', "nowrap", "style='color:red'", 'title="a > b"', "onclick=go('“')"]
    noise.shuffle(attributes)
    if 'id="' in match[2]:
        attributes.remove('ID="n1"')
    tag = f"<{match[1]}{match[2]} {' '.join(attributes[: noise.randrange(4)])}>"
    after = [
        "",
        "",
        "<!-- “Not a title”. Smith J. 1999;1:1. -->",
        "<script>var a = '<p>“No title”.</p>';</script>",
        "<style>p { margin: 0 }</style>",
        "\n\t \n" if "span" not in match[1] else " ",
        "<span></span><b><i></i></b>",
        "<a name=top></a>",
        "<img src=x.gif alt='“x”.'>",
        "<select><option>Abstract</option></select>",
        "<font size=2><span>",
    ]
    return tag + noise.choice(after)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _named(text: str) -> bytes:
    return "".join(
        c if c.isascii() else f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name else f"&#x{ord(c):x};" for c in text
    ).encode()


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8-bom": lambda text: text.encode("utf-8-sig"),
    "windows-1252": lambda text: text.encode("cp1252", "xmlcharrefreplace"),
    "ascii": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "named": _named,
}
"""Plain text has no entities: write it in utf-8 or, where it fits, windows-1252."""


def _lines(page: PageText) -> list[str]:
    """All lines from the site's heading to the comments, as text."""
    return [
        *(["Erowid References Database"] if page.site_heading else []),
        *page.record,
        *(["Abstract"] if page.heading else []),
        *page.paragraphs,
        f"{COMMENTS} #" if page.heading else COMMENTS,
        *page.comment_lines,
    ]


def _foot(page: PageText) -> str:
    query = f"?ID={page.reference}" if page.reference else ""
    return f'<a href="refs_comment.php{query}">Submit Comment</a> <a href="refs_cite.php{query}">[ Cite HTML ]</a>'


def _html(inside: str, head: str = "<title>Erowid References : A Record</title>") -> str:
    return f"<html><head>{head}</head><body>{inside}</body></html>\n"


def _banner(page: PageText, *, marked: bool = True) -> str:
    if not page.banner:
        return ""
    inside = f"<p>{_escaped(page.banner)}</p>"
    return (
        f'<!-- Sperowider <exclude> --><div id="message">{inside}</div><!-- Sperowider </exclude> -->'
        if marked
        else f"<div>{inside}</div>"
    )


def _menu() -> str:
    images = "".join(f'<a href="/{i}"><img src="/i/{i}.gif" alt="{text}"></a>' for i, text in enumerate(MENU))
    return f'<a href="/">Erowid</a><br>\n&nbsp;<br>{images}<br>'


def _each(page: PageText, opening: str, closing: str) -> str:
    return "\n".join(f"{opening}{_escaped(line)}{closing}" for line in _lines(page))


def _tail(page: PageText) -> str:
    return f"{_foot(page)}<hr><center><a href='/'>home</a> | <a href='/search/'>search</a></center><div>noref</div>"


def _of(opening: str, closing: str, before: str = "", after: str = "") -> Callable[[PageText], str]:
    return lambda page: _html(_menu() + _banner(page) + before + _each(page, opening, closing) + after + _tail(page))


def _br(page: PageText) -> str:
    """Lines that `<br>` alone parts, the record's bold; the banner unmarked."""
    return _html(_banner(page, marked=False) + _each(page, "", "<br>") + "<br>" + _tail(page))


def _one_cell(page: PageText) -> str:
    """All in one cell; authors, title and source run on, paragraphs parted by two breaks."""
    esc = [_escaped(line) for line in page.record]
    paragraphs = "<br><br>\n".join(_escaped(text) for text in page.paragraphs)
    heading = "<b>Abstract</b><br>" if page.heading else ""
    comments = "<br>".join(_escaped(text) for text in page.comment_lines)
    top = "<b>Erowid References Database</b><br>" if page.site_heading else ""
    return _html(
        f"{_banner(page)}<table width=100%><tr><td>{top}<i>{esc[0]}</i> {' '.join(esc[1:])}<br><br>\n"
        f"{heading}{paragraphs}<br><br><b>{COMMENTS}</b><br>{comments}<br>{_foot(page)}</table>"
    )


def _same_paragraph(page: PageText) -> str:
    """Authors, title and source in one `<p>`, parted by breaks; paragraphs wrapped by newlines in the source."""
    record = "<br />\n\t".join(_escaped(line) for line in page.record)
    texts = "".join(f"<p align=justify>\n  {_escaped(text).replace(' ', chr(10), 3)}\n" for text in page.paragraphs)
    heading = "<h4>Abstract</h4>" if page.heading else ""
    top = "<h2>Erowid References Database</h2>" if page.site_heading else ""
    comments = "".join(f"<dd>{_escaped(text)}" for text in page.comment_lines)
    return _html(
        f"{_menu()}{_banner(page)}{top}<p>{record}\n{heading}{texts}<h3>{COMMENTS} <a href=#top>#</a></h3>"
        f"<dl>{comments}</dl>{_foot(page)}"
    )


def _template(page: PageText) -> str:
    """The frame that some pages of the site carry."""
    title = "".join(f'<div class="ref-{i}">{_escaped(line)} </div>' for i, line in enumerate(page.record))
    texts = "".join(f"<p>{_escaped(text)}</p>" for text in page.paragraphs)
    heading = '<div class="abstract-heading">Abstract</div>' if page.heading else ""
    top = "<div class=top><a href=/references/>Erowid References Database</a></div>" if page.site_heading else ""
    comments = "".join(f"<div>{_escaped(text)}</div>" for text in page.comment_lines)
    return _html(
        f'<script>document.write("<b>“No title”.</b>")</script><style>td {{ color: red }}</style>{_banner(page)}'
        f'<div id="main-frame"><div id="content-outer-frame"><div>{top}<div class="title-section">{title}</div>'
        f'<div class="content-section">{heading}<div>{texts}</div></div><!-- end --><div>{COMMENTS} <span>#</span></div>'
        f"{comments}{_foot(page)}</div></div></div>"
    )


def _layout(page: PageText) -> str:
    """An old layout: nested tables, `<font>`, empty cells, capitals."""
    rows = "".join(
        f"<TR><TD WIDTH=20>&nbsp;</TD><TD><FONT SIZE=2>{_escaped(line)}</FONT></TD><TD></TD></TR>\r\n"
        for line in _lines(page)
    )
    table = f"<TABLE><TR><TD><TABLE BORDER=0>{rows}</TABLE></TD></TR></TABLE>"
    return f"<HTML><BODY BGCOLOR=black><CENTER>{_menu()}{_banner(page)}{table}{_tail(page)}"


def _unclosed(page: PageText) -> str:
    """Paragraphs, items and cells that nobody closed."""
    lines = _lines(page)
    head = "".join(f"<p><font color=#ffffff><b>{_escaped(line)}</font>\n" for line in lines[: len(lines) // 2])
    rest = "".join(f"<li>{_escaped(line)}\n" for line in lines[len(lines) // 2 :])
    return f"<title>Erowid</title>{_menu()}{_banner(page)}<center>{head}<ul>{rest}</ul>{_foot(page)}"


def _spans(page: PageText) -> str:
    """No element but `<span>`, lines parted by newlines in a `<pre>`."""
    lines = "\n".join(f"<span><span>{_escaped(line)}</span></span>" for line in _lines(page))
    return _html(f"<pre>{_banner(page)}{lines}\n{_foot(page)}</pre>")


def _plain(page: PageText) -> str:
    """The text alone, as a browser copies it."""
    banner = [page.banner] if page.banner else []
    return "\n".join(["Erowid", " ", " ".join(MENU), *banner, *_lines(page), "Submit Comment", "[ Cite HTML ]"])


def _cells(page: PageText) -> str:
    """The bibliographic lines in one block; abstract, notes, comments and links in the cells of a table."""
    block = "<br>".join(_escaped(line) for line in page.record)
    top = "<b>Erowid References Database</b><br>" if page.site_heading else ""
    heading = "<tr><th>Abstract</th></tr>" if page.heading else ""
    rows = "".join(f"<tr><td>{_escaped(text)}</td><td></td></tr>\n" for text in page.paragraphs)
    comments = "".join(f"<tr><td>{_escaped(text)}</td></tr>" for text in page.comment_lines)
    mark = "<td>#</td>" if page.heading else ""
    return _html(
        f"{_menu()}{_banner(page)}{top}<div>{block}</div><table>{heading}{rows}<tr><td>{COMMENTS}</td>{mark}</tr>{comments}"
        f"<tr>{mark}<td>{_foot(page)}</td></tr></table><div>noref</div>"
    )


MARKUPS: dict[str, Callable[[PageText], str]] = {
    "p": _of("<p>", "</p>"),
    "div": _of("<div><div class=a>", "</div></div>"),
    "br": _br,
    "table": _of("<tr><td></td><td>", "</td></tr>", "<table>", "</table>"),
    "li": _of("<li>", "</li>", "<ul>", "</ul>"),
    "font": _of("<center><font size=-1 face='Verdana'>", "</font></center>"),
    "unclosed": _unclosed,
    "template": _template,
    "layout": _layout,
    "one-cell": _one_cell,
    "same-paragraph": _same_paragraph,
    "cells": _cells,
    "pre": _spans,
    "plain": _plain,
}
