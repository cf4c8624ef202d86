"""Compiling what is asked for, when it is asked for.

To load the compiler takes as long as a third of a server's start. So functions are only marked
where they stand, and what is asked for one applicant runs by numpy until there is time to compile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

# One applicant's plain runs that take about as long as to load the compiler.
MOST_PLAIN = 2_000

_options: dict[Any, dict[str, Any]] = {}
_made: dict[Any, Any] = {}
_making = threading.RLock()


def compilable(function: Function, **options: Any) -> Function:
    """Note that the function may be compiled; it stays what it is."""
    _options[function] = options
    return function


def compiled(function: Function) -> Function:
    """The function compiled, with all that it calls; cached on disk, free of the interpreter lock.
    Operations keep their order."""
    made = _made.get(function)
    if made is None:
        with _making:
            made = _made.get(function) or _make(function)
    return cast(Function, made)


def _make(function: Any) -> Any:
    from numba import njit

    space = dict(function.__globals__)
    for name in function.__code__.co_names:  # attributes' names among them, as floor of np.floor
        called = space.get(name)
        if isinstance(called, FunctionType) and called in _options and called is not function:
            space[name] = compiled(called)
    copy = FunctionType(function.__code__, space, function.__name__, function.__defaults__)
    copy.__qualname__, copy.__doc__ = function.__qualname__, function.__doc__
    options = _options[function]
    _made[function] = made = njit(cache=True, nogil=True, error_model="numpy", **options)(copy)
    return made


class Either:
    """A function for one applicant in two ways: `plain` for the first `MOST_PLAIN` calls, and
    `function` compiled from then on, or from when somebody has had it compiled."""

    def __init__(self, function: Function, plain: Function) -> None:
        self._function, self._plain = function, plain
        self._plain_runs = 0
        self.run: Callable[..., Any] = self._plainly

    def compile(self) -> None:
        """Have it compiled from now on."""
        self.run = compiled(self._function)

    def _plainly(self, *arguments: Any) -> Any:
        self._plain_runs += 1
        # Not where another thread is at it: nobody should wait for the compiler.
        if self._plain_runs > MOST_PLAIN and _making.acquire(blocking=False):
            try:
                self.compile()
            finally:
                _making.release()
            return self.run(*arguments)
        return self._plain(*arguments)
