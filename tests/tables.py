"""Tables in docstrings, as rows of cells, so that a test can run what a docstring promises."""


def table_of(docstring: str | None) -> list[list[str]]:
    """Give the rows below the heading of a docstring's first table, each cell stripped, back-quotes included."""
    lines = [line.strip() for line in (docstring or "").splitlines()]
    first = next(place for place, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def values_of(cell: str) -> list[str]:
    """Give the values of a cell such as `a`, `b`."""
    return cell.strip("`").split("`, `")
