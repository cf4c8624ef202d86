"""LGD, yield and default rate by group from a lender's file of past loans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import read_frame
from equipoise.documents import Quantity
from equipoise.errors import BadInput, Span
from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.calibration import jeffreys_interval
from equipoise.risk.document import HistorySection
from equipoise.risk.features import Where
from equipoise.risk.lgd import (
    LgdEstimate,
    amount_of,
    lgd_by,
    loss_given_default,
    mean_lgd,
    realised_yield,
)


@dataclass(frozen=True, slots=True)
class History:
    """What past loans tell: LGD overall and by group, default rate and yield by group."""

    lgd: LgdEstimate
    lgd_by_group: tuple[LgdEstimate, ...] = ()
    groups: tuple[dict[str, Any], ...] = ()
    loans: int = 0
    source: str = ""
    default_rates: Mapping[str, float] = field(default_factory=dict)

    def quantity(self) -> Quantity:
        """The LGD as a measured number with its interval."""
        return Quantity(
            value=self.lgd.mean,
            low=self.lgd.low,
            high=self.lgd.high,
            provenance="measured",
            source=f"{self.source}: {self.lgd.loans:,} defaulted of {self.loans:,} loans, "
            "weighted by exposure, recoveries net of cost and not discounted",
            unit="share of exposure at default",
        )

    def central_tendency(self, group: pl.Series) -> Quantity:
        """The default rate of past loans, weighted by the mix of groups in `group`."""
        # In one order always: counts come in any, and the last bit of a sum with it.
        counts = group.cast(pl.String).value_counts().sort(group.name)
        known = counts.filter(pl.col(group.name).is_in(list(self.default_rates)))
        if not known.height:
            raise BadInput(
                f"no group of '{group.name}' stands in the file of past loans",
                field=group.name,
                mend="check `group` and `group_field`",
            )
        rates = np.array([self.default_rates[name] for name in known[group.name].to_list()])
        rows = known["count"].to_numpy().astype(float)
        value = float(np.average(rates, weights=rows))
        half = 1.96 * np.sqrt(value * (1 - value) / self.loans)
        return Quantity(
            value=value,
            low=float(max(0.0, value - half)),
            high=float(min(1.0, value + half)),
            provenance="measured",
            source=f"{self.source}: default rate by group of {self.loans:,} past loans, weighted "
            f"by the mix of '{group.name}' in these applications",
        )


def read_history(section: HistorySection, folder: Path, where: Where | None = None) -> History:
    """Read and measure the file of past loans. Raises BadInput or ExpressionError."""
    place = where or (lambda *_: Span("risk.yaml"))
    path = folder / section.file
    frame = read_frame(path)
    column = _reader(frame, place)
    defaulted = column("defaulted", section.defaulted).cast(pl.Boolean).fill_null(value=False)
    amount = _amount(section, column)
    exposure = np.maximum(amount - _numbers(column("repaid", section.repaid)), 0.0)
    recovered = _numbers(column("recovered", section.recovered))
    cost = _numbers(column("cost", section.cost)) if section.cost else np.zeros(frame.height)
    failed = defaulted.to_numpy() & np.isfinite(exposure)
    if not failed.any():
        raise BadInput(
            "the file of past loans holds no default",
            where=place("lgd", "defaulted"),
            mend="check the expression `defaulted`",
        )
    lgd = loss_given_default(exposure, recovered, cost)
    source = section.source or path.name
    overall = mean_lgd(lgd[failed], exposure[failed])
    if section.group is None:
        return History(overall, loans=frame.height, source=source)
    if section.group not in frame.columns:
        raise BadInput(
            f"column '{section.group}' is not in {path.name}", where=place("lgd", "group")
        )
    group = frame[section.group].cast(pl.String).fill_null("missing").to_numpy().astype(str)
    table = _groups(section, column, group, failed, amount - 0.0)
    return History(
        lgd=overall,
        lgd_by_group=tuple(lgd_by(lgd[failed], exposure[failed], group[failed])),
        groups=tuple(table),
        loans=frame.height,
        source=source,
        default_rates={row["group"]: row["default_rate"] for row in table},
    )


def _reader(frame: pl.DataFrame, place: Where) -> Any:
    types = {name: _type(kind) for name, kind in frame.schema.items()}
    known = {name: kind for name, kind in types.items() if kind}

    def column(key: str, text: str) -> pl.Series:
        each = compile_expression(text, known, where=place("lgd", key))
        return frame.select(each.polars().alias(key))[key]

    return column


def _type(kind: Any) -> str:
    if kind.is_integer() or kind.is_float():
        return "number"
    names = {pl.String: "string", pl.Boolean: "boolean", pl.Date: "date"}
    return names.get(kind, "")


def _numbers(column: pl.Series) -> FloatArray:
    return column.cast(pl.Float64).to_numpy()


def _amount(section: HistorySection, column: Any) -> FloatArray:
    if section.amount is not None:
        return _numbers(column("amount", section.amount))
    instalment = _numbers(column("instalment", section.instalment))
    apr = _numbers(column("apr", section.apr))
    return amount_of(instalment, apr, section.terms)[0]


def _groups(
    section: HistorySection,
    column: Any,
    group: Array,
    failed: Array,
    amount: FloatArray,
) -> list[dict[str, Any]]:
    paid = None
    if section.received and section.interest and section.apr:
        paid = [
            _numbers(column(key, text))
            for key, text in (
                ("received", section.received),
                ("interest", section.interest),
                ("apr", section.apr),
            )
        ]
    table = []
    for name in np.unique(group):
        inside = group == name
        loans, bads = int(inside.sum()), int(failed[inside].sum())
        low, high = jeffreys_interval(bads, loans)
        row: dict[str, Any] = {
            "group": str(name),
            "loans": loans,
            "defaults": bads,
            "default_rate": bads / loans,
            "low": low,
            "high": high,
        }
        if paid is not None:
            received, interest, apr = (values[inside] for values in paid)
            row["realised_yield"] = realised_yield(received, amount[inside], interest, apr)
            row["mean_apr"] = float(np.mean(apr))
        table.append(row)
    return table
