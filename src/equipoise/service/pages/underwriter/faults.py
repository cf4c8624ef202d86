"""Why an answer was not taken, in the language spoken now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from equipoise.authority import AuthorityRefused
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.asks.services import AskedAlready
from equipoise.service.contexts.cases.services import Changed, Repeated, Taken
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
    "subject": marked("Choose what is asked for."),
    "about": marked("Choose what is asked for."),
    "question": marked("Write the question, in one language at least."),
    "why": marked("Write why you ask, for the applicant, in one language at least."),
    "days": marked("Give the applicant 1 to 60 business days."),
    **dict.fromkeys(
        ("question.en", "question.zh", "why.en", "why.zh"),
        marked(
            "The applicant reads this: up to 500 characters, without an address, a link or a "
            "telephone number."
        ),
    ),
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
    if isinstance(error, AskedAlready):
        since = f"{error.since.astimezone(UTC):%Y-%m-%d %H:%M}"
        return say(
            "{name} asked the applicant something at {since} UTC, and the answer is still to come.",
            name=error.name,
            since=since,
        )
    if isinstance(error, Repeated):
        return say(
            "This repeats what was written for colleagues. Write it anew, for the applicant."
        )
    if isinstance(error, Taken):
        return refusal(error)
    if isinstance(error, AuthorityRefused):
        passed = say("You cannot sign this one. You can pass it on with what you would answer.")
        return f"{refusal(error)} {passed}"
    said = _BY_FIELD.get(error.field or "")
    return say(said) if said else refused(error)
