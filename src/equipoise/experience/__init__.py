"""Completion, waiting, take-up, and what each check buys and costs."""

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
