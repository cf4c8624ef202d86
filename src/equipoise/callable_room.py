"""A package that is also a verb: `equipoise.balance` holds the solver, and `equipoise.balance(m)`
balances.

Importing a package binds its name in its parent, so that no function of that name could stay there.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


def make_callable(room: str, home: str) -> None:
    """Let the module `room` be called: the call goes to the function of that name in `home`, which
    is imported then."""
    name = room.rpartition(".")[2]

    class Room(ModuleType):
        def __call__(self, *arguments: Any, **named: Any) -> Any:
            return getattr(import_module(home), name)(*arguments, **named)

    sys.modules[room].__class__ = Room
