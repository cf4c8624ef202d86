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
from equipoise.value.compiled.packing import LANES

BLOCK = 64
MEASURED = 12
FOUND = 16  # measures, then APR, amount, months, instalment
BETWEEN = 4  # rate, share repaid, odds, then log-odds, in whose place unit capital comes
ROWS = FOUND + BETWEEN
PARTS = 15
PERSON = 7  # seen log-odds, instalment, LGD, amount, months, income, APR

# where rows begin
_B1, _B2, _B3, _B4, _B5, _B6, _B7, _B8, _B9, _B10, _B11, _B12, _B13, _B14, _B15 = (
    k * BLOCK for k in range(1, 16)
)
_B16, _B17, _B18, _B19 = (k * BLOCK for k in range(16, 20))
_L1, _L2, _L3, _L4, _L5, _L6, _L7, _L8, _L9, _L10, _L11, _L12, _L13, _L14, _L15 = (
    k * LANES for k in range(1, 16)
)
_L16, _L17, _L18, _L19, _L20, _L21, _L22, _L23, _L24 = (k * LANES for k in range(16, 25))
_L26, _L27, _L28, _L29, _L30, _L31, _L32, _L33, _L34 = (k * LANES for k in range(26, 35))


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
            out[i + _B12], out[i + _B13], out[i + _B14], out[i + _B15],
            out[i + _B16], out[i + _B17], out[i + _B18], out[i + _B19],
        ) = at_terms(
            x[i], x[i + _B1], x[i + _B3], x[i + _B4], x[i + _B5], x[i + _B6],
            add, lowest, highest, share, add_months, shift, price, burden,
        )  # fmt: skip
    log_ratio = p[5]
    # a look-up goes one value at a time; alone, it holds nobody up
    for i in range(BLOCK):
        out[i + _B19] = lookup(unit, capital_place(out[i + _B19], log_ratio, start, step))
    inclination, stays, good, bad, ratio = p[6], p[7], p[8], p[9], p[10]
    minutes, questions, hours, cost = p[11], p[12], p[13], p[14]
    take_up_price, take_up_risk, funding, operating = c[5], c[6], c[7], c[8]
    capital, lgd_scale, window = c[9], c[10], c[11]
    for i in range(BLOCK):
        (
            out[i], out[i + _B1], out[i + _B2], out[i + _B3], out[i + _B4], out[i + _B5],
            out[i + _B6], out[i + _B7], out[i + _B8], out[i + _B9], out[i + _B10], out[i + _B11],
        ) = measured(
            x[i], x[i + _B2],
            out[i + _B12], out[i + _B13], out[i + _B14], out[i + _B16], out[i + _B17],
            out[i + _B18], out[i + _B19],
            inclination, stays, good, bad, ratio, minutes, questions, hours, cost,
            take_up_price, take_up_risk, funding, operating, capital, lgd_scale, window,
        )  # fmt: skip


@compilable
def treatments(
    out: Array, p: Array, c: Array, unit: Array,
    seen: float, instalment: float,
    lgd: float, amount: float, months: float, income: float, apr: float,
) -> None:  # fmt: skip
    """A block of treatments (`p` has 15 rows) for one applicant: `out` has 20 rows, then `p`."""
    for i in range(PARTS * LANES):
        out[i + _L20] = p[i]
    shift, price, burden, start, step = c[0], c[1], c[2], c[3], c[4]
    for i in range(LANES):
        (
            out[i + _L12], out[i + _L13], out[i + _L14], out[i + _L15],
            out[i + _L16], out[i + _L17], out[i + _L18], out[i + _L19],
        ) = at_terms(
            seen, instalment, amount, months, income, apr,
            out[i + _L20], out[i + _L21], out[i + _L22], out[i + _L23], out[i + _L24],
            shift, price, burden,
        )  # fmt: skip
    for i in range(LANES):
        out[i + _L19] = lookup(unit, capital_place(out[i + _L19], p[i + _L5], start, step))
    take_up_price, take_up_risk, funding, operating = c[5], c[6], c[7], c[8]
    capital, lgd_scale, window = c[9], c[10], c[11]
    for i in range(LANES):
        (
            out[i], out[i + _L1], out[i + _L2], out[i + _L3], out[i + _L4], out[i + _L5],
            out[i + _L6], out[i + _L7], out[i + _L8], out[i + _L9], out[i + _L10], out[i + _L11],
        ) = measured(
            seen, lgd,
            out[i + _L12], out[i + _L13], out[i + _L14], out[i + _L16], out[i + _L17],
            out[i + _L18], out[i + _L19],
            out[i + _L26], out[i + _L27], out[i + _L28], out[i + _L29], out[i + _L30],
            out[i + _L31], out[i + _L32], out[i + _L33], out[i + _L34],
            take_up_price, take_up_risk, funding, operating, capital, lgd_scale, window,
        )  # fmt: skip
