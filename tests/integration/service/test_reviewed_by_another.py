"""Whoever decided does not look at it again: reviews and complaints go to somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from at_the_desk import decided, follow, referred, underwriter, waiting, who
from django.db import transaction
from lender import AUTHORITY, anew, publish
from people import logged_in, send

from equipoise.authority.deciding import AlreadySigned
from equipoise.service.contexts.cases import services
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.cases.reading import declined_by_person
from equipoise.service.contexts.complaints import services as complaints
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.drafts.events import DraftSent
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.hindsight import following
from equipoise.service.contexts.hindsight.models import Against
from equipoise.service.contexts.officers import apart
from equipoise.service.contexts.registry.reading import champions
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import APPLICANT
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.proving import verify_record, verify_rows

DEEP = {"dti": 0.9}


@pytest.fixture(autouse=True)
def _in_force(sqlite_database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def override(client: Any, decision: str, answer: str = "approve") -> None:
    body = {"answer": answer, "reason": "INCOME", "words": "The contract was read."}
    response = send(client, "POST", f"/v1/decisions/{decision}/override", body)
    assert response.status_code == 201, response.content


def review_of(client: Any, decision: dict[str, Any]) -> str:
    at = f"/v1/applications/{decision['application']}/reviews"
    answer = send(client, "POST", at, {"words": "My debts are paid."})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def settle(client: Any, review: str, outcome: str = "overturned") -> Any:
    body = {"outcome": outcome, "words": "It was read."}
    return send(client, "POST", f"/v1/reviews/{review}/settle", body)


def test_who_decided_before_a_review_was_asked_for_does_not_settle_it() -> None:
    decision = decided()
    assert decision["outcome"] == "approve"
    first, second = underwriter("senior"), underwriter("senior")
    override(logged_in(first), decision["id"], "decline")
    review = review_of(logged_in(second), decision)
    (work,) = waiting("review")
    assert (work.about, work.decision) == (review, decision["id"])
    with pytest.raises(services.OwnDecision):
        services.claim(work.id, who(first))
    assert services.take_next(who(first)) is None
    refused = settle(logged_in(first), review, "kept")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-as-things-stand")
    assert "you decided this application" in refused.json()["detail"]
    taken = services.take_next(who(second))
    assert taken is not None
    assert taken.id == work.id
    assert settle(logged_in(second), review, "kept").status_code == 200
    assert waiting("review") == []
    work.refresh_from_db()
    assert work.closed == "kept"


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
    of_web = {"product": "corner", "channel": "web", "at": clock.now().isoformat()}
    event = DraftSent(**sent, **of_web, by=APPLICANT)
    with transaction.atomic():
        record.append(record.event(draft, event))
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


TERMS = {"amount": 12_000.0, "months": 36, "apr": 0.1}


def declined_by(user: Any, decision: dict[str, Any]) -> None:
    body = {"answer": "decline", "words": "The flat is let.", "reasons": ["STRAINED"]}
    answer = send(logged_in(user), "POST", f"/v1/decisions/{decision['id']}/decide", body)
    assert answer.status_code in (200, 201), answer.content


def settled_with(user: Any, review: str, **more: Any) -> Any:
    body = {"outcome": "overturned", "words": "The contract was read.", **more}
    return send(logged_in(user), "POST", f"/v1/reviews/{review}/settle", body)


def answer_of(client: Any, decision: dict[str, Any]) -> dict[str, Any]:
    return dict(client.get(f"/v1/decisions/{decision['id']}/by-person").json())


def test_a_person_s_no_is_looked_at_by_another_whose_yes_takes_its_place() -> None:
    decision = referred()
    first, second = underwriter("junior"), underwriter("junior")
    early = send(
        logged_in(second), "POST", f"/v1/applications/{decision['application']}/reviews", {}
    )
    assert early.status_code == 409  # nobody has answered yet
    declined_by(first, decision)
    review = review_of(logged_in(second), decision)
    (work,) = waiting("review")
    assert (work.about, work.grade) == (review, decision["grade"])
    assert settled_with(first, review, terms=TERMS).status_code == 409
    assert settled_with(second, review).status_code == 422  # a yes has terms
    assert send(
        logged_in(second),
        "POST",
        f"/v1/reviews/{review}/settle",
        {"outcome": "kept", "words": "So it is.", "terms": TERMS},
    ).status_code == 422  # fmt: skip
    answer = settled_with(second, review, terms=TERMS)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "overturned"), answer.content
    now = answer_of(logged_in(second), decision)
    assert (now["answer"], now["against"], now["offer"]["amount"]) == ("approve", False, 12_000.0)
    answers = [each.event.answer for each in record.history(decision["application"], CaseDecided)]
    assert answers == ["decline", "approve"]  # history keeps both
    assert waiting() == []
    assert declined_by_person([decision["id"]]) == set()
    assert settled_with(second, review, terms=TERMS).status_code == 409
    assert verify_record().valid
    assert [e for e in verify_rows().differences if "cases" in e.table] == []


def test_a_review_that_needs_two_signatures_is_settled_by_the_second_or_kept() -> None:
    first, second, third, fourth = (underwriter("senior") for _ in range(4))
    large = {"amount": 16_000.0, "months": 36, "apr": 0.1}
    outcomes = []
    for ending in ("overturned", "kept"):
        decision = referred(amount=16_000.0)
        declined_by(first, decision)
        declined_by(second, decision)
        review = review_of(logged_in(third), decision)
        follow()
        taken = services.take_next(who(third))
        assert taken is not None
        answer = settled_with(third, review, terms=large)
        assert (answer.status_code, answer.json()["state"]) == (200, "asked"), answer.content
        now = answer_of(logged_in(third), decision)
        assert (now["answer"], now["offer"]) == ("decline", None)  # what stood stands
        (work,) = waiting("review")
        assert work.claimed_by == ""  # free for whoever signs next
        with pytest.raises(AlreadySigned):
            services.claim(work.id, who(third))
        assert settled_with(third, review, terms=large).status_code == 403
        assert settled_with(fourth, review, terms={**large, "apr": 0.11}).status_code == 409
        body = {"outcome": ending, "words": "It was read."}
        more = {"terms": large} if ending == "overturned" else {}
        answer = send(logged_in(fourth), "POST", f"/v1/reviews/{review}/settle", {**body, **more})
        assert answer.status_code == 200, answer.content
        outcomes.append((answer.json()["outcome"], answer_of(logged_in(third), decision)["answer"]))
        assert waiting("review") == []
    assert outcomes == [("overturned", "approve"), ("kept", "decline")]
    assert [e for e in verify_rows().differences if "cases" in e.table] == []


def test_a_no_that_replaced_a_yes_is_reviewed_and_then_counts_as_no_override() -> None:
    decision = decided()
    assert decision["outcome"] == "approve"
    first, second = underwriter("junior"), underwriter("junior")
    override(logged_in(first), decision["id"], "decline")
    subscriptions.forward([following.FOLLOWED])
    assert Against.objects.get().person == "decline"
    review = review_of(logged_in(second), decision)
    offer = decision["offers"][0]
    terms = {"amount": offer["amount"], "months": int(offer["months"]), "apr": offer["apr"]}
    answer = settled_with(second, review, terms=terms)
    assert answer.status_code == 200, answer.content
    now = answer_of(logged_in(second), decision)
    assert (now["answer"], now["against"]) == ("approve", True)
    subscriptions.forward([following.FOLLOWED])
    assert not Against.objects.exists()


def test_whoever_has_ties_keeps_from_the_branch_or_is_away_settles_nothing() -> None:
    decision = referred()
    declined_by(underwriter("junior"), decision)
    kept_away = underwriter("junior")
    apart.tell_branch(who(kept_away).person, "north", who(kept_away))
    review = review_of(logged_in(underwriter("junior")), decision)
    for outcome in ("kept", "overturned"):
        refused = settled_with(kept_away, review, outcome=outcome, terms=None)
        assert refused.status_code == 403, refused.content
        assert "keeps from cases of the branch" in refused.json()["detail"]
