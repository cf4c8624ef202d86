"""One text, every runtime: SQL expressions as Python, polars and SQL with identical answers.

Who writes SQL elsewhere takes its dialect from here too: `Dialect`, `DIALECTS`, `quoted`,
`literal`, `number`.
"""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
