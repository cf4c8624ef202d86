"""The client's desk against the running service: two underwriters work, decide, ask, and sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from at_the_desk import follow, referred, underwriter
from django.test import Client as Browser
from fronting import listening
from lender import AUTHORITY, RISKY, anew, ask, facts, publish, shop
from people import PASSWORD, send

from equipoise.client import Conflict, Desk, authenticator
from equipoise.service.platform import clock
from equipoise.service.project.wsgi import application

SECRETS = ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
TERMS = (20_000.0, 36, 0.1)


@pytest.fixture
def url(sqlite_database: Any) -> Iterator[str]:
    with anew(), listening(application) as there:
        publish(authority=AUTHORITY)
        yield there


def desk(url: str, secret: str) -> Desk:
    """Of a senior underwriter of the branch, who logs in with a second factor."""
    user = underwriter("senior")
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    return Desk(url, user.username, PASSWORD, code=authenticator(secret))


def test_two_underwriters_do_a_morning_s_work_through_it(url: str) -> None:
    one, two = (desk(url, secret) for secret in SECRETS)
    big, small = referred(amount=20_000.0), referred(amount=12_000.0)
    follow()
    waits = {each.decision: each for each in one.work(kind="referred")}
    assert {*waits} == {big["id"], small["id"]}
    assert one.counts().kinds["referred"] == 2

    taken = one.claim(waits[big["id"]].id)
    assert taken.claimed_by == one.me().id
    with pytest.raises(Conflict, match="has it"):
        two.claim(taken.id)
    later = clock.now() + timedelta(hours=3)
    assert one.hold(taken.id, later, "The employer calls back.").snoozed_until is not None
    assert one.resume(taken.id).snoozed_until is None
    assert "employer" in str(one.get(taken.id).notes[0].words)
    one.claim(taken.id)

    may = one.deciding(big["id"])
    assert (may.left, may.level, may.signatures, may.refusal) == (True, "senior", 2, "")
    assert one.weigh(big["id"], TERMS).signatures == 2
    first = one.decide(big["id"], "approve", "Their savings carry it.", terms=TERMS)
    assert first.state == "signed"
    signed = two.sign(big["id"], "As my colleague says.")
    assert (signed.state, len(signed.officers)) == ("decided", 2)
    with pytest.raises(Conflict, match="nothing waits"):
        two.sign(big["id"], "Once more.")

    follow()
    next_ = two.next(kind="referred")
    assert next_ is not None
    assert next_.decision == small["id"]
    asked = two.ask(
        small["application"], "question", {"en": "Your payslips begin in March."},
        answer="text", question={"en": "Since when do you work there?"},
    )  # fmt: skip
    assert asked.state == "open"
    assert two.get(next_.id).held_since is not None, "the customer has the ball"
    assert two.withdraw_ask(asked.id).state == "closed"
    assert two.release(next_.id).claimed_by == ""

    program = shop(branch="north")
    no = ask(program, facts(**RISKY)).json()
    where = f"/v1/applications/{no['application']}/reviews"
    review = send(program, "POST", where, {"words": "My job is permanent now."})
    assert review.status_code in (200, 201), review.content
    settled = one.settle(review.json()["id"], "kept", "The contract is for a year.")
    assert (settled.state, settled.outcome) == ("settled", "kept")

    browser = Browser()
    browser.cookies.load(two._session.identity()["Cookie"])
    assert browser.get("/v1/me").status_code == 200
    two.log_out()
    assert browser.get("/v1/me").status_code == 401, "the session has ended at the service too"
