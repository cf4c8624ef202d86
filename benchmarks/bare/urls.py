"""One endpoint, at the address of the real one and with the shape of its body."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from ninja import NinjaAPI, Schema

from benchmarks.bare.models import Kept
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.operations.health import alive

ANSWER = {"outcome": "approve"}


class Sent(Schema):
    """What a decision is asked with."""

    application: dict[str, Any]


api = NinjaAPI(urls_namespace="bare", docs_url=None, openapi_url=None)


@api.post("/v1/decisions", auth=May(Action.DECIDE))
def keep(request: HttpRequest, body: Sent) -> HttpResponse:  # noqa: ARG001 - ninja names it
    """Keep it, and say so."""
    name = str(body.application.get("application_id"))
    row = Kept(name=name, body=json.dumps(body.application).encode())
    row.save(force_insert=True)
    return JsonResponse({**ANSWER, "id": row.pk}, status=201)


urlpatterns = [path("healthz", alive), path("", api.urls)]
