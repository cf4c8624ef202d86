"""What whoever reads a fit, a balance or a seal must know before its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from equipoise.numeric.arrays import IntArray


def undiscerning(entries: Iterable[Mapping[str, Any]], used: str) -> list[str]:
    """A sentence for each model whose test AUC cannot be told from chance, the used one first.

    `entries` are the models' validations.
    """
    notes = []
    for entry in sorted(entries, key=lambda each: each["name"] != used):
        low, high = entry["auc_interval"]
        if low > 0.5:
            continue
        how = "ranks the wrong way round" if high < 0.5 else "does not discriminate"
        against = "lies below" if high < 0.5 else "holds"
        text = (
            f"model '{entry['name']}' {how}: its test AUC is {entry['auc']:.3f}, and the 95 % "
            f"interval from {low:.3f} to {high:.3f} {against} 0.5"
        )
        if entry["name"] == used:
            text += (
                "; what is chosen by its PD (frontier, recommendation, strategy) is left to chance"
            )
        notes.append(text)
    return notes


def customer_notes(customers: IntArray | None) -> list[str]:
    """How repeated customers were treated, where the contract names them."""
    if customers is None:
        return []
    size = customers.size
    count = np.unique(customers).size
    if count == size:
        return ["no customer has more than one application"]
    return [
        f"{size:,} applications of {count:,} customers: one customer's stand on one side of the "
        "split and in one fold, and intervals of AUC take them for one; the intervals of grades, "
        "of stability and of the curse take each loan for itself, and are too narrow by that"
    ]
