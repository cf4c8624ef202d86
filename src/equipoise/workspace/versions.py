"""Which versions made a result."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

_NAMED = ("equipoise", "numpy", "scipy", "polars", "numba", "lightgbm")


def versions() -> dict[str, str]:
    """Python's version and those of the packages that results depend on."""
    named = {"python": platform.python_version()}
    for name in _NAMED:
        try:
            named[name] = version(name)
        except PackageNotFoundError:
            continue
    return named
