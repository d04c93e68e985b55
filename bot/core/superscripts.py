"""Superscript figures in text without markup."""

import re

_FIGURE = re.compile(r"[+\u2212\u2013-]?[0-9]{1,3}")
_RAISED_AFTER = "0123456789[("
_RAISED = str.maketrans(
    "0123456789+-\u2212\u2013", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207b\u207b"
)


def raise_figures(before: str, raised: str) -> str:
    """Write exponents and mass numbers of nuclides as superscript figures, since `106` is not `10⁶`; else as plain text."""
    figures = before[-1:] in _RAISED_AFTER and before and _FIGURE.fullmatch(raised)
    return raised.translate(_RAISED) if figures else raised
