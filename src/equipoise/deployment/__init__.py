"""Taking a strategy from a solved frontier: its prices, or a table that people can read."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
