"""The stand-in's pages: the text of a record's page from top to bottom, in one of three markups.

The order of the text is that of real captures (banner, navigation, "Erowid References Database", authors, title in curly
quotes, source line, abstract, readers' comments, footer); the elements around it are plausible and vary, since the parser
must not depend on them. No doctype, no `meta charset`, as on the site; the bytes are UTF-8.
"""

from html import escape

from bot.demo.sample import Markup, Sample

_BANNER = (
    "<!-- Sperowider <exclude> -->\n"
    '<div id="message"><p>This is a stand-in page of the Precis demo. Every record on it is invented.</p></div>\n'
    "<!-- Sperowider </exclude> -->\n"
)
_NAVIGATION = (
    '<a href="/"><img src="/g/home.gif" alt="Erowid"></a><br>\n&nbsp;<br>\n'
    '<a href="/plants/"><img alt="Plants - Drugs"></a> <a href="/spirit/"><img alt="Mind - Spirit"></a> '
    '<a href="/freedom/"><img alt="Freedom - Law"></a> <a href="/culture/"><img alt="Arts - Culture"></a> '
    '<a href="/library/"><img alt="Library"></a>&nbsp;\n'
)
_FOOTER = (
    '<a href="#">Submit Comment</a><br>\n<a href="#">[ Cite HTML ]</a>\n'
    '<p><a href="/">Erowid</a> | <a href="/library/">Library</a> | <a href="/references/">References</a></p>\n'
    "<!-- noref -->\n"
)


def _frames(lines: list[str], comments: list[str]) -> str:
    """Write the lines in nested divisions, each as a paragraph."""
    body = "".join(f"<p>{line}</p>\n" for line in lines)
    said = "".join(f'<div class="comment"><p>{comment}</p></div>\n' for comment in comments)
    return (
        '<div id="main-frame"><div id="content-outer-frame">\n'
        '<div class="title-section">Erowid References Database</div>\n'
        f'<div class="content-section">\n{body}<h4>Comments and Responses to this Article</h4> <a href="#">#</a>\n{said}'
        "</div>\n</div></div>\n"
    )


def _breaks(lines: list[str], comments: list[str]) -> str:
    """Write the lines with line breaks in `<font>` elements and unclosed paragraphs."""
    head, rest = lines[:3], lines[3:]
    body = "<br>\n".join(head) + "".join(f"\n<p>{line}" for line in rest)
    said = "".join(f"\n<p>{comment}" for comment in comments)
    return (
        '<center><font size="+1"><b>Erowid References Database</b></font></center>\n'
        f'<font face="verdana">{body}\n<p><b>Comments and Responses to this Article</b>{said}\n</font><hr>\n'
    )


def _table(lines: list[str], comments: list[str]) -> str:
    """Write the lines in a table, each as a row."""
    rows = "".join(f"<tr><td>{line}</td></tr>\n" for line in lines)
    said = "".join(f"<tr><td>{comment}</td></tr>\n" for comment in comments)
    return (
        '<table border="0" width="90%"><tr><th>Erowid References Database</th></tr>\n'
        f"{rows}<tr><td><u>Comments and Responses to this Article</u></td></tr>\n{said}</table>\n"
    )


_BODIES = {Markup.FRAMES: _frames, Markup.BREAKS: _breaks, Markup.TABLE: _table}


def write_page(sample: Sample) -> bytes:
    """Write a sample's page as the stand-in serves it, in UTF-8."""
    authors = [f"{sample.authors}. "] if sample.authors else []
    title = f"\N{LEFT DOUBLE QUOTATION MARK}{sample.title}\N{RIGHT DOUBLE QUOTATION MARK}. "
    printed = [*authors, title, sample.source]
    text = list(sample.lines())
    if text and sample.markup is Markup.FRAMES:
        text.insert(0, "Abstract")
    lines = [escape(line, quote=False) for line in (*printed, *text)]
    comments = [
        f"Status: display<br>\n{day} Mar 2032<br>\nComment #<br>\n{escape(comment, quote=False)}"
        for day, comment in enumerate(sample.comments, 1)
    ]
    html = f"<html><head><title>Erowid References Database</title></head>\n<body>\n{_BANNER}{_NAVIGATION}"
    return (html + _BODIES[sample.markup](lines, comments) + _FOOTER + "</body></html>\n").encode()


def write_missing() -> bytes:
    """Write the page that says that there is no such record; the words of the real site are unknown."""
    return (
        f"<html><head><title>Erowid References Database</title></head>\n<body>\n{_BANNER}{_NAVIGATION}"
        "<h3>Erowid References Database</h3>\n<p>No reference with that ID was found.</p>\n</body></html>\n"
    ).encode()
