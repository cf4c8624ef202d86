"""The columns of an answer as Spark has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from equipoise.strategy.answer import ANSWER, TERMS, Kind

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType


def answer_type(beside: Mapping[str, DataType] | None = None) -> StructType:
    """The type of a row of answers, and of what is kept `beside` it, by name."""
    from pyspark.sql import types

    offer = types.StructType([types.StructField("treatment", types.StringType())])
    for term in TERMS:
        offer = offer.add(term, types.DoubleType())
    kinds: Mapping[Kind, DataType] = {
        "text": types.StringType(),
        "texts": types.ArrayType(types.StringType()),
        "number": types.DoubleType(),
        "count": types.LongType(),
        "flag": types.BooleanType(),
        "offers": types.ArrayType(offer),
    }
    row = types.StructType()
    for name, kind in ANSWER.items():
        row = row.add(name, kinds[kind])
    for name, kept in (beside or {}).items():
        row = row.add(name, kept)
    return row
