"""Answers about what is held of an applicant."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema

from equipoise.service.pages.fronts.papers_schemas import OwnPaperOut, SaidOut


class FactOut(Schema):
    """A fact: what it is, how it reads, and where it is from."""

    field: str
    title: str
    text: str
    source: str


class AgreedOut(Schema):
    """What the person agreed to, in which version of its text, or took back (`withdrawn`)."""

    purpose: str
    text: int
    at: datetime
    withdrawn: bool


class DecidedOut(Schema):
    """A decision: when, and its outcome."""

    at: datetime
    outcome: str


class OwnLetterOut(Schema):
    """A letter that was made: what it is called, in the person's language, when it was made, and
    when the person first took it (null: not yet)."""

    id: str
    title: str
    made_at: datetime | None
    opened_at: datetime | None


class OwnDataOut(Schema):
    """All that is held about an application. Who looked at it: `opened` in another browser with a
    code, `decisions` by a program or a person, `searches` of somebody of the lender's that found
    it, and of each paper when it was opened."""

    reference: str
    email: str
    phone: str
    facts: list[FactOut]
    papers: list[OwnPaperOut]
    letters: list[OwnLetterOut]
    said: list[SaidOut]
    asked: list[SaidOut]
    agreements: list[AgreedOut]
    decisions: list[DecidedOut]
    opened: list[datetime]
    searches: list[datetime]
    erasure_asked_at: datetime | None


class ErasureAskedOut(Schema):
    """Whether and when the person asked to be erased, and how long the law has a decision kept:
    until `kept_until` (null where it names no day), by `rule`; empty where none is heeded."""

    asked_at: datetime | None
    kept_until: date | None
    rule: str
