"""Data frames of other libraries as polars, and back again; none is imported unless it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from equipoise.errors import BadInput

ACCEPTED = "a polars or pandas data frame, a pyarrow table, or a mapping of columns"


def as_polars(data: Any) -> pl.DataFrame:
    """The data as a polars data frame; pandas' index is left out. Raises BadInput."""
    if isinstance(data, pl.LazyFrame):
        data = data.collect()
    try:
        if isinstance(data, pl.DataFrame):
            frame = data
        elif library_of(data) == "pandas":
            frame = pl.from_pandas(_with_text_names(data))
        elif isinstance(data, Mapping) or hasattr(data, "__arrow_c_stream__"):
            frame = pl.DataFrame(data)
        else:
            raise BadInput(f"the data are {type(data).__name__!r}", mend=f"give {ACCEPTED}")
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise BadInput(
            f"the data cannot be made a table: {str(error).splitlines()[0]:.200}",
            mend="give each column one type and a name of its own",
        ) from error
    _refuse_objects(frame)
    return frame


def as_given(frame: pl.DataFrame, data: Any) -> Any:
    """The frame as one of the library that `data` is of: polars, pandas or pyarrow."""
    if library_of(data) == "pandas":
        return frame.to_pandas()
    if library_of(data) == "pyarrow":
        return frame.to_arrow()
    return frame


def library_of(data: Any) -> str:
    """The name of the library that an object is of."""
    return type(data).__module__.split(".")[0]


def _with_text_names(data: Any) -> Any:
    """pandas allows any object as a column's name."""
    if all(isinstance(name, str) for name in data.columns):
        return data
    return data.set_axis([str(name) for name in data.columns], axis=1)


def _refuse_objects(frame: pl.DataFrame) -> None:
    for name, kind in frame.schema.items():
        if kind == pl.Object:
            raise BadInput(
                f"column '{name}' holds objects of Python, not values",
                field=name,
                mend="make it text or numbers",
            )
