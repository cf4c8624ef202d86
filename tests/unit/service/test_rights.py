"""Which changes of what a person may do take two people, and who the second one is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.service.platform.accounts.permissions import TABLE, Action, Role
from equipoise.service.platform.accounts.rights import (
    FIRST_ROLES,
    OWNER,
    Rights,
    TwoPeople,
    check_confirmer,
    guarded,
    in_force_at_once,
    widens,
)

RIGHTS = st.builds(
    Rights,
    role=st.sampled_from([role for role in Role if role is not Role.API_CLIENT]),
    branch=st.sampled_from(["", "north"]),
    region=st.sampled_from(["", "coast"]),
    is_active=st.booleans(),
)


def test_roles_that_decide_read_publish_or_give_take_two_people() -> None:
    assert {role for role in Role if guarded(role)} >= {
        Role.ANALYST, Role.APPROVER, Role.UNDERWRITER, Role.RISK_OFFICER, Role.AUDITOR,
        Role.ADMINISTRATOR,
    }  # fmt: skip
    assert not guarded(Role.NONE)


@pytest.mark.parametrize("action", [Action.APPROVE_STRATEGY, Action.READ_PERSONAL])
def test_whoever_may_do_what_matters_has_a_guarded_role(action: Action) -> None:
    assert all(guarded(role) for role in TABLE[action])


@given(RIGHTS, RIGHTS)
def test_nobody_comes_to_a_guarded_role_without_a_second_person(a: Rights, b: Rights) -> None:
    if guarded(b.role) and b.is_active and (a.role is not b.role or not a.is_active):
        assert widens(a, b)


@given(RIGHTS)
def test_taking_away_needs_nobody(rights: Rights) -> None:
    gone = Rights(rights.role, rights.branch, rights.region, is_active=False)
    for after in (gone, Rights(Role.NONE), rights):
        assert not widens(rights, after)


@pytest.mark.parametrize(
    "after",
    [
        Rights(Role.UNDERWRITER, "south"),
        Rights(Role.UNDERWRITER, "", "coast"),
        Rights(Role.APPROVER, "north"),
    ],
)
def test_another_role_and_other_rows_take_two_people(after: Rights) -> None:
    assert widens(Rights(Role.UNDERWRITER, "north"), after)


def test_an_approver_has_no_area_to_move_in() -> None:
    assert not widens(Rights(Role.APPROVER, "north"), Rights(Role.APPROVER, "south"))


@given(RIGHTS, RIGHTS, st.integers(0, 5))
def test_only_the_owner_gives_the_first_roles_alone(a: Rights, b: Rights, redeemed: int) -> None:
    if widens(a, b):
        assert not in_force_at_once(a, b, "user.1", redeemed)
        first = b.role in FIRST_ROLES and redeemed < 2
        assert in_force_at_once(a, b, OWNER, redeemed) is first


@pytest.mark.parametrize(
    ("by", "handed_over", "said"),
    [("user.3", True, "their own"), ("user.1", True, "asks"), ("user.2", False, "handed over")],
)
def test_who_cannot_confirm(by: str, handed_over: bool, said: str) -> None:
    with pytest.raises(TwoPeople, match=said):
        check_confirmer(by, person="user.3", asked_by="user.1", handed_over=handed_over)


def test_another_confirms() -> None:
    check_confirmer("user.2", person="user.3", asked_by="user.1", handed_over=True)
