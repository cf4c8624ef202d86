"""A rehearsal: people of the lender's simulation who fill the real pages of a real server, and what
each of them knows to be true.

Nothing here knows the service's inside: it is met over HTTP alone, and what its record says is
handed in to be compared.
"""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
