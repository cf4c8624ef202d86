"""Where the lender stands, by the client's desks: an analyst has it measured, others read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from balanced import balancing
from fronting import listening
from people import PASSWORD, person

from equipoise.client import AnalystDesk, Conflict, NotAllowed, NotFound, RiskDesk, authenticator
from equipoise.service.contexts.standings import reading
from equipoise.service.contexts.standings.running import measure
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.project.wsgi import application
from equipoise.workspace import standing_runs

Desk = TypeVar("Desk", bound=AnalystDesk | RiskDesk)


def desk(kind: type[Desk], url: str, role: Role) -> Desk:
    """Of somebody in that role, who logs in with a second factor."""
    user, secret = person(role), generate_totp_secret()
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    return kind(url, user.username, PASSWORD, code=authenticator(secret))


def test_an_analyst_measures_and_a_risk_officer_reads(
    sqlite_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_runs, "SAMPLE", 1_200)
    with balancing(tmp_path / "demo"), listening(application) as url:
        analyst = desk(AnalystDesk, url, Role.ANALYST)
        officer = desk(RiskDesk, url, Role.RISK_OFFICER)
        first = analyst.standings.begin()
        assert (first.state, first.asked_by, first.result) == ("queued", analyst.me().id, None)
        with pytest.raises(Conflict):
            analyst.standings.begin()
        assert analyst.standings.cancel(first.id).state == "cancelled"

        second = analyst.standings.begin()
        measure.func(second.id)
        stood = officer.standings.wait(second.id, pause=0)
        kept = reading.result(second.id)
        assert kept is not None
        assert stood.result is not None
        assert stood.state == "done"
        with pytest.raises(Conflict):
            analyst.standings.cancel(second.id)
        assert (stood.result.figures, stood.result.distance) == (kept.figures, kept.distance)
        assert [each.id for each in officer.standings.list()] == [second.id, first.id]
        with pytest.raises(NotFound):
            officer.standings.get(second.id + 1)

        auditor = desk(AnalystDesk, url, Role.AUDITOR)
        assert auditor.standings.get(second.id) == stood
        with pytest.raises(NotAllowed):
            auditor.standings.begin()
