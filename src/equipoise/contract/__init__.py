"""What an application is; reading and checking data against it."""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
