"""The API's reference for people: its description, and the catalogue of problems. No key is
needed: there is nothing in it that its description does not tell everyone."""

from __future__ import annotations

import json
import threading
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from ninja.responses import NinjaJSONEncoder

from equipoise.contract import today
from equipoise.service.pages.integrator.described import chapters, shapes
from equipoise.service.platform.operations.catalogue import CATALOGUE
from equipoise.service.project.api import api
from equipoise.service.project.openapi import in_force


@dataclass(frozen=True, slots=True)
class Description:
    """The API as it is described to machines and to people."""

    document: bytes
    page: SafeString


class _Latest:
    """The description made last, for as long as it holds: to make one takes a third of a second of
    the processor, and anybody may ask for it, again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: Hashable = None
        self._made: Description | None = None

    def get(self) -> Description:
        """That of the strategies in force, made once however many ask."""
        strategies = in_force()
        contracts = [each.content.contract for each in strategies]
        of = tuple((s.digest, today(c)) for s, c in zip(strategies, contracts, strict=True))
        with self._lock:
            if self._made is None or self._of != of:
                document = api.document(strategies)
                self._made, self._of = _described(document), of
            return self._made


_latest = _Latest()


def _described(document: Any) -> Description:
    shown = {"chapters": chapters(document), "shapes": shapes(document)}
    page = render_to_string("integrator/docs_content.html", shown)
    return Description(json.dumps(document, cls=NinjaJSONEncoder).encode(), page)


@require_safe
def describe(_request: HttpRequest) -> HttpResponse:
    """The API's description for machines, by OpenAPI."""
    return HttpResponse(_latest.get().document, content_type="application/json; charset=utf-8")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every endpoint with its parameters, shapes, problems and an example."""
    return render(request, "integrator/docs.html", {"content": _latest.get().page})


@require_safe
def list_problems(request: HttpRequest) -> HttpResponse:
    """The whole catalogue, as a page for who asks for one, else as JSON."""
    if _wants_a_page(request):
        return render(request, "integrator/problems.html", {"kinds": CATALOGUE.values()})
    kinds = [{**asdict(each), "type": each.type} for each in CATALOGUE.values()]
    return JsonResponse(kinds, safe=False)


@require_safe
def read_problem(request: HttpRequest, name: str) -> HttpResponse:
    """What one problem's `type` leads to."""
    kind = CATALOGUE.get(name)
    if kind is None:
        raise Http404
    if _wants_a_page(request):
        return render(request, "integrator/problems.html", {"kinds": [kind]})
    return JsonResponse({**asdict(kind), "type": kind.type})


def _wants_a_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")
