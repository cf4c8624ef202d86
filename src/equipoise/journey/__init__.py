"""A person's answers: what is asked, how it is read and written back, how far and how long."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
