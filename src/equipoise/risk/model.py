"""What every model of the PD can do, whoever made it; and reading one back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray

if TYPE_CHECKING:
    import polars as pl


class RiskModel(Protocol):
    """A model of the PD over named features; None and NaN mean that it refuses to score."""

    @property
    def kind(self) -> str:
        """`scorecard`, `boosted`, `linear` or `trees`."""

    @property
    def name(self) -> str:
        """Its name in risk.yaml."""

    @property
    def features(self) -> Sequence[str]:
        """The features it reads, in its own order."""

    @property
    def window_months(self) -> int | None:
        """What its PD is for."""

    @property
    def digest(self) -> str:
        """SHA-256 of its content."""

    def score(self, record: Mapping[str, Any]) -> tuple[float | None, float | None]:
        """Points (where it has any) and PD of one record."""

    def score_frame(self, frame: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
        """Points and PD of each row (n,)."""

    def pd_frame(self, frame: pl.DataFrame) -> pl.Series:
        """PD of each row (Float64)."""

    def risks_of(self, record: Mapping[str, Any]) -> Sequence[float]:
        """What each feature adds to the log-odds of default of one record (features,)."""

    def risks(self, frame: pl.DataFrame) -> FloatArray:
        """The same of each row, (rows, features); higher is riskier."""

    def shifted(self, shift: float) -> RiskModel:
        """The model with `shift` added to its log-odds of default."""

    def sidecar(self) -> dict[str, Any]:
        """All of it but LightGBM's text, as plain data with its digest."""


def read_model(kind: str, sidecar: Mapping[str, Any], text: str | None = None) -> RiskModel:
    """A model from its plain data (and LightGBM's text). BadInput where it was altered."""
    # each kind's module is imported when such a model is read: commands should not wait for all
    if kind == "scorecard":
        from equipoise.risk.scorecard import Scorecard

        return Scorecard.from_json(json.dumps(sidecar))
    if kind == "boosted":
        from equipoise.risk.boosted import Boosted

        return Boosted.from_parts(sidecar, text or "")
    if kind == "linear":
        from equipoise.risk.linear import LinearModel

        return LinearModel.from_dict(sidecar)
    if kind == "trees":
        from equipoise.risk.ensemble import Ensemble

        return Ensemble.from_dict(sidecar)
    raise BadInput(f"there is no model of kind '{kind}'", field="kind")
