"""Which cases a person opened the personal facts of, for as long as they may go on reading them.

Each opening stands in the record. It lasts a quarter of an hour, in that browser alone, so that
nobody opens the same again at every step of one decision.
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest

from equipoise.service.platform import clock

LASTS = timedelta(minutes=15)
_KEPT = "cases_opened"
_MOST = 20


def open_here(request: HttpRequest, application: str) -> None:
    """Keep it open from now on."""
    known = {**_known(request), application: clock.now().timestamp()}
    request.session[_KEPT] = dict(sorted(known.items(), key=lambda each: each[1])[-_MOST:])


def is_open(request: HttpRequest, application: str) -> bool:
    """Whether it was opened here lately."""
    at = _known(request).get(application)
    return at is not None and clock.now().timestamp() - at < LASTS.total_seconds()


def _known(request: HttpRequest) -> dict[str, float]:
    return dict(request.session.get(_KEPT, {}))
