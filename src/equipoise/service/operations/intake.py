"""What comes in and goes out at the edge: bodies within bounds, refusals in one shape."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest, HttpResponse

from equipoise.service.operations.catalogue import TOO_LARGE, UNREADABLE, WRONG_TYPE
from equipoise.service.operations.problems import CONTENT_TYPE, kind_of_status, problem

API = "/v1/"
FILES = "/v1/batches"  # takes a file: as large as a batch may be, and of its own kinds
_PIECE = 65_536
_DRAINED, _SECONDS = 64_000_000, 5.0  # read and thrown away at most, so that the refusal arrives


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request whose address or body cannot be one of ours, else None.

    A body without a length is read here, as far as one may be; Django reads none. Nothing has a
    zero character in its name, and PostgreSQL fails where it is asked for one.
    """
    if "\0" in request.path:
        return problem(request, kind_of_status(404))
    if request.path == FILES and request.method == "POST":
        return _file_refusal(request)
    most = settings.CONFIGURATION.max_body
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        body = _read(request, most + 1)
        length = str(len(body))
        request.META["CONTENT_LENGTH"] = length
        request._body = body
        request._stream = BytesIO(body)
        if len(body) > most:
            _drain(request)
            return _too_large(request, most)
    if length and not (length.isascii() and length.isdigit()):
        return problem(request, UNREADABLE, "the Content-Length is no number")
    if length and int(length) > most:
        request.META["wsgi.input"] = LimitedStream(_source(request), int(length))
        _drain(request)
        return _too_large(request, most)
    return _other_kind(request, length)


def let_through(request: HttpRequest, response: HttpResponse) -> None:
    """Have the refusal of a file arrive, whoever refused it and however little was read of it."""
    if response.status_code >= 400 and request.path == FILES and request.method == "POST":
        _drain(request)


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A refusal by Django itself, such as of an address that does not exist, as the API tells
    its own; outside the API for whoever does not ask for a page."""
    if response.status_code < 400 or response.headers.get("Content-Type") == CONTENT_TYPE:
        return response
    if not request.path.startswith(API) and "text/html" in request.headers.get("Accept", ""):
        return response
    plain = problem(request, kind_of_status(response.status_code))
    plain.status_code = response.status_code
    for name, value in response.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            plain.headers[name] = value
    return plain


def _drain(request: HttpRequest) -> None:
    """Read what is still coming, within bounds: who is hung up on while sending does not see the
    answer."""
    source, end, left = _source(request), time.monotonic() + _SECONDS, _DRAINED
    while left > 0 and time.monotonic() < end and (piece := source.read(min(_PIECE, left))):
        left -= len(piece)


def _file_refusal(request: HttpRequest) -> HttpResponse | None:
    most = settings.CONFIGURATION.max_batch
    length = request.META.get("CONTENT_LENGTH") or ""
    if length and not (length.isascii() and length.isdigit()):
        return problem(request, UNREADABLE, "the Content-Length is no number")
    if not length and request.content_type == "multipart/form-data":
        return problem(request, UNREADABLE, "a form needs a Content-Length")
    chunked = not length and bool(request.META.get("HTTP_TRANSFER_ENCODING"))
    left = most + 1 if chunked else int(length or 0)
    # Bounded, so that nothing reads on where there is nothing more.
    source: Any = LimitedStream(_source(request), left)
    request.META["wsgi.input"] = request._stream = source
    if left > most and not chunked:
        return _too_large(request, most)
    return None


def _too_large(request: HttpRequest, most: int) -> HttpResponse:
    return problem(request, TOO_LARGE, f"the body may have {most} bytes at most")


def _other_kind(request: HttpRequest, length: str) -> HttpResponse | None:
    """The API reads JSON; a browser cannot send that across sites without asking first."""
    sends = request.method in ("POST", "PUT", "PATCH") and request.path.startswith(API)
    if not sends or length in ("", "0") or request.content_type == "application/json":
        return None
    return problem(request, WRONG_TYPE, "send the body as application/json")


def _read(request: HttpRequest, most: int) -> bytes:
    source, found = _source(request), b""
    while len(found) < most and (piece := source.read(min(_PIECE, most - len(found)))):
        found += piece
    return found


def _source(request: HttpRequest) -> Any:
    return request.META["wsgi.input"]
