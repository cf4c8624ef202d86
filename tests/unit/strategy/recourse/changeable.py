"""The corner lender with a contract that says what its applicants can change."""

from __future__ import annotations

from typing import Any

from corner_lender import CONTRACT, content

from equipoise.contract import Contract
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal

CHANGES: dict[str, dict[str, Any]] = {
    "amount": {"direction": "decrease", "step": 1000, "days": 0},
    "term": {"direction": "either", "step": 12, "days": 0, "most": 24},
    "income": {"direction": "increase", "step": 100, "days": 20, "most": 800},
    "dti": {"direction": "decrease", "step": 0.05, "days": 15, "most": 0.4},
    "employment": {"to": ["permanent"], "days": 60},
    "on_sick_leave": {"direction": "decrease", "days": 10},
}


def changeable(changes: dict[str, dict[str, Any]] = CHANGES, **parts: Any) -> Strategy:
    """The strategy under a contract that declares these changes and no other."""
    fields = [
        {**{k: v for k, v in each.items() if k != "change"}, "change": changes.get(each["name"])}
        for each in CONTRACT["fields"]
    ]
    contract = Contract.model_validate({**CONTRACT, "fields": fields})
    return Strategy(seal(content(**parts).model_copy(update={"contract": contract})))
