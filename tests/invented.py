"""A page of an invented record, in one plain markup; `tests.pages` writes the many others."""

from html import escape

from tests.references import erowid

REFERENCE = erowid(900_001)


def invented_page(title: str = "On a drug that does not exist", *paragraphs: str) -> bytes:
    """Write the page of a record that nobody could take for a real one."""
    abstract = paragraphs or (
        "We invented a drug. It lowered imaginary pulse by 12 % (p < 0.05). We conclude that it works.",
    )
    lines = [
        "Erowid References Database",
        "Doe JA, Roe RB.",
        f"“{title}”.",
        "J Imag Pharmacol. 1988 Apr 26;447(1):141-4.",
        "Abstract",
        *abstract,
        "Comments and Responses to this Article",
        "#",
        "Submit Comment",
        "[ Cite HTML ]",
    ]
    return ("<html><body>" + "".join(f"<p>{escape(line)}</p>\n" for line in lines) + "</body></html>").encode()
