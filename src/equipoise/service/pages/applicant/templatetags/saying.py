"""`{% say "A sentence with {name}." name=value %}`: the sentence in the language spoken now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from equipoise.service.contexts.drafts.reading import Product
from equipoise.service.contexts.feedback.reading import open_ask
from equipoise.service.pages.applicant.places import step_of
from equipoise.service.pages.frame.language import TAGS
from equipoise.texts.dates import written_day
from equipoise.texts.saying import say as said
from equipoise.texts.saying import spoken as language

register = template.Library()
_TYPED = re.compile(r"`([^`<>]+)`")


@register.simple_tag
def tag() -> str:
    """What `lang` says of the page."""
    return TAGS.get(language(), language())


@register.inclusion_tag("applicant/_feedback.html", takes_context=True)
def feedback(context: Context) -> Mapping[str, Any]:
    """What the draft's applicant is asked of how it went, where they are; not whoever helps."""
    draft = context["draft"]
    ask = None if draft.helper else open_ask(draft.id)
    where = reverse("apply-feedback", args=(draft.id,))
    return {"ask": ask, "action": where, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def step(request: HttpRequest) -> str:
    """At which step of their application the person is (`places.step`)."""
    return step_of(request)


@register.simple_tag
def say(message: str, **values: object) -> SafeString:
    """The message, with its places filled by what is escaped; what stands between backticks is
    something to type."""
    filled = {name: conditional_escape(str(value)) for name, value in values.items()}
    return mark_safe(_TYPED.sub(r"<code>\1</code>", said(message, **filled)))  # noqa: S308 - ours


@register.simple_tag
def written(day: date) -> str:
    """A day in the language spoken now."""
    return written_day(day)


@register.filter
def spoken(message: str) -> str:
    """A message that Python marked, in the language spoken now."""
    return said(message)


@register.filter
def titled(product: object) -> str:
    """What people call a product, in the language spoken now; empty where nobody named it."""
    if not isinstance(product, Product) or product.portrait.section is None:
        return ""
    return product.portrait.name(language())


@register.filter
def called(product: Product) -> str:
    """What people call a product, in the language spoken now; the strategy's name at least."""
    return product.portrait.name(language())


@register.simple_tag
def linked(message: str, href: str, **values: object) -> SafeString:
    """A message as a link."""
    return format_html('<a href="{}">{}</a>', href, said(message, **values))
