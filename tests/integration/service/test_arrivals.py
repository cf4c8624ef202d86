"""Who waits for an answer is told honestly how long that takes, from the waits of those before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from applying import Applicant, bureau, publish_asking
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lender import SCOPES
from people import logged_in, person, send, with_key

from equipoise.service.contexts.arrivals import reading, services, tasks
from equipoise.service.contexts.arrivals.models import Summed, Wait
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.outcomes import Outcome, add_outcome
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import subjects, subscriptions

FRESH = {"score_date": datetime.now(UTC).date().isoformat(), "on_sick_leave": False}
SAFE = {"score": 780.0, "dti": 0.2, **FRESH}
SICK = {**SAFE, "on_sick_leave": True}
SHAKY = {"score": 650.0, "dti": 0.4, **FRESH}
LARGE = {"amount": "12,000"}
TOO_FEW = "We cannot say yet how long this takes: too few have come this way."


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def applied(facts: dict[str, Any], **answers: str) -> Applicant:
    with bureau(**facts):
        applicant = Applicant().begin().fill(**answers)
        applicant.send()
    return applicant


def pass_checks(applicant: Applicant) -> None:
    client = with_key(person(Role.ADMINISTRATOR), *SCOPES, "checks.record")[0]
    row = Draft.objects.get(pk=applicant.draft)
    answer = client.post(
        f"/v1/applications/{row.application}/checks",
        {"checks": {"income": "passed", "call": "passed"}},
        content_type="application/json",
        headers={"Idempotency-Key": applicant.draft},
    )
    assert answer.status_code == 201, answer.content


def waits(stage: str, minutes: Any, *, ended: bool = True, left: bool = False) -> None:
    """Waits of the past, the longest entered first."""
    now = timezone.now()
    Wait.objects.bulk_create(
        Wait(
            application=f"application-{stage}-{at}-{ended}-{left}",
            stage=stage,
            entered_at=now - timedelta(minutes=float(each)),
            ended_at=now if ended else None,
            left=left,
        )
        for at, each in enumerate(minutes)
    )


def test_a_lender_with_too_few_waits_says_so_and_invents_nothing() -> None:
    applicant = applied(SICK)
    assert TOO_FEW in applicant.text("progress")
    waits("person/corner", [60.0] * 49)
    tasks.sum_up_waits.func()
    assert TOO_FEW in applicant.text("progress")


def test_who_waits_for_a_person_reads_half_and_nine_in_ten_of_those_before() -> None:
    waits("person/corner", range(60, 60 * 101, 60))  # one to a hundred hours
    applicant = applied(SICK)
    tasks.sum_up_waits.func()
    page = applicant.text("progress")
    assert "Half of those at this point have their answer within 3 days" in page
    assert "nine in ten within 4 days" in page
    Draft.objects.filter(pk=applicant.draft).update(language="zh")
    assert "天" in applicant.text("progress")


def test_those_who_still_wait_count_as_having_waited_so_long() -> None:
    """Of 60 that ended after an hour and 60 that wait for two days already, half at most are
    answered within an hour: leaving the open ones out would promise it to all."""
    waits("person/corner", [60.0] * 60)
    waits("person/corner", [2880.0] * 60, ended=False)
    tasks.sum_up_waits.func()
    arrival = reading.arrival("person/corner", timezone.now())
    assert arrival is not None
    assert arrival.wait(0.5) == pytest.approx(60.0, abs=0.1)
    assert arrival.wait(0.9) is None
    assert arrival.beyond == pytest.approx(2880.0, abs=0.2)


def test_most_arrivals_lie_where_they_were_promised() -> None:
    """Two thousand waits drawn after the sum: 85 to 95 in a hundred before the ninth tenth."""
    rng = np.random.default_rng(7)
    past, later = rng.gamma(2.0, 600.0, 4000), rng.gamma(2.0, 600.0, 2000)
    waits("person/corner", past)
    tasks.sum_up_waits.func()
    arrival = reading.arrival("person/corner", timezone.now())
    assert arrival is not None
    low, high = arrival.wait(0.1), arrival.wait(0.9)
    assert low is not None
    assert high is not None
    assert 0.85 <= float(np.mean(later <= high)) <= 0.95
    assert 0.75 <= float(np.mean((later > low) & (later <= high))) <= 0.85


def test_those_who_left_say_how_long_there_was_no_answer_and_no_more() -> None:
    """Answers after a time with a known law, and people who leave by another: the quantiles are
    those of the answers' law, which neither leaving out who left nor counting them as still
    waiting today would give."""
    rng = np.random.default_rng(11)
    answer, leaving = rng.exponential(600.0, 4000), rng.exponential(900.0, 4000)
    waits("person/corner", answer[answer <= leaving])
    waits("person/corner", leaving[answer > leaving], left=True)
    tasks.sum_up_waits.func()
    arrival = reading.arrival("person/corner", timezone.now())
    assert arrival is not None
    assert arrival.wait(0.5) == pytest.approx(600.0 * np.log(2), rel=0.08)
    assert arrival.wait(0.9) == pytest.approx(600.0 * np.log(10), rel=0.08)


@pytest.mark.parametrize(
    ("outcome", "left"), [("withdrawn", True), ("lapsed", True), ("booked", False)]
)
def test_what_became_of_an_application_says_whether_its_applicant_left(
    outcome: str, left: bool
) -> None:
    applied(SICK)
    tasks.sum_up_waits.func()
    decision = Draft.objects.get().decision
    add_outcome(Decision.objects.get(pk=decision), Outcome(outcome), FOR_APPLICANTS)
    tasks.sum_up_waits.func()
    row = Wait.objects.get()
    assert (row.ended_at is not None, row.left) == (True, left)
    (stage,) = reading.by_stage()
    assert (stage.answered, stage.left, stage.waiting) == (int(not left), int(left), 0)


def test_who_was_erased_waits_no_more() -> None:
    applied(SICK)
    tasks.sum_up_waits.func()
    subjects.erase(Draft.objects.get().application, "user.1", "asked for")
    tasks.sum_up_waits.func()
    assert Wait.objects.get().left


def test_a_new_strategy_is_told_by_the_waits_of_all_until_it_has_its_own() -> None:
    waits("person/another", [120.0] * 80)
    tasks.sum_up_waits.func()
    arrival = reading.arrival("person/corner", timezone.now())
    assert arrival is not None
    assert arrival.group == "person"


def test_the_waits_are_those_that_the_record_tells() -> None:
    checked, referred = applied(SAFE, **LARGE), applied(SICK)
    declined = applied(SHAKY, income="800")
    applied(SAFE)  # answered at once: no wait
    declined.post("decline/review", {"words": ""})
    tasks.sum_up_waits.func()
    stages = Wait.objects.values_list("stage", "ended_at").order_by("stage")
    assert list(stages) == [("more/corner", None), ("person/corner", None), ("review", None)]
    pass_checks(checked)
    underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))
    (row,) = send(underwriter, "GET", "/v1/reviews").json()["items"]
    settled = {"outcome": "kept", "words": "The contract is for a year."}
    send(underwriter, "POST", f"/v1/reviews/{row['id']}/settle", settled)
    tasks.sum_up_waits.func()
    ended = dict(Wait.objects.values_list("stage", "ended_at"))
    assert ended["person/corner"] is None
    assert ended["more/corner"] is not None
    assert ended["review"] is not None
    assert TOO_FEW in referred.text("progress")
    assert TOO_FEW not in checked.text("progress")


def test_forgotten_rows_are_made_anew_from_the_record() -> None:
    applied(SICK)
    pass_checks(applied(SAFE, **LARGE))
    tasks.sum_up_waits.func()
    before = list(
        Wait.objects.order_by("entered_at").values_list("stage", "entered_at", "ended_at")
    )
    assert len(before) == 2
    Wait.objects.all().delete()
    subscriptions.end(services.FOLLOWED.name)
    tasks.sum_up_waits.func()
    after = Wait.objects.order_by("entered_at").values_list("stage", "entered_at", "ended_at")
    assert list(after) == before


def test_a_page_reads_one_sum_and_no_waits() -> None:
    waits("person/corner", [60.0] * 200)
    applicant = applied(SICK)
    tasks.sum_up_waits.func()
    applicant.get("progress")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        applicant.get("progress")
    assert Summed.objects.count() == 1
    assert [each["sql"] for each in asked if "arrivals_wait" in each["sql"]] == []


def test_a_service_owner_sees_how_long_people_wait_at_each_stage() -> None:
    waits("person/corner", range(60, 60 * 101, 60))
    waits("person/corner", [10_000.0] * 5, ended=False)
    waits("person/corner", [20_000.0] * 3, left=True)
    waits("review", [60.0])
    tasks.sum_up_waits.func()
    owner = logged_in(person(Role.SERVICE_OWNER))
    by_name = {each["stage"]: each for each in send(owner, "GET", "/v1/arrivals").json()}
    stood = {name: by_name["person/corner"][name] for name in ("answered", "left", "waiting")}
    assert stood == {"answered": 100, "left": 3, "waiting": 5}
    assert by_name["person/corner"]["half"] == pytest.approx(54 * 60, abs=1)  # of 108
    assert by_name["review"]["half"] is None
