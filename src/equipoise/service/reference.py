"""The API's reference for people: its description, and the catalogue of problems. No key is
needed: there is nothing in it that its description does not tell everyone."""

from __future__ import annotations

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from equipoise.service.api import api
from equipoise.service.operations.catalogue import CATALOGUE
from equipoise.service.pages.described import chapters, shapes


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every endpoint with its parameters, shapes, problems and an example."""
    document = api.get_openapi_schema()
    shown = {"chapters": chapters(document), "shapes": shapes(document)}
    return render(request, "pages/docs.html", shown)


@require_safe
def list_problems(request: HttpRequest) -> HttpResponse:
    """The whole catalogue, as a page for who asks for one, else as JSON."""
    if _wants_a_page(request):
        return render(request, "pages/problems.html", {"kinds": CATALOGUE.values()})
    told = [{**asdict(each), "type": each.type} for each in CATALOGUE.values()]
    return JsonResponse(told, safe=False)


@require_safe
def read_problem(request: HttpRequest, name: str) -> HttpResponse:
    """What one problem's `type` leads to."""
    kind = CATALOGUE.get(name)
    if kind is None:
        raise Http404
    if _wants_a_page(request):
        return render(request, "pages/problems.html", {"kinds": [kind]})
    return JsonResponse({**asdict(kind), "type": kind.type})


def _wants_a_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")
