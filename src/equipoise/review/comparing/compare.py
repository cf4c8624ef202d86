"""Two strategies on one file: who is swapped, what changes, for whom, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.numeric.intervals import wilson
from equipoise.review.comparing import intervals
from equipoise.review.comparing.comparison import CELLS, Cell, Comparison, Prices, SegmentChange
from equipoise.review.comparing.intervals import Change, Rate
from equipoise.strategy.decision import OFFERING
from equipoise.value.measures import COUNTS, MEASURES, RATIOS

TOTALS = (*MEASURES, *COUNTS)
MISSING = "(missing)"
SAME_APR = 5e-7


@dataclass(frozen=True, slots=True)
class _People:
    """Who is offered a loan by either strategy, and what is known and expected of them."""

    ins: tuple[BoolArray, BoolArray]
    pd: FloatArray
    bad: FloatArray
    loss: tuple[tuple[FloatArray, FloatArray] | None, ...]

    def part(self, mask: BoolArray) -> _People:
        loss = tuple(each and (each[0][mask], each[1][mask]) for each in self.loss)
        return _People((self.ins[0][mask], self.ins[1][mask]), self.pd[mask], self.bad[mask], loss)


def compare_strategies(
    a: pl.DataFrame,
    b: pl.DataFrame,
    segments: pl.DataFrame | None = None,
    confidence: float = 0.95,
) -> Comparison:
    """Compare the decisions of two strategies on the same applicants.

    `a` and `b` hold `id` and `outcome`, and any of pd, bad, apr, reasons (lists of codes) and the
    sums of `value.measures`; `journeys` is 1 for who is sent through one. `segments` holds `id` and
    columns to split by. Rows are matched by id. Who is referred or asked for more counts as not
    offered. Raises BadInput where ids do not match.
    """
    for name, frame in (("first", a), ("second", b)):
        _check_ids(frame, f"the {name} strategy's decisions", "outcome")
    b = _aligned(a, b, "the second strategy's decisions")
    ins = (_offered(a), _offered(b))
    known = a if "bad" in a.columns else b
    pd, bad = _number(a if "pd" in a.columns else b, "pd"), _number(known, "bad")
    people = _People(ins, pd, bad, (_loss(a), _loss(b)))
    cells = _cells(people, confidence)
    return Comparison(
        a.height,
        confidence,
        cells,
        _transitions(a, b),
        _changes(a, b, ins, confidence),
        _segments(a, segments, people, confidence),
        _reasons(a, b),
        _prices(a, b, ins, confidence),
        _warnings(cells),
    )


def _cells(people: _People, level: float) -> tuple[Cell, ...]:
    one, two = people.ins
    masks = (one & two, one & ~two, ~one & two, ~one & ~two)
    cells = []
    for name, mask in zip(CELLS, masks, strict=True):
        inside = people.part(mask)
        seen, risk = inside.bad[np.isfinite(inside.bad)], inside.pd[np.isfinite(inside.pd)]
        hits, n, size = int(seen.sum()), seen.size, int(mask.sum())
        low, high = wilson(np.array(float(hits)), np.array(float(n)), level)
        rate = (hits / n, float(low), float(high)) if n else (None, None, None)
        mean = float(risk.mean()) if risk.size else None
        losses = [_loss_rate(inside, side, level) for side in (0, 1)]
        cells.append(Cell(name, size, size / max(mask.size, 1), mean, n, hits, *rate, *losses))
    return tuple(cells)


def _loss_rate(people: _People, side: int, level: float) -> Rate | None:
    """Expected loss per amount lent of those to whom one of the strategies offers a loan."""
    loss = people.loss[side]
    mine = people.ins[side]
    return None if loss is None else intervals.ratio(loss[0][mine], loss[1][mine], level)


def _loss(frame: pl.DataFrame) -> tuple[FloatArray, FloatArray] | None:
    if not {"expected_loss", "exposure"} <= set(frame.columns):
        return None
    return _filled(frame, "expected_loss"), _filled(frame, "exposure")


def _transitions(a: pl.DataFrame, b: pl.DataFrame) -> dict[str, dict[str, int]]:
    pairs = pl.DataFrame({"a": a["outcome"], "b": b["outcome"]}).group_by("a", "b").len()
    transitions: dict[str, dict[str, int]] = {}
    for one, two, n in pairs.sort("a", "b").iter_rows():
        transitions.setdefault(str(one), {})[str(two)] = int(n)
    return transitions


def _changes(
    a: pl.DataFrame, b: pl.DataFrame, ins: tuple[BoolArray, BoolArray], level: float
) -> dict[str, Change]:
    changes = {"offered": intervals.share(*ins, level)}
    both = set(a.columns) & set(b.columns)
    of = {name: (_filled(a, name), _filled(b, name)) for name in TOTALS if name in both}
    for name, (one, two) in of.items():
        changes[name] = intervals.total(one, two, level)
    for name, (top, per) in RATIOS.items():
        if top in of and per in of:
            (a_top, b_top), (a_per, b_per) = of[top], of[per]
            changes[name] = intervals.rate(a_top, a_per, b_top, b_per, level)
    return changes


def _segments(
    a: pl.DataFrame,
    segments: pl.DataFrame | None,
    people: _People,
    level: float,
) -> tuple[SegmentChange, ...]:
    if segments is None:
        return ()
    _check_ids(segments, "the segments")
    frame = _aligned(a, segments, "the segments").drop("id")
    rows = []
    for column in frame.columns:
        labels = frame[column].cast(pl.String).fill_null(MISSING)
        for label in sorted(labels.unique().to_list()):
            mask = (labels == label).to_numpy()
            inside = people.part(mask)
            change = intervals.share(*inside.ins, level)
            rows.append(SegmentChange(column, label, _cells(inside, level), change))
    return tuple(rows)


def _reasons(a: pl.DataFrame, b: pl.DataFrame) -> dict[str, dict[str, int]]:
    if "reasons" not in a.columns or "reasons" not in b.columns:
        return {}
    counts = []
    for frame in (a, b):
        codes = frame["reasons"]
        exploded = codes.explode() if isinstance(codes.dtype, pl.List) else codes
        table = exploded.drop_nulls().value_counts()
        counts.append({str(code): int(n) for code, n in table.iter_rows()})
    codes_seen = sorted(set(counts[0]) | set(counts[1]))
    return {c: {"a": counts[0].get(c, 0), "b": counts[1].get(c, 0)} for c in codes_seen}


def _prices(
    a: pl.DataFrame, b: pl.DataFrame, ins: tuple[BoolArray, BoolArray], level: float
) -> Prices | None:
    one, two = _number(a, "apr"), _number(b, "apr")
    both = ins[0] & ins[1] & np.isfinite(one) & np.isfinite(two)
    if not both.any():
        return None
    one, two = one[both], two[both]
    step = two - one
    per = np.ones(one.size)
    quantiles = np.quantile(step, [0.05, 0.5, 0.95]).tolist()
    return Prices(
        people=int(both.sum()),
        dearer=int((step > SAME_APR).sum()),
        cheaper=int((step < -SAME_APR).sum()),
        mean=intervals.rate(one, per, two, per, level),
        p05=quantiles[0],
        median=quantiles[1],
        p95=quantiles[2],
    )


def _warnings(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    came = next(each for each in cells if each.name == "out_in")
    unseen = came.people - came.known
    if unseen == 0:
        return ()
    return (
        f"{unseen} of the {came.people} people swapped in have no known outcome. Their bad rate is "
        "not guessed: it rests on the model's PD until some of them are lent to.",
    )


def _check_ids(frame: pl.DataFrame, what: str, *more: str) -> None:
    for name in ("id", *more):
        if name not in frame.columns:
            raise BadInput(f"{what} have no column '{name}'", field=name)
    if frame["id"].null_count() or frame["id"].is_duplicated().any():
        raise BadInput(f"{what} have missing or repeated ids", field="id")


def _aligned(a: pl.DataFrame, other: pl.DataFrame, what: str) -> pl.DataFrame:
    ids = a.select(pl.col("id").cast(pl.String))
    other = other.with_columns(pl.col("id").cast(pl.String))
    strays = other.join(ids, on="id", how="anti").height
    lacking = ids.join(other, on="id", how="anti")
    if strays or lacking.height:
        example = f", such as '{lacking['id'][0]}'" if lacking.height else ""
        raise BadInput(
            f"{what} lack {lacking.height} applicants{example} and have {strays} others",
            field="id",
            mend="run both strategies on the same file",
        )
    return ids.join(other, on="id", how="left", maintain_order="left")


def _offered(frame: pl.DataFrame) -> BoolArray:
    return frame["outcome"].is_in(OFFERING).fill_null(value=False).to_numpy()


def _number(frame: pl.DataFrame, name: str) -> FloatArray:
    """A column as float64, NULL as NaN; all NaN where it is not there."""
    if name not in frame.columns:
        return np.full(frame.height, np.nan)
    values = frame[name].cast(pl.Float64).fill_null(float("nan"))
    return np.array(values.to_numpy(), dtype=np.float64)


def _filled(frame: pl.DataFrame, name: str) -> FloatArray:
    """A measure of what happens: where nothing happens, nothing is used."""
    return np.nan_to_num(_number(frame, name), nan=0.0)
