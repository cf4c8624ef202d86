"""Measurements taken from the lender's own applications: past offers, checks not acted upon."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.experience.checks import MeasuredCheck, measure_check
from equipoise.experience.document import CheckColumns, CheckSection, OfferColumns
from equipoise.experience.log import Where
from equipoise.experience.takeup import PastOffers
from equipoise.numeric.arrays import BoolArray, FloatArray


def past_offers(
    columns: OfferColumns, frame: pl.DataFrame | None, where: Where | None = None
) -> tuple[PastOffers, int]:
    """The past offers in `frame`, and how many rows were left out because a value is missing.

    Raises BadInput for a column that is not there, is no number, or has an amount of zero.
    """
    names = {key: name for key, name in columns if name is not None}
    place = ("take_up", "from")
    chosen, left_out = _chosen(names, frame, place, where)
    for key in ("amount", "asked"):
        if (chosen[key] <= 0).any():
            raise BadInput(
                f"column '{names[key]}' holds amounts of zero or less",
                where=where(*place, key) if where else None,
                field=names[key],
                mend="leave rows without an offer out, or make the amount missing",
            )
    offers = PastOffers(
        apr=_numbers(chosen, "apr"),
        offered=_numbers(chosen, "amount"),
        asked=_numbers(chosen, "asked"),
        accepted=_flags(chosen, "accepted", names["accepted"]),
        wait_days=_numbers(chosen, "waiting_days") if "waiting_days" in names else None,
        pd=_numbers(chosen, "pd") if "pd" in names else None,
    )
    return offers, left_out


def measured_check(
    check: CheckSection,
    index: int,
    columns: CheckColumns,
    frame: pl.DataFrame | None,
    where: Where | None = None,
) -> MeasuredCheck:
    """Sensitivity and false alarm of a check from logged results; rows without outcome are out."""
    names = dict(columns)
    chosen, _ = _chosen(names, frame, ("checks", index, "from"), where)
    flags = {key: _flags(chosen, key, name) for key, name in names.items()}
    try:
        return measure_check(
            flags["result"], flags["acted"], flags["default"], f"logged results of '{check.name}'"
        )
    except BadInput as error:
        error.where = where("checks", index, "from") if where else None
        raise


def _chosen(
    names: dict[str, str],
    frame: pl.DataFrame | None,
    place: tuple[str | int, ...],
    where: Where | None,
) -> tuple[pl.DataFrame, int]:
    if frame is None:
        raise BadInput(
            f"'{names[next(iter(names))]}' is to be measured and there are no applications",
            where=where(*place) if where else None,
            mend="give data, or declare the figures as assumed",
        )
    for key, name in names.items():
        if name not in frame.columns:
            raise BadInput(
                f"there is no column '{name}' in the applications",
                where=where(*place, key) if where else None,
                field=name,
                mend=did_you_mean(name, frame.columns),
            )
        if not (frame[name].dtype.is_numeric() or frame[name].dtype == pl.Boolean):
            raise BadInput(
                f"column '{name}' holds {frame[name].dtype}, not numbers",
                where=where(*place, key) if where else None,
                field=name,
                mend="name a column with numbers (or true and false)",
            )
    chosen = frame.select(pl.col(name).alias(key) for key, name in names.items()).drop_nulls()
    return chosen, frame.height - chosen.height


def _numbers(frame: pl.DataFrame, key: str) -> FloatArray:
    return frame[key].cast(pl.Float64).to_numpy()


def _flags(frame: pl.DataFrame, key: str, name: str) -> BoolArray:
    values = frame[key].cast(pl.Float64).to_numpy()
    strange = values[(values != 0) & (values != 1)]
    if strange.size:
        raise BadInput(
            f"column '{name}' holds {strange[0]:g}, which is neither true (1) nor false (0)",
            where=Span("applications"),
            field=name,
            mend="name a column of true and false",
        )
    return np.asarray(values == 1)
