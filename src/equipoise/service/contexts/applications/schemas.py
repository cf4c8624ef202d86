"""Answers about applications."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from equipoise.service.contexts.applications.events import ApplicationState


class ApplicationOut(Schema):
    """Where an application stands. It is `open` while more is to come (facts, results of checks, a
    person's answer), and goes on with the version of `digest`; `decision` is its last one.
    `language` is the one in which the applicant is spoken to, empty where none was said."""

    id: str
    state: ApplicationState
    strategy: str
    digest: str
    language: str
    decision: str
    changed_at: datetime
