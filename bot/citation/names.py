"""Name variables: who, in which order, how many, and what stands between them (CSL 1.0.2, "Names", "Name")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.citation.initials import LATIN_START
from bot.citation.item import Name
from bot.citation.nodes import Node
from bot.citation.parts import Part
from bot.citation.people import person
from bot.citation.textcase import apply_case

if TYPE_CHECKING:
    from bot.citation.scope import Cite

_NOTHING = Node("name", {})
_INHERITED = {"delimiter": "name-delimiter", "form": "name-form"}


@dataclass(frozen=True, slots=True)
class NameRules:
    """The `name`, `et-al` and `label` elements that one `names` goes by, and what its style says for all."""

    names: Node
    """The element whose affixes and look the names take."""
    name: Node
    et_al: Node
    label: Node | None
    label_first: bool
    options: Mapping[str, str]

    @classmethod
    def of(cls, node: Node, options: Mapping[str, str], outer: "NameRules | None") -> "NameRules":
        """Read the rules of a `names`; one within `substitute` that has none of its own goes by its parent's."""
        if outer and not node.children:
            return outer
        tags = [child.tag for child in node.children]
        first = "label" in tags and "name" in tags and tags.index("label") < tags.index("name")
        name = node.child("name") or (outer.name if outer else _NOTHING)
        et_al = node.child("et-al") or (outer.et_al if outer else _NOTHING)
        return cls(node, name, et_al, node.child("label"), first, options)

    def option(self, name: str, default: str = "") -> str:
        """Give an option of names, as the element or else the style says."""
        value = self.name.attributes.get(name)
        return self.options.get(_INHERITED.get(name, name), default) if value is None else value

    def says(self, name: str) -> bool:
        """Tell whether an option is set anywhere."""
        return name in self.name.attributes or _INHERITED.get(name, name) in self.options

    def number(self, name: str) -> int:
        """Give an option that is a number, 0 where it is not set."""
        value = self.option(name)
        return int(value) if value.isdigit() else 0


def names(cite: "Cite", rules: NameRules, variables: list[str]) -> Part | None:
    """Make the names of some variables; None where all are empty."""
    node = rules.names
    common = _common_term(cite, rules, variables)
    if common:
        variables = variables[:1]
    lists = [(variable, cite.item.names[variable]) for variable in variables if variable in cite.item.names]
    if rules.option("form") == "count":
        count = sum(len(_shown(people, rules)[0]) for _, people in lists)
        return Part(str(count), prefix=node.prefix, suffix=node.suffix, style=node.style) if lists else None
    made = [
        _labelled(_listed(people, cite, rules), common or variable, len(people), cite, rules) for variable, people in lists
    ]
    if not made:
        return None
    delimiter = node.delimiter if "delimiter" in node.attributes else rules.options.get("names-delimiter", "")
    return Part(list(made), node.prefix, node.suffix, delimiter, node.style)


def _common_term(cite: "Cite", rules: NameRules, variables: list[str]) -> str:
    """Give the term for those who did both (editors who translated), where two variables hold the same people."""
    if len(variables) != 2 or rules.label is None:  # noqa: PLR2004 - a pair
        return ""
    first, second = (cite.item.names.get(variable) for variable in variables)
    term = "".join(sorted(variables))
    same = first is not None and first == second
    return term if same and cite.style.locale.term(term, rules.label.get("form", "long")) else ""


def _labelled(part: Part, term: str, count: int, cite: "Cite", rules: NameRules) -> Part:
    label = rules.label
    if label is None:
        return part
    plural = label.get("plural") == "always" or (count > 1 and label.get("plural") != "never")
    text = cite.style.locale.term(term, label.get("form", "long"), plural=plural) or ""
    if not text:
        return part
    made = Part(apply_case(label.case, cite.stripped(text, label)), label.prefix, label.suffix, style=label.style)
    return Part([made, part] if rules.label_first else [part, made])


def _shown(people: tuple[Name, ...], rules: NameRules) -> tuple[tuple[Name, ...], bool, bool]:
    """Choose who is named: the names, whether others are left out, and whether the last stands behind an ellipsis."""
    least, first = rules.number("et-al-min"), rules.number("et-al-use-first") or 1
    last = rules.option("et-al-use-last") == "true"
    if not least or len(people) < least or least < first:
        return people, False, False
    if last:
        first = max(1, min(first, least - 2))
    if len(people) <= first:
        return people, False, False
    return (people[:first] + people[-1:] if last else people[:first]), True, last


def _listed(people: tuple[Name, ...], cite: "Cite", rules: NameRules) -> Part:
    """Make the list of one variable."""
    shown, cut, ellipsis = _shown(people, rules)
    made = [one for at, name in enumerate(shown) if (one := _one(name, at, cite, rules))]
    parts = [part for part, _ in made]
    inverted = [flag for _, flag in made]
    delimiter = rules.option("delimiter", ", ")
    if cut and not ellipsis:
        return Part([*_joined(parts, delimiter, None), _et_al(len(parts), delimiter, cite, rules)])
    joint: Part | None
    if ellipsis:
        joint = Part("…", prefix=" " if len(parts) == 2 else delimiter, suffix=" ")  # noqa: PLR2004
    else:
        joint = _and(len(parts), delimiter, cite, rules, last_is_body=bool(shown and shown[-1].literal))
    if joint and rules.option("delimiter-precedes-last") == "after-inverted-name" and inverted[-2:-1] == [True]:
        joint.prefix = delimiter
    return Part(_joined(parts, delimiter, joint))


def _joined(parts: list[Part], delimiter: str, joint: Part | None) -> list[Part]:
    """Put delimiters between names, and the joint before the last."""
    out: list[Part] = []
    for at, part in enumerate(parts):
        if at and at == len(parts) - 1 and joint:
            out.append(joint)
        elif at:
            out[-1] = Part([out[-1]], suffix=delimiter)
        out.append(part)
    return out


def _and(count: int, delimiter: str, cite: "Cite", rules: NameRules, *, last_is_body: bool) -> Part | None:
    """Make the "and" before the last name; None where the style has none."""
    kind = rules.option("and")
    word = (cite.style.locale.term("and") or "") if kind == "text" else "&" if kind == "symbol" else ""
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
    return Part(word, prefix=single if count == 2 else multiple, suffix=" " if spaced else "")  # noqa: PLR2004


def _et_al(count: int, delimiter: str, cite: "Cite", rules: NameRules) -> Part:
    word = cite.style.locale.term(rules.et_al.get("term", "et-al")) or ""
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
    return Part([Part(word, style=rules.et_al.style)], prefix=prefix)


def _one(name: Name, at: int, cite: "Cite", rules: NameRules) -> tuple[Part, bool] | None:
    """Make one name, and tell whether it stands family first."""
    if not name.literal:
        return person(name, at, cite, rules)
    family = next((part for part in rules.name.children if part.get("name") == "family"), None)
    text = cite.stripped(name.literal, rules.name)
    if family is None:
        return Part(text, style=rules.name.style), False
    return Part(apply_case(family.case, text), style=family.style), False
