"""The strategy: one sealed document that decides one application or millions, and says why."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
