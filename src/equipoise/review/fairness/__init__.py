"""Fairness of a strategy: decision, price, waiting and documents asked, between groups."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
