"""Who may decide what: the matrix of levels, the people and their overrides; and a strategy's life
from draft to retired, with what its gates say."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
