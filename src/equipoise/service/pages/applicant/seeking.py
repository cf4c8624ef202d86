"""What a browser looks for, between asking for a code and typing it: in a signed cookie, from which
nobody can read anything about a person."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from equipoise.service.contexts.drafts.services import Sought

_COOKIE = "equipoise-seeks"
_LIFE = 1800  # seconds
_SALT = "equipoise.applicant.seeking"


def remember(response: HttpResponse, sought: Sought) -> HttpResponse:
    """Have the browser say it again when the code is typed."""
    response.set_cookie(
        _COOKIE,
        signing.dumps([sought.reference, *sought.digests], salt=_SALT),
        max_age=_LIFE,
        path=reverse("apply-open"),
        secure=settings.CONFIGURATION.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def sought(request: HttpRequest) -> Sought | None:
    """What it looks for; None where it has not said, or long ago."""
    try:
        reference, *digests = signing.loads(
            request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_LIFE
        )
    except signing.BadSignature:
        return None
    return Sought(reference=reference, digests=tuple(digests))
