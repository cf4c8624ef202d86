"""Strategies ready to decide, kept by digest; a broken one is told as such and never guessed at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.registry.sealed_files import Unregistered, registered

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

_MOST = 16  # strategies kept compiled


class Unusable(EquipoiseError):
    """A strategy that cannot decide: its file is gone, broken or of another build."""


class _Kept:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Strategy] = OrderedDict()
        self._last: tuple[str, Strategy] | None = None

    def get(self, digest: str) -> Strategy:
        last = self._last  # nearly every decision is made by the one that made the last
        if last is not None and last[0] == digest:
            return last[1]
        with self._lock:
            strategy = self._kept.get(digest)
            if strategy is None:
                strategy = self._kept[digest] = _load(digest)
            self._kept.move_to_end(digest)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            self._last = digest, strategy
        return strategy

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._last = None


_kept = _Kept()


def loaded(digest: str) -> Strategy:
    """The strategy of that digest. Raises Unusable where it cannot be had."""
    return _kept.get(digest)


def forget() -> None:
    """Load every strategy anew from now on."""
    _kept.forget()


def _load(digest: str) -> Strategy:
    from equipoise.strategy import Strategy
    from equipoise.strategy.sealing import unsealed

    try:
        version = registered(digest)
    except Unregistered:
        raise Unusable("the strategy is not in the registry") from None
    try:
        sealed = unsealed(version.content)
        if sealed.digest != digest:
            raise Unusable("the strategy kept under this digest is another one")
        return Strategy(sealed)
    except EquipoiseError as error:
        raise Unusable(f"the strategy cannot be read: {error.message}") from error
