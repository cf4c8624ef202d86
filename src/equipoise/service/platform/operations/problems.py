"""Every refusal in one shape: RFC 9457's, with what, where and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

from equipoise.errors import EquipoiseError
from equipoise.service.platform.operations.catalogue import BY_STATUS, INTERNAL, Kind
from equipoise.service.platform.operations.logs import request_id

CONTENT_TYPE = "application/problem+json"
_PLACES = ("file", "line", "column", "row", "field", "mend")


def problem(
    request: HttpRequest,
    kind: Kind,
    detail: str = "",
    *,
    mend: str = "",
    faults: Sequence[Mapping[str, Any]] = (),
    where: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The answer that tells it. `detail` is this one's own words, empty: the kind's; `where` has
    the members that say where it lies."""
    body: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.title,
        "instance": f"{escape_uri_path(request.path)}#{request_id.get()}",
        **(where or {}),
    }
    if mend:
        body["mend"] = mend
    if faults:
        body["faults"] = [*faults]
    return HttpResponse(json.dumps(body), status=kind.status, content_type=CONTENT_TYPE)


def problem_of(request: HttpRequest, kind: Kind, error: EquipoiseError) -> HttpResponse:
    """The answer that tells an error of ours."""
    faults = [words(each) for each in getattr(error, "faults", ())]
    known = words(error)
    return problem(request, kind, known.pop("detail"), faults=faults, where=known)


def words(error: EquipoiseError) -> dict[str, Any]:
    """What an error says: `detail`, and of where and how to mend it what is known."""
    plain = error.as_dict()
    known = {name: plain[name] for name in _PLACES if plain.get(name) is not None}
    return {"detail": error.message, **known}


def kind_of_status(status: int) -> Kind:
    """The plainest kind of a status."""
    return BY_STATUS.get(status, INTERNAL if status >= 500 else BY_STATUS[400])
