"""Self-contained HTML pages: a fit and a balance, two strategies compared, one audited, a trial."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
