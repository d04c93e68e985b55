"""The Erowid References Database: the address of a record, and page bytes to `Record`.

`bot.sources.refusal` knows the pages that refuse a client. `encoding` decodes the bytes and `html_lines` reads the markup;
`landmarks` (with `end_matter`) finds the parts by the words that every such page has. `authors` (with `names`),
`title` (with `language`), `source` (with `dates`, `container`, `locator`) and `abstract` (with `labels`, `retraction`) each
read one part. `repairs` and `printf` hold the few corrections that are certain; `page` puts the record together. No rule
depends on one element, class or ID: nobody has seen every template. `site` is the interface of the package.
"""

from bot.sources.erowid.address import read_number, record_url
from bot.sources.erowid.page import PARSER_VERSION, read_record
from bot.sources.erowid.site import erowid_source

__all__ = ["PARSER_VERSION", "erowid_source", "read_number", "read_record", "record_url"]
