"""What would teach us most: assumptions ranked by what knowing them is worth, and how to know."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
