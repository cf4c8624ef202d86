"""Who was booked, and what to say where outcomes are known for the booked alone."""

from __future__ import annotations

import polars as pl

from equipoise.contract import Contract, forbid_protected
from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import BoolArray
from equipoise.risk.document import AcceptedOnlySection

NOTEWORTHY = 0.02


def booked_rows(section: AcceptedOnlySection, contract: Contract, frame: pl.DataFrame) -> BoolArray:
    """Which applications became loans, (n,): as `booked` says, else those with an outcome."""
    if section.booked is None:
        return frame.select(contract.bad().is_not_null().alias("booked"))["booked"].to_numpy()
    each = compile_expression(section.booked, contract.types())
    forbid_protected(contract, sorted(each.names), "accepted_only.booked")
    booked = frame.select(each.polars().alias("booked"))["booked"]
    return booked.cast(pl.Boolean).fill_null(value=False).to_numpy()


def accepted_only_caution(
    section: AcceptedOnlySection, contract: Contract, frame: pl.DataFrame, refused: int
) -> list[str]:
    """The sentence that comes first where outcomes are missing, with the share; else nothing.

    `refused` counts rows that the contract's check refused for want of an outcome.
    """
    booked = booked_rows(section, contract, frame)
    left, rows = int((~booked).sum()) + refused, booked.size + refused
    if not rows or left < NOTEWORTHY * rows:
        return []
    if section.booked is None:
        what = f"{left:,} of {rows:,} applications ({left / rows:.0%}) have no outcome"
        if_so = "if they were declined or never booked, the models know accepted applicants alone"
        mend = "say who was booked (`accepted_only: {booked: ...}` in risk.yaml)"
        if refused:
            mend += (
                f"; {refused:,} are refused by the check: `missing: allow` on the target keeps them"
            )
    else:
        what = f"outcomes are known for the booked alone: {left / rows:.0%} of {rows:,} were not"
        if_so = "their PD is carried over from booked ones like them"
        mend = "`equipoise balance --reject-inference` shows what other readings would change"
    return [f"{what}; {if_so}; {mend}"]
