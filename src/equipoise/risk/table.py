"""The features of every application, wherever they lie: a frame here, or a cluster's partitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.model import RiskModel
from equipoise.risk.training import FrameRows, TrainingRows


class FeatureTable(Protocol):
    """Features by row number, which counts the applications that a fit is given, from 0.

    `most_whole` is how many rows may come whole to where the fit runs; None where they are there.
    """

    columns: Sequence[str]
    height: int
    most_whole: int | None

    def some(self, rows: Array, names: Sequence[str] | None = None) -> pl.DataFrame:
        """Some rows, given by number, in that order."""

    def learning(
        self, rows: Array, names: Sequence[str], flags: Array, weights: FloatArray
    ) -> TrainingRows:
        """Rows to learn from, given by rising number; `flags` and `weights` are theirs."""

    def pd(self, model: RiskModel, rows: Array | None = None) -> FloatArray:
        """PD of some rows, given by rising number, or of all; NaN where the model refuses."""


class FrameTable:
    """The features of every application in one frame."""

    most_whole: int | None = None

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self.columns: Sequence[str] = frame.columns
        self.height = frame.height

    def some(self, rows: Array, names: Sequence[str] | None = None) -> pl.DataFrame:
        """Some rows."""
        frame = self._frame if names is None else self._frame.select(names)
        return frame[rows]

    def learning(
        self, rows: Array, names: Sequence[str], flags: Array, weights: FloatArray
    ) -> TrainingRows:
        """Rows to learn from."""
        return FrameRows(self.some(rows, names), np.asarray(flags), np.asarray(weights))

    def pd(self, model: RiskModel, rows: Array | None = None) -> FloatArray:
        """PD of some rows, or of all."""
        names = model.features
        frame = self._frame.select(names) if rows is None else self.some(rows, names)
        return model.pd_frame(frame).to_numpy()
