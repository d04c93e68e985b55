"""A CSL locale: terms, date formats and options from the files that citeproc-py ships, then from the style.

Later ones override earlier ones, in citeproc-js's order: the language's main dialect, the requested dialect, then the
style's locales without a language, with the bare language, with the dialect (CSL 1.0.2, "Locale Fallback").
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from citeproc import LOCALES_PATH
from lxml import etree

from bot.citation.csl.fragments import QuoteMarks
from bot.citation.csl.nodes import CSL, Node, parse_xml, read_node

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LOCALES = Path(LOCALES_PATH)

_FORMS = {"symbol": ("symbol", "short", "long"), "verb-short": ("verb-short", "verb", "long")}


class Locale:
    """Terms, date formats and options of one language in one style."""

    def __init__(self, language: str, overrides: Iterable[etree._Element]) -> None:
        self.language = language
        self.dates: dict[str, Node] = {}
        self.options: dict[str, str] = {}
        self.genders: dict[str, str] = {}
        self._terms: dict[str, dict[tuple[str, str], tuple[str, str]]] = {}
        self._ordinal_matches: dict[str, str] = {}
        bare = language.partition("-")[0]
        main = main_dialect(bare)
        for dialect in dict.fromkeys((main, language)):
            tree = _locale_file(dialect)
            if tree is not None:
                self._override_with(tree)
        own = list(overrides)
        for wanted in dict.fromkeys((None, bare, main, language)):
            for tree in own:
                if tree.get(_XML_LANG) == wanted:
                    self._override_with(tree)
                    break
        self.quotes = QuoteMarks(
            *(self.term(f"{end}-{inner}quote") or "" for inner in ("", "inner-") for end in ("open", "close"))
        )

    @property
    def punctuation_in_quote(self) -> bool:
        """Whether full stops and commas stand inside a closing quote."""
        return self.options.get("punctuation-in-quote") == "true"

    def _override_with(self, tree: etree._Element) -> None:
        terms = list(tree.iter(CSL + "term"))
        if any(term.get("name") == "ordinal" for term in terms):
            for name in [name for name in self._terms if name.startswith("ordinal")]:
                del self._terms[name]
            self._ordinal_matches.clear()
        for term in terms:
            self._add_term(term)
        for options in tree.iter(CSL + "style-options"):
            self.options.update({str(key): str(value) for key, value in options.attrib.items()})
        for date in tree.iter(CSL + "date"):
            self.dates[date.get("form", "text")] = read_node(date)

    def _add_term(self, term: etree._Element) -> None:
        name = term.get("name", "").replace("sub verbo", "sub-verbo")
        single, multiple = term.find(CSL + "single"), term.find(CSL + "multiple")
        one = (single.text if single is not None else term.text) or ""
        many = (multiple.text or "") if multiple is not None else one
        form, gender = term.get("form", "long"), term.get("gender-form", "")
        self._terms.setdefault(name, {})[form, gender] = (one, many)
        if term.get("gender"):
            self.genders[name] = term.get("gender", "")
        if name.startswith("ordinal-"):
            self._ordinal_matches[name] = term.get("match", "last-digit" if name[8:9] == "0" else "last-two-digits")

    def term(self, name: str, form: str = "long", *, plural: bool = False, gender: str = "") -> str | None:
        """Return a term in the nearest form; None if the locale lacks the term."""
        forms = self._terms.get(name)
        if forms is None:
            return None
        for wanted in _FORMS.get(form, (form, "long")):
            for other in (gender, "", "feminine", "masculine"):
                if (wanted, other) in forms and (other in {gender, ""} or (wanted, "") not in forms):
                    return forms[wanted, other][plural]
        return ""

    def range_delimiter(self, kind: str) -> str:
        """Return the sign between the ends of a range of pages or years."""
        plain = "-" if kind == "page" and self.language[:2] in {"fr", "pt"} else "–"
        return self.term(f"{kind}-range-delimiter") or plain

    def ordinal(self, number: int, gender: str = "") -> str:
        """Return a number with its ordinal ending."""
        digits = str(number)
        best = "ordinal"
        for match, ending in (("last-digit", digits[-1:]), ("last-two-digits", digits[-2:]), ("whole-number", digits)):
            name = f"ordinal-{ending.zfill(2)}"
            if self._ordinal_matches.get(name) == match:
                best = name
        return digits + (self.term(best, gender=gender) or "")


def resolve_language(language: str) -> str:
    """Return a language tag in the form of the locale files' names: `de` gives `de-DE`, `en_GB` gives `en-GB`."""
    parts = language.replace("_", "-").split("-")
    bare = parts[0].lower()
    if len(parts) == 1:
        return main_dialect(bare)
    return "-".join([bare, *parts[1:3]] if len(parts[1]) == len("Latn") else [bare, parts[1].upper()])


def main_dialect(bare: str) -> str:
    """Return the main dialect of a language: `de` gives `de-DE`."""
    return _main_dialects().get(bare, bare)


@lru_cache(maxsize=1)
def _main_dialects() -> Mapping[str, str]:
    dialects: dict[str, str] = json.loads((_LOCALES / "locales.json").read_text("utf-8"))["primary-dialects"]
    return dialects


@lru_cache(maxsize=16)
def _locale_file(language: str) -> etree._Element | None:
    path = _LOCALES / f"locales-{language}.xml"
    return parse_xml(path.read_bytes()) if path.is_file() else None
