"""What a foreign model's reader returned, scored: rows in, probabilities out."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from equipoise.risk.foreign import ForeignModel, TreeSum
from equipoise.risk.single import sigmoid32


def sums(model: ForeignModel, matrix: np.ndarray) -> np.ndarray:
    """The output of a model of trees, (rows,): log-odds or probabilities as `output` says."""
    trees = model.model
    assert isinstance(trees, TreeSum)
    assert matrix.shape[1] == len(model.features)
    score = trees.trees.raw32 if trees.precision == "float32" else trees.trees.raw
    return trees.slope * (score(matrix, trees.start) / trees.divisor)


def probabilities(model: ForeignModel, matrix: np.ndarray) -> np.ndarray:
    """The probability of the model's event, (rows,)."""
    output = sums(model, matrix)
    if model.output == "probability":
        return output
    assert isinstance(model.model, TreeSum)
    return sigmoid32(output) if model.model.precision == "float32" else expit(output)


def coded(model: ForeignModel, columns: dict[str, list[object]]) -> np.ndarray:
    """The input matrix of columns by name: a category is its place, NaN where it has none."""
    made = []
    for feature in model.features:
        places = {text: float(at) for at, text in enumerate(feature.categories)}
        values = columns[feature.name]
        if feature.kind == "category":
            made.append([places.get(each, np.nan) for each in values])  # type: ignore[call-overload]
        else:
            made.append([np.nan if each is None else float(each) for each in values])  # type: ignore[arg-type]
    return np.array(made, dtype=np.float64).T
