"""A corner lender: a hand-made card and strategy whose every answer can be reckoned by hand.

The card has three characteristics and a straight table of PDs: 500 points are a PD of 0.5, 700
points of 0.001. A strategy of each kind stands on it.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

from small_lender import CHECK_SHIFT, document, model

from equipoise.contract import Contract
from equipoise.risk import Scorecard
from equipoise.risk.characteristic import Attribute, Categorical, Numeric
from equipoise.risk.grades import Grades
from equipoise.risk.pd_table import PdTable
from equipoise.risk.reasons import AtCutoff
from equipoise.risk.scorecard import Scaling
from equipoise.strategy.content import Content, ModelPart
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal
from equipoise.value.compiled import Figures, figures_of

TODAY = date(2026, 3, 2)

CONTRACT: dict[str, Any] = {
    "name": "corner",
    "version": 3,
    "currency": "EUR",
    "languages": ["en"],
    "id": "application_id",
    "date": "applied_on",
    "target": {"field": "bad", "event": True, "window_months": 24},
    "fields": [
        {"name": "application_id", "type": "string", "use": "identifier"},
        {"name": "applied_on", "type": "date", "use": "date"},
        {
            "name": "amount",
            "type": "number",
            "range": [500, 50000],
            "missing": "refuse",
            "change": {"direction": "decrease", "step": 500, "days": 0},
        },
        {"name": "term", "type": "integer", "range": [6, 84], "missing": "refuse"},
        {"name": "income", "type": "number", "range": [0, None], "missing": "refuse"},
        {"name": "dti", "type": "number", "range": [0, 3], "missing_codes": [-1.0]},
        {
            "name": "score",
            "type": "number",
            "range": [300, 850],
            "as_of": "score_date",
            "fresh_days": 30,
        },
        {"name": "score_date", "type": "date"},
        {"name": "employment", "type": "string", "values": ["permanent", "temporary", "own"]},
        {"name": "on_sick_leave", "type": "boolean", "use": "feature", "source": "applicant"},
        {"name": "sex", "type": "string", "use": "audit", "sensitivity": "protected"},
        {"name": "bad", "type": "boolean", "use": "target"},
    ],
}
STRATEGY: dict[str, Any] = {
    "name": "corner",
    "version": 1,
    "contract": {"name": "corner", "version": 3},
    "features": {
        "burden": "amount / (12 * income)",
        "strained": "burden > 0.8 OR dti > 0.5",
    },
    "model": "card",
    "applicant": {
        "amount": "amount",
        "term_months": "term",
        "monthly_income": "income",
        "apr": "CASE WHEN pd < 0.05 THEN 0.09 ELSE 0.15 END",
    },
    "rules": [
        {"name": "debts", "when": "dti > 0.6", "outcome": "decline", "reason": "DEBTS"},
        {"name": "sick", "when": "on_sick_leave", "outcome": "refer", "reason": "SICK"},
        {
            "name": "strained_and_risky",
            "when": "strained AND pd > 0.2",
            "outcome": "decline",
            "reason": "STRAINED",
        },
    ],
    "tiers": [
        {"name": "low", "when": "pd < 0.1", "journeys": ["quick", "full"]},
        {"name": "high", "journeys": ["full"]},
    ],
    "choose": "table",
    "table": {
        "rows": [
            {"tier": "low", "when": "amount <= 10000", "give": "quick_base_all"},
            {"tier": "low", "give": "full_base_all"},
            {"tier": "high", "when": "pd < 0.26", "give": ["full_up_less", "refer"]},
            {"tier": "high", "give": "decline"},
        ]
    },
    "cutoff": {
        "score": "pd",
        "bands": [
            {"below": 0.1, "give": "quick_base_all"},
            {"below": 0.26, "give": "full_up_less"},
        ],
        "otherwise": "decline",
    },
    "balance": {
        "goal": "good_customers_served",
        "worth": 1000.0,
        "prices": [
            {
                "name": "loss rate",
                "multiplier": 1.5,
                "weights": {"expected_loss": 1.0, "exposure": -0.05},
            },
            {"name": "profit", "multiplier": 0.2, "weights": {"profit": -1.0}},
            {
                "name": "large loans",
                "multiplier": 0.2,
                "weights": {"exposure": 1.0},
                "where": "amount > 15000",
            },
        ],
        "point": "by hand",
    },
    "texts": {
        "DEBTS": {"en": "Your debts take too much of your income."},
        "SICK": {"en": "A person looks at it with you."},
        "STRAINED": {"en": "The loan would strain your income."},
    },
}
SAFE: dict[str, Any] = {
    "application_id": "safe",
    "applied_on": TODAY,
    "amount": 8000.0,
    "term": 36,
    "income": 3000.0,
    "dti": 0.2,
    "score": 780.0,
    "score_date": date(2026, 2, 20),
    "employment": "permanent",
    "on_sick_leave": False,
}


def _attribute(points: float, woe: float = 0.0) -> Attribute:
    return Attribute("", woe, points)


def card() -> Scorecard:
    """500 points and: score -60, 0, +100 or +180; dti +20, 0 or -40; own -20."""
    return Scorecard(
        name="card",
        characteristics=(
            Numeric(
                "score",
                -1.0,
                (500.0, 600.0, 700.0),
                (_attribute(-60.0), _attribute(0.0), _attribute(100.0), _attribute(180.0)),
                _attribute(-20.0),
            ),
            Numeric(
                "dti",
                -1.0,
                (0.3, 0.5),
                (_attribute(20.0), _attribute(0.0), _attribute(-40.0)),
                _attribute(-10.0),
            ),
            Categorical(
                "employment",
                -1.0,
                (("permanent", "temporary"), ("own",)),
                (_attribute(0.0), _attribute(-20.0)),
                None,
                None,
            ),
        ),
        base_points=500.0,
        intercept=0.0,
        scaling=Scaling(),
        pd_table=PdTable(500.0, 200.0, (0.5, 0.001)),
        window_months=24,
    )


@cache
def _figures() -> Figures:
    return figures_of(model(), CHECK_SHIFT)


def content(**changes: Any) -> Content:
    """The corner lender's strategy, with parts of its document changed."""
    strategy = StrategyDocument.model_validate({**STRATEGY, **changes})
    fitted = card()
    return Content(
        strategy=strategy,
        contract=Contract.model_validate(CONTRACT),
        treatments=document(),
        model=ModelPart(
            kind="scorecard",
            name="card",
            digest=fitted.digest,
            sidecar=json.loads(fitted.to_json()),
        ),
        model_features={"score": "score", "dti": "dti", "employment": "employment"},
        types={"score": "number", "dti": "number", "employment": "string"},
        grades=Grades((0.05, 0.15), ("A", "B", "C")).as_dict(),
        concepts={"score": "credit history", "dti": "debts"},
        reference=AtCutoff(0.1, {"score": 0.0, "dti": 0.0, "employment": 0.0}, 200).as_dict(),
        lgd=0.45,
        window_months=24.0,
        figures=_figures().as_dict(),
        checks={},
    )


def strategy(**changes: Any) -> Strategy:
    """The same, sealed and ready to decide."""
    return Strategy(seal(content(**changes)))


def application(**changes: Any) -> dict[str, Any]:
    """A safe application with some facts changed; None leaves a fact out."""
    merged = {**SAFE, **changes}
    return {name: value for name, value in merged.items() if value is not None}
