"""Champion and challengers: who is served by whom, how long to look, and when to stop."""

from equipoise.strategy.exploring.explorer import Explorer
from equipoise.strategy.exploring.split import CHAMPION, Arm, Assignment, Split, draw

__all__ = ["CHAMPION", "Arm", "Assignment", "Explorer", "Split", "draw"]
