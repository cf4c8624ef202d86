"""Spans: none, and no import, unless asked for; then what happened, and nothing about anyone."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from lender import anew, ask, facts, shop
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from equipoise.errors import BadInput
from equipoise.service.platform.operations import tracing
from equipoise.service.platform.record import writer

CALLERS_TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What is exported while tracing is on."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    monkeypatch.setattr(
        settings, "CONFIGURATION", dataclasses.replace(settings.CONFIGURATION, otel=True)
    )
    tracing._tracer.cache_clear()
    yield exporter
    tracing._tracer.cache_clear()


@pytest.fixture
def client(of_a_lender: None, sqlite_database: Any) -> Iterator[Any]:
    with anew():
        yield shop()


def test_a_decision_is_a_request_a_decision_and_a_commit(
    client: Any, spans: InMemorySpanExporter
) -> None:
    parent = {"traceparent": f"00-{CALLERS_TRACE}-b7ad6b7169203331-01"}
    client.defaults["HTTP_TRACEPARENT"] = parent["traceparent"]
    answer = ask(client)
    commit, decided, request = spans.get_finished_spans()
    assert [each.name for each in (request, decided, commit)] == [
        "POST /v1/decisions",
        "decide",
        "record commit",
    ]
    assert decided.parent.span_id == request.context.span_id
    assert commit.parent.span_id == decided.context.span_id
    assert f"{request.context.trace_id:032x}" == CALLERS_TRACE
    assert request.attributes["http.response.status_code"] == 201
    assert request.attributes["equipoise.request"] == answer["X-Request-ID"]
    assert decided.attributes["equipoise.outcome"] == "approve"
    assert commit.attributes["equipoise.writes"] == 1


def test_nothing_that_is_sent_is_in_a_span(
    client: Any, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.defaults |= {"HTTP_TRACESTATE": "planted=Planted", "HTTP_BAGGAGE": "name=Planted"}
    ask(client, facts(application_id="Planted", income=98765.4321), key="Planted-key")
    client.get("/v1/decisions/Planted?name=Planted")
    client.generic("PLANTED", "/v1/Planted")

    def broken(*_: Any) -> None:
        raise RuntimeError("Planted")

    monkeypatch.setattr(writer, "write_events", broken)
    client.raise_request_exception = False
    assert ask(client).status_code == 500
    text = "".join(each.to_json() for each in spans.get_finished_spans())
    assert "RuntimeError" in text
    assert "lanted" not in text.lower().replace("equipoise", "")
    assert not re.search(r"\b98765\b", text)  # as a word: a clock's digits may spell it


def test_while_it_is_off_nothing_of_it_is_imported(tmp_path: Any) -> None:
    code = (
        "import sys, pathlib\n"
        "from equipoise.service.commands.starting import make_ready\n"
        f"make_ready(pathlib.Path({str(tmp_path)!r}))\n"
        "from equipoise.service.project import wsgi\n"
        "from equipoise.service.platform.operations import tracing\n"
        "with tracing.span('x') as found: found.say(a=1)\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


def test_without_the_packages_a_start_says_what_to_install(
    spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracing.check()
    monkeypatch.setattr(tracing, "find_spec", lambda _name: None)
    with pytest.raises(BadInput, match="EQUIPOISE_OTEL") as raised:
        tracing.check()
    assert "telemetry" in raised.value.mend
