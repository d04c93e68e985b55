"""The `date` element: dates and ranges in the style's own format or the locale's (CSL 1.0.2, "Date", "Date Ranges").

A range is written once where its ends agree: `Jan. 3–5, 1999`, `Oct.–Dec. 1974`, `1999–2000`.
"""

from collections.abc import Mapping

from bot.citation.csl.context import Context
from bot.citation.csl.fragments import Fragment
from bot.citation.csl.nodes import Node
from bot.citation.csl.textcase import apply_case
from bot.citation.item import CslDate

_PARTS = ("year", "month", "day")
_PRECISION = {"year": {"year"}, "year-month": {"year", "month"}, "month-day": {"month", "day"}}


def date_parts(node: Node, context: Context) -> list[Node]:
    """Return the date-part elements of a date: the style's own, or the locale's with the style's attributes on top."""
    form = node.get("form")
    own = [child for child in node.children if child.tag == "date-part"]
    if not form:
        wanted = set(_PARTS)
        return [part for part in own if part.get("name") in wanted]
    localized = context.style.locale.dates.get(form)
    if localized is None:
        return []
    wanted = _PRECISION.get(node.get("date-parts"), set(_PARTS))
    overrides = {child.get("name"): child.attributes for child in own}
    parts = [part for part in localized.children if part.tag == "date-part"]
    made = []
    for at, part in enumerate(parts):
        laid = _over(part, overrides.get(part.get("name"), {}))
        before_year = at + 1 < len(parts) and parts[at + 1].get("name") == "year"
        if node.get("date-parts") == "month-day" and before_year:
            laid.suffix = ""
        if part.get("name") in wanted:
            made.append(laid)
    return made


def _over(part: Node, attributes: Mapping[str, str]) -> Node:
    return Node("date-part", {**part.attributes, **attributes})


def date(node: Node, value: CslDate, context: Context) -> Fragment | None:
    """Render a date; None if no requested part of it is known."""
    nodes = date_parts(node, context)
    names = [part.get("name") for part in nodes]
    localized = context.style.locale.dates.get(node.get("form")) if node.get("form") else None
    delimiter = node.delimiter or (localized.delimiter if localized else "")
    if value.literal and "year" in names:
        year = nodes[names.index("year")]
        content = [Fragment(apply_case(year.case, value.literal), year.prefix, year.suffix, font=year.font)]
    elif value.end and any(_end(value, name) is not None for name in names):
        content = (
            _range(nodes, value, delimiter, context) if _alike(names, value) else _both(nodes, value, delimiter, context)
        )
    else:
        content = [part for each in nodes if (part := _part(each, value, value.start, context))]
    if not content:
        return None
    case = node.case or (localized.case if localized else "")
    if case:
        for part in content:
            _recase(part, case)
    return Fragment(list(content), node.prefix, node.suffix, delimiter, node.font)


def _alike(names: list[str], value: CslDate) -> bool:
    """Tell whether both ends of a range have the same requested parts."""
    return all((_end(value, name) is None) == (value.start[_PARTS.index(name)] is None) for name in names)


def _both(nodes: list[Node], value: CslDate, delimiter: str, context: Context) -> list[Fragment]:
    """Render both ends of a range in full; a shared year once, on the outside."""
    outside = [[], []] if value.end is None or value.start[0] != value.end[0] else [nodes[-1:], nodes[:1]]
    begin, finish = (
        [
            part
            for node in nodes
            if not (node in left and node.get("name") == "year")
            if (part := _part(node, value, end, context))
        ]
        for end, left in zip((value.start, value.end or (None, None, None)), outside, strict=True)
    )
    if begin:
        begin[-1].suffix = ""
    sign = Fragment(context.style.locale.range_delimiter("year"))
    return [Fragment([Fragment(begin, delimiter=delimiter), sign, Fragment(finish, delimiter=delimiter)])]


def _recase(part: Fragment, case: str) -> None:
    if isinstance(part.content, str):
        part.content = apply_case(case, part.content)
    else:
        for child in part.content:
            _recase(child, case)


def _end(value: CslDate, name: str) -> int | None:
    return value.end[_PARTS.index(name)] if value.end else None


def _range(nodes: list[Node], value: CslDate, delimiter: str, context: Context) -> list[Fragment]:
    """Render a range: parts that differ twice, parts that agree once."""
    end = value.end or (None, None, None)
    differing = [name for name in _PARTS if end[_PARTS.index(name)] != value.start[_PARTS.index(name)]]
    known = [
        name for name in _PARTS if any(part.get("name") == name for part in nodes) and end[_PARTS.index(name)] is not None
    ]
    first = next((at for at, name in enumerate(known) if name in differing), len(known))
    twice = set(known[first:])
    content: list[Fragment] = []
    ahead: list[Fragment] = []
    left = set(twice)
    for node in nodes:
        name = node.get("name")
        begin = _part(node, value, value.start, context)
        if name not in twice:
            if begin:
                content.append(begin)
            continue
        left.discard(name)
        finish = _part(node, value, end, context)
        if finish and not ahead:
            finish.prefix = ""
        if finish:
            ahead.append(finish)
        if begin:
            content.append(begin)
        if not left:
            if begin:
                begin.suffix = ""
            sign = node.get("range-delimiter") or context.style.locale.range_delimiter("year")
            last = [content.pop()] if begin else []
            content.append(Fragment([*last, Fragment(sign), Fragment(list(ahead), delimiter=delimiter)]))
    return content


def _part(node: Node, value: CslDate, day: tuple[int | None, int | None, int | None], context: Context) -> Fragment | None:
    name = node.get("name")
    number = day[_PARTS.index(name)]
    form = node.get("form", "long")
    if name == "year":
        text = _year(number, form, context)
    elif name == "month":
        text = _month(number, form, context) if number is not None else _season(value, context)
    else:
        text = _day(number, form, context, day[1])
    if not text:
        return None
    return Fragment(apply_case(node.case, context.stripped(text, node)), node.prefix, node.suffix, font=node.font)


def _year(number: int | None, form: str, context: Context) -> str:
    if not number:
        return ""
    locale = context.style.locale
    if number < 0:
        return f"{-number}{locale.term('bc') or ''}"
    text = str(number)[-2:] if form == "short" and number >= 1000 else str(number)  # noqa: PLR2004 - four digits
    return f"{text}{locale.term('ad') or ''}" if number < 500 else text  # noqa: PLR2004 - CSL's own bound


def _month(number: int, form: str, context: Context) -> str:
    if not 1 <= number <= 24:  # noqa: PLR2004 - months, then seasons twice
        return ""
    if number > 12:  # noqa: PLR2004
        return "" if form.startswith("numeric") else context.style.locale.term(f"season-0{(number - 13) % 4 + 1}") or ""
    if form == "numeric":
        return str(number)
    if form == "numeric-leading-zeros":
        return f"{number:02}"
    return context.style.locale.term(f"month-{number:02}", form) or ""


def _season(value: CslDate, context: Context) -> str:
    if value.season in {"1", "2", "3", "4"}:
        return context.style.locale.term(f"season-0{value.season}") or ""
    return value.season


def _day(number: int | None, form: str, context: Context, month: int | None) -> str:
    if not number:
        return ""
    locale = context.style.locale
    if form == "numeric-leading-zeros":
        return f"{number:02}"
    only_first = locale.options.get("limit-day-ordinals-to-day-1") == "true"
    if form == "ordinal" and (number == 1 or not only_first):
        return locale.ordinal(number, locale.genders.get(f"month-{month or 0:02}", ""))
    return str(number)
