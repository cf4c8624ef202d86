"""Keeping out of a process what libraries load and only tests and checkers of types use."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_TESTING = "django.test"
_TYPING = "django_stubs_ext"


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


def without_typing_tools() -> None:
    """Have the queue's library write `BaseConnectionHandler[...]` without what usually allows it.

    That allows the same of every class of Django, and loads the admin site, feeds and maps for it.
    """
    if _TYPING in sys.modules:
        return
    stand_in = ModuleType(_TYPING)
    stand_in.monkeypatch = _subscriptable  # type: ignore[attr-defined]
    sys.modules[_TYPING] = stand_in


def _subscriptable() -> None:
    from django.utils.connection import BaseConnectionHandler

    BaseConnectionHandler.__class_getitem__ = classmethod(lambda cls, _item: cls)  # type: ignore[attr-defined]


def _loaded(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    del sys.modules[_TESTING]
    return getattr(import_module(_TESTING), name)
