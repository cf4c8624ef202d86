"""PD and LGD: scorecards, boosted trees, calibration, validation, reason codes."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
