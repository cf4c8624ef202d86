"""Treatments, their values, and the balance between them."""

from equipoise.balance.evaluation import Estimate, Evaluation, MissingSupport, evaluate_policy
from equipoise.balance.frontier import Frontier, Point, trace_frontier
from equipoise.balance.problem import Infeasible, Multipliers, Problem, Row, Solution
from equipoise.balance.solve import solve

__all__ = [
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
    "evaluate_policy",
    "solve",
    "trace_frontier",
]
