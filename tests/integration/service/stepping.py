"""A lender who asks step by step: what a check needs is asked of those alone who need the check."""

from __future__ import annotations

from typing import Any

from applying import asking_contract
from corner_lender import STRATEGY, content
from step_lender import SECTIONS, lender_model, treatments

from equipoise.contract import Contract
from equipoise.strategy.asking import asking_figures
from equipoise.strategy.sealing import seal
from equipoise.value.compiled import figures_of

PAPERS = (
    {"name": "employer", "type": "string", "missing": "refuse", "step": "income"},
    {"name": "months_there", "type": "integer", "range": [0, 900], "step": "income"},
    {"name": "other_accounts", "type": "integer", "step": "bank"},
)
ASKED = {
    "employer": {"en": "Who you work for", "zh": "您的工作单位"},
    "months_there": {"en": "Since how many months", "zh": "工作了几个月"},
    "other_accounts": {"en": "How many other accounts you have", "zh": "您另有几个账户"},
}
TIERS = [
    {"name": "low", "when": "pd < 0.05", "journeys": ["quick", "half", "full"]},
    {"name": "middle", "when": "pd < 0.2", "journeys": ["half", "full"]},
    {"name": "high", "journeys": ["full", "person"]},
]


def contract() -> Contract:
    """The asking lender's, with what its checks ask besides; a bureau's number comes by a check."""
    known = asking_contract().model_dump()
    more: list[dict[str, Any]] = [
        {**each, "source": "applicant", "label": ASKED[str(each["name"])]} for each in PAPERS
    ]
    more.append({"name": "register_hits", "type": "integer", "source": "bureau", "step": "income"})
    return Contract.model_validate({**known, "fields": [*known["fields"], *more]})


def sealed_stepping(**changes: Any) -> bytes:
    """The file of its strategy, with parts of its document changed: a table's, whose low risks need
    no check, and whose middle ones need `income`."""
    model = lender_model()
    sections = {**SECTIONS, "choose": "table", "tiers": TIERS, "texts": STRATEGY["texts"]}
    made = content(**{**sections, **changes})
    figures = asking_figures(model, made.strategy)
    assert figures is not None
    changed = {
        "treatments": treatments(),
        "contract": contract(),
        "figures": figures_of(model, 0.0).as_dict(),
        "asking": figures.as_dict(),
    }
    return seal(made.model_copy(update=changed)).text().encode()
