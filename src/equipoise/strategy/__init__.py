"""The strategy: one sealed document that decides one application or millions, and says why."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
