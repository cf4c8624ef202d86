"""Signs of trouble, from what the months before looked like for the same borrower."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from equipoise.numeric.arrays import FloatArray
from equipoise.watch.borrowers.months import LATE, Panel

USUAL_FROM, USUAL_TO = 3, 12  # months ago that say what is usual for the borrower
WITHOUT = 0.65  # of one's usual inflow: less is a month without
FAMILIES = ("arrears", "income", "credit_use", "minimum_payments", "enquiries", "economy")


Summary = Callable[[FloatArray], FloatArray]  # of windows (T, N, months), some of them NaN


@dataclass(frozen=True, slots=True)
class Signs:
    """Each sign's `family` and its `values` (T, N), larger where it is worse; 0 where nothing is
    known, which says nothing. `panel` is what they were read from."""

    panel: Panel
    family: Mapping[str, str]
    values: Mapping[str, FloatArray]


def signs_of(panel: Panel) -> Signs:
    """Read all the signs that the panel has columns for."""
    made: dict[str, tuple[str, FloatArray]] = {}
    days = np.minimum(panel.days, LATE)
    made["days_late"] = "arrears", days / LATE
    made["days_late_in_6"] = "arrears", _over(days, 6, _max) / LATE
    made["late_months_in_6"] = "arrears", _over((days > 0) + 0.0 * days, 6, _sum) / 6
    if "inflow" in panel.values:
        made |= _income(panel.values["inflow"])
    if "utilisation" in panel.values:
        use = panel.values["utilisation"]
        made["use"] = "credit_use", use
        made["use_above_usual"] = "credit_use", use - _usual(use)
        made["use_rises"] = "credit_use", use - _ago(use, 3)
    if "minimum_only" in panel.values:
        least = panel.values["minimum_only"]
        made["minimum_in_3"] = "minimum_payments", _over(least, 3, _mean)
        made["minimum_in_6"] = "minimum_payments", _over(least, 6, _mean)
    if "enquiries" in panel.values:
        asked = panel.values["enquiries"]
        made["enquiries_in_3"] = "enquiries", _over(asked, 3, _mean)
        made["enquiries_in_6"] = "enquiries", _over(asked, 6, _mean)
    if "unemployment" in panel.values:
        rate = panel.values["unemployment"]
        made["unemployment_rises"] = "economy", np.log(rate) - np.log(_usual(rate))
    return Signs(
        panel,
        {name: family for name, (family, _) in made.items()},
        {name: np.nan_to_num(each) for name, (_, each) in made.items()},
    )


def _income(inflow: FloatArray) -> dict[str, tuple[str, FloatArray]]:
    usual = _usual(inflow)
    share = np.divide(inflow, usual, out=np.full_like(inflow, np.nan), where=usual > 0)
    # beyond an empty month, or two salaries in one, a share says no more
    kept = np.clip(share, 0.0, 2.0)
    without = (kept < WITHOUT) + 0.0 * kept
    return {
        "inflow_below_usual": ("income", 1 - kept),
        "inflow_below_usual_in_3": ("income", 1 - _over(kept, 3, _median)),
        "months_without_in_4": ("income", _over(without, 4, _sum) / 4),
        "without_two_in_a_row": ("income", _over(without, 2, _min)),
        "without_three_in_a_row": ("income", _over(without, 3, _min)),
    }


def _ago(values: FloatArray, months: int) -> FloatArray:
    """(T, N) so many months before; NaN at the start."""
    before = np.full_like(values, np.nan)
    before[months:] = values[:-months]
    return before


def _usual(values: FloatArray) -> FloatArray:
    """(T, N) the median of `USUAL_FROM` to `USUAL_TO` months ago."""
    earlier = _ago(values, USUAL_FROM)
    return _over(earlier, USUAL_TO - USUAL_FROM, _median)


def _over(values: FloatArray, months: int, summary: Summary) -> FloatArray:
    """(T, N) a summary of the last so many months that are known; NaN where none is."""
    start = np.full((months - 1, values.shape[1]), np.nan)
    windows = sliding_window_view(np.concatenate([start, values]), months, axis=0)
    known = np.isfinite(windows).any(axis=-1)
    return np.where(known, summary(windows), np.nan)


def _max(windows: FloatArray) -> FloatArray:
    return np.asarray(np.where(np.isnan(windows), -np.inf, windows).max(axis=-1))


def _min(windows: FloatArray) -> FloatArray:
    return np.asarray(np.where(np.isnan(windows), np.inf, windows).min(axis=-1))


def _sum(windows: FloatArray) -> FloatArray:
    return np.asarray(np.nan_to_num(windows).sum(axis=-1))


def _mean(windows: FloatArray) -> FloatArray:
    return np.asarray(_sum(windows) / np.maximum(np.isfinite(windows).sum(axis=-1), 1))


def _median(windows: FloatArray) -> FloatArray:
    """As numpy's `nanmedian`, which takes ten times as long: sorted, what is missing comes last."""
    ordered = np.sort(windows, axis=-1)
    count = np.maximum(np.isfinite(ordered).sum(axis=-1, keepdims=True), 1)
    middle = [np.take_along_axis(ordered, at, axis=-1) for at in ((count - 1) // 2, count // 2)]
    return np.asarray((middle[0] + middle[1])[..., 0] / 2)
