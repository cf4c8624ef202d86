"""One application out of a file, or of standard input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.strategy.engine import Strategy
from equipoise.strategy.files.tables import STDIN, one_record


def one_application(strategy: Strategy, source: str, key: str | None) -> Mapping[str, Any]:
    """One application from a JSON file, a table or standard input; see `one_record`."""
    if source != STDIN and not Path(source).is_file():
        raise BadInput("the file does not exist", where=Span(source))
    contract = strategy.content.contract
    field = contract.field(contract.id) if contract.id else None
    names = () if field is None else (field.column, field.name)
    record = one_record(source, key, names, strategy.habits)
    if isinstance(record, pl.DataFrame):
        return next(strategy.records(record))
    return record
