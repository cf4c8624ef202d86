"""The table of features over blocks that lie with the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from equipoise.cluster.blocks import Arrays, Block, Blocks, as_ipc, from_ipc
from equipoise.cluster.learning import BlockRows
from equipoise.numeric.arrays import Array, FloatArray, IntArray
from equipoise.risk import Boosted
from equipoise.risk.features import FeatureSet
from equipoise.risk.model import RiskModel, read_model
from equipoise.risk.training import TrainingRows

MOST_WHOLE = 1_000_000  # rows that come whole to the driver, for models that must see them so


class BlockTable:
    """Features by row number; the blocks may hold rows that are none of the table's."""

    def __init__(
        self, blocks: Blocks, features: FeatureSet, rows: pl.Series | None, most: int = MOST_WHOLE
    ) -> None:
        self.features = features
        self.most_whole: int | None = most
        self.columns: Sequence[str] = list(features.expressions)
        self._blocks = blocks
        self._rows = None if rows is None else rows.to_numpy().astype(np.int64)
        self.height = blocks.height if self._rows is None else self._rows.size

    def some(self, rows: Array, names: Sequence[str] | None = None) -> pl.DataFrame:
        """Some rows, brought to the driver."""
        wanted, inverse = np.unique(self._places(rows), return_inverse=True)
        sent = {"rows": wanted, "names": list(self.columns if names is None else names)}
        parts = [
            from_ipc(part["ipc"].tobytes()) for part in self._blocks.each("features", _picked, sent)
        ]
        frame = pl.concat(parts)
        in_order = inverse.size == wanted.size and bool(np.all(np.diff(inverse) > 0))
        return frame if in_order else frame[inverse]

    def learning(
        self, rows: Array, names: Sequence[str], flags: Array, weights: FloatArray
    ) -> TrainingRows:
        """Rows to learn from, where they lie."""
        return BlockRows(
            self._blocks, self, self._places(rows), names, flags=flags, weights=weights
        )

    def pd(self, model: RiskModel, rows: Array | None = None) -> FloatArray:
        """PD of some rows, or of all."""
        parts = self._blocks.each("features", _scored, _plain(model))
        pds = np.concatenate([part["pd"] for part in parts])
        every = pds if self._rows is None else pds[self._rows]
        return every if rows is None else every[rows]

    def numbers(self, places: IntArray) -> IntArray:
        """Row numbers of places in the blocks."""
        return places if self._rows is None else np.searchsorted(self._rows, places)

    def close(self) -> None:
        """Free the blocks."""
        self._blocks.close()

    def _places(self, rows: Array) -> IntArray:
        numbers = np.asarray(rows, dtype=np.int64)
        return numbers if self._rows is None else self._rows[numbers]


def _picked(block: Block, sent: Mapping[str, Any]) -> Arrays:
    low, high = np.searchsorted(sent["rows"], [block.start, block.start + block.rows])
    frame = block.frame(sent["names"]).select(sent["names"])[sent["rows"][low:high] - block.start]
    return {"ipc": np.frombuffer(as_ipc(frame), dtype=np.uint8)}


def _plain(model: RiskModel) -> tuple[str, dict[str, Any], str | None]:
    text = model.model_text if isinstance(model, Boosted) else None
    return model.kind, model.sidecar(), text


def _scored(block: Block, sent: tuple[str, dict[str, Any], str | None]) -> Arrays:
    model = read_model(*sent)
    names = list(dict.fromkeys(model.features))
    return {"pd": model.pd_frame(block.frame(names)).to_numpy()}
