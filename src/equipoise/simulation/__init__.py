"""A synthetic lender with known truth."""

from equipoise.simulation.lender import Lender, simulate
from equipoise.simulation.menu import MenuTable, Terms
from equipoise.simulation.outcome import CheckTruth, Outcome
from equipoise.simulation.parameters import Parameters, read_parameters
from equipoise.simulation.truth import Truth, read_truth
from equipoise.simulation.write import write_lender

__all__ = [
    "CheckTruth",
    "Lender",
    "MenuTable",
    "Outcome",
    "Parameters",
    "Terms",
    "Truth",
    "read_parameters",
    "read_truth",
    "simulate",
    "write_lender",
]
