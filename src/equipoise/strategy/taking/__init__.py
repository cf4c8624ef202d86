"""Taking a strategy from a solved frontier: its prices, or a table that people can read."""

from equipoise.strategy.taking.frontier import Point, Taken, take
from equipoise.strategy.taking.table import Distilled, distil
from equipoise.strategy.taking.writing import with_sections

__all__ = ["Distilled", "Point", "Taken", "distil", "take", "with_sections"]
