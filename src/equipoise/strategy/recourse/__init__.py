"""A way forward when the answer is no: ways back that were decided, not guessed."""

from equipoise.strategy.recourse.finding import find_recourse, has_way_back
from equipoise.strategy.recourse.way import Changed, WayBack

__all__ = [
    "Changed",
    "WayBack",
    "find_recourse",
    "has_way_back",
]
