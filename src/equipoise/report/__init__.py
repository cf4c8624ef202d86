"""Self-contained HTML pages: a fit and a balance, two strategies compared, one audited, a trial."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
