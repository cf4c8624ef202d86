"""Spark: the same answers where a lender outgrows one machine. No other room imports pyspark."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
