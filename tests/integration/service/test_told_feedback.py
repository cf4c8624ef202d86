"""Whom a rehearsal's account says to have been asked too often."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from equipoise.service.commands import told
from equipoise.service.contexts.complaints.events import ComplaintReceived
from equipoise.service.contexts.complaints.models import Matter
from equipoise.service.contexts.feedback.events import FeedbackAsked

_AT = datetime(2026, 12, 1, 3)


def test_who_complained_is_not_asked_how_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _amiss(monkeypatch, _received(Matter.COMPLAINT), _asked(_AT))


def test_who_had_their_data_put_right_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _amiss(monkeypatch, _received(Matter.CORRECTION), _asked(_AT))


@pytest.mark.parametrize(("days", "too_soon"), [(29, True), (30, False)])
def test_nobody_is_asked_twice_within_thirty_days(
    monkeypatch: pytest.MonkeyPatch, days: int, too_soon: bool
) -> None:
    later = _AT + timedelta(days=days)
    assert bool(_amiss(monkeypatch, _asked(_AT), _asked(later))) is too_soon


def _amiss(monkeypatch: pytest.MonkeyPatch, *events: object) -> list[str]:
    entries = [SimpleNamespace(entry=SimpleNamespace(chain="draft-1"), event=e) for e in events]
    monkeypatch.setattr(told.record, "read", lambda _kinds: entries)
    return told.asked_too_often()


def _received(matter: Matter) -> ComplaintReceived:
    return ComplaintReceived(
        by="applicant",
        complaint="complaint-1",
        at=_AT.isoformat(),
        matter=matter,
        product="loan",
        channel="web",
        language="en",
        step="",
        due_on=None,
        rule="",
        words={},
    )


def _asked(at: datetime) -> FeedbackAsked:
    return FeedbackAsked(
        by="system.feedback",
        ask="ask-1",
        moment="answer",
        step="answer",
        at=at.isoformat(),
        product="loan",
        channel="web",
        language="en",
        outcome="approve",
    )
