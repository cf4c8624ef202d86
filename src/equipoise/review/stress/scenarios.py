"""Whether scenarios can be run beside each other: told before anything is, with file and row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.portfolio import MacroPath, quarter_text
from equipoise.review.stress.links import quarter_before, refuse_gaps

_FAR = 10.0  # times what the past ever had: another unit, as a share for per cent
_LONGEST = 120  # quarters: no book of today is left after thirty years


def put_together(paths: Sequence[MacroPath]) -> tuple[MacroPath, ...]:
    """Scenarios (S,) of the tables read: those of one name and the same quarters that share no
    variable are one, as the Federal Reserve's domestic and international tables are."""
    whole: list[MacroPath] = []
    for path in paths:
        at = next((at for at, each in enumerate(whole) if _is_of(each, path)), None)
        if at is None:
            whole.append(path)
        else:
            one = whole[at]
            whole[at] = replace(
                one,
                names=one.names + path.names,
                values=np.hstack([one.values, path.values]),
                file=" + ".join(filter(None, (one.file, path.file))),
                rows=one.rows if one.rows == path.rows else (),
            )
    return tuple(whole)


def _is_of(one: MacroPath, other: MacroPath) -> bool:
    return (
        one.scenario == other.scenario
        and np.array_equal(one.quarters, other.quarters)
        and not set(one.names) & set(other.names)
    )


def check_scenarios(paths: Sequence[MacroPath], drivers: Sequence[str], past: MacroPath) -> None:
    """Raises BadInput for a scenario that lacks a driver or has a gap in one, is in other units
    than the past, or does not follow on it; and for two of one name, or of different lengths."""
    known = [name for name in drivers if name in past.names]  # others are wrong in stress.yaml
    for path in paths:
        _refuse_endless(path)
        refuse_gaps(path, known)
        quarter_before(past, path)
        for name in known:
            _refuse_other_units(path, name, past.series(name))
    for at, path in enumerate(paths):
        for earlier in paths[:at]:
            _refuse_unlike(earlier, path)


def _refuse_endless(path: MacroPath) -> None:
    if path.quarters.size > _LONGEST:
        raise BadInput(
            f"the scenario '{path.scenario}' has {path.quarters.size} quarters; at most {_LONGEST} "
            "are run",
            where=path.place(_LONGEST),
            field="Date",
            mend="end it there: what its last quarter has goes on",
        )


def _refuse_unlike(one: MacroPath, other: MacroPath) -> None:
    if one.scenario == other.scenario:
        raise BadInput(
            f"two scenarios are called '{other.scenario}'",
            where=other.place(),
            field="scenario",
            mend="call one of them otherwise; two tables of one scenario have the same quarters "
            "and no variable twice",
        )
    if one.quarters.size != other.quarters.size:
        raise BadInput(
            f"the scenario '{other.scenario}' has {other.quarters.size} quarters, and "
            f"'{one.scenario}' has {one.quarters.size}",
            where=other.place(),
            field="Date",
            mend="give them the same quarters, or run them apart: what they cost is compared",
        )


def _too_small(small: BoolArray) -> BoolArray:
    """Which quarters (T,) are in another unit, of those that are far below the past: all where all
    are, else those with none such beside them. A rate that falls to nothing stays there a while."""
    if small.all():
        return small
    beside = np.concatenate([[False], small[:-1]]) | np.concatenate([small[1:], [True]])
    return np.asarray(small & ~beside)


def _refuse_other_units(path: MacroPath, name: str, past: FloatArray) -> None:
    seen = past[np.isfinite(past)]
    if not seen.size:
        return
    values = path.series(name)
    far = np.abs(values) > _FAR * np.abs(seen).max()
    if seen.min() > 0:
        far |= _too_small(values < seen.min() / _FAR)
    if far.any():
        at = int(np.flatnonzero(far)[0])
        when = quarter_text(int(path.quarters[at]))
        raise BadInput(
            f"'{name}' is {values[at]:g} in {when}, and in the past {seen.min():g} to "
            f"{seen.max():g}",
            where=path.place(at),
            field=name,
            mend="give it in the unit of the past, in per cent or as a level throughout",
        )
