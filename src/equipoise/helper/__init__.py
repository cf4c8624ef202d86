"""The helper chooses what a person is answered, and does not write it: approved texts, or a person.

Urgent words come first, then a margin over examples; what is not clear becomes a choice of three.
"""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
