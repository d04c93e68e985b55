"""The `names` element: selects the names of a list that are written, and joins them (CSL 1.0.2, "Names", "Name")."""

from bot.citation.csl.context import Context
from bot.citation.csl.fragments import Fragment
from bot.citation.csl.initials import LATIN_START
from bot.citation.csl.name_rules import NameRules
from bot.citation.csl.people import person
from bot.citation.csl.textcase import apply_case
from bot.citation.item import CslName


def names(context: Context, rules: NameRules, variables: list[str]) -> Fragment | None:
    """Render name variables; None if all are empty."""
    node = rules.names
    common = _common_term(context, rules, variables)
    if common:
        variables = variables[:1]
    lists = [(variable, context.item.names[variable]) for variable in variables if variable in context.item.names]
    if rules.option("form") == "count":
        count = sum(len(_shown(people, rules, more=False)[0]) for _, people in lists)
        return Fragment(str(count), prefix=node.prefix, suffix=node.suffix, font=node.font) if lists else None
    made = [
        _labelled(_listed(people, context, rules, more=more), common or variable, len(people) + more, context, rules)
        for variable, people in lists
        for more in [variable == "author" and context.item.more_authors]
    ]
    if not made:
        return None
    delimiter = node.delimiter if "delimiter" in node.attributes else rules.options.get("names-delimiter", "")
    return Fragment(list(made), node.prefix, node.suffix, delimiter, node.font)


def _common_term(context: Context, rules: NameRules, variables: list[str]) -> str:
    """Return the term for people in both of two variables ("editortranslator"); empty if the people differ."""
    if len(variables) != 2 or rules.label is None:  # noqa: PLR2004 - a pair
        return ""
    first, second = (context.item.names.get(variable) for variable in variables)
    term = "".join(sorted(variables))
    same = first is not None and first == second
    return term if same and context.style.locale.term(term, rules.label.get("form", "long")) else ""


def _labelled(part: Fragment, term: str, count: int, context: Context, rules: NameRules) -> Fragment:
    label = rules.label
    if label is None:
        return part
    plural = label.get("plural") == "always" or (count > 1 and label.get("plural") != "never")
    text = context.style.locale.term(term, label.get("form", "long"), plural=plural) or ""
    if not text:
        return part
    made = Fragment(apply_case(label.case, context.stripped(text, label)), label.prefix, label.suffix, font=label.font)
    return Fragment([made, part] if rules.label_first else [part, made])


def _shown(people: tuple[CslName, ...], rules: NameRules, *, more: bool) -> tuple[tuple[CslName, ...], bool, bool]:
    """Return the names to write, whether "et al." follows, and whether the last name stands behind an ellipsis.

    With `more`, there are further, unknown names: they count as one, and the last name of all cannot be written.
    """
    least, first = rules.number("et-al-min"), rules.number("et-al-use-first") or 1
    last = rules.option("et-al-use-last") == "true" and not more
    if not least or len(people) + more < least or least < first:
        return people, more, False
    if last:
        first = max(1, min(first, least - 2))
    if len(people) <= first:
        return people, more, False
    return (people[:first] + people[-1:] if last else people[:first]), True, last


def _listed(people: tuple[CslName, ...], context: Context, rules: NameRules, *, more: bool) -> Fragment:
    """Render the names of one variable."""
    shown, cut, ellipsis = _shown(people, rules, more=more)
    made = [one for at, name in enumerate(shown) if (one := _one(name, at, context, rules))]
    parts = [part for part, _ in made]
    inverted = [flag for _, flag in made]
    delimiter = rules.option("delimiter", ", ")
    if cut and not ellipsis:
        return Fragment([*_joined(parts, delimiter, None), _et_al(len(parts), delimiter, context, rules)])
    joint: Fragment | None
    if ellipsis:
        joint = Fragment("…", prefix=" " if len(parts) == 2 else delimiter, suffix=" ")  # noqa: PLR2004
    else:
        joint = _and(len(parts), delimiter, context, rules, last_is_body=bool(shown and shown[-1].literal))
    if joint and rules.option("delimiter-precedes-last") == "after-inverted-name" and inverted[-2:-1] == [True]:
        joint.prefix = delimiter
    return Fragment(_joined(parts, delimiter, joint))


def _joined(parts: list[Fragment], delimiter: str, joint: Fragment | None) -> list[Fragment]:
    """Put delimiters between names, and the joint ("and" or an ellipsis) before the last."""
    out: list[Fragment] = []
    for at, part in enumerate(parts):
        if at and at == len(parts) - 1 and joint:
            out.append(joint)
        elif at:
            out[-1] = Fragment([out[-1]], suffix=delimiter)
        out.append(part)
    return out


def _and(count: int, delimiter: str, context: Context, rules: NameRules, *, last_is_body: bool) -> Fragment | None:
    """Render the "and" before the last name; None if the style has none."""
    kind = rules.option("and")
    word = (context.style.locale.term("and") or "") if kind == "text" else "&" if kind == "symbol" else ""
    if not word or count < 2:  # noqa: PLR2004 - a pair
        return None
    precedes = "delimiter-precedes-last"
    spaced = bool(LATIN_START.match(word))
    single, multiple = (" ", delimiter) if spaced else ("", "")
    match rules.options.get(precedes) if last_is_body else rules.option(precedes):
        case "always":
            single = delimiter
        case "never":
            multiple = " " if multiple else ""
        case "after-inverted-name":
            single, multiple = (delimiter if single else ""), (" " if multiple else "")
    return Fragment(word, prefix=single if count == 2 else multiple, suffix=" " if spaced else "")  # noqa: PLR2004


def _et_al(count: int, delimiter: str, context: Context, rules: NameRules) -> Fragment:
    word = context.style.locale.term(rules.et_al.get("term", "et-al")) or ""
    single, multiple = " ", delimiter
    match rules.option("delimiter-precedes-et-al"):
        case "always":
            single = delimiter
        case "never":
            multiple = " "
        case "after-inverted-name":
            single, multiple = delimiter, " "
    prefix = multiple if count > 1 else single
    if not LATIN_START.match(word) and prefix == " ":
        prefix = ""
    return Fragment([Fragment(word, font=rules.et_al.font)], prefix=prefix)


def _one(name: CslName, at: int, context: Context, rules: NameRules) -> tuple[Fragment, bool] | None:
    """Render one name, and tell whether the family name stands first."""
    if not name.literal:
        return person(name, at, context, rules)
    family = next((part for part in rules.name.children if part.get("name") == "family"), None)
    text = context.stripped(name.literal, rules.name)
    if family is None:
        return Fragment(text, font=rules.name.font), False
    return Fragment(apply_case(family.case, text), font=family.font), False
