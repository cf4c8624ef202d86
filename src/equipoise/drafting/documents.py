"""The documents of a workspace, drafted from a contract's draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import polars as pl

from equipoise.contract import Contract, Draft, check, to_document
from equipoise.documents import Quantity, to_yaml
from equipoise.drafting.figures import Figures, find_figures
from equipoise.drafting.splitting import ChosenSplit, choose_split
from equipoise.drafting.strategy import draft_strategy
from equipoise.experience import assumptions

WINDOW_MONTHS = 12
FORM, UPLOAD, PROOF = "application form", "document upload", "income verification"
TODAY = "standard_today_full"
_WORDING = {
    FORM: {"label": {"en": "the application form", "zh": "申请表"}},
    UPLOAD: {
        "label": {"en": "an upload of your documents", "zh": "上传证件"},
        "need": {
            "en": "a photo of your identity card and your last bank statement",
            "zh": "身份证照片和最近一期银行流水",
        },
    },
    PROOF: {
        "label": {"en": "a proof of your income", "zh": "收入证明"},
        "need": {
            "en": "a payslip not older than three months",
            "zh": "最近三个月内的工资单",
        },
    },
}
_NONE = "no published figure found"


class DraftedWorkspace(NamedTuple):
    """YAML text by file name, and what a person should look at first."""

    documents: dict[str, str]
    notes: tuple[str, ...]


def draft_documents(draft: Draft, frame: pl.DataFrame | None = None) -> dict[str, str]:
    """YAML text of contract, risk, experience, treatments, appetite and strategy, by file name."""
    return draft_workspace(draft, frame).documents


def draft_workspace(draft: Draft, frame: pl.DataFrame | None = None) -> DraftedWorkspace:
    """Draft contract, risk, experience, treatments, appetite and strategy.

    `frame` is the table the contract was drafted from: with it the split is known to leave enough
    bad loans on both sides, and usual amounts are medians; without it they are guessed from the
    contract's ranges. Every assumption says so in a comment or in its own `source`.
    """
    contract = draft.contract
    checked = None if frame is None else check(contract, frame).frame
    figures = find_figures(contract, checked)
    split = choose_split(contract, checked)
    about = _about_the_figures(figures)
    refusal = [f"split: `fit` will refuse these data: {split.refusal}"] if split.refusal else []
    review = (*refusal, *contract.review, *(text for text, _ in about))
    draft = replace(draft, contract=contract.model_copy(update={"review": review}))
    documents = {
        "contract.yaml": to_document(draft),
        "risk.yaml": _risk(contract, split),
        "experience.yaml": _experience(figures),
        "treatments.yaml": _treatments(figures),
        "appetite.yaml": _appetite(contract),
        "strategy.yaml": draft_strategy(contract, figures, checked),
    }
    notes = (*refusal, *draft.notes, *(text for text, aloud in about if aloud))
    return DraftedWorkspace(documents, notes)


def _about_the_figures(figures: Figures) -> list[tuple[str, bool]]:
    """What treatments.yaml reads of each applicant, and whether it is to be looked at first."""
    named = {
        "amount": figures.amount,
        "term_months": figures.term,
        "monthly_income": figures.income,
        "apr": figures.apr,
    }
    return [
        (f"treatments.yaml, {name}: {figure.said}", figure.aloud) for name, figure in named.items()
    ]


def _risk(contract: Contract, split: ChosenSplit) -> str:
    header = (
        "Drafted: which models, validated how. Nothing here is confirmed yet.\n"
        "Models learn from the contract's fields of use `feature`; declare more under `features`.\n"
        f"split: {split.why}.\n"
        f"outcome: a window of {WINDOW_MONTHS} months is assumed, since the data do not say how\n"
        "long loans were watched; it sets how fast losses come. Set it to the truth.\n"
        "lgd, pd_response: assumed, each with its range and source."
    )
    data: dict[str, Any] = {
        "models": [
            {"name": "scorecard", "kind": "scorecard"},
            {"name": "boosted", "kind": "boosted"},
        ],
        "use": "scorecard",
        "split": split.section,
    }
    if contract.target.window_months is None:
        data["outcome"] = {"window_months": WINDOW_MONTHS}
    data["lgd"] = _plain(
        Quantity(
            value=0.45,
            low=0.35,
            high=0.75,
            source="Basel Framework, CRE32: foundation LGD of senior unsecured claims",
            unit="share of exposure at default",
        )
    )
    data["pd_response"] = {
        "price": _assumed(
            3.0, 0.0, 6.0, "no published slope found", "log-odds of default per 1.00 of APR"
        ),
        "burden": _assumed(
            2.0,
            0.0,
            4.0,
            "no published slope found; a tenth of income more to pay raises the odds by 22 %",
            "log-odds of default per unit of instalment / monthly income",
        ),
    }
    return to_yaml(data, header)


def _experience(figures: Figures) -> str:
    header = (
        "Drafted: the journey's steps and checks, waiting and take-up. All of it is assumed, each\n"
        "number with its range and source; replace them by your own, or name an event log and\n"
        "write `measured`. label, need: what a customer is told of a step or a check, in each\n"
        "language; what is needed is assumed too. Costs are scaled to the usual amount, "
        f"{figures.amount.typical:g}."
    )
    unit = figures.amount.typical / 10_000
    data = {
        "steps": [_step(FORM, 8, 25)],
        "checks": [
            _check(UPLOAD, 4, unit, (0.20, 0.05, 0.35), (0.03, 0.01, 0.06)),
            {
                **_check(PROOF, 6, 15 * unit, (0.30, 0.10, 0.50), (0.05, 0.02, 0.10)),
                "underwriter_hours": 0.5,
                "manual": True,
            },
        ],
        "waiting": {
            "hazard_per_day": _plain(assumptions.HAZARD_PER_DAY),
            "acceptance_per_day": _plain(assumptions.ACCEPTANCE_PER_DAY),
        },
        "take_up": {
            "reference_apr": figures.apr.typical,
            "intercept": _plain(assumptions.TAKE_UP_INTERCEPT),
            "price": _plain(assumptions.price_response(figures.apr.typical, 0.577)),
            "amount": _plain(assumptions.TAKE_UP_AMOUNT),
            "risk": _plain(assumptions.TAKE_UP_RISK),
        },
    }
    return to_yaml(data, header)


def _step(name: str, minutes: float, questions: int) -> dict[str, Any]:
    lost = _plain(assumptions.drop_off_after(minutes))
    return {
        "name": name,
        **_WORDING[name],
        "minutes": minutes,
        "questions": questions,
        "drop_off": lost,
    }


def _check(
    name: str,
    minutes: float,
    cost: float,
    sensitivity: tuple[float, float, float],
    false_alarm: tuple[float, float, float],
) -> dict[str, Any]:
    return {
        "name": name,
        **_WORDING[name],
        "minutes": _assumed(minutes, minutes / 2, minutes * 2, _NONE, "minutes"),
        "questions": 2,
        "cost": _money(cost, "money per applicant who reaches it"),
        "drop_off": _plain(assumptions.drop_off_after(minutes)),
        "sensitivity": _assumed(*sensitivity, _NONE, "share of future defaulters stopped"),
        "false_alarm": _assumed(*false_alarm, _NONE, "share of good payers stopped"),
    }


def _treatments(figures: Figures) -> str:
    header = (
        "Drafted: what could be done with each applicant. Nothing here is confirmed yet.\n"
        f"amount: {figures.amount.said}.\n"
        f"term_months: {figures.term.said}.\n"
        f"monthly_income: {figures.income.said}.\n"
        f"apr: {figures.apr.said}.\n"
        f"today: everybody in the data is assumed to have had {TODAY}.\n"
        "journeys: steps and checks of experience.yaml; waits and costs are assumed.\n"
        "prices: added to today's APR. amounts: shares of the amount asked."
    )
    typical = figures.amount.typical
    data = {
        "applicant": {
            "amount": figures.amount.expression,
            "term_months": figures.term.expression,
            "monthly_income": figures.income.expression,
            "apr": figures.apr.expression,
            "today": f"'{TODAY}'",
        },
        "lender": {
            "funding_rate": _assumed(0.03, 0.01, 0.06, _NONE, "a year"),
            "operating_cost": _money(0.01 * typical, "money per booked loan"),
            "cost_of_capital": _assumed(
                0.10, 0.08, 0.12, "a return on equity that banks usually aim for", "a year"
            ),
            "underwriter_hour_cost": _money(0.004 * typical, "money an hour"),
        },
        "journeys": [
            _journey("fast", [], 0.0),
            _journey("standard", [UPLOAD], 1.0),
            _journey("full", [UPLOAD, PROOF], 3.0),
        ],
        "prices": [
            {"name": "low", "add": -0.02, "floor": 0.01},
            {"name": "today", "add": 0},
            {"name": "high", "add": 0.02},
        ],
        "amounts": [{"name": "full", "share": 1.0}, {"name": "part", "share": 0.7}],
    }
    return to_yaml(data, header)


def _journey(name: str, checks: list[str], wait_days: float) -> dict[str, Any]:
    return {"name": name, "steps": [FORM], "checks": checks, "wait_days": wait_days, "cost": 0}


def _appetite(contract: Contract) -> str:
    header = (
        "Drafted: serve as many good customers as possible, with risk, profit and price no worse\n"
        "than today's, and a person looking at no more than about one approval in five.\n"
        "parity: looked at, not enforced; protected fields reach no model and no rule."
    )
    data: dict[str, Any] = {
        "goal": "good_customers_served",
        "frontier": {"x": "expected_loss_rate", "y": "good_customers_served", "points": 20},
        "constraints": [
            {
                "name": "expected loss rate",
                "measure": "expected_loss",
                "per": "exposure",
                "at_most": "today",
            },
            {"name": "profit", "measure": "profit", "at_least": "today"},
            {"name": "average price", "measure": "price", "per": "booked", "at_most": "today"},
            {
                "name": "underwriter hours",
                "measure": "underwriter_hours",
                "per": "approvals",
                "at_most": 0.1,
            },
        ],
    }
    parity = [
        {"name": f"approval by {name}", "group": group, "within": 0.05, "enforce": False}
        for name, group in _groups(contract)
    ]
    if parity:
        data["parity"] = parity
    return to_yaml(data, header)


def _groups(contract: Contract) -> list[tuple[str, str]]:
    """An expression for one side of each protected field that splits people into few groups."""
    groups = []
    for field in contract.fields:
        if not field.protected or field.use == "ignore":
            continue
        if field.type == "boolean":
            groups.append((field.name, field.name))
        elif field.range == (0, 1):
            groups.append((field.name, f"{field.name} = 1"))
        elif field.type == "string" and 2 <= len(field.values) <= 6:
            value = str(field.values[-1]).replace("'", "''")
            groups.append((field.name, f"{field.name} = '{value}'"))
    return groups


def _money(value: float, unit: str) -> dict[str, Any]:
    value = float(f"{value:.3g}")
    return _assumed(value, value / 2, value * 2, _NONE, unit)


def _assumed(value: float, low: float, high: float, source: str, unit: str) -> dict[str, Any]:
    return _plain(Quantity(value=value, low=low, high=high, source=source, unit=unit))


def _plain(quantity: Quantity) -> dict[str, Any]:
    return {name: value for name, value in quantity.model_dump().items() if value not in (None, "")}
