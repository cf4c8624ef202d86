"""Drawing a deck from a lender's past applications: only such as have a known outcome, and of each
only the facts that a person may decide by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from equipoise.contract import Contract, Field
from equipoise.errors import BadInput
from equipoise.review.practice.deck import Case, Deck, evenly
from equipoise.review.practice.shown import LEAST, earned, shown_fields, valued
from equipoise.strategy import Decision, Strategy
from equipoise.strategy.explaining.customer import reason_text

SIZE = 400
_TRIED = 4  # times as many are decided as are kept, so that rare kinds are found


def draw_deck(
    strategy: Strategy,
    applications: pl.DataFrame,
    *,
    simulated: bool = False,
    size: int = SIZE,
    seed: int = 0,
) -> Deck:
    """A deck of at most `size` cases out of checked `applications`, evenly by kind of case.

    The model's PD, the strategy's answer and its reasons are those of `strategy` on the day of the
    application. The outcome takes no part in what is drawn, but that it is known: those who were
    turned away then have none and are not among them. Raises BadInput where fewer than `LEAST`
    cases can be shown.
    """
    contract = strategy.content.contract
    known = applications.with_columns(contract.bad()).filter(pl.col("bad").is_not_null())
    tried = known.sample(min(size * _TRIED, known.height), seed=seed, shuffle=True)
    given = [each for each in contract.fields if each.use in ("feature", "identifier", "date")]
    shown = shown_fields(contract)
    texts: dict[str, dict[str, str]] = {}
    cases: list[Case] = []
    for row in tried.select([each.name for each in given] + ["bad"]).iter_rows(named=True):
        bad = bool(row.pop("bad"))
        decision = _decided(strategy, row, contract)
        if decision is not None and decision.trace.pd is not None:
            cases.append(_case(decision, row, bad, shown, _reasons(decision, strategy, texts)))
    if len(cases) < LEAST:
        raise BadInput(
            f"only {len(cases)} past cases have a known outcome and can be decided",
            mend=f"practice needs {LEAST}; until then there are the simulated ones",
        )
    deck = Deck(
        simulated=simulated,
        strategy=f"{strategy.content.strategy.name} v{strategy.content.strategy.version}",
        currency=contract.currency,
        window_months=strategy.content.window_months,
        known=known.height,
        fields=tuple(shown),
        texts=texts,
        cases=tuple(valued(cases, strategy.content.lgd)),
    )
    places = evenly(deck.kinds.tolist(), size, seed)
    numbered = (replace(deck.cases[at], number=n) for n, at in enumerate(places, 1))
    return replace(deck, cases=tuple(numbered), _of={})


def _decided(strategy: Strategy, row: Mapping[str, Any], contract: Contract) -> Decision | None:
    day = row.get(contract.date) if contract.date else None
    try:
        return strategy.decide({k: v for k, v in row.items() if v is not None}, at=day)
    except BadInput:  # what was taken then is not taken now
        return None


def _reasons(
    decision: Decision, strategy: Strategy, texts: dict[str, dict[str, str]]
) -> tuple[str, ...]:
    keys = []
    for reason in decision.reasons:
        key = "/".join(filter(None, (reason.code, reason.feature)))
        if key not in texts:
            texts[key] = {
                language: reason_text(reason, strategy.content, language)
                for language in strategy.content.strategy.languages
            }
        keys.append(key)
    return tuple(keys)


def _case(
    decision: Decision,
    row: Mapping[str, Any],
    bad: bool,
    shown: list[Field],
    reasons: tuple[str, ...],
) -> Case:
    amount = decision.offers[0].amount if decision.offers else None
    return Case(
        number=0,
        facts=tuple(row.get(each.name) for each in shown),
        bad=bad,
        pd=float(decision.trace.pd or 0.0),
        outcome=decision.outcome,
        grade=decision.grade or "",
        reasons=reasons,
        if_good=earned(decision.trace.measures, amount),
        if_bad=amount,
    )
