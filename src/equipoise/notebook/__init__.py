"""The library's front door: fit, balance and decide over data frames, as in a notebook."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
