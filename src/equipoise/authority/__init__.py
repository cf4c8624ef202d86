"""Who may decide what: the matrix of levels, the people and their overrides; and a strategy's life
from draft to retired, with what its gates say."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
