# ruff: noqa: PLR0917  (compiled loops take their arrays by position)
"""The formula over a block of applicants, or over a block of treatments for one applicant.

A block has a fixed size and its figures stand one after the other in one flat array, row by row:
so the compiler sees that nothing overlaps and handles several values per instruction. Each value's
own operations keep their order, so a block gives the bits of the formula alone.
"""

from __future__ import annotations

from equipoise.numeric.arrays import Array
from equipoise.numeric.compiled import compilable
from equipoise.value.compiled.arithmetic import lookup
from equipoise.value.compiled.formula import at_terms, capital_place, measured, standing
from equipoise.value.compiled.packing import LANES, TREATMENT
from equipoise.value.measures import MEASURES

BLOCK = 64
MEASURED = len(MEASURES)
FOUND = MEASURED + 4  # measures, then APR, amount, months, instalment
ROWS = FOUND + 4  # then rate, share repaid, odds, log-odds, in whose place unit capital comes
PARTS = len(TREATMENT)
PERSON = 7  # seen log-odds, instalment, LGD, amount, months, income, APR

# where rows begin: of an applicant; of a treatment's terms, after its measures; of its parts
_B1, _B2, _B3, _B4, _B5, _B6 = (k * BLOCK for k in range(1, PERSON))
_APR, _AMOUNT, _MONTHS, _PAYS, _RATE, _REPAID, _ODDS, _LAST = (
    k * BLOCK for k in range(MEASURED, ROWS)
)
_APR_1, _AMOUNT_1, _MONTHS_1, _PAYS_1, _RATE_1, _REPAID_1, _ODDS_1, _LAST_1 = (
    k * LANES for k in range(MEASURED, ROWS)
)
_PARTS_1 = ROWS * LANES
_P = tuple(_PARTS_1 + k * LANES for k in range(PARTS))


@compilable
def fill_people(
    x: Array, pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array
) -> None:
    """Up to `BLOCK` applicants into `x` (7 rows); the last one fills up the block."""
    for i in range(BLOCK):
        at = min(i, pd.size - 1)
        x[i], x[i + _B1] = pd[at], 0.0
        x[i + _B2], x[i + _B3], x[i + _B4] = lgd[at], amount[at], months[at]
        x[i + _B5], x[i + _B6] = income[at], apr[at]
    for i in range(BLOCK):
        x[i], x[i + _B1] = standing(x[i], x[i + _B3], x[i + _B4], x[i + _B6])


@compilable
def people(out: Array, x: Array, p: Array, c: Array, unit: Array) -> None:
    """One treatment (its parts `p`) for a block of applicants `x`: `out` has 20 rows."""
    add, lowest, highest, share, add_months = p[0], p[1], p[2], p[3], p[4]
    shift, price, burden, start, step = c[0], c[1], c[2], c[3], c[4]
    for i in range(BLOCK):
        (
            out[i + _APR], out[i + _AMOUNT], out[i + _MONTHS], out[i + _PAYS],
            out[i + _RATE], out[i + _REPAID], out[i + _ODDS], out[i + _LAST],
        ) = at_terms(
            x[i], x[i + _B1], x[i + _B3], x[i + _B4], x[i + _B5], x[i + _B6],
            add, lowest, highest, share, add_months, shift, price, burden,
        )  # fmt: skip
    log_ratio = p[5]
    # a look-up goes one value at a time; alone, it holds nobody up
    for i in range(BLOCK):
        out[i + _LAST] = lookup(unit, capital_place(out[i + _LAST], log_ratio, start, step))
    inclination, stays, good, bad, ratio = p[6], p[7], p[8], p[9], p[10]
    minutes, questions, hours, cost = p[11], p[12], p[13], p[14]
    take_up_price, take_up_risk, funding, operating = c[5], c[6], c[7], c[8]
    capital, lgd_scale, window = c[9], c[10], c[11]
    for i in range(BLOCK):
        measures = measured(
            x[i], x[i + _B2],
            out[i + _APR], out[i + _AMOUNT], out[i + _MONTHS], out[i + _RATE], out[i + _REPAID],
            out[i + _ODDS], out[i + _LAST],
            inclination, stays, good, bad, ratio, minutes, questions, hours, cost,
            take_up_price, take_up_risk, funding, operating, capital, lgd_scale, window,
        )  # fmt: skip
        for m in range(MEASURED):
            out[i + m * BLOCK] = measures[m]


@compilable
def treatments(
    out: Array, p: Array, c: Array, unit: Array,
    seen: float, instalment: float,
    lgd: float, amount: float, months: float, income: float, apr: float,
) -> None:  # fmt: skip
    """A block of treatments (`p` has 15 rows) for one applicant: `out` has 20 rows, then `p`."""
    for i in range(PARTS * LANES):
        out[i + _PARTS_1] = p[i]
    shift, price, burden, start, step = c[0], c[1], c[2], c[3], c[4]
    for i in range(LANES):
        (
            out[i + _APR_1], out[i + _AMOUNT_1], out[i + _MONTHS_1], out[i + _PAYS_1],
            out[i + _RATE_1], out[i + _REPAID_1], out[i + _ODDS_1], out[i + _LAST_1],
        ) = at_terms(
            seen, instalment, amount, months, income, apr,
            out[i + _P[0]], out[i + _P[1]], out[i + _P[2]], out[i + _P[3]], out[i + _P[4]],
            shift, price, burden,
        )  # fmt: skip
    for i in range(LANES):
        out[i + _LAST_1] = lookup(
            unit, capital_place(out[i + _LAST_1], p[i + 5 * LANES], start, step)
        )
    take_up_price, take_up_risk, funding, operating = c[5], c[6], c[7], c[8]
    capital, lgd_scale, window = c[9], c[10], c[11]
    for i in range(LANES):
        measures = measured(
            seen, lgd,
            out[i + _APR_1], out[i + _AMOUNT_1], out[i + _MONTHS_1],
            out[i + _RATE_1], out[i + _REPAID_1], out[i + _ODDS_1], out[i + _LAST_1],
            out[i + _P[6]], out[i + _P[7]], out[i + _P[8]], out[i + _P[9]], out[i + _P[10]],
            out[i + _P[11]], out[i + _P[12]], out[i + _P[13]], out[i + _P[14]],
            take_up_price, take_up_risk, funding, operating, capital, lgd_scale, window,
        )  # fmt: skip
        for m in range(MEASURED):
            out[i + m * LANES] = measures[m]
