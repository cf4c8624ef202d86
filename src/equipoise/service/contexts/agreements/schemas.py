"""Answers about agreements."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema

from equipoise.service.contexts.agreements.models import AgreementState


class AgreementOut(Schema):
    """Where the agreement of an application stands, and on the offer of which `decision`. What was
    shown stands sealed in the record, under `digest` (SHA-256); `withdraw_until` is the lender's
    last day on which the person may withdraw, null where they may not or have not signed."""

    id: str
    application: str
    decision: str
    state: AgreementState
    language: str
    channel: str
    digest: str
    accepted_at: datetime
    signed_at: datetime | None
    withdraw_until: date | None
    withdrawn_at: datetime | None
