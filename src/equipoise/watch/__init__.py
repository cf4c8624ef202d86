"""Watch: the register of risks, indicators that know how many rows they rest on, and alarms whose
false ones are budgeted over all indicators together."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
