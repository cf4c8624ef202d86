"""Completion, waiting, take-up, and what each check buys and costs."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
