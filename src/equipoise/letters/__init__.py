"""Letters to applicants, as PDF: for people and for screen readers, the same bytes each time."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
