"""strategy.yaml, drafted: bands of PD around the bad rate at hand, and who signs what."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from equipoise.contract import Contract
from equipoise.documents import to_yaml
from equipoise.drafting.figures import Figure, Figures
from equipoise.expression import compile as compile_expression

USUAL_BAD_RATE = 0.1
# multiples of the bad rate: a Basel-like ladder has no place where nothing is known of the lender
_LOW, _MIDDLE, _HIGH, _LAST = 0.5, 1.5, 2.5, 3.0


def draft_strategy(contract: Contract, figures: Figures, frame: pl.DataFrame | None) -> str:
    """YAML text of strategy.yaml. `frame` is the checked table, which gives the bad rate."""
    rate = _bad_rate(contract, frame)
    low, middle, high, last = (_band(rate, times) for times in (_LOW, _MIDDLE, _HIGH, _LAST))
    header = (
        "Drafted: what to do with an application. Nothing here is confirmed yet.\n"
        f"bands: multiples of the bad rate, {rate:.3g}, in the data.\n"
        "applicant: as in treatments.yaml. The base price is known in time, or else\n"
        f"{figures.apr.typical:g} for everybody.\n"
        "rules: none yet; write each with a reason, and its text for the customer under `texts`.\n"
        "authority: above five times the usual amount a person signs.\n"
        "`equipoise strategy from-frontier` writes the third way to choose, `balance`."
    )
    data: dict[str, Any] = {
        "name": _name(contract.name),
        "version": 1,
        "contract": {"name": contract.name, "version": contract.version},
        "languages": list(contract.languages),
        "model": "scorecard",
        "applicant": {
            "amount": _known(contract, figures.amount),
            "term_months": _known(contract, figures.term),
            "monthly_income": _known(contract, figures.income),
            "apr": _known(contract, figures.apr),
        },
        "rules": [],
        "tiers": [
            {"name": "low", "when": f"pd < {low:g}", "journeys": ["fast", "standard"]},
            {
                "name": "middle",
                "when": f"pd < {middle:g}",
                "journeys": ["fast", "standard", "full"],
            },
            {"name": "high", "journeys": ["standard", "full"]},
        ],
        "choose": "cutoff",
        "cutoff": {
            "score": "pd",
            "bands": [
                {"below": low, "give": "fast_today_full"},
                {"below": middle, "give": "standard_today_full"},
                {"below": high, "give": "full_today_part"},
                {"below": last, "give": "refer"},
            ],
            "otherwise": "decline",
        },
        "authority": {
            "levels": [{"name": "underwriter"}, {"name": "senior_underwriter"}],
            "matrix": [
                {"up_to": 5 * figures.amount.typical, "exceptions": "none", "level": "system"},
                {"up_to": 10 * figures.amount.typical, "level": "underwriter"},
                {"level": "senior_underwriter"},
            ],
        },
        "texts": {},
    }
    return to_yaml(data, header)


def _name(text: str) -> str:
    """A name that a file and a command can carry."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")
    return name if name[:1].isalpha() else f"strategy_{name}".rstrip("_")


def _known(contract: Contract, figure: Figure) -> str:
    """The figure's expression where it reads only what is known in time, else its usual size."""
    types = contract.types()
    names = compile_expression(figure.expression, types).names
    return figure.expression if names <= set(contract.feature_names) else f"{figure.typical:g}"


def _bad_rate(contract: Contract, frame: pl.DataFrame | None) -> float:
    if frame is None or not frame.height:
        return USUAL_BAD_RATE
    rate = frame.select(contract.bad().cast(pl.Float64).mean()).item()
    return min(max(float(rate), 0.005), 0.3) if rate is not None else USUAL_BAD_RATE


def _band(rate: float, times: float) -> float:
    return float(f"{min(times * rate, 0.97):.3g}")
