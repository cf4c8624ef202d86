"""What the frame of a page shows besides the page: the desk's doors, and the other languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context

from equipoise.service.pages.frame.desks import doors_of
from equipoise.service.pages.frame.language import NAMES, TAGS
from equipoise.service.platform.accounts.access import signed_in
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.accounts.services import principal_of
from equipoise.texts.saying import our_languages, spoken

register = template.Library()
_FINDS = (Action.READ_DECISIONS, Action.READ_CASES)


@register.inclusion_tag("frame/_doors.html", takes_context=True)
def doors(context: Context) -> Mapping[str, Any]:
    """The doors of the person who is logged in, as a row of links."""
    user = signed_in(context["request"])
    shown = [] if user is None else doors_of(principal_of(user))
    return {"doors": shown, "here": context["request"].path}


@register.inclusion_tag("frame/_languages.html", takes_context=True)
def other_languages(context: Context) -> Mapping[str, Any]:
    """A button for each language that is not spoken now."""
    others = [each for each in our_languages() if each != spoken()]
    return {
        "others": [(each, NAMES.get(each, each), TAGS.get(each, each)) for each in others],
        "path": context["request"].get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("frame/_find.html", takes_context=True)
def find_box(context: Context) -> Mapping[str, Any]:
    """The box by which an applicant is found from every page, for those who may see decisions and
    cases."""
    user = signed_in(context["request"])
    by = None if user is None else principal_of(user)
    shown = by is not None and all(by.reach(each) is not None for each in _FINDS)
    return {"shown": shown, "csrf_token": context.get("csrf_token")}
