"""A foreign card as a table over the lender's own rows: shares, bad rates, WoE and points."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, FloatArray
from equipoise.risk.characteristic import Attribute, Characteristic, Numeric
from equipoise.risk.scorecard import Scorecard

SMOOTH = 0.5  # keeps the WoE of an attribute without a bad or a good finite


def card_rows(
    card: Scorecard, frame: pl.DataFrame, bad: Array, weight: FloatArray
) -> list[dict[str, Any]]:
    """As `assessment.characteristics_table`, measured on `frame` (n,) instead of at the fit."""
    return [_characteristic(each, frame, bad, weight) for each in card.characteristics]


def _characteristic(
    each: Characteristic, frame: pl.DataFrame, bad: Array, weight: FloatArray
) -> dict[str, Any]:
    codes = each.locate(frame[each.name])
    places = _places(each)
    size = max([*(at for at, _ in places), int(codes.max(initial=0))]) + 1
    flags = np.asarray(bad, dtype=float)
    bads = np.bincount(codes, weights=weight * flags, minlength=size)
    goods = np.bincount(codes, weights=weight * (1 - flags), minlength=size)
    attributes, value = [], 0.0
    for at, attribute in places:
        rows = bads[at] + goods[at]
        of_goods = (goods[at] + SMOOTH) / (goods.sum() + 2 * SMOOTH)
        of_bads = (bads[at] + SMOOTH) / (bads.sum() + 2 * SMOOTH)
        woe = float(np.log(of_goods / of_bads)) if rows else 0.0
        value += float(of_goods - of_bads) * woe
        attributes.append(
            {
                "label": attribute.label,
                "woe": woe,
                "points": attribute.points,
                "share": float(rows / max(float(weight.sum()), 1e-300)),
                "bad_rate": float(bads[at] / rows) if rows else None,
            }
        )
    return {
        "name": each.name,
        "information_value": value,
        "coefficient": each.coefficient,
        "attributes": attributes,
    }


def _places(each: Characteristic) -> list[tuple[int, Attribute]]:
    """Each attribute with its position in `locate`."""
    if isinstance(each, Numeric):
        listed = [*each.attributes, *(attribute for _, attribute in each.special)]
        missing_at = len(listed)
    else:
        listed = [*each.attributes, *([each.other] if each.other else [])]
        missing_at = len(each.groups) + 1
    places = list(enumerate(listed))
    return [*places, (missing_at, each.missing)] if each.missing else places
