"""What the law of a place asks of a lender, as dated data: how long everything may take, and what a
notice has to contain. Lawyers must confirm it before anybody relies on it."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
