"""Keeping out of a process what libraries load and only tests of them use."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_TESTING = "django.test"


def without_test_tools() -> None:
    """Have `django.test` loaded when one of its tools is asked for.

    The API's library takes a signal from one of its modules, and would bring a test client, a
    second template engine and what these need: a twentieth of a start, and its memory.
    """
    if _TESTING in sys.modules:
        return
    spec = find_spec(_TESTING)
    if spec is not None:
        stand_in = ModuleType(_TESTING)
        stand_in.__spec__, stand_in.__path__ = spec, spec.submodule_search_locations or []
        stand_in.__getattr__ = _loaded  # type: ignore[method-assign]  # as PEP 562 has it
        sys.modules[_TESTING] = stand_in


def _loaded(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    del sys.modules[_TESTING]
    return getattr(import_module(_TESTING), name)
