"""Spans by OpenTelemetry: off, and nothing of it imported, unless EQUIPOISE_OTEL says so.

Where they go, OpenTelemetry's own variables say (OTEL_EXPORTER_OTLP_ENDPOINT and others). As in the
logs, what stands in a span is chosen: identifiers we made, counts, and names from our own lists.
Of an exception its type is kept, never its message.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings

from equipoise.errors import BadInput

if TYPE_CHECKING:
    from opentelemetry.trace import Span as OtelSpan
    from opentelemetry.trace import Tracer

Fact = str | int | float | bool


class Span(Protocol):
    """What may be said about the work at hand."""

    def named(self, name: str) -> None:
        """Call it something else."""

    def say(self, **facts: Fact) -> None:
        """Add facts: `equipoise.<name>`, `a__b` as `a.b`."""


class _Nothing:
    """The span of a service that traces nothing."""

    def __enter__(self) -> Span:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def named(self, _name: str) -> None:
        return None

    def say(self, **_facts: Fact) -> None:
        return None


class _Told:
    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def named(self, name: str) -> None:
        self._span.update_name(name)

    def say(self, **facts: Fact) -> None:
        for name, value in facts.items():
            plain = name.replace("__", ".")
            self._span.set_attribute(plain if "." in plain else f"equipoise.{name}", value)


_NOTHING = _Nothing()


def span(name: str) -> AbstractContextManager[Span]:
    """The work in the block as a span, within that of the request."""
    tracer = _tracer()
    return _NOTHING if tracer is None else _recorded(tracer, name, None)


def request_span(parent: str) -> AbstractContextManager[Span]:
    """A request as a span. `parent` is its traceparent header; what else a caller would have us
    carry along (tracestate, baggage) is left out."""
    tracer = _tracer()
    return _NOTHING if tracer is None else _recorded(tracer, "request", parent)


def check() -> None:
    """Raises BadInput where spans are asked for and OpenTelemetry is not installed."""
    if settings.CONFIGURATION.otel and find_spec("opentelemetry.sdk") is None:
        raise BadInput(
            "EQUIPOISE_OTEL asks for OpenTelemetry, which is not installed",
            field="EQUIPOISE_OTEL",
            mend="in the checkout, pip install '.[service,telemetry]'",
        )


@cache
def _tracer() -> Tracer | None:
    """Made by the first span of a process, as exporting threads do not live through a fork."""
    if not settings.CONFIGURATION.otel:
        return None
    from opentelemetry import trace

    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        trace.set_tracer_provider(_provider())
    return trace.get_tracer("equipoise")


def _provider() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "equipoise"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


@contextmanager
def _recorded(tracer: Tracer, name: str, parent: str | None) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    asked = parent is not None
    within = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(
        name,
        context=within,
        kind=SpanKind.SERVER if asked else SpanKind.INTERNAL,
        record_exception=False,  # its message may hold what somebody sent
        set_status_on_exception=False,
    ) as inner:
        try:
            yield _Told(inner)
        except Exception as error:
            inner.set_status(StatusCode.ERROR)
            inner.set_attribute("error.type", type(error).__name__)
            raise
