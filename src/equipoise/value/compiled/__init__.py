"""The live value model of a sealed strategy: the same bits live, in batches and in SQL."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
