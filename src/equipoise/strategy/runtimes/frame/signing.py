"""Who signs each row."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.authority import SYSTEM
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import REFER
from equipoise.strategy.program import GRADE
from equipoise.strategy.runtimes.frame.answers import CODE, OFFERED
from equipoise.strategy.runtimes.frame.cases import Cases, products
from equipoise.texts import codes


def sign(compiled: Compiled, cases: Cases) -> None:
    """Levels and signatures; what is above the machine's authority goes to a person."""
    authority, answers = compiled.authority, cases.answers
    if authority is None:
        return
    graded = cases.table[GRADE].is_not_null().to_numpy()
    refer = (answers.outcome == CODE[REFER]) & graded
    lent = np.isin(answers.outcome, OFFERED)
    amounts = np.where(lent, answers.terms[:, 1], cases.table["its amount"].to_numpy())
    named = products(cases.table)
    asked = pl.DataFrame(
        {
            "amount": pl.Series(amounts, nan_to_null=True),
            "grade": cases.table[GRADE],
            "product": named,
        },
        schema_overrides={"product": pl.String},
    )
    product = None if named is None else "product"
    plain = authority.level_for_frame(asked, product=product)
    level, signatures = plain["level"].to_numpy().copy(), plain["signatures"].to_numpy().copy()
    for at, exceptions in enumerate(cases.carried):
        odd = np.flatnonzero(cases.exceptions == at)
        some = asked[odd].with_columns(exceptions=pl.lit(list(exceptions)))
        ruled = authority.level_for_frame(some, exceptions="exceptions", product=product)
        level[odd], signatures[odd] = ruled["level"].to_numpy(), ruled["signatures"].to_numpy()
    level[refer & (level == SYSTEM)] = compiled.lowest
    above = lent & (level != SYSTEM)
    answers.refer(np.flatnonzero(above), codes.ABOVE_AUTHORITY)
    signed = lent | refer
    level[~signed] = None
    answers.level = pl.Series(level.tolist(), dtype=pl.String)
    answers.signatures = np.where(signed, signatures, 0)
