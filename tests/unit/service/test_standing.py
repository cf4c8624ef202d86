"""When an approval counts as a second person's, and what whoever reviews is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from equipoise.service.platform.accounts.rights import BOOTSTRAP, OWNER, TwoPeople
from equipoise.service.platform.accounts.standing import (
    Origin,
    Standing,
    check_four_eyes,
    review_notices,
)

THEN = datetime(2026, 3, 1, tzinfo=UTC)
AUTHOR = Standing("user.2", "user.1", THEN, "user.1", "user.9")
APPROVER = Standing("user.3", "user.8", THEN, "user.8", "user.9")
HERE, THERE = Origin("b1", "a1"), Origin("b2", "a2")


def test_two_people_who_took_over_their_accounts_are_two() -> None:
    check_four_eyes([AUTHOR], APPROVER)
    assert review_notices([AUTHOR, APPROVER]) == []


def test_an_account_that_was_never_handed_over_is_nobody() -> None:
    with pytest.raises(TwoPeople, match=r"author user\.2 was never handed over"):
        check_four_eyes([AUTHOR, replace(AUTHOR, handed_over_at=None)], APPROVER)
    with pytest.raises(TwoPeople, match=r"user\.3 was never handed over"):
        check_four_eyes([AUTHOR], replace(APPROVER, handed_over_at=None))


@pytest.mark.parametrize(
    ("standings", "said"),
    [
        ([replace(AUTHOR, invited_by=OWNER)], "invited by the owner of the machine"),
        ([replace(AUTHOR, invited_by=BOOTSTRAP)], "made by the first start"),
        ([replace(AUTHOR, role_confirmed_by="")], "confirmed by nobody"),
        ([replace(AUTHOR, reset_at=THEN)], "a new password by the owner of the machine on 2026-03"),
        ([replace(AUTHOR, handed_over_at=None)], "never handed over"),
        ([replace(AUTHOR, invited_from=HERE, redeemed_from=HERE)], "in the browser of whoever"),
        (
            [replace(AUTHOR, invited_from=HERE, redeemed_from=replace(THERE, address="a1"))],
            "from the network address of whoever made it",
        ),
        ([replace(AUTHOR, asked_from=HERE, confirmed_from=HERE)], "whoever asked for it"),
        (
            [replace(AUTHOR, redeemed_from=HERE), replace(APPROVER, redeemed_from=HERE)],
            "redeemed their invitations in one browser",
        ),
        (
            [replace(AUTHOR, redeemed_from=Origin("", "a")),
             replace(APPROVER, redeemed_from=Origin("", "a"))],
            "from one network address",
        ),
        ([AUTHOR, replace(APPROVER, invited_by="user.1")], "invited by the same person, user.1"),
    ],
)  # fmt: skip
def test_what_may_be_one_person_is_said(standings: list[Standing], said: str) -> None:
    (notice,) = review_notices(standings)
    assert said in notice


def test_what_is_not_known_is_the_same_as_nothing() -> None:
    assert not Origin().same_browser(Origin())
    assert not Origin().same_address(Origin())
