"""Spark: the same answers where a lender outgrows one machine. No other room imports pyspark."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
