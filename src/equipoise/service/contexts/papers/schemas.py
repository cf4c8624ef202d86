"""Papers as the API tells them."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from equipoise.service.contexts.papers.models import PaperState


class PaperOut(Schema):
    """A document that the applicant brought, as it is kept: made anew, without anything active.
    `about` names what it was brought for, empty where that is nothing in particular: a check, what
    is unclear, or the contract's field that it answers; `name` is what its file was called. One
    that is `held` waits for the scanner, one that is `refused` is gone."""

    id: str
    about: str
    name: str
    kind: str
    size: int
    pages: int
    state: PaperState
    brought_at: datetime
