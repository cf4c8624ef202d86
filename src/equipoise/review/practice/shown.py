"""Which facts of a past case may be shown to whoever practises, and what its loan was worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from equipoise.contract import Contract, Field
from equipoise.review.practice.deck import Case

LEAST = 40
"""Fewer cases are none to practise on."""


def shown_fields(contract: Contract) -> list[Field]:
    """The facts that may be shown: what a model may read, and of it nothing by which somebody could
    be told: no searchable field, no free text, no day, no document."""
    return [
        each
        for each in contract.fields
        if each.use == "feature"
        and not (each.protected or each.searchable or each.accepts)
        and (each.type in ("number", "integer", "boolean") or bool(each.values))
    ]


def earned(measures: Mapping[str, Any], amount: float | None) -> float | None:
    """What a loan of the amount earns where it stays good, by what the strategy expected of it:
    its profit before losses. None where nothing says so."""
    booked = float(measures.get("booked", 0.0))
    if not (amount and booked > 0 and "profit" in measures and "expected_loss" in measures):
        return None
    return float(measures["profit"] + measures["expected_loss"]) / booked


def valued(cases: Sequence[Case], lgd: float) -> list[Case]:
    """Cases with what each loan earns and loses; given are what it earns and its amount.

    What a loan earns when it stays good is what the strategy expects of it before losses; what it
    loses, the loss given default of the amount. Of a case that the strategy would give nothing,
    that of a middling one among those to whom it would.
    """
    priced = [(each.if_good, each.if_bad) for each in cases if each.if_good and each.if_bad]
    if len(priced) < LEAST // 2:
        return [replace(each, if_good=None, if_bad=None) for each in cases]
    middling, amount = (float(np.median(column)) for column in zip(*priced, strict=True))
    return [
        replace(each, if_good=each.if_good, if_bad=lgd * each.if_bad)
        if each.if_good is not None and each.if_good > 0 and each.if_bad
        else replace(each, if_good=middling, if_bad=lgd * amount)
        for each in cases
    ]
