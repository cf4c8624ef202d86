"""Measuring a book of loans: losses, capital, how loans roll and migrate, and where they gather."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
