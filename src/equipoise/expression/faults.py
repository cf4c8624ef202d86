"""The one error of the language: where in the text, what is wrong, how to mend it."""

from __future__ import annotations

from equipoise.errors import BadInput, Span


class ExpressionError(BadInput):
    """An expression, or a value given to one, that the language does not accept; exit code 2."""


class Refusal(Exception):
    """Internal: a fault at an offset of the text; `compile` turns it into an ExpressionError."""

    def __init__(self, at: int, message: str, mend: str = "", field: str = "") -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.mend = mend
        self.field = field

    def located(self, text: str, where: Span | None) -> ExpressionError:
        """This fault with its line and column: within `text`, or within the file holding it."""
        before = text[: self.at]
        line = before.count("\n") + 1
        column = self.at - (before.rfind("\n") + 1) + 1
        return ExpressionError(
            self.message,
            where=_shifted(line, column, where),
            field=self.field,
            mend=self.mend,
        )


def _shifted(line: int, column: int, where: Span | None) -> Span:
    if where is None:
        return Span("expression", line, column)
    if where.line is None:
        return Span(where.file, line, column, where.row)
    first = (where.column or 1) - 1 if line == 1 else 0
    return Span(where.file, where.line + line - 1, column + first, where.row)
