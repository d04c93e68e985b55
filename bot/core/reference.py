"""A reference: the number that names one record of the Erowid References Database."""

import re
from dataclasses import dataclass

MAX_DIGITS = 7
"""Longest ID believed. The database holds fewer than 10,000 records; seven digits leave room and refuse junk."""

_NUMBER = re.compile(rf"0*([1-9][0-9]{{0,{MAX_DIGITS - 1}}})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One record's key. Many addresses lead to a record; its ID is one."""

    id: int

    def __post_init__(self) -> None:
        if not 0 < self.id < 10**MAX_DIGITS:
            raise ValueError(f"no record can have the ID {self.id}")

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def parse(cls, text: str) -> "Reference | None":
        """Read an ID as it stands in an address or a command: `6004`, `006004`; None for anything else."""
        match = _NUMBER.fullmatch(text) if len(text) <= 2 * MAX_DIGITS else None
        return cls(int(match[1])) if match else None
