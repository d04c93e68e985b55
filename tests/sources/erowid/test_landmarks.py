import re

import pytest

from bot.core.record import Name, Paragraph
from bot.sources.erowid import landmarks, read_record

LANDMARKS = [re.split(r"\s{3,}", line.strip()) for line in landmarks.__doc__.splitlines() if line.startswith("    ")]
MAY_BE_ABSENT = [printed for printed, *said in LANDMARKS if said and said[0].startswith("may be absent")]


@pytest.mark.parametrize("absent", ["none", *MAY_BE_ABSENT])
def test_the_page_in_the_docstring_is_a_record(absent):
    body = "".join(f"<p>{printed}" for printed, *_ in LANDMARKS if printed != absent)
    record = read_record(f"<html>{body}</html>".encode())
    assert record.title == "Title"
    assert record.authors == (() if "Doe" in absent else (Name("Doe", "J. A."), Name("Roe", "R. B.")))
    assert record.container_title == (None if "J Sleep" in absent else "J Sleep")
    assert record.abstract == (() if "Mice" in absent else (Paragraph("Mice slept."),))
    assert record.comments == ("Mine slept.",)
