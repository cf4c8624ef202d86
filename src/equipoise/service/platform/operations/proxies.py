"""Noticing that the setting about a proxy and what arrives do not fit.

Behind a proxy that is not told of, everybody has the proxy's address: limits by address then slow
all for what one does. Where one is told of and a browser comes past it, whoever can do so also says
what address they have. Neither changes what is believed; both are told, by log and readiness.
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache

from equipoise.service.platform.operations.health import Amiss
from equipoise.service.platform.operations.logs import log

REMEMBERED = 3600  # seconds after which it is no longer told, unless it came again
_SENT_BY_PROXIES = (
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "forwarded",
    "x-real-ip",
)
_IN_META = tuple(f"HTTP_{name.upper().replace('-', '_')}" for name in _SENT_BY_PROXIES)
_UNTOLD = (
    "requests carry headers as a proxy sends them, and EQUIPOISE_BEHIND_PROXY is not on: behind a "
    "proxy all people have one address here, and wait for each other's wrong passwords"
)
_PAST = (
    "requests arrive without X-Forwarded-For, and EQUIPOISE_BEHIND_PROXY is on: whoever comes past "
    "the proxy can claim any address"
)
_noticed: dict[str, float] = {}  # by what is amiss, when: of the monotonic clock
_shared: dict[str, float] = {}
_log = log("proxies")


def notice(meta: Mapping[str, Any]) -> None:
    """Look at a request's headers, as WSGI names them; waits for nothing."""
    if not settings.CONFIGURATION.behind_proxy:
        if any(name in meta for name in _IN_META):
            _note(_UNTOLD)
    elif "HTTP_X_FORWARDED_FOR" not in meta and "HTTP_AUTHORIZATION" not in meta:
        _note(_PAST)  # programs of one's own may come on the inside, browsers may not


def notice_by_program(headers: Container[str]) -> None:
    """The same of a program's request, by its headers' names in small letters."""
    if settings.CONFIGURATION.behind_proxy:
        return  # programs of one's own may come on the inside
    if any(name in headers for name in _SENT_BY_PROXIES):
        _note(_UNTOLD)


def look() -> Amiss | None:
    """The check for readiness: what this process or another noticed within the hour."""
    for says in (_UNTOLD, _PAST):
        known = f"equipoise.proxies {says}"
        if _recent(_noticed, says):
            if not _recent(_shared, says):  # for the processes that other requests reach
                cache.set(known, True, REMEMBERED)
                _shared[says] = time.monotonic()
            return Amiss(says)
        if cache.get(known):
            return Amiss(says)
    return None


def forget() -> None:
    """Begin anew, in this process."""
    _noticed.clear()
    _shared.clear()


def _note(says: str) -> None:
    if not _recent(_noticed, says):
        _log.warning(says)
    _noticed[says] = time.monotonic()


def _recent(moments: Mapping[str, float], says: str) -> bool:
    return says in moments and time.monotonic() - moments[says] < REMEMBERED
