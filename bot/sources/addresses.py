"""Web addresses, cut into the parts that sources look at.

An address comes as it was found in a text: closing brackets, quotes and stops may follow it. An address with a user name,
a port other than the default, or a host not in ASCII is ignored, since it leads where a reader would not expect.
"""

import re
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"""
    https?://
    (?P<host>[a-z0-9.-]{1,100})
    (?::(?:80|443))?
    /+ (?P<path> (?: [^?\#\s] | (?<=;2-)\# | (?<=%3B2-)\# )* )  # a raw `#` may be the last character of an old DOI
    (?: \? (?P<query>[^\#\s]*) )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

END = r"(?=[.,_~]*(?:$|[^\w.,%+=@~/-]))"
"""Where an ID may end inside a text: before a bracket, a stop or a letter not in ASCII; never inside a word or a list."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an http address; text behind the address may stand at the end of `path` and `query`."""

    host: str
    """In lower case, without a final stop."""
    path: str
    """Without the first slash; percent-encoded as in the address."""
    query: str

    def fields(self, name: str) -> tuple[str, ...]:
        """Give the values of a field of the query, percent-encoded."""
        fields = self.query.replace("&amp;", "&").split("&")
        return tuple(field.removeprefix(f"{name}=") for field in fields if field.startswith(f"{name}="))


def read_parts(address: str) -> Address | None:
    """Cut an address into its parts; None if it is no http or https address, or an ignored one."""
    found = _ADDRESS.match(address)
    if found is None:
        return None
    return Address(found["host"].removesuffix(".").lower(), found["path"], found["query"] or "")
