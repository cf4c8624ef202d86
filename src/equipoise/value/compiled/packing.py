"""Figures and menu as the arrays that the compiled formula reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.value.compiled.figures import Figures
from equipoise.value.treatments import Treatment

# in the order in which the compiled loops read them
TREATMENT = (
    "add", "lowest", "highest", "share", "add_months", "log_ratio", "inclination", "stays",
    "good", "bad", "ratio", "minutes", "questions", "hours", "cost",
)  # fmt: skip
LENDER = (
    "check_shift", "price_response", "burden_response", "capital_start", "capital_step",
    "take_up_price", "take_up_risk", "funding_rate", "operating_cost", "cost_of_capital",
    "lgd_scale", "window_months",
)  # fmt: skip
LANES = 8  # treatments that one applicant's loop takes at a time
LEAST_PRICE = 1e-4  # of a price that moves
_EXTREME = 1e9  # odds that checks can move odds by


def lender(figures: Figures) -> dict[str, float]:
    """The formula's arguments that are the same for everybody."""
    return {
        "check_shift": figures.check_shift,
        "price_response": figures.price_response,
        "burden_response": figures.burden_response,
        "take_up_price": figures.take_up.price,
        "take_up_risk": figures.take_up.risk,
        "funding_rate": figures.funding_rate,
        "operating_cost": figures.operating_cost,
        "cost_of_capital": figures.cost_of_capital,
        "lgd_scale": figures.lgd_scale,
        "window_months": figures.window_months,
        "capital_start": figures.unit_capital.start,
        "capital_step": figures.unit_capital.step,
    }


def treatment(figures: Figures, each: Treatment) -> dict[str, float]:
    """The formula's arguments of one treatment that is not the decline."""
    journey, price, amount, term = each.journey, each.price, each.amount, each.term
    if journey is None or price is None or amount is None or term is None:
        raise ValueError("a decline has no terms")
    way, take_up = figures.ways[journey.name], figures.take_up
    good = bad = 1.0
    for sensitivity, false_alarm in way.checks:
        good *= 1.0 - false_alarm
        bad *= 1.0 - sensitivity
    ratio = min(max(bad / good if good else _EXTREME, 1.0 / _EXTREME), _EXTREME)
    inclination = take_up.intercept - take_up.price * take_up.reference_apr
    inclination += take_up.amount * _log(amount.share) + take_up.waiting * way.wait_days
    moved = price.add != 0
    return {
        "add": price.add,
        "lowest": max(price.floor, LEAST_PRICE) if moved else 0.0,
        "highest": price.cap if moved else _EXTREME,
        "share": amount.share,
        "add_months": float(term.add_months),
        "inclination": inclination,
        "stays": way.stays,
        "good": good,
        "bad": bad,
        "ratio": ratio,
        "log_ratio": _log(ratio),
        "minutes": way.minutes,
        "questions": way.questions,
        "hours": way.underwriter_hours,
        "cost": way.cost + way.underwriter_hours * figures.underwriter_hour_cost,
    }


@dataclass(frozen=True, slots=True)
class Packed:
    """What compiled loops read: `parts` is (treatments without decline, parts), `lender` (parts,).

    `lanes` holds the same parts for `LANES` treatments at a time, (blocks, parts * LANES); the
    last treatment fills up the last block. `unit` is the table of unit capital.
    """

    parts: FloatArray
    lanes: FloatArray
    lender: FloatArray
    unit: FloatArray


def packed(figures: Figures, menu: Sequence[Treatment]) -> Packed:
    """The arrays of a menu, the decline first on it, under these figures."""
    columns = [treatment(figures, each) for each in menu[1:]]
    parts = np.array([[column[name] for name in TREATMENT] for column in columns])
    whole = lender(figures)
    blocks = -(-len(columns) // LANES)
    padded = parts[np.minimum(np.arange(blocks * LANES), len(columns) - 1)]
    lanes = padded.reshape(blocks, LANES, -1).transpose(0, 2, 1).reshape(blocks, -1)
    return Packed(
        parts,
        np.ascontiguousarray(lanes),
        np.array([whole[name] for name in LENDER]),
        np.array(figures.unit_capital.values),
    )


def _log(x: float) -> float:
    """Twelve digits: the same from every C library."""
    return float(f"{log(x):.12g}")
