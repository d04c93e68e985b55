"""The site's pages: the address of a record, and page bytes to `Record`.

`encoding` reads the bytes, `lines` the markup; `landmarks` (with `end_matter`) finds the parts by the words that stand on
every such page. `authors` (with `names`), `title`, `source` (with `dates`, `container`, `locator`) and `abstract` (with
`labels`) each read one part. `repairs` holds the few corrections that are certain; `page` puts the record together. No rule
depends on one element, class or ID: nobody has seen every template.
"""

from typing import TYPE_CHECKING

from bot.core.late import late
from bot.sources.erowid.address import record_url

if TYPE_CHECKING:
    from bot.sources.erowid.page import PARSER_VERSION, is_refusal, read_record
else:  # with Beautiful Soup and lxml
    __getattr__ = late(__name__, dict.fromkeys(("PARSER_VERSION", "is_refusal", "read_record"), "page"))

__all__ = ["PARSER_VERSION", "is_refusal", "read_record", "record_url"]
