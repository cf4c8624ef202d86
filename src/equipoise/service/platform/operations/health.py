"""Is the process up, and can it do its work? Answered without a key, and saying little.

Each room registers its own checks, where it lives: `register("clock", look)`. They are looked at
once every few seconds at most, however often somebody asks; what is answered in an event loop, or
must not wait for a database, asks `Watch.latest` instead, which never waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from equipoise.service.platform.operations.catalogue import NOT_READY
from equipoise.service.platform.operations.deadlines import within
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.operations.migrated import is_migrated
from equipoise.service.platform.operations.problems import problem

FRESH = 2.0  # seconds for which an answer serves whoever asks
STALE = 20.0  # seconds after which checks that do not come back are a fault themselves
OK = "ok"
_DATABASE = "database"
_log = log("health")


@dataclass(frozen=True, slots=True)
class Amiss:
    """What a check found, in words that name nobody. `stops`: no decision can be made, so requests
    belong elsewhere."""

    says: str
    stops: bool = False


Look = Callable[[], Amiss | None]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the checks said: by name what is amiss, None where nothing is. `at` is of the monotonic
    clock, in seconds."""

    checks: Mapping[str, Amiss | None]
    at: float = field(default_factory=time.monotonic)

    @property
    def ready(self) -> bool:
        """Whether decisions can be made."""
        return not any(each.stops for each in self.checks.values() if each)

    @property
    def faults(self) -> list[str]:
        """What keeps decisions from being made."""
        return [each.says for each in self.checks.values() if each and each.stops]

    def as_dict(self) -> dict[str, object]:
        """Each check by name: `ok`, or what is amiss."""
        checks = {name: each.says if each else OK for name, each in self.checks.items()}
        return {"status": "ready" if self.ready else "not ready", "checks": checks}


_registered: dict[str, Look] = {}
_migrated: set[str] = set()
_latest: dict[str, Readiness] = {}  # by database
_looking = threading.Lock()


def register(name: str, look: Look) -> None:
    """Add a check. It may ask the database a short question, and waits for nothing else."""
    _registered[name] = look


def unregister(name: str) -> None:
    """Take a check out again."""
    _registered.pop(name, None)


def readiness() -> Readiness:
    """What the checks say, a few seconds old at most. While one asker looks, others are told what
    was found last."""
    name = str(connection.settings_dict["NAME"])
    known = _latest.get(name)
    if known is not None and time.monotonic() - known.at < FRESH:
        return known
    if not _looking.acquire(blocking=known is None):
        assert known is not None  # noqa: S101 - else it was acquired
        return _unless_stale(known)
    try:
        _latest[name] = latest = looked()
    finally:
        _looking.release()
    return latest


def looked() -> Readiness:
    """Look at everything now."""
    try:
        missing = faults()
        if missing:
            return Readiness({_DATABASE: Amiss("; ".join(missing), stops=True)})
        return Readiness({_DATABASE: None, **{name: each() for name, each in _registered.items()}})
    except DatabaseError:
        _log.warning("database does not answer", exc_info=True)
        connection.close()
        return Readiness({_DATABASE: Amiss("the database does not answer", stops=True)})


class Watch:
    """Looks again and again in a thread of its own, so that whoever asks never waits."""

    def __init__(self, period: float = FRESH) -> None:
        self._period = period
        self._found = Readiness({_DATABASE: Amiss("nothing was looked at yet", stops=True)})
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="readiness", daemon=True)

    def start(self) -> None:
        """Begin to look; once for each process, after it was forked."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()

    def latest(self) -> Readiness:
        """What was found last; not ready where the checks have not come back for long."""
        return _unless_stale(self._found)

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                with within(STALE):
                    self._found = looked()
            except Exception:
                _log.exception("a check failed")
            self._over.wait(self._period)
        connections.close_all()


class Checks(Collector):
    """Each check as a figure, for alarms."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """0 where all is well, 1 where something is amiss, 2 where it keeps decisions from being
        made."""
        figure = GaugeMetricFamily(
            "equipoise_check_amiss", "0 well, 1 amiss, 2 keeps decisions back", labels=["check"]
        )
        for name, each in readiness().checks.items():
            figure.add_metric([name], 0 if each is None else 2 if each.stops else 1)
        yield figure


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": OK})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 while decisions can be made, with each check and what is amiss; else 503, with
    Retry-After."""
    return readiness_out(request, readiness())


def readiness_out(request: HttpRequest, state: Readiness) -> HttpResponse:
    """Readiness as a probe is told it."""
    if state.ready:
        return JsonResponse(state.as_dict())
    checks = {"checks": state.as_dict()["checks"]}
    waiting = problem(request, NOT_READY, "; ".join(state.faults), where=checks)
    waiting["Retry-After"] = "5"
    return waiting


def faults() -> list[str]:
    """What keeps the database from being used; raises DatabaseError where it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = str(connection.settings_dict["NAME"])
    if name not in _migrated:
        if not is_migrated():
            return ["migrations are not applied"]
        _migrated.add(name)
    return []


def _unless_stale(known: Readiness) -> Readiness:
    age = time.monotonic() - known.at
    if age < STALE:
        return known
    away = Amiss(f"the checks have not come back for {age:.0f} s", stops=True)
    return Readiness({_DATABASE: away}, known.at)
