"""Names and words on pages: `{{ each.by|named_in:names }}`, `{{ each.state|in_words }}`,
`{{ fault.message|refusal }}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template

from equipoise.service.pages.frame.words import said_word
from equipoise.texts.refusing import refusal as said_refusal

register = template.Library()


@register.filter
def named_in(person: str, names: Mapping[str, str]) -> str:
    """What somebody is called, by the name that they have in the record; that one where they have
    no other."""
    return names.get(person, person)


@register.filter
def by_names(row: Sequence[str], names: Sequence[str]) -> list[tuple[str, str]]:
    """The cells of a row, each with its column's name: it stands beside it on a narrow page."""
    return list(zip(names, row, strict=True))


@register.filter
def in_words(code: str) -> str:
    """A code of the record's closed lists in words, in the language spoken now."""
    return said_word(str(code))


@register.filter
def refusal(message: str) -> str:
    """A sentence of an error in the language spoken now."""
    return said_refusal(str(message or ""))
