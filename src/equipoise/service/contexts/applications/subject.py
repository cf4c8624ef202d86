"""Whose an application is: by what its applicant is found again, in the words of its strategy's
contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.contract import identifier_text
from equipoise.errors import BadInput
from equipoise.service.contexts.applications.searchable import search_texts
from equipoise.service.contexts.registry.reading import Unusable, loaded


def as_named(digest: str, application: Mapping[str, Any]) -> Mapping[str, Any]:
    """The application by the names of fields, without what the contract says to ignore.

    Raises BadInput for names that may not stand in it.
    """
    try:
        facts = loaded(digest).compiled.intake.facts
    except Unusable:
        return application
    return facts.kept(facts.named(application, None))


def reference_of(digest: str, application: Mapping[str, Any]) -> tuple[str, str] | None:
    """The contract's identifier and its text here, by which the applicant is found again; None
    where it is missing or empty: nobody is found by that. Raises BadInput where it names nobody.
    """
    try:
        name = loaded(digest).content.contract.id
    except Unusable:
        return None
    if name is None:
        return None
    try:
        text = identifier_text(as_named(digest, application).get(name))
    except BadInput as error:
        raise BadInput(error.message, field=name, mend=error.mend) from None
    return None if text is None else (name, text)


def found_by(digest: str, application: Mapping[str, Any]) -> Mapping[str, str]:
    """By what the applicant can be searched for, besides the identifier."""
    try:
        return search_texts(loaded(digest).content.contract, application)
    except Unusable:
        return {}
