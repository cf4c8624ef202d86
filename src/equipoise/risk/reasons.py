"""Reason codes measured against the cut-off: what keeps an applicant from the line.

The usual reference, the average applicant, answers another question: most applicants are far from
the line. Here each contribution is compared with its mean among applicants at the cut-off, so the
shortfalls add up to the distance to it. Features that say one thing to a person (utilisation,
balance to limit) share a concept, and a concept is named once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.model import RiskModel

if TYPE_CHECKING:
    import polars as pl

AT_CUTOFF_SHARE = 0.1
AT_CUTOFF_ROWS = 200
AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """A concept, the feature in it that weighs most, and the log-odds of default it costs."""

    concept: str
    feature: str
    shortfall: float


@dataclass(frozen=True, slots=True)
class AtCutoff:
    """Mean contribution to the log-odds of default, by feature, of applicants at the cut-off."""

    cutoff: float
    means: Mapping[str, float]
    rows: int

    def as_dict(self) -> dict[str, Any]:
        return {"cutoff": self.cutoff, "means": dict(self.means), "rows": self.rows}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> AtCutoff:
        return AtCutoff(data["cutoff"], dict(data["means"]), data["rows"])


def at_cutoff(model: RiskModel, frame: pl.DataFrame, cutoff: float) -> AtCutoff:
    """The reference profile: the tenth of `frame` (200 rows at least) nearest to PD `cutoff`."""
    if not 0 < cutoff < 1:
        raise BadInput(f"a cut-off of {cutoff:g} is not a PD between 0 and 1")
    pd = model.pd_frame(frame).to_numpy()
    scored = np.flatnonzero(np.isfinite(pd))
    if not scored.size:
        raise BadInput("no row has a PD, so there is no profile at the cut-off")
    distance = np.abs(_logit(pd[scored]) - _logit(np.array(cutoff)))
    wanted = min(scored.size, max(AT_CUTOFF_ROWS, int(AT_CUTOFF_SHARE * scored.size)))
    nearest = np.sort(scored[np.argsort(distance, kind="stable")[:wanted]])
    means = model.risks(frame[nearest]).mean(axis=0)
    return AtCutoff(
        cutoff, {n: float(m) for n, m in zip(model.features, means, strict=True)}, wanted
    )


def reasons(
    model: RiskModel,
    record: Mapping[str, Any],
    reference: AtCutoff,
    concepts: Mapping[str, str] | None = None,
    *,
    at_most: int = AT_MOST,
) -> list[Reason]:
    """Why this applicant is riskier than one at the cut-off: at most four, the heaviest first.

    `concepts` maps features to what a person would call them; a feature not in it is its own.
    """
    import polars as pl

    schema = {name: _type_of(record[name]) for name in model.features}
    row = pl.DataFrame({n: [record[n]] for n in model.features}, schema=schema)
    return ranked(model.features, model.risks(row)[0], reference, concepts, at_most=at_most)


def ranked(
    features: Sequence[str],
    contributions: FloatArray,
    reference: AtCutoff,
    concepts: Mapping[str, str] | None = None,
    *,
    at_most: int = AT_MOST,
) -> list[Reason]:
    """Reasons of one row of contributions (features,); a concept sums its features."""
    named = concepts or {}
    grouped: dict[str, list[tuple[float, str]]] = {}
    for name, value in zip(features, contributions.tolist(), strict=True):
        grouped.setdefault(named.get(name, name), []).append((value - reference.means[name], name))
    reasons_by_concept = [
        Reason(concept, max(parts)[1], sum(part for part, _ in parts))
        for concept, parts in grouped.items()
    ]
    harmful = [reason for reason in reasons_by_concept if reason.shortfall > 1e-9]
    return sorted(harmful, key=lambda reason: (-reason.shortfall, reason.concept))[:at_most]


def _type_of(value: Any) -> Any:
    import polars as pl

    return pl.String if isinstance(value, str) else pl.Float64


def _logit(pd: FloatArray) -> FloatArray:
    inside = np.clip(pd, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(inside / (1 - inside)))
