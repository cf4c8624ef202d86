"""Treatments, their values, and the balance between them."""

from equipoise.balance.problem import Infeasible, Multipliers, Problem, Row, Solution
from equipoise.balance.solve import solve

__all__ = ["Infeasible", "Multipliers", "Problem", "Row", "Solution", "solve"]
