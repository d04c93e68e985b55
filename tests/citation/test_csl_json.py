"""CSL-JSON files, against the variables and types of the schema that citeproc-py carries."""

import json
import re
from importlib.resources import files

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from bot.citation import cite, to_csl_json
from bot.citation.csl_json import TEXTS
from bot.citation.item import DATES, NAMES, TYPES
from tests.citation.test_odd import DATES as ODD_DATES
from tests.citation.test_odd import JSON, KEYS
from tests.citation.test_odd import NAMES as ODD_NAMES
from tests.citation.works import ARTICLE, CHAPTER, MONTHS

_GRAMMARS = files("citeproc") / "data" / "schema" / "schemas" / "styles"


def words(grammar, pattern):
    """Give the quoted words of a part of a Relax NG grammar."""
    text = (_GRAMMARS / grammar).read_text("utf-8")
    return set(re.findall(r'"([\w-]+)"', re.search(rf"{re.escape(pattern)} =(.*?)(?:\n\s*\n|\}})", text, re.DOTALL)[1]))


_NAME_PARTS = ("family", "given", "suffix", "literal", "dropping-particle", "non-dropping-particle")
_PART = {"type": ["string", "number"]}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "type": {"enum": sorted(TYPES)},
            "custom": {"type": "object"},
        }
        | {text: {"type": "string", "minLength": 1} for text in TEXTS}
        | {
            role: {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        **{part: {"type": "string"} for part in _NAME_PARTS},
                        "comma-suffix": {"type": ["string", "number", "boolean"]},
                    },
                },
            }
            for role in NAMES
        }
        | {
            date: {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 2,
                        "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": _PART},
                    },
                    "season": _PART,
                    "circa": {"type": ["string", "number", "boolean"]},
                    "literal": {"type": "string"},
                },
            }
            for date in DATES
        },
    },
}
"""The CSL data schema (csl-data.json of CSL 1.0.2), of what is written here."""
VALID = jsonschema.Draft202012Validator(SCHEMA)


def test_vocabulary():
    """Our variables and types are the schema's: all of its types, names and dates, and no text that it does not know."""
    assert words("csl-types.rnc", "item-types") == TYPES
    assert words("csl-variables.rnc", "variables.names") == NAMES
    assert words("csl-variables.rnc", "variables.dates") == DATES
    texts = set.union(*(words("csl-variables.rnc", f"variables.{kind}") for kind in ("numbers", "strings", "titles")))
    assert texts >= TEXTS
    assert texts - TEXTS <= {
        "citation-label",
        "event",
        "citation-number",
        "first-reference-note-number",
        "locator",
        "page-first",
        "year-suffix",
    }


def test_round_trip():
    """A file gives back its records, and they are cited alike."""
    works = [ARTICLE, CHAPTER, MONTHS]
    made = json.loads(to_csl_json(works))
    VALID.validate(made)
    assert made == works
    assert [cite(work).text for work in works] == [cite(item).text for item in made]


def test_what_is_kept():
    """What enrichment and the page add is kept as it is; a DOI that is an address becomes its number."""
    item = ARTICLE | {
        "title": "<i>Nihil</i> in H<sub>2</sub>O",
        "container-title-short": "J Made Up",
        "DOI": "10.1000/xyz123",
        "PMID": "123",
        "PMCID": "PMC45",
        "ISSN": "1234-5678",
        "note": "Retracted",
        "language": "de",
        "issued": {"date-parts": [[1988]], "season": "2"},
        "custom": {"more-authors": True},
    }
    made = json.loads(to_csl_json([item, item | {"DOI": "https://doi.org/10.1000/xyz123"}]))
    VALID.validate(made)
    assert made == [item, item | {"id": "7001-2"}]


def test_identities():
    """No two items share an `id`."""
    assert [item["id"] for item in json.loads(to_csl_json([ARTICLE, ARTICLE, {}, {"id": 5}]))] == [
        "7001",
        "7001-2",
        "item",
        "5",
    ]


@given(st.lists(st.dictionaries(KEYS, JSON | ODD_NAMES | ODD_DATES, max_size=8), max_size=3))
def test_any_item_is_valid(items):
    """Whatever the items hold, the file is valid."""
    VALID.validate(json.loads(to_csl_json(items)))
