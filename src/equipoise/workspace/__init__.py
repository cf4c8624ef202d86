"""A lender's folder: making it, checking it, and what each command does with its parts."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
