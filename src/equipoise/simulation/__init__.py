"""A synthetic lender with known truth."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
