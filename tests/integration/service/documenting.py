"""A lender whose contract has questions that are answered with documents."""

from __future__ import annotations

from typing import Any

from applying import asking_contract
from corner_lender import STRATEGY, content

from equipoise.contract import Contract
from equipoise.strategy.sealing import seal

PAYSLIP, PLAN = "payslip", "plan"
FIELDS = (
    {
        "name": PAYSLIP,
        "type": "file",
        "missing": "refuse",
        "source": "applicant",
        "purpose": "what you earn",
        "label": {"en": "Your payslip of last month", "zh": "您上个月的工资单"},
        "help": {
            "en": "All of it, with your name on it.",
            "zh": "请提供完整的、带有您姓名的工资单。",
        },
    },
    {
        "name": PLAN,
        "type": "file",
        "accepts": ["pdf"],
        "source": "applicant",
        "label": {"en": "The plan of what you build", "zh": "您的建造计划"},
    },
)
# Who builds without a plan is decided on by a person.
RULE = {"name": "unplanned", "when": "NOT plan", "outcome": "refer", "reason": "UNPLANNED"}
TEXTS = {"UNPLANNED": {"en": "There is no plan.", "zh": "没有计划。"}}


def contract() -> Contract:
    """The asking lender's, with a payslip that has to be there and a plan that may be."""
    plain = asking_contract().model_dump(mode="json", exclude_none=True)
    return Contract.model_validate({**plain, "fields": [*plain["fields"], *FIELDS]})


def sealed_documents(**changes: Any) -> bytes:
    """The file of its strategy."""
    sections = {
        "rules": [RULE, *STRATEGY["rules"]],
        "texts": {**STRATEGY["texts"], **TEXTS},
        "languages": ["en", "zh"],
        **changes,
    }
    made = content(**sections).model_copy(update={"contract": contract()})
    return seal(made).text().encode()
