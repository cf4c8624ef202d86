"""Which helper answers in this process: by characters at once, by sentences once that is ready.

To read its examples by sentences costs it tens of seconds. Nobody who asks should wait for them,
and a process in which nobody asks should not pay them.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from django.conf import settings

from equipoise.service.platform.operations.logs import log

if TYPE_CHECKING:
    from equipoise.helper import Helper

_CHARACTERS = "characters"
_lock = threading.Lock()
_ready: list[Helper] = []  # the best one so far, last
_log = log("helper")


def helper() -> Helper:
    """The helper; the first who asks has it begin to get ready for the others."""
    with _lock:
        if not _ready:
            _begin()
        return _ready[-1]


def _begin() -> None:
    from equipoise.helper import open_helper

    _ready.append(open_helper(by=_CHARACTERS))
    if settings.CONFIGURATION.helper != _CHARACTERS:
        threading.Thread(target=_get_ready, name="helper", daemon=True).start()


def _get_ready() -> None:
    from equipoise.helper import open_helper

    try:
        better = open_helper(by=settings.CONFIGURATION.helper)
        if better.by != _CHARACTERS:
            better.warm()
            _ready.append(better)
    except Exception as error:  # it goes on by characters
        _log.error("the helper by sentences cannot be had", exc_info=error)
