"""The short way for programs: a request with a key has no cookie, form or page about it.

What is done for browsers (sessions, CSRF, log-in, pages' policies) has no part in it, and would
take a sixth of a decision's time. The transport's rules hold as for everyone: HTTPS where it is
asked for, known hosts only, nothing to be guessed from an answer's type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.middleware.security import SecurityMiddleware

Answer = Callable[[HttpRequest], HttpResponse]
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


def sends_a_key(request: HttpRequest) -> bool:
    """Whether this is a program's request to the API."""
    return "HTTP_AUTHORIZATION" in request.META and request.path.startswith("/v1/")


def short_way() -> Answer:
    """What answers programs."""
    handler: Any = BaseHandler()
    handler._view_middleware = []
    handler._template_response_middleware = []
    handler._exception_middleware = []
    view = convert_exception_to_response(handler._get_response)
    common = convert_exception_to_response(CommonMiddleware(view))
    secure = convert_exception_to_response(SecurityMiddleware(common))

    def answer(request: HttpRequest) -> HttpResponse:
        response = cast(HttpResponse, secure(request))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer
