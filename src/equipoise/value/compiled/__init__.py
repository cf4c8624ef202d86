"""The live value model of a sealed strategy: the same bits live, in batches and in SQL."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
