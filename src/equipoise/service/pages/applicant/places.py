"""Where a person came from, to be led back there: one of our own pages, and no other. And at which
step of their application they are."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.urls import reverse

STEP = r"[a-z][a-z0-9_-]{0,39}(/[a-z0-9_-]{1,50})?"
"""What a step is called: a page of the application, by its address behind the draft."""
_STEP = re.compile(STEP)
_OURS = re.compile(r"[a-z0-9_-]{1,60}(/[a-z0-9_-]{1,80})*/?")


def back_to(request: HttpRequest) -> str:
    """The applicant's page that `from` names; their first page where it names none of ours."""
    first = reverse("apply")
    named = request.POST.get("from") or request.GET.get("from", "")
    ours = named.startswith(first) and _OURS.fullmatch(named.removeprefix(first))
    return named if ours else first


def step_of(request: HttpRequest) -> str:
    """What stands behind the draft in the address, such as `q/income`; empty at its first page."""
    return step_named(request.path.removeprefix(reverse("apply")).partition("/")[2])


def step_named(text: str) -> str:
    """The step of that name; empty where it is none that a page could have."""
    return text if _STEP.fullmatch(text) else ""
