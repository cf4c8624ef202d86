"""Who may do what, and how often."""

from __future__ import annotations

import pytest

from equipoise.service.platform.accounts.permissions import (
    TABLE,
    Action,
    Principal,
    Reach,
    Role,
    key_scopes,
)
from equipoise.service.platform.accounts.rates import Buckets


def may(role: Role, action: Action, scopes: frozenset[Action] | None = None) -> bool:
    return Principal("user.1", "user.1", role, scopes=scopes).reach(action) is not None


def test_every_action_has_its_row_in_the_table() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_someone_without_a_role_may_do_nothing(action: Action) -> None:
    assert not may(Role.NONE, action)


def test_nobody_both_writes_and_approves_strategies() -> None:
    for role in Role:
        assert not (may(role, Action.WRITE_STRATEGY) and may(role, Action.APPROVE_STRATEGY))


def test_the_auditor_changes_nothing() -> None:
    changing = {
        action for action in Action if not action.value.endswith((".read", "decisions.replay"))
    } - {Action.END_SESSIONS, Action.EXPORT}  # one's own; a copy of what is read, on the record
    assert not any(may(Role.AUDITOR, action) for action in changing)


def test_the_administrator_decides_nothing_and_approves_nothing() -> None:
    for action in (Action.DECIDE, Action.OVERRIDE, Action.APPROVE_STRATEGY, Action.READ_PERSONAL):
        assert not may(Role.ADMINISTRATOR, action)


def test_a_key_may_do_no_more_than_its_scopes() -> None:
    scopes = frozenset({Action.DECIDE})
    assert may(Role.API_CLIENT, Action.DECIDE, scopes)
    assert not may(Role.API_CLIENT, Action.READ_DECISIONS, scopes)


def test_a_scope_gives_a_key_no_right_that_keys_do_not_have() -> None:
    assert not may(Role.API_CLIENT, Action.MANAGE_USERS, frozenset(Action))
    assert Action.MANAGE_USERS not in key_scopes()


def test_an_underwriter_reaches_their_own_area() -> None:
    assert TABLE[Action.READ_DECISIONS][Role.UNDERWRITER] is Reach.AREA


def test_personal_facts_are_for_underwriters_and_for_who_sent_them() -> None:
    assert TABLE[Action.READ_PERSONAL] == {
        Role.UNDERWRITER: Reach.AREA,
        Role.API_CLIENT: Reach.OWN,
    }


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    assert [buckets.take("a", rate=2, burst=3) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", rate=2, burst=3) == pytest.approx(0.5)
    clock.now += 0.5
    assert buckets.take("a", rate=2, burst=3) == 0
    assert buckets.take("a", rate=2, burst=3) == pytest.approx(0.5)


def test_buckets_do_not_share_tokens_and_do_not_overflow() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    assert buckets.take("a", rate=1, burst=1) == 0
    assert buckets.take("b", rate=1, burst=1) == 0
    clock.now += 1000
    assert buckets.take("a", rate=1, burst=1) == 0
    assert buckets.take("a", rate=1, burst=1) > 0
