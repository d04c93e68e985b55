"""The site's pages: the address of a record, and page bytes to `Record`.

`encoding` reads the bytes, `lines` the markup, `landmarks` (with `foot`) finds the parts by the words that stand on every
such page. `authors` (with `names`), `title`, `source` (with `dates`, `container`, `locator`) and `abstract` (with `labels`)
each read one part. `repairs` holds the few corrections that are certain; `page` puts the record together. Nothing leans on
one element, class or id: nobody has seen every template.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from bot.erowid.address import record_url

if TYPE_CHECKING:
    from bot.erowid.page import PARSER_VERSION, is_refusal, read_record
else:

    def __getattr__(name: str) -> object:
        """Import the parser, with Beautiful Soup and lxml, when somebody asks for it (PEP 562): a start need not wait."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals().setdefault(name, getattr(import_module("bot.erowid.page"), name))


__all__ = ["PARSER_VERSION", "is_refusal", "read_record", "record_url"]
