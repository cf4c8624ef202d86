"""Completion, waiting, take-up, and what each check buys and costs."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
