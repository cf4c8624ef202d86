"""Completion, waiting, take-up, and what each check buys and costs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.experience import defaults
    from equipoise.experience.callbacks import ContactComparison, compare_contact
    from equipoise.experience.checks import Check, MeasuredCheck, Passage, measure_check, passage
    from equipoise.experience.competing import CumulativeIncidence, cumulative_incidence
    from equipoise.experience.document import ExperienceDocument
    from equipoise.experience.fit import fit_experience
    from equipoise.experience.friction import (
        FrictionRow,
        Meeting,
        Range,
        UncertainCheck,
        friction_ledger,
    )
    from equipoise.experience.result import ExperienceFit, FittedCheck, FittedStep, FittedTakeUp
    from equipoise.experience.takeup import PastOffers, TakeUp, fit_take_up

__all__ = [
    "Check",
    "ContactComparison",
    "CumulativeIncidence",
    "ExperienceDocument",
    "ExperienceFit",
    "FittedCheck",
    "FittedStep",
    "FittedTakeUp",
    "FrictionRow",
    "MeasuredCheck",
    "Meeting",
    "Passage",
    "PastOffers",
    "Range",
    "TakeUp",
    "UncertainCheck",
    "compare_contact",
    "cumulative_incidence",
    "defaults",
    "fit_experience",
    "fit_take_up",
    "friction_ledger",
    "measure_check",
    "passage",
]

_HOMES = {
    "Check": "checks",
    "ContactComparison": "callbacks",
    "CumulativeIncidence": "competing",
    "ExperienceDocument": "document",
    "ExperienceFit": "result",
    "FittedCheck": "result",
    "FittedStep": "result",
    "FittedTakeUp": "result",
    "FrictionRow": "friction",
    "MeasuredCheck": "checks",
    "Meeting": "friction",
    "Passage": "checks",
    "PastOffers": "takeup",
    "Range": "friction",
    "TakeUp": "takeup",
    "UncertainCheck": "friction",
    "compare_contact": "callbacks",
    "cumulative_incidence": "competing",
    "defaults": "defaults",
    "fit_experience": "fit",
    "fit_take_up": "takeup",
    "friction_ledger": "friction",
    "measure_check": "checks",
    "passage": "checks",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: commands should not wait for all of them."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    module = import_module(f"{__name__}.{home}")
    globals()[name] = found = module if home == name else getattr(module, name)
    return found
