"""What a person reads for the name of an input: `take_up.price` is the response of take-up."""

from __future__ import annotations

_INPUTS = {
    "lgd": "Loss given default",
    "lgd_scale": "Loss given default",
    "lender.funding_rate": "Funding rate",
    "lender.operating_cost": "Operating cost of a loan",
    "lender.cost_of_capital": "Cost of capital",
    "lender.underwriter_hour_cost": "Cost of an underwriter's hour",
    "pd_response.price": "Response of default to price",
    "pd_response.burden": "Response of default to the instalment",
    "waiting.hazard_per_day": "Share who give up per day of waiting",
    "take_up.intercept": "Take-up of an offer at the usual terms",
    "take_up.price": "Response of take-up to price",
    "take_up.amount": "Response of take-up to the amount offered",
    "take_up.waiting": "Response of take-up to waiting",
    "take_up.risk": "Response of take-up to risk",
    "applicant.today": "What each applicant is offered today",
    "applicant.apr": "Today's price (APR)",
    "applicant.amount": "Amount asked",
    "applicant.term_months": "Term asked",
    "applicant.monthly_income": "Monthly income",
}
_PARTS = {
    "drop_off": "share who leave",
    "minutes": "applicant's minutes",
    "cost": "cost",
    "sensitivity": "share of future defaulters it stops",
    "false_alarm": "share of good payers it stops",
}


def input_label(name: str) -> str:
    """The label of an input by its name in `ValueModel.quantities` or a workspace's documents.

    Steps and checks keep the lender's own name; a name that is not known reads as it is written.
    """
    if name in _INPUTS:
        return _INPUTS[name]
    room, _, rest = name.partition(".")
    whose, _, part = rest.rpartition(".")
    if room in {"steps", "checks"} and whose and part in _PARTS:
        return f"{_capital(whose.replace('_', ' '))}: {_PARTS[part]}"
    return _capital(name.replace("_", " "))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
