"""What is done about an agreement: taking an offer, signing it, withdrawing from it.

Each is one transaction, alone with the application. What was done before is done once: asked for
again, it gives the agreement as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.agreements.events import (
    AgreementSigned,
    AgreementWithdrawn,
    OfferAccepted,
)
from equipoise.service.contexts.agreements.models import Agreement, AgreementState
from equipoise.service.contexts.agreements.shown import Shown, digest_of
from equipoise.service.contexts.agreements.withdrawing import withdraw_until
from equipoise.service.contexts.applications.reading import visible
from equipoise.service.contexts.cases.reading import by_person, has_lapsed, offer_of, unmet
from equipoise.service.contexts.decisions.reading import DecisionView, stands
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.decision import DECLINE

MOST_NAME = 200


class Moved(EquipoiseError):
    """The offer does not stand any more: decided anew, or the strategy says otherwise today."""


class Unread(EquipoiseError):
    """What the person read is not what would be recorded: it has to be read again."""


class Settled(EquipoiseError):
    """It was signed, or withdrawn from, and cannot be changed like this; or what it depends on is
    not there yet."""


class TooLate(EquipoiseError):
    """The days in which one may withdraw are over, or there were none."""


@dataclass(frozen=True, slots=True)
class Hands:
    """For whom it is done, who does it, and over which channel."""

    principal: Principal
    by: str = "applicant"
    channel: str = "web"


def accept(decision: DecisionView, shown: Shown, seen: str, hands: Hands) -> Agreement:
    """Take the decision's offer, having been shown this; `seen` says what the page showed.

    Raises Moved, Unread, and Settled where another was signed.
    """
    _refuse_unread(shown, seen)
    _refuse_changed(decision, shown, hands)
    with transaction.atomic():
        subject = _alone_with(decision, hands)
        before = _row(decision)
        if before is not None and before.state != AgreementState.ACCEPTED:
            raise Settled("the loan was signed already")
        if before is not None and before.decision == decision.row.id:
            return before
        agreement = before or _begun(decision)
        agreement.decision, agreement.accepted_at = decision.row.id, _now()
        agreement.save()
        kept = _kept(subject, shown.kept())
        _append(agreement, OfferAccepted, hands, language=shown.language, **kept)
        return agreement


def sign(decision: DecisionView, shown: Shown, seen: str, name: str, hands: Hands) -> Agreement:
    """Sign what was taken, with a typed name. Raises Moved, Unread, and Settled where it was
    withdrawn from."""
    _refuse_unread(shown, seen)
    agreement = _row(decision)
    if agreement is not None and agreement.state == AgreementState.SIGNED:
        return agreement
    _refuse_changed(decision, shown, hands)
    with transaction.atomic():
        subject = _alone_with(decision, hands)
        agreement = _row(decision)
        if agreement is None or agreement.decision != decision.row.id:
            raise Moved("no offer of this decision was taken")
        if agreement.state == AgreementState.WITHDRAWN:
            raise Settled("the person withdrew from this loan")
        if agreement.state == AgreementState.SIGNED:
            return agreement
        now = _now()
        until = withdraw_until(lender_day(decision.row.digest, now))
        _move(agreement, AgreementState.SIGNED, signed_at=now, withdraw_until=until)
        kept = _kept(subject, shown.kept(), name=name[:MOST_NAME])
        last_day = until.isoformat() if until else None
        _append(
            agreement, AgreementSigned, hands,
            language=shown.language, withdraw_until=last_day, **kept,
        )  # fmt: skip
        return agreement


def withdraw(decision: DecisionView, hands: Hands) -> Agreement:
    """Withdraw from what was signed. Raises TooLate, and Settled where nothing was signed."""
    with transaction.atomic():
        subjects.held(decision.row.application)
        agreement = _row(decision)
        if agreement is None or agreement.state == AgreementState.ACCEPTED:
            raise Settled("nothing was signed")
        if agreement.state == AgreementState.WITHDRAWN:
            return agreement
        today = lender_day(decision.row.digest, _now())
        if agreement.withdraw_until is None or today > agreement.withdraw_until:
            raise TooLate("the days in which one may withdraw are over")
        _move(agreement, AgreementState.WITHDRAWN, withdrawn_at=_now())
        _append(agreement, AgreementWithdrawn, hands)
        return agreement


def _refuse_unread(shown: Shown, seen: str) -> None:
    if seen != shown.seen:
        raise Unread("what was read has changed since")


def _refuse_changed(decision: DecisionView, shown: Shown, hands: Hands) -> None:
    """What a person offers stands by their word, for as long as what it was made by is not too old;
    all else by what the strategy says today."""
    by = by_person(decision.row.id)
    if by is not None and by.answer == DECLINE:
        raise Moved("a person decided that the offer is not made")
    if by is not None and unmet(decision.row.id):
        raise Settled("what the offer depends on is not met yet")
    offer = offer_of(by, decision.row.id)
    if offer is not None:
        if shown.offer != offer:
            raise Moved("a person offers other terms")
        if has_lapsed(by, decision):
            raise Moved("the person's offer stands no more")
    elif not stands(decision, hands.principal):
        raise Moved("the strategy does not make this offer today")


def _alone_with(decision: DecisionView, hands: Hands) -> subjects.Subject:
    """The applicant, alone with the application until the commit, if this is its last decision."""
    subject = subjects.held(decision.row.application)
    application = visible(decision.row.application, hands.principal, Reach.OWN)
    if application.decision != decision.row.id:
        raise Moved("the application was decided anew")
    return subject


def _row(decision: DecisionView) -> Agreement | None:
    return Agreement.objects.filter(application=decision.row.application).first()


def _begun(decision: DecisionView) -> Agreement:
    row = decision.row
    return Agreement(
        id=subjects.new_id("agreement"),
        application=row.application,
        decision=row.id,
        begun_by=row.begun_by,
        branch=row.branch,
        region=row.region,
        state=AgreementState.ACCEPTED,
    )


def _move(agreement: Agreement, state: AgreementState, **columns: datetime | date | None) -> None:
    agreement.state = state
    for name, value in columns.items():
        setattr(agreement, name, value)
    agreement.save(update_fields=["state", *columns])


def _kept(subject: subjects.Subject, shown: Mapping[str, Any], **more: str) -> dict[str, Any]:
    sealed = subjects.seal_for(subject, {"shown": shown, **more})
    return {"digest": digest_of(shown), "shown": sealed.body}


def _append(agreement: Agreement, kind: type[Any], hands: Hands, **fields: Any) -> None:
    event = kind(
        agreement=agreement.id,
        decision=agreement.decision,
        by=hands.by,
        channel=hands.channel,
        at=_now().isoformat(),
        **fields,
    )
    record.append(record.event(agreement.application, event, rows=(agreement,)))


def _now() -> datetime:
    return clock.now()
