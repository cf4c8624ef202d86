"""Treatments, their values, and the balance between them."""

from equipoise.balance.appetite import AppetiteDocument
from equipoise.balance.evaluation import Estimate, Evaluation, MissingSupport, evaluate_policy
from equipoise.balance.find import Balance, find_balance
from equipoise.balance.frontier import Frontier, Point, trace_frontier
from equipoise.balance.problem import Infeasible, Multipliers, Problem, Row, Solution
from equipoise.balance.solve import solve
from equipoise.value.treatments import TreatmentsDocument

__all__ = [
    "AppetiteDocument",
    "Balance",
    "Estimate",
    "Evaluation",
    "Frontier",
    "Infeasible",
    "MissingSupport",
    "Multipliers",
    "Point",
    "Problem",
    "Row",
    "Solution",
    "TreatmentsDocument",
    "evaluate_policy",
    "find_balance",
    "solve",
    "trace_frontier",
]
