"""Taking a strategy from a solved frontier: its prices, or a table that people can read."""

from equipoise.deployment.frontier import Point, Taken, take
from equipoise.deployment.table import Distilled, distil
from equipoise.deployment.writing import with_sections

__all__ = ["Distilled", "Point", "Taken", "distil", "take", "with_sections"]
