"""Where a person came from, to be led back there: one of our own pages, and no other."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.urls import reverse

_OURS = re.compile(r"[a-z0-9_-]{1,60}(/[a-z0-9_-]{1,80})*/?")


def back_to(request: HttpRequest) -> str:
    """The applicant's page that `from` names; their first page where it names none of ours."""
    first = reverse("apply")
    named = request.POST.get("from") or request.GET.get("from", "")
    ours = named.startswith(first) and _OURS.fullmatch(named.removeprefix(first))
    return named if ours else first
