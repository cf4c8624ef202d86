"""A room's face: the names of its `__init__.pyi`, each imported when it is first asked for.

What `lazy_loader.attach_stub` does, but that the stub comes from whatever loaded the room: the
package is sent to Spark's workers as one zip, where a stub has no path that could be opened.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from typing import Any

from lazy_loader import attach


def face(room: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """`__getattr__`, `__dir__` and `__all__` of the room with this `__name__` and `__file__`."""
    loader: Any = getattr(sys.modules[room].__spec__, "loader", None)
    homes: dict[str, list[str]] = {}
    for line in ast.parse(loader.get_data(f"{file}i")).body:
        if isinstance(line, ast.ImportFrom):
            homes.setdefault(line.module or "", []).extend(each.name for each in line.names)
    modules = homes.pop("", [])  # of `from . import module`
    made: tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]
    made = attach(room, modules, homes)
    return made
