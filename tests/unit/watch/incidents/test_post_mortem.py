"""What is learned of an incident, and that a threshold changes only on evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from equipoise.errors import GateRefused
from equipoise.watch.incidents import Action, PostMortem, Replayed, post_mortem

REPLAYED = Replayed("bureau_answers", 0.8, 0.9, "5f2a", (None, 1.0), (3, 4), (0.2, 0.4))
DRAFT = PostMortem(
    incident="I1",
    by="rita",
    on=datetime(2026, 3, 9, tzinfo=UTC),
    visible=datetime(2026, 3, 2, 6, tzinfo=UTC),
    noticed=datetime(2026, 3, 2, 10, 30, tzinfo=UTC),
    cause="answers without a score were taken for answers",
    failed_control="feed_check",
    actions=(Action("count scores, not answers", "olga", date(2026, 3, 20)),),
    thresholds=(REPLAYED,),
)


def test_the_lead_time_that_was_missed() -> None:
    assert post_mortem.write(DRAFT, ["feed_check"]).missed_hours == 4.5


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (replace(DRAFT, cause=""), "no cause"),
        (replace(DRAFT, failed_control="fed_check"), "no control of the register"),
        (replace(DRAFT, actions=()), "nothing follows"),
        (replace(DRAFT, noticed=datetime(2026, 3, 2, 5, tzinfo=UTC)), "before it could be seen"),
    ],
)
def test_it_says_cause_control_and_who_does_what(draft: PostMortem, says: str) -> None:
    with pytest.raises(GateRefused, match=says):
        post_mortem.write(draft, ["feed_check"])


@pytest.mark.parametrize(
    ("threshold", "says"),
    [
        (replace(REPLAYED, history=""), "was not replayed"),
        (replace(REPLAYED, seen=(4, 3)), "sees 3 of what the old one saw 4 of"),
    ],
)
def test_a_threshold_changes_only_once_it_was_replayed(threshold: Replayed, says: str) -> None:
    with pytest.raises(GateRefused, match=says):
        post_mortem.accept(replace(DRAFT, thresholds=(threshold,)), "omar")


def test_somebody_else_accepts_it() -> None:
    with pytest.raises(GateRefused, match="nobody accepts"):
        post_mortem.accept(DRAFT, "rita")
    assert post_mortem.accept(DRAFT, "omar").accepted_by == "omar"


def test_an_action_is_done_with_evidence_and_told_late() -> None:
    assert [each.owner for each in post_mortem.overdue_actions(DRAFT, date(2026, 3, 21))] == [
        "olga"
    ]
    with pytest.raises(GateRefused, match="how it was done"):
        post_mortem.do_action(DRAFT, "count scores, not answers", date(2026, 3, 19), " ")
    done = post_mortem.do_action(DRAFT, "count scores, not answers", date(2026, 3, 19), "test 41")
    assert post_mortem.overdue_actions(done, date(2026, 3, 21)) == ()
    with pytest.raises(GateRefused, match="no open action"):
        post_mortem.do_action(done, "count scores, not answers", date(2026, 3, 19), "again")
