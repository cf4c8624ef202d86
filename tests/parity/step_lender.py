"""The corner lender asking step by step: three checks of a machine's, one of a person's."""

from __future__ import annotations

from typing import Any

from corner_lender import CONTRACT, content
from small_lender import CHECK_SHIFT, document, experience

from equipoise.contract import Contract
from equipoise.documents import Loaded, Quantity
from equipoise.experience import ExperienceFit, FittedCheck
from equipoise.strategy.asking import asking_figures
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal
from equipoise.value.compiled import figures_of
from equipoise.value.model import ValueModel, value_model
from equipoise.value.treatments import Amount, Journey, Price, TreatmentsDocument

HAZARD = 0.03
TIERS = [
    {"name": "low", "when": "pd < 0.05", "journeys": ["quick", "half", "full"]},
    {"name": "middle", "when": "pd < 0.2", "journeys": ["half", "full", "other", "person"]},
    {"name": "high", "journeys": ["full", "person"]},
]
# which fact each step asks for; `score` may be missing, and a check brings it
STEPS = {"amount": "form", "term": "form", "income": "form", "score": "bank", "dti": "papers"}


def _of(value: float) -> Quantity:
    return Quantity(value=value, source="made up")


def check(name: str, reveals: tuple[float, float], asks: tuple[float, float, float]) -> FittedCheck:
    """`reveals` is sensitivity and false alarm, `asks` drop-off, minutes and money."""
    return FittedCheck(
        name=name,
        minutes=_of(asks[1]),
        cost=_of(asks[2]),
        drop_off=_of(asks[0]),
        sensitivity=_of(reveals[0]),
        false_alarm=_of(reveals[1]),
        questions=2,
        underwriter_hours=0.5 if name == "visit" else 0.0,
        manual=name == "visit",
    )


CHECKS = (
    check("income", (0.35, 0.03), (0.04, 6.0, 3.0)),
    check("bank", (0.5, 0.04), (0.10, 9.0, 7.0)),
    check("call", (0.15, 0.02), (0.03, 4.0, 2.0)),
    check("visit", (0.6, 0.08), (0.05, 30.0, 20.0)),
)


def lender_experience() -> ExperienceFit:
    """The small lender's, with these checks."""
    return experience().model_copy(update={"checks": CHECKS, "hazard_per_day": _of(HAZARD)})


def treatments() -> TreatmentsDocument:
    """Journeys that differ by their checks alone."""
    journeys = (
        Journey(name="quick", steps=("form", "papers"), wait_days=0.5),
        Journey(name="half", steps=("form", "papers"), checks=("income",), wait_days=1.0),
        Journey(name="full", steps=("form", "papers"), checks=("income", "bank"), wait_days=2.5),
        Journey(name="other", steps=("form", "papers"), checks=("call",), wait_days=0.75),
        Journey(
            name="person",
            steps=("form", "papers"),
            checks=("income", "bank", "visit"),
            wait_days=5.0,
        ),
    )
    return document().model_copy(
        update={
            "journeys": journeys,
            "prices": (Price(name="base", add=0.0), Price(name="up", add=0.03, cap=0.3)),
            "amounts": (Amount(name="all", share=1.0), Amount(name="less", share=0.7)),
        }
    )


def lender_model() -> ValueModel:
    """Its value model."""
    loaded = Loaded(treatments(), {}, "treatments.yaml")  # type: ignore[arg-type]
    return value_model(loaded, lender_experience(), 24.0, (_of(4.0), _of(1.5)), {})


def contract() -> Contract:
    """The corner lender's, with the step that asks for each fact."""
    fields = [{**each, "step": STEPS.get(each["name"], "")} for each in CONTRACT["fields"]]
    return Contract.model_validate({**CONTRACT, "fields": fields})


SECTIONS: dict[str, Any] = {
    "tiers": TIERS,
    "person": ("person",),
    "asking": {"way": "step_by_step"},
    "table": {
        "rows": [
            {"tier": "low", "when": "amount <= 10000", "give": "quick_base_all"},
            {"tier": "low", "give": "half_base_all"},
            {"tier": "middle", "when": "pd < 0.12", "give": ["half_base_all", "refer"]},
            {"tier": "middle", "give": "person_base_all"},
            {"tier": "high", "when": "pd < 0.3", "give": "full_up_less"},
            {"give": "decline"},
        ]
    },
    "cutoff": {
        "score": "pd",
        "bands": [
            {"below": 0.05, "give": "quick_base_all"},
            {"below": 0.2, "give": "half_up_less"},
        ],
        "otherwise": "decline",
    },
}


def step_strategy(**changes: Any) -> Strategy:
    """A strategy that asks step by step, sealed and ready to decide."""
    made = content(**{**SECTIONS, **changes})
    model = lender_model()
    figures = asking_figures(model, made.strategy)
    return Strategy(
        seal(
            made.model_copy(
                update={
                    "treatments": treatments(),
                    "contract": contract(),
                    "figures": figures_of(model, CHECK_SHIFT).as_dict(),
                    "asking": None if figures is None else figures.as_dict(),
                }
            )
        )
    )
