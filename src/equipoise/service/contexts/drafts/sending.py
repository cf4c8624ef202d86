"""From what was typed to the decision: once, whatever is pressed twice and whatever dies between.

A draft that is being sent can be changed no more. Its decision is asked for under a key of the
draft's own, so that asking again gives the same decision: whoever comes back to a draft that was
left while it was being sent goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from equipoise.contract import Contract, Field
from equipoise.errors import EquipoiseError
from equipoise.journey import NotRead, pages_of, read_answer
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.services import InProgress, decide_together
from equipoise.service.contexts.decisions.services import asked_of as asked_of_us
from equipoise.service.contexts.drafts import contact
from equipoise.service.contexts.drafts.asked import (
    Asked,
    asked_next,
    asked_of,
    at_first,
    digest_of,
)
from equipoise.service.contexts.drafts.events import DraftSent, DraftWentOn
from equipoise.service.contexts.drafts.given import (
    NotAnswered,
    Own,
    also_given,
    refuse_lacking,
    with_given,
)
from equipoise.service.contexts.drafts.hands import FOR_APPLICANTS, Hands, append
from equipoise.service.contexts.drafts.in_flight import in_flight
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.typed import Typed, opened_text, sealed_text
from equipoise.service.contexts.drafts.writing import link_to, product_of, written
from equipoise.service.contexts.registry.reading import lender_day, loaded
from equipoise.service.platform import clock
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.record import subjects
from equipoise.texts.purposes import lacking

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
    return _arrived(_taken(draft, ""), by, channel)


def send_more(draft: str, after: str, by: str, channel: str) -> Draft:
    """The same for what the decision `after` asked for besides; where another one stands by now,
    the draft as it is. Raises as `send`."""
    return _arrived(_taken(draft, after), by, channel)


def _arrived(row: Draft, by: str, channel: str) -> Draft:
    if row.state != DraftState.SENDING:
        return row
    try:
        decided = _further(row) if row.application else _first(row)
    except (InProgress, NotAnswered):
        return row
    return _done(row.id, decided, by, channel)


def resume(before: datetime) -> int:
    """Go on with the drafts that have been on their way to being sent since before that moment;
    how many arrived."""
    waiting = Draft.objects.filter(state=DraftState.SENDING, changed_at__lt=before)
    count = 0
    for row in waiting.order_by("changed_at")[:_RESUMED]:
        try:
            count += _arrived(row, _SERVICE, row.channel).state == DraftState.SENT
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


def _taken(draft: str, after: str) -> Draft:
    """To being sent, if it is complete: from open, or where `after` is the decision that asked."""
    with transaction.atomic():
        subject = subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        if row.state != (DraftState.SENT if after else DraftState.OPEN):
            return row
        typed = opened_text(subject, row.sealed)
        asked = asked_of(row, typed)
        if asked.after != after:
            return row
        _check(row, typed, asked)
        Draft.objects.filter(pk=draft).update(state=DraftState.SENDING, decision=after)
        row.state, row.decision = DraftState.SENDING, after
        return row


def _check(row: Draft, typed: Typed, asked: Asked) -> None:
    missing = unread(asked.contract, typed, row.language)
    if not asked.after:
        currency = asked.whole.currency
        missing += [] if contact.reachable(typed.contact, currency) else [contact.PAGE]
        missing += [each.name for each in lacking(dict(typed.consents))]
    elif not asked.names:
        missing = ["checks"]
    if missing:
        raise NotComplete("something is still to be answered", field=missing[0])


def _first(row: Draft) -> DecisionView:
    """The draft decided as an application."""
    typed = _opened(row)
    facts = typed.facts
    if facts is None:
        digest = digest_of(row.product)
        contract = at_first(digest).contract
        day, others = lender_day(digest, row.changed_at), in_flight(row.id, clock.now())
        own = Own(row.reference, row.channel, day, others)
        given = with_given(contract, row.product, facts_of(contract, typed, row.language), own)
        intake, names = loaded(digest).compiled.intake, loaded(digest).content.contract.types()
        refuse_lacking(intake.facts.needed, given, row.product)
        gathered = {**_unknown(contract, intake.later), **given}
        facts = _frozen(
            row, lambda kept: kept if kept.facts else kept.with_facts(gathered, names)
        ).facts
    return _decided(row, facts or {}, row.id)


def _further(row: Draft) -> DecisionView:
    """Its application decided again with what its last decision asked for."""
    typed, after = _opened(row), row.decision
    if after not in typed.later:
        contract = asked_next(row.application, typed).contract
        fresh = facts_of(contract, typed, row.language)
        given = also_given(contract, row.product, typed.given, fresh)
        facts = {**_unknown(contract, contract.types()), **given}
        typed = _frozen(
            row, lambda kept: kept if after in kept.later else kept.with_later(after, facts)
        )
    return _decided(row, typed.later[after], f"{row.id}.{after}")


def _opened(row: Draft) -> Typed:
    return opened_text(subjects.several([row.id]).get(row.id), row.sealed)


def _frozen(row: Draft, freeze: Callable[[Typed], Typed]) -> Typed:
    """The facts that are sent: gathered once, whoever else is sending it at the same time."""
    with transaction.atomic():
        subject = subjects.held(row.id)
        typed = freeze(opened_text(subject, Draft.objects.get(pk=row.id).sealed))
        Draft.objects.filter(pk=row.id).update(sealed=sealed_text(subject, typed))
    return typed


def _unknown(contract: Contract, names: Collection[str]) -> dict[str, None]:
    """Null for those of these fields that may be missing: of what was asked of every source and is
    not given it says that nobody knows, or a strategy that asks step by step would wait for it."""
    fields = (each for each in contract.fields if each.missing == "allow")
    return {each.name: None for each in fields if each.name in names}


def _decided(row: Draft, facts: Mapping[str, Any], key: str) -> DecisionView:
    ask = asked_of_us(facts, FOR_APPLICANTS, key, strategy=row.product, language=row.language)
    (answer,) = decide_together((replace(ask, further=row.application),))
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


def _done(draft: str, decided: DecisionView, by: str, channel: str) -> Draft:
    now = clock.now()
    with transaction.atomic():
        subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        if row.state == DraftState.SENDING:
            before, first = row.decision, not row.application
            row.state, row.decision = DraftState.SENT, decided.row.id
            row.application, row.changed_at = decided.row.application, now
            row.sent_at = row.sent_at or now
            row.save(update_fields=["state", "application", "decision", "sent_at", "changed_at"])
            ids = {"application": row.application, "decision": row.decision}
            hands = Hands(channel, by)
            if first:
                append(row, DraftSent, hands, now, **ids)
                received = {
                    "product": product_of(row),
                    "reference": row.reference,
                    "link": link_to(draft),
                }
                written(row, "received", received, Purpose.PROGRESS)
            else:
                append(row, DraftWentOn, hands, now, before=before, **ids)
    return row
