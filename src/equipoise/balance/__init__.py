"""Treatments, their values, and the balance between them.

`equipoise.balance(model)` is the library's verb: see `equipoise.notebook.balance`.
"""

from lazy_loader import attach_stub

from equipoise.callable_room import make_callable

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
make_callable(__name__, "equipoise.notebook")
