"""Who may decide what: the matrix of levels, the people, their overrides, and their queues."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
