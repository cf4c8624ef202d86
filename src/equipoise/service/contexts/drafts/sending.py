"""From what was typed to the decision: once, whatever is pressed twice and whatever dies between.

A draft that is being sent can be changed no more. Its decision is asked for under a key of the
draft's own, so that asking again gives the same decision: whoever comes back to a draft that was
left while it was being sent goes on with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from equipoise.contract import Contract, Field
from equipoise.errors import EquipoiseError
from equipoise.journey import NotRead, pages_of, read_answer
from equipoise.service.contexts.decisions.reading import Found
from equipoise.service.contexts.decisions.services import InProgress, asked_of, decide_together
from equipoise.service.contexts.drafts import contact
from equipoise.service.contexts.drafts.events import DraftSent
from equipoise.service.contexts.drafts.given import NotAnswered, Own, with_given
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.typed import Typed, opened_text, sealed_text
from equipoise.service.contexts.drafts.writing import link_to, product_of, written
from equipoise.service.contexts.registry.reading import champions, lender_day, loaded
from equipoise.service.platform.accounts.permissions import APPLICANT, Action, Principal, Role
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.texts.purposes import lacking

FOR_APPLICANTS = Principal(
    id=APPLICANT,
    person=APPLICANT,
    role=Role.API_CLIENT,
    scopes=frozenset({Action.DECIDE, Action.READ_DECISIONS, Action.READ_PERSONAL}),
)
"""The service itself, where it acts for whoever holds an application."""
_SERVICE = "service"
_RESUMED = 500  # at a time
_log = log("drafts")


class NotComplete(EquipoiseError):
    """Something is still to be answered or agreed to; `field` is where."""


def send(draft: str, by: str, channel: str) -> Draft:
    """The draft as sent, by this call or one before it; still being sent, where another is at it or
    a source of facts does not answer: then `resume` goes on with it.

    Raises NotComplete, and what deciding raises where the service cannot decide now: pressing
    again goes on.
    """
    row = _taken(draft)
    if row.state == DraftState.SENT:
        return row
    try:
        decided = _decided(row, _frozen(row))
    except (InProgress, NotAnswered):
        return row
    return _done(row.id, decided.row.application, decided.row.id, by, channel)


def resume(before: datetime) -> int:
    """Go on with the drafts that have been on their way to being sent since before that moment;
    how many arrived."""
    waiting = Draft.objects.filter(state=DraftState.SENDING, changed_at__lt=before)
    count = 0
    for row in waiting.order_by("changed_at")[:_RESUMED]:
        try:
            count += send(row.id, _SERVICE, row.channel).state == DraftState.SENT
        except Exception as error:  # one that cannot be sent holds up no other
            _log.error("a draft could not be sent on", exc_info=error)
    return count


def unread(contract: Contract, typed: Typed, language: str) -> list[str]:
    """The fields whose answers are missing, or cannot be read as they stand."""
    return [
        page.field.name for page in pages_of(contract) if not _reads(page.field, typed, language)
    ]


def _reads(field: Field, typed: Typed, language: str) -> bool:
    try:
        read_answer(field, typed.raw.get(field.name, {}), language)
    except NotRead:
        return False
    return field.name in typed.raw


def _taken(draft: str) -> Draft:
    """From open to being sent, if it is complete."""
    with transaction.atomic():
        subject = subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        if row.state != DraftState.OPEN:
            return row
        typed = opened_text(subject, row.sealed)
        _check(row, typed)
        Draft.objects.filter(pk=draft).update(state=DraftState.SENDING)
        row.state = DraftState.SENDING
        return row


def _check(row: Draft, typed: Typed) -> None:
    contract = _contract(row.product)
    missing = unread(contract, typed, row.language)
    missing += [] if contact.reachable(typed.contact, contract.currency) else [contact.PAGE]
    missing += [each.name for each in lacking(dict(typed.consents))]
    if missing:
        raise NotComplete("something is still to be answered", field=missing[0])


def _contract(product: str) -> Contract:
    return loaded(_digest(product)).content.contract


def _digest(product: str) -> str:
    (digest,) = (each.digest for each in champions() if each.strategy == product)
    return digest


def _frozen(row: Draft) -> Mapping[str, Any]:
    """The facts that are sent: gathered once, whoever else is sending it at the same time."""
    typed = opened_text(subjects.several([row.id]).get(row.id), row.sealed)
    if typed.facts is not None:
        return typed.facts
    contract = _contract(row.product)
    own = Own(row.reference, row.channel, lender_day(_digest(row.product), row.changed_at))
    gathered = with_given(contract, row.product, facts_of(contract, typed, row.language), own)
    with transaction.atomic():
        subject = subjects.held(row.id)
        typed = opened_text(subject, Draft.objects.get(pk=row.id).sealed)
        if typed.facts is None:
            typed = typed.with_facts(gathered)
            Draft.objects.filter(pk=row.id).update(sealed=sealed_text(subject, typed))
    return typed.facts or gathered


def _decided(row: Draft, facts: Mapping[str, Any]) -> Found:
    ask = asked_of(facts, FOR_APPLICANTS, row.id, strategy=row.product, language=row.language)
    (answer,) = decide_together((ask,))
    if isinstance(answer, Exception):
        raise answer
    return answer


def facts_of(contract: Contract, typed: Typed, language: str) -> dict[str, Any]:
    """What was typed, read, as JSON has it; what is not read yet is left out."""
    facts: dict[str, Any] = {}
    for page in pages_of(contract):
        try:
            value = read_answer(page.field, typed.raw.get(page.field.name, {}), language)
        except NotRead:
            continue
        if value is not None:
            facts[page.field.name] = value.isoformat() if isinstance(value, date) else value
    return facts


def _done(draft: str, application: str, decision: str, by: str, channel: str) -> Draft:
    now = timezone.now()
    with transaction.atomic():
        subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        if row.state == DraftState.SENDING:
            row.state, row.application, row.decision = DraftState.SENT, application, decision
            row.sent_at = row.changed_at = now
            row.save(update_fields=["state", "application", "decision", "sent_at", "changed_at"])
            event = DraftSent(
                by=by,
                product=row.product,
                channel=channel,
                at=now.isoformat(),
                application=application,
                decision=decision,
            )
            record.append(record.event(draft, event))
            told = {"product": product_of(row), "reference": row.reference}
            written(row, "received", {**told, "link": link_to(draft)}, Purpose.PROGRESS)
    return row
