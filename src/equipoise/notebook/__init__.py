"""The library's front door: fit, balance and decide over data frames, as in a notebook."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
