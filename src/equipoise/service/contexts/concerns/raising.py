"""Which concerns a decision raises, and which it leaves behind."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from equipoise.service.contexts.applications.reading import visible as application
from equipoise.service.contexts.cases.reading import by_person
from equipoise.service.contexts.concerns.events import ConcernClosed, ConcernRaised
from equipoise.service.contexts.concerns.models import Concern, ConcernOutcome, ConcernState
from equipoise.service.contexts.decisions.reading import DecisionView, asked_back
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import APPLICANT, Reach
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

BY = "system.concerns"


def raise_for(decision: DecisionView) -> int:
    """Raise what the decision finds unclear, and close what the application is decided without, be
    it by a person; how many were raised. Done again it changes nothing, nor for a decision that is
    not the last."""
    chain = decision.row.application
    if decision.row.begun_by != APPLICANT:
        return 0  # no applicant of ours can answer: the program that asked is told the reasons
    codes = [] if by_person(decision.row.id) else asked_back(decision)
    with transaction.atomic():
        subjects.held(chain)
        known = list(Concern.objects.filter(application=chain))
        if not (codes or known) or _last(chain) != decision.row.id:
            return 0
        raised = {each.code for each in known if each.decision == decision.row.id}
        going_on = {e.code: e for e in known if e.state != ConcernState.CLOSED}
        new = [code for code in codes if code not in raised]
        for code in new:
            _raised(going_on.get(code) or _begun(decision, code), decision)
        for code in going_on.keys() - set(codes):
            close(going_on[code], ConcernOutcome.DECIDED_ANEW, BY, words=None)
    return len(new)


def close(row: Concern, outcome: ConcernOutcome, by: str, **fields: Any) -> None:
    """Within the caller's transaction."""
    row.state, row.outcome = ConcernState.CLOSED, outcome
    row.closed_by, row.closed_at = by, clock.now()
    row.save(update_fields=["state", "outcome", "closed_by", "closed_at"])
    event = ConcernClosed(by=by, concern=row.id, decision=row.decision, outcome=outcome, **fields)
    record.append(record.event(row.application, event, rows=(row,)))


def _last(chain: str) -> str:
    return application(chain, FOR_APPLICANTS, Reach.OWN).decision


def _begun(decision: DecisionView, code: str) -> Concern:
    of = decision.row
    return Concern(
        id=subjects.new_id("concern"),
        application=of.application,
        code=code,
        begun_by=of.begun_by,
        branch=of.branch,
        region=of.region,
        raised_at=clock.now(),
    )


def _raised(row: Concern, decision: DecisionView) -> None:
    """By this decision from now on; what was answered before stays answered."""
    row.decision = decision.row.id
    row.save()
    event = ConcernRaised(by=BY, concern=row.id, decision=row.decision, code=row.code)
    record.append(record.event(row.application, event, rows=(row,)))
