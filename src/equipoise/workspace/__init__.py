"""A lender's folder: making it, checking it, and what each command does with its parts."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
