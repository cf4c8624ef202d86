"""Errors a person can act on: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: `line` and `column` count from 1; `row` is a data row, also from 1."""

    file: str
    line: int | None = None
    column: int | None = None
    row: int | None = None

    def __str__(self) -> str:
        if self.row is not None:
            return f"{self.file}: row {self.row}"
        parts = [self.file, self.line, self.column if self.line else None]
        return ":".join(str(part) for part in parts if part is not None)


class EquipoiseError(Exception):
    """Base of every error a user may see; each carries where it is and how to mend it."""

    exit_code = 3

    def __init__(
        self, message: str, *, where: Span | None = None, field: str = "", mend: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.field = field
        self.mend = mend

    def __str__(self) -> str:
        place = f"{self.where}  " if self.where else ""
        mend = f"; {self.mend}" if self.mend else ""
        return f"{place}{self.message}{mend}"

    def as_dict(self) -> dict[str, object]:
        """The error as plain data, for `--json` and for the API."""
        where = self.where
        return {
            "error": type(self).__name__,
            "message": self.message,
            "file": where.file if where else None,
            "line": where.line if where else None,
            "column": where.column if where else None,
            "row": where.row if where else None,
            "field": self.field or None,
            "mend": self.mend or None,
        }


class BadInput(EquipoiseError):
    """What was given cannot be used; exit code 2."""

    exit_code = 2


class GateRefused(EquipoiseError):
    """The work was done and the answer is no; exit code 1."""

    exit_code = 1


class Faults(BadInput):
    """Several faults found in one pass, so that a person mends them all at once."""

    def __init__(self, faults: Iterable[EquipoiseError]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} fault{'s' if len(self.faults) != 1 else ''}")

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def as_dict(self) -> dict[str, object]:
        return {
            "error": "Faults",
            "message": self.message,
            "faults": [fault.as_dict() for fault in self.faults],
        }


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A mend that offers the nearest known name, or lists what there is."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return f"known names: {shown}" if names else "there are no names to choose from"
