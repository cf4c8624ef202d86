"""A loan in trouble: one proposes, another decides, and what came in is counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from equipoise.errors import GateRefused
from equipoise.watch.disposal import (
    WAYS,
    Deadline,
    Disposal,
    Measure,
    Proposal,
    Realised,
    State,
    begin,
    decide,
    end,
    meet,
    overdue,
    propose,
    realise,
)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
PROPOSAL = Proposal(
    loan="L1",
    measure=Measure.RESTRUCTURE,
    by="rita",
    on=NOW,
    reason="lost the job in January",
    exposure=1_000_000,
    expected=640_000,
    currency="EUR",
    letter=(("en", "We lower your instalment."), ("zh", "我们降低您的月供。")),
)


def proposed(**parts: object) -> Disposal:
    return propose(replace(PROPOSAL, **parts), ["en", "zh"])  # type: ignore[arg-type]


def under_way(**parts: object) -> Disposal:
    return begin(decide(proposed(**parts), "omar", NOW, yes=True))


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"expected": 1_000_001}, "between nothing and the exposure"),
        ({"reason": " "}, "says why"),
        ({"measure": Measure.LEAVE}, "never for ever"),
        ({"measure": Measure.LEAVE, "expires": date(2026, 3, 2)}, "never for ever"),
        ({"measure": Measure.LITIGATION}, "has a calendar"),
        ({"letter": (("en", "We lower it."),)}, "not told in zh"),
    ],
)
def test_a_proposal_has_what_its_measure_needs(parts: dict[str, object], says: str) -> None:
    with pytest.raises(GateRefused, match=says):
        proposed(**parts)


def test_every_measure_is_a_way_out() -> None:
    assert set(WAYS) == set(Measure)


def test_nobody_decides_on_their_own_proposal() -> None:
    with pytest.raises(GateRefused, match="nobody decides"):
        decide(proposed(), "rita", NOW, yes=True)
    assert decide(proposed(), "omar", NOW, yes=False).state is State.REFUSED


def test_the_second_of_two_who_decide_is_told() -> None:
    first = decide(proposed(), "omar", NOW, yes=True)
    with pytest.raises(GateRefused, match="it is approved"):
        decide(first, "olga", NOW, yes=False)


def test_money_of_the_books_counts_once_and_is_held_against_what_was_expected() -> None:
    disposal = realise(under_way(), Realised("E1", date(2026, 4, 1), 400_000))
    disposal = realise(disposal, Realised("E1", date(2026, 4, 1), 400_000))
    disposal = realise(disposal, Realised("E2", date(2026, 5, 1), 100_001))
    assert (disposal.recovered, disposal.shortfall) == (500_001, 139_999)
    with pytest.raises(GateRefused, match="another amount"):
        realise(disposal, Realised("E1", date(2026, 4, 1), 1))


def test_a_court_s_calendar_is_met_before_the_end() -> None:
    dates = (Deadline("file the claim", date(2026, 4, 1)), Deadline("hearing", date(2026, 9, 1)))
    disposal = under_way(measure=Measure.LITIGATION, dates=dates)
    assert overdue(disposal, date(2026, 4, 2)) == ("file the claim",)
    disposal = meet(disposal, "file the claim", date(2026, 4, 2))
    with pytest.raises(GateRefused, match="open dates: hearing"):
        end(disposal)
    disposal = meet(disposal, "hearing", date(2026, 9, 1))
    assert end(disposal).state is State.ENDED
    with pytest.raises(GateRefused, match="no open date"):
        meet(disposal, "hearing", date(2026, 9, 2))


def test_an_accepted_risk_runs_out() -> None:
    accepted = proposed(measure=Measure.LEAVE, expires=date(2026, 6, 30))
    assert overdue(accepted, date(2026, 6, 30)) == ()
    assert overdue(accepted, date(2026, 7, 1)) == ("expires",)
