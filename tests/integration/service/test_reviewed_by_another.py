"""Whoever decided does not look at it again: reviews and complaints go to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from at_the_desk import decided, follow, underwriter, waiting, who
from lender import AUTHORITY, anew, publish
from people import logged_in, send

from equipoise.service.contexts.cases import services
from equipoise.service.contexts.complaints import services as complaints
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.registry.reading import champions

DEEP = {"dti": 0.9}


@pytest.fixture(autouse=True)
def _in_force(sqlite_database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def override(client: Any, decision: str, answer: str = "approve") -> None:
    body = {"answer": answer, "reason": "INCOME", "words": "The contract was read."}
    told = send(client, "POST", f"/v1/decisions/{decision}/override", body)
    assert told.status_code == 201, told.content


def review_of(client: Any, decision: dict[str, Any]) -> str:
    at = f"/v1/applications/{decision['application']}/reviews"
    told = send(client, "POST", at, {"words": "My debts are paid."})
    assert told.status_code == 201, told.content
    return str(told.json()["id"])


def settle(client: Any, review: str, outcome: str = "overturned") -> Any:
    body = {"outcome": outcome, "words": "It was read."}
    return send(client, "POST", f"/v1/reviews/{review}/settle", body)


def test_who_decided_before_a_review_was_asked_for_does_not_settle_it() -> None:
    decision = decided(**DEEP)
    assert decision["outcome"] == "decline"
    first, second = underwriter("senior"), underwriter("senior")
    override(logged_in(first), decision["id"])
    review = review_of(logged_in(second), decision)
    (work,) = waiting("review")
    assert (work.about, work.decision) == (review, decision["id"])
    with pytest.raises(services.OwnDecision):
        services.claim(work.id, who(first))
    assert services.take_next(who(first)) is None
    refused = settle(logged_in(first), review)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-as-things-stand")
    assert "you decided this application" in refused.json()["detail"]
    taken = services.take_next(who(second))
    assert taken is not None
    assert taken.id == work.id
    assert settle(logged_in(second), review).status_code == 200
    assert waiting("review") == []
    work.refresh_from_db()
    assert work.closed == "overturned"


def test_who_overrides_because_a_review_was_asked_for_settles_it() -> None:
    decision = decided(**DEEP)
    one = underwriter("senior")
    review = review_of(logged_in(one), decision)
    override(logged_in(one), decision["id"])
    assert settle(logged_in(one), review).status_code == 200


def test_a_complaint_is_answered_by_another_than_who_decided() -> None:
    decision = decided(**DEEP)
    first, second = underwriter("senior"), underwriter("senior")
    override(logged_in(first), decision["id"])
    draft, _ = drafts.begin("corner", "en", drafts.Hands())
    sent = {"application": decision["application"], "decision": decision["id"]}
    Draft.objects.filter(pk=draft).update(**sent)
    who_complains = complaints.Complainant(
        draft, "7KQ2M4XZ", "corner", champions()[0].digest, "en", "web"
    )
    complaint = complaints.complain(who_complains, "You asked me twice.").id
    follow()
    (work,) = waiting("complaint")
    assert (work.about, work.application) == (complaint, decision["application"])
    body = {"outcome": "upheld", "words": "We are sorry."}
    at = f"/v1/complaints/{complaint}/answer"
    assert send(logged_in(first), "POST", at, body).status_code == 409
    assert services.take_next(who(first)) is None
    assert send(logged_in(second), "POST", at, body).status_code == 200
    assert waiting("complaint") == []
