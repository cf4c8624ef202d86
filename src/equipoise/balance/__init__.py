"""Treatments, their values, and the balance between them.

`equipoise.balance(model)` is the library's verb: see `equipoise.notebook.balance`.
"""

from equipoise.callable_room import make_callable
from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
make_callable(__name__, "equipoise.notebook")
