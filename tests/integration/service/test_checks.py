"""A lender's people and programs say what became of an application's checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from applying import Applicant, bureau, publish_asking
from lender import SCOPES, anew, ask, facts, publish
from people import logged_in, person, with_key

from equipoise.service.contexts.decisions.events import ChecksRecorded, DecisionMade
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record

BIG = {"application_id": "big", "amount": 12000.0}  # the table gives it the full journey
BOTH = {"income": "passed", "call": "passed"}
_keys = count()


@pytest.fixture(autouse=True)
def open_lender(sqlite_database: Any) -> Iterator[None]:
    with anew():
        yield


def bank(*scopes: str, **more: Any) -> Any:
    """A program of the lender's that may bring results."""
    given = scopes or (*SCOPES, "checks.record")
    return with_key(person(Role.ADMINISTRATOR), *given, rate=1e4, burst=10_000, **more)[0]


def bring(client: Any, application: str, results: Any, key: str = "") -> Any:
    return client.post(
        f"/v1/applications/{application}/checks",
        {"checks": results},
        content_type="application/json",
        headers={"Idempotency-Key": key or f"check-{next(_keys)}"},
    )


def owed(decision: dict[str, Any]) -> list[str]:
    return [each["name"] for each in decision["conditions"]]


def sent_by_an_applicant() -> tuple[Applicant, str]:
    """Somebody who applied on the pages, and their application, which waits for two checks."""
    publish_asking()
    applicant = Applicant().begin().fill(amount="12,000")
    with bureau(score=780.0, score_date=date.today().isoformat(), dti=0.2):
        assert applicant.send().status_code == 302
    return applicant, Draft.objects.get(pk=applicant.draft).application


def test_an_applicants_own_application_goes_on_to_an_offer() -> None:
    applicant, application = sent_by_an_applicant()
    first = record.history(application, DecisionMade)[-1].event
    program = bank()
    part = bring(program, application, {"call": "passed"})
    assert part.status_code == 201, part.content
    assert owed(part.json()) == ["income"]
    done = bring(program, application, {"income": "passed"}).json()
    assert (done["outcome"], owed(done), done["application"]) == ("approve", [], application)
    assert done["digest"] == first.made["digest"]
    made = [each.event for each in record.history(application, DecisionMade)]
    assert [each.by for each in made] == ["applicant"] * 3
    brought = [each.event for each in record.history(application, ChecksRecorded)]
    assert [list(each.checks) for each in brought] == [["call"], ["income"]]
    assert {each.by.partition(".")[0] for each in brought} == {"program"}
    assert brought[-1].decision == done["id"]
    assert verify_record().valid
    assert applicant.get("answer").status_code == 200


def test_results_of_an_applicants_application_tell_a_program_no_personal_facts() -> None:
    _, application = sent_by_an_applicant()
    assert bring(bank(), application, BOTH).json()["offers"] is None


def test_a_check_that_stops_declines() -> None:
    _, application = sent_by_an_applicant()
    answer = bring(bank(), application, {"income": "stopped"}).json()
    assert (answer["outcome"], answer["reasons"]) == ("decline", ["CHECK_STOPPED"])


def test_sent_again_with_its_key_it_has_one_effect() -> None:
    _, application = sent_by_an_applicant()
    program = bank()
    first = bring(program, application, BOTH, "once")
    assert bring(program, application, BOTH, "once").json() == first.json()
    assert bring(program, application, {"call": "passed"}, "once").status_code == 422
    assert len(record.history(application, ChecksRecorded)) == 1


def test_after_the_last_answer_nothing_waits_for_results_and_nothing_is_begun() -> None:
    _, application = sent_by_an_applicant()
    program = bank()
    bring(program, application, BOTH)
    late = bring(program, application, BOTH)
    assert late.status_code == 409
    assert "in flight" in late.json()["detail"]
    assert len(record.history(application, DecisionMade)) == 2


def test_a_program_goes_on_with_its_own_and_not_with_anothers() -> None:
    publish()
    program = bank()
    first = ask(program, facts(**BIG)).json()
    done = bring(program, first["application"], BOTH).json()
    assert (done["application"], owed(done)) == (first["application"], [])
    assert done["offers"]
    assert bring(bank(), first["application"], BOTH).status_code == 404


def test_an_underwriter_brings_results_in_their_area_alone() -> None:
    publish()
    program = bank(branch="north")
    application = ask(program, facts(**BIG)).json()["application"]
    assert bring(
        logged_in(person(Role.UNDERWRITER, branch="south")), application, BOTH
    ).status_code == 404  # fmt: skip
    done = bring(logged_in(person(Role.UNDERWRITER, branch="north")), application, BOTH)
    assert (done.status_code, owed(done.json())) == (201, [])
    assert program.get(f"/v1/decisions/{done.json()['id']}").status_code == 200
    (brought,) = record.history(application, ChecksRecorded)
    assert brought.event.by.startswith("user.")


@pytest.mark.parametrize("results", [{"other": "passed"}, {"income": "perhaps"}, {}])
def test_what_is_no_result_of_its_checks_is_refused(results: Any) -> None:
    _, application = sent_by_an_applicant()
    assert bring(bank(), application, results).status_code == 422
    assert not record.history(application, ChecksRecorded)


def test_it_takes_the_right_a_key_and_no_test_key() -> None:
    _, application = sent_by_an_applicant()
    assert bring(bank(*SCOPES), application, BOTH).status_code == 403
    assert bring(bank(test=True), application, BOTH).status_code == 403
    keyless = bank().post(
        f"/v1/applications/{application}/checks", {"checks": BOTH}, content_type="application/json"
    )
    assert keyless.status_code == 400
