"""Why an answer was not taken, in the language spoken now."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.authority import AuthorityRefused
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.cases.services import Changed
from equipoise.service.pages.underwriter.refusals import refusal
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_BY_FIELD: Mapping[str, str] = {
    "answer": marked("Say yes or no."),
    "words": marked("Say why, for colleagues."),
    "reasons": marked(
        "Choose what the applicant is told: at least one reason for a no, or for terms that are "
        "other than they asked for."
    ),
    "reason": marked("Choose why you decide otherwise."),
    "back": marked("Say why you do not sign it."),
    "note": marked("Write something, up to 2,000 characters."),
    "terms": marked("No yes can be given with these terms."),
    "terms.amount": marked("The amount lies outside of what you may grant."),
    "terms.months": marked("The months lie outside of what you may grant."),
    "terms.apr": marked("The price lies outside of what you may grant."),
}


def said_of(error: EquipoiseError) -> str:
    """What is said of it."""
    if isinstance(error, Changed):
        return say("This case is not as you read it any more.")
    if isinstance(error, AuthorityRefused):
        passed = say("You cannot sign this one. You can pass it on with what you would answer.")
        return f"{refusal(error)} {passed}"
    said = _BY_FIELD.get(error.field or "")
    return say(said) if said else refused(error)
