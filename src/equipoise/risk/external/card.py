"""A foreign card's characteristics over our features, and its points as log-odds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

from equipoise.errors import BadInput
from equipoise.risk.characteristic import Attribute, Characteristic, Numeric
from equipoise.risk.scorecard import Scaling

YES, NO = {"true", "yes", "y", "t", "1"}, {"false", "no", "n", "f", "0"}


def over_feature(each: Characteristic, ours: str, kind: str) -> Characteristic:
    """The characteristic over our feature of a type: listed numbers become special codes."""
    if isinstance(each, Numeric) or kind == "string":
        return replace(each, name=ours)
    refused = Attribute("no row names it", 0.0, None)
    codes = tuple(
        (_code(text, each.name, kind), attribute)
        for group, attribute in zip(each.groups, each.attributes, strict=True)
        for text in group
    )
    if len({code for code, _ in codes}) != len(codes):
        raise BadInput(f"two rows of '{each.name}' name one number", field=each.name)
    return Numeric(ours, 0.0, (), (each.other or refused,), each.missing, codes)


def _code(text: str, name: str, kind: str) -> float:
    if kind == "boolean":
        if text.casefold() in YES | NO:
            return float(text.casefold() in YES)
    else:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
    raise BadInput(
        f"'{name}' has a row for '{text}', and the feature is a {kind}",
        field=name,
        mend="write a feature in risk.yaml that gives such texts, and map to it",
    )


def scaling_of(
    pdo: float, base_odds: float, base_score: float, higher_is: Literal["safer", "riskier"]
) -> Scaling:
    """The scaling, with a negative `pdo` where fewer points are safer."""
    return Scaling(pdo if higher_is == "safer" else -pdo, base_odds, base_score)
