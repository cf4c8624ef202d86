"""One text, every runtime: SQL expressions as Python, polars and SQL with identical answers."""

from equipoise.expression.faults import ExpressionError
from equipoise.expression.language import Expression, compile, compile_many  # noqa: A004

__all__ = ["Expression", "ExpressionError", "compile", "compile_many"]
