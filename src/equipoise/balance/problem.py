"""One treatment for each applicant: the value to maximise and the rows that must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.balance.kernels import all_finite
from equipoise.errors import BadInput, GateRefused
from equipoise.numeric.arrays import Array, BoolArray, FloatArray

Choice = NDArray[np.intp]  # the treatment of each applicant


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """A constraint: what the chosen treatments use, summed over applicants, is at most `at_most`.

    `usage` is (applicants, treatments), (treatments,) or (applicants,). The last is the same
    whatever is chosen; where there are as many applicants as treatments, one dimension means
    treatments. `where` is a boolean mask over applicants: the others use nothing. A floor is a row
    with both signs turned; an equality or a range is two rows. `at_most` may be +inf.
    """

    name: str
    usage: Array
    at_most: float
    where: BoolArray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "usage", np.asarray(self.usage))
        object.__setattr__(self, "at_most", float(self.at_most))
        if self.where is not None:
            object.__setattr__(self, "where", np.asarray(self.where))

    def table(self, shape: tuple[int, int]) -> Array:
        """Usage of each applicant by treatment, (applicants, treatments), the mask applied."""
        usage = self.usage
        if usage.shape == (shape[0],) and shape[0] != shape[1]:
            usage = usage[:, None]
        usage = np.broadcast_to(usage, shape)
        if self.where is None:
            return usage
        masked: Array = np.where(self.where[:, None], usage, usage.dtype.type(0))
        return masked


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """Choose one treatment per applicant to maximise the summed value, subject to rows.

    `value` is (applicants, treatments), float32 or float64; `allowed` is a boolean mask over
    (applicants, treatments) or (treatments,). Arrays are held, not copied. Raises `BadInput` for
    shapes that do not fit, numbers that are not finite, and applicants with nothing allowed.
    """

    value: Array
    rows: tuple[Row, ...] = ()
    allowed: BoolArray | None = None

    def __init__(
        self, value: ArrayLike, rows: Iterable[Row] = (), allowed: ArrayLike | None = None
    ) -> None:
        object.__setattr__(self, "value", np.asarray(value))
        object.__setattr__(self, "rows", tuple(rows))
        object.__setattr__(self, "allowed", None if allowed is None else np.asarray(allowed))
        _check_value(self.value)
        checked: set[int] = set()
        for row in self.rows:
            _check_row(row, self.shape, known=id(row.usage) in checked)
            checked.add(id(row.usage))
        _check_names(self.rows)
        _check_allowed(self.allowed, self.shape)

    @classmethod
    def known(cls, value: Array, rows: Iterable[Row], allowed: BoolArray | None = None) -> Problem:
        """Of arrays that were checked when they were held: a pass does not look at them again."""
        return cls._held(value, tuple(rows), allowed)

    @property
    def shape(self) -> tuple[int, int]:
        """Applicants, treatments."""
        return self.value.shape[0], self.value.shape[1]

    def with_rows(self, rows: Iterable[Row]) -> Problem:
        """The same problem under other rows; usage arrays it already held are not checked again."""
        known = {id(row.usage) for row in self.rows}
        new = tuple(rows)
        for row in new:
            _check_row(row, self.shape, known=id(row.usage) in known)
        _check_names(new)
        return self._copy(self.value, new)

    def least(self, row: Row, rows: Iterable[Row]) -> Problem:
        """Under other rows, use as little of one row as can be."""
        return Problem(-row.table(self.shape), rows, self.allowed)

    def without_value(self) -> Problem:
        """The same rows with nothing to maximise: only whether they hold matters."""
        return self._copy(np.broadcast_to(np.float32(0), self.shape), self.rows)

    def _copy(self, value: Array, rows: tuple[Row, ...]) -> Problem:
        return self._held(value, rows, self.allowed)

    @classmethod
    def _held(cls, value: Array, rows: tuple[Row, ...], allowed: BoolArray | None) -> Problem:
        made = object.__new__(cls)
        object.__setattr__(made, "value", value)
        object.__setattr__(made, "rows", rows)
        object.__setattr__(made, "allowed", allowed)
        return made


class Multipliers(dict[str, float]):
    """Shadow price of each row by name: value per unit of usage, never negative.

    `array` holds the same prices in the order of the problem's rows.
    """

    def __init__(self, names: Iterable[str], prices: FloatArray) -> None:
        self.array = np.array(prices, dtype=np.float64)
        super().__init__(zip(names, self.array.tolist(), strict=True))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.array, dtype=dtype, copy=copy)


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """One treatment per applicant with its certificate.

    `value` is what the choice gives, `upper_bound` what no choice can exceed. `gap` is (upper_bound
    - value) / |upper_bound|. `violation` is the largest overshoot of any row, at most 1e-9 and most
    often 0: (used - at_most) / |at_most|; where `at_most` is zero it is relative to the summed
    absolute usage of the choice (see `tolerance.excess`). `used` is each row's usage. `choice` is
    an index array (applicants,). `dual_bound` is the bound that the multipliers alone give; a
    search may have found a lower one. `finished` is false where that search met its limit of work
    before the gap was as small as it aims at: the certificate holds, more work could narrow it.
    """

    choice: Choice
    multipliers: Multipliers
    value: float
    upper_bound: float
    dual_bound: float
    violation: float
    used: dict[str, float]
    seconds: float
    finished: bool = True
    gap: float = field(init=False)

    def __post_init__(self) -> None:
        scale = max(abs(self.upper_bound), np.finfo(float).tiny)
        object.__setattr__(self, "gap", max(0.0, (self.upper_bound - self.value) / scale))


class Infeasible(GateRefused):
    """No choice holds every row.

    `clashing` is an irreducible set: without any one of them the rest of the set could hold.
    `nearest` gives for each the smallest `at_most` that could hold with the others as they are.
    """

    def __init__(self, clashing: Iterable[str], nearest: Mapping[str, float], why: str) -> None:
        self.clashing = tuple(clashing)
        self.nearest = dict(nearest)
        limits = ", or ".join(f"'{name}' to {limit:.10g}" for name, limit in self.nearest.items())
        mend = f"any one of these would do: move {limits}" if limits else ""
        names = ", ".join(f"'{name}'" for name in self.clashing)
        super().__init__(f"{why}: {names}", mend=mend)

    def as_dict(self) -> dict[str, object]:
        return {
            **super().as_dict(),
            "clashing": list(self.clashing),
            "nearest": self.nearest,
        }


def _check_value(value: Array) -> None:
    if value.ndim != 2:
        raise BadInput(
            f"value has {value.ndim} dimensions, not 2",
            field="value",
            mend="give one line per applicant and one column per treatment",
        )
    if value.shape[0] == 0:
        raise BadInput("there are no applicants", field="value")
    if value.shape[1] == 0:
        raise BadInput("there are no treatments", field="value")
    _check_numbers(value, "value", "value")


def _check_row(row: Row, shape: tuple[int, int], known: bool) -> None:
    name, usage = row.name, row.usage
    if usage.shape not in (shape, (shape[1],), (shape[0],)):
        raise BadInput(
            f"row '{name}': usage has shape {usage.shape}",
            field=name,
            mend=f"give {shape}, ({shape[1]},) per treatment or ({shape[0]},) per applicant",
        )
    if not known:
        _check_numbers(usage, f"row '{name}': usage", name)
    if np.isnan(row.at_most) or row.at_most == -np.inf:
        raise BadInput(f"row '{name}': at_most is {row.at_most}", field=name)
    where = row.where
    if where is not None and (where.shape != (shape[0],) or where.dtype != np.bool_):
        raise BadInput(
            f"row '{name}': where is {where.dtype} {where.shape}",
            field=name,
            mend=f"give a boolean mask over applicants, ({shape[0]},)",
        )


def _check_names(rows: tuple[Row, ...]) -> None:
    names = [row.name for row in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(
            f"two rows are called '{twice[0]}'", field=twice[0], mend="give each row its own name"
        )


def _check_allowed(allowed: BoolArray | None, shape: tuple[int, int]) -> None:
    if allowed is None:
        return
    if allowed.dtype != np.bool_ or allowed.shape not in (shape, (shape[1],)):
        raise BadInput(
            f"allowed is {allowed.dtype} {allowed.shape}",
            field="allowed",
            mend=f"give a boolean mask over {shape} or ({shape[1]},)",
        )
    without = np.flatnonzero(~allowed.any(axis=-1))
    if without.size:
        who = "any applicant" if allowed.ndim == 1 else f"applicant {without[0]}"
        more = f" and {without.size - 1} more" if without.size > 1 else ""
        raise BadInput(
            f"no treatment is allowed for {who}{more}",
            field="allowed",
            mend="allow each applicant at least one treatment, such as a decline",
        )


def _check_numbers(values: Array, what: str, name: str) -> None:
    if values.dtype.kind not in "fiub":
        raise BadInput(f"{what} holds {values.dtype}, not numbers", field=name)
    if values.dtype.kind != "f":
        return
    table = values.reshape(len(values), -1)
    if not all_finite(table if table.dtype.itemsize >= 4 else table.astype(np.float32)):
        at, column = np.argwhere(~np.isfinite(table))[0]
        raise BadInput(
            f"{what} is {table[at, column]} at {(int(at), int(column))[: values.ndim]}",
            field=name,
            mend="every number must be finite; use `allowed` to rule a treatment out",
        )
