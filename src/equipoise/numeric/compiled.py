"""Compiled loops: those that wait until they are asked for, and those compiled where they stand.

To load the compiler takes as long as a third of a server's start. So what a server runs is only
marked `compilable`, and it values one applicant by numpy until there is time to compile. A
`kernel` and a `summing_kernel` belong to rooms that load the compiler anyway.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

_options: dict[Any, dict[str, Any]] = {}
# Sums may be reordered (they are then vectorised); infinities keep their meaning.
_REORDERED = {"reassoc", "contract", "arcp", "nsz"}
_made: dict[Any, Any] = {}
_making = threading.RLock()


def kernel(function: Function) -> Function:
    """Compile the function, cached on disk, free of the interpreter lock; operations keep their
    order."""
    from numba import njit

    return cast(Function, njit(cache=True, nogil=True)(function))


def summing_kernel(function: Function) -> Function:
    """As `kernel`, but that sums may be taken in another order: faster, and right to rounding."""
    from numba import njit

    return cast(Function, njit(cache=True, nogil=True, fastmath=_REORDERED)(function))


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
    # what is kept on disk goes by name and by this file's date alone: the name tells the rest
    copy.__qualname__ = f"{function.__qualname__}_{_fingerprint(function)}"
    copy.__doc__ = function.__doc__
    options = _options[function]
    _made[function] = made = njit(cache=True, nogil=True, error_model="numpy", **options)(copy)
    return made


def _fingerprint(function: Any) -> str:
    """Of all that is compiled into a function: its code, its constants, and what it calls."""
    digest = hashlib.sha256()
    seen: set[Any] = set()
    waiting = [function]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        code = each.__code__
        digest.update(code.co_code + repr((code.co_consts, code.co_names)).encode())
        for name in code.co_names:
            held = each.__globals__.get(name)
            if isinstance(held, FunctionType):
                waiting += [held] if held in _options else []
            elif isinstance(held, int | float | tuple):
                digest.update(f"{name}={held!r};".encode())
    return digest.hexdigest()[:8]


class Either:
    """A function for one applicant in two ways: `function` compiled, or `plain` where the compiler
    has been put off. Call `run`."""

    def __init__(self, function: Function, plain: Function) -> None:
        self._function, self._plain = function, plain
        self.run: Callable[..., Any] = self._first

    def compile(self) -> None:
        """Have it compiled now."""
        self.run = compiled(self._function)

    def put_off(self) -> None:
        """Run it plainly until `compile` is called."""
        self.run = self._plain

    def _first(self, *arguments: Any) -> Any:
        self.compile()
        return self.run(*arguments)
