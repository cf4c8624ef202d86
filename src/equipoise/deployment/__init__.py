"""Taking a strategy from a solved frontier: its prices, or a table that people can read."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
