"""Browsers in which somebody has logged in before, known by a cookie.

The cookie logs nobody in. It lets its browser guess at its person's password at a pace of its own,
so that others who guess at that name do not keep them out.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from equipoise.service.platform.login.guesses import name_of
from equipoise.service.platform.login.models import Device

COOKIE = settings.DEVICE_COOKIE_NAME
KNOWN_FOR = timedelta(days=180)  # since its last log-in
MOST = 20  # of one person
_LONGEST = 100  # characters of a cookie that can be one


def known_device(request: HttpRequest, name: str) -> str:
    """The digest of the browser's cookie where that person has logged in with it; else empty."""
    digest = _digest(request, name)
    since = timezone.now() - KNOWN_FOR
    known = digest and Device.objects.filter(pk=digest, seen_at__gt=since, user__is_active=True)
    return digest if known and known.exists() else ""


def remember_device(request: HttpRequest, response: HttpResponse, user_id: int, name: str) -> None:
    """Know this browser again, as the person has logged in with it."""
    token = request.COOKIES.get(COOKIE, "")
    if not known_device(request, name):
        token = secrets.token_urlsafe(32)
    row = {"user_id": user_id, "seen_at": timezone.now()}
    Device.objects.update_or_create(digest=_digest_of(token, name), defaults=row)
    last = Device.objects.filter(user_id=user_id).order_by("-seen_at").values_list("pk", flat=True)
    Device.objects.filter(pk__in=list(last[MOST:])).delete()
    response.set_cookie(
        COOKIE,
        token,
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_devices(user_id: int, *, but: str = "") -> None:
    """Forget the person's browsers, but the one of that digest."""
    Device.objects.filter(user_id=user_id).exclude(pk=but).delete()


def _digest(request: HttpRequest, name: str) -> str:
    token = request.COOKIES.get(COOKIE, "")
    return _digest_of(token, name) if 0 < len(token) <= _LONGEST else ""


def _digest_of(token: str, name: str) -> str:
    # Of both: it counts for the one who logged in with it, and to look tells of no name.
    bound = f"{name_of(name)}\0{token}"
    return salted_hmac("equipoise.login.device", bound, algorithm="sha256").hexdigest()
