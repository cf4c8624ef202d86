"""Answers about arrivals."""

from __future__ import annotations

from ninja import Schema


class StageOut(Schema):
    """How long applicants wait from entering a stage to the answer, in minutes: half and nine in
    ten have it by then (null: not known, or fewer than 50 had an answer). `answered`, `left`
    (they went before there was one) and `waiting` are how many of the newest waits stood so."""

    stage: str
    answered: int
    left: int
    waiting: int
    half: float | None
    nine_in_ten: float | None
