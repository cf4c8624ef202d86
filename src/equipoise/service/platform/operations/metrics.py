"""What Prometheus reads. Labels come from our own lists, never from what people send.

With several processes set PROMETHEUS_MULTIPROC_DIR to an empty folder: each adds up there.
"""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BOUNDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})

REQUESTS = Counter("equipoise_requests", "Requests answered", ("method", "route", "status"))
SECONDS = Histogram(
    "equipoise_request_seconds", "Seconds to answer a request", ("route",), buckets=_BOUNDS
)
EVENTS = Counter("equipoise_record_events", "Events appended to the record")
BATCHES = Histogram(
    "equipoise_record_batch", "Writes made durable by one commit", buckets=(1, 2, 4, 8, 16, 32, 64)
)
COMMITS = Histogram("equipoise_record_commit_seconds", "Seconds one commit took", buckets=_BOUNDS)


def known_method(method: str) -> str:
    """The method's name; one that is none of HTTP's may be anything that somebody sends."""
    return method if method in _METHODS else "other"


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    REQUESTS.labels(known_method(method), route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)


_asked: dict[str, Collector] = {}


def on_asking(name: str, collector: Collector) -> None:
    """Add figures that are read when somebody asks for them, such as from the database."""
    _asked[name] = collector


def exposition() -> bytes:
    """All figures in Prometheus's text format."""
    read = CollectorRegistry(auto_describe=False)
    for collector in _asked.values():
        read.register(collector)
    return _counted() + generate_latest(read)


def _counted() -> bytes:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
