"""Treatments, their values, and the balance between them."""

from equipoise.balance.frontier import Frontier, Point, trace_frontier
from equipoise.balance.problem import Infeasible, Multipliers, Problem, Row, Solution
from equipoise.balance.solve import solve

__all__ = [
    "Frontier",
    "Infeasible",
    "Multipliers",
    "Point",
    "Problem",
    "Row",
    "Solution",
    "solve",
    "trace_frontier",
]
