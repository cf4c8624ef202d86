"""People's names on pages: `{{ each.by|named_in:names }}`."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def named_in(person: str, names: Mapping[str, str]) -> str:
    """What somebody is called, by the name that they have in the record; that one where they have
    no other."""
    return names.get(person, person)
