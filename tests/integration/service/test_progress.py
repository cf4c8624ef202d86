"""Somebody who applied sees where their application stands, and what happened to it so far."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from applying import Applicant, asking_contract, bureau, publish_asking
from corner_lender import content
from django.utils import timezone
from lender import SCOPES, publish
from people import logged_in, person, send, with_key

from equipoise.record.chain import Entry
from equipoise.record.events import Recorded
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.pages.applicant.stages import share
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record.models import Event
from equipoise.strategy.sealing import seal

POLL = 1000  # bytes, as they go out to a browser
FRESH = {"score_date": timezone.now().date().isoformat(), "on_sick_leave": False}
SAFE = {"score": 780.0, "dti": 0.2, **FRESH}
SHAKY = {"score": 650.0, "dti": 0.4, **FRESH}
SICK = {**SAFE, "on_sick_leave": True}
LARGE = {"amount": "12,000"}  # the table gives it the journey with two checks
POOR = {"income": "800"}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def applied(facts: dict[str, Any], **answers: str) -> Applicant:
    with bureau(**facts):
        applicant = Applicant().begin().fill(**answers)
        applicant.send()
    return applicant


def told(applicant: Applicant) -> list[str]:
    """What the history says, the oldest first."""
    page = applicant.get("progress").content.decode()
    lines = re.findall(r"<time[^>]*>[^<]*</time> <span>([^<]*)</span>", page)
    return lines[::-1]


def way(applicant: Applicant) -> list[tuple[str, str]]:
    """The stages and where each stands."""
    page = applicant.get("progress").content.decode()
    return re.findall(r'<li class="(done|now|ahead)"[^>]*>([^<]*)', page)


def shown_share(applicant: Applicant) -> str:
    return "".join(re.findall(r"(\d+) % of the way", applicant.text("progress")))


def poll(applicant: Applicant) -> Any:
    """What a browser gets that says what it has seen."""
    page = applicant.get("progress").content.decode()
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    return lambda: applicant.get(f"progress/part?seen={seen}")


def pass_checks(applicant: Applicant, results: dict[str, str], key: str) -> None:
    client = with_key(person(Role.ADMINISTRATOR), *SCOPES, "checks.record")[0]
    row = Draft.objects.get(pk=applicant.draft)
    answer = client.post(
        f"/v1/applications/{row.application}/checks",
        {"checks": results},
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 201, answer.content


def test_whoever_was_declined_reads_what_happened_in_order() -> None:
    applicant = applied(SHAKY, **POOR)
    assert told(applicant) == [
        "You began your application.",
        "You sent your application, and we received it.",
        "We decided: no.",
    ]
    applicant.post("decline/review", {"words": ""})
    assert told(applicant)[-1] == "You asked that a person looks again."
    assert way(applicant) == [
        ("done", "Received"), ("done", "Answer"), ("now", "A person looks again"),
    ]  # fmt: skip
    underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))
    (row,) = send(underwriter, "GET", "/v1/reviews").json()["items"]
    settled = {"outcome": "kept", "words": "The contract is for a year."}
    send(underwriter, "POST", f"/v1/reviews/{row['id']}/settle", settled)
    assert told(applicant)[-1] == "A person looked again, and came to the same answer."
    assert ("done", "A person looks again") in way(applicant)


def test_whoever_takes_the_offer_goes_on_to_the_signature() -> None:
    applicant = applied(SAFE)
    assert way(applicant) == [
        ("done", "Received"), ("done", "Answer"), ("now", "Your choice"), ("ahead", "Signature"),
    ]  # fmt: skip
    assert shown_share(applicant) == ""  # the answer is there: there is no way to it


def test_a_case_that_a_person_decides_is_with_a_person() -> None:
    applicant = applied(SICK)
    assert way(applicant) == [
        ("done", "Received"), ("now", "With a person"), ("ahead", "Answer"),
    ]  # fmt: skip
    assert "We handed it to a person, who decides." in told(applicant)
    assert shown_share(applicant) == "33"


def test_checks_that_are_passed_take_the_bar_on() -> None:
    applicant = applied(SAFE, **LARGE)
    assert way(applicant) == [
        ("done", "Received"), ("now", "Checks"), ("ahead", "Answer"),
    ]  # fmt: skip
    assert shown_share(applicant) == "25"
    pass_checks(applicant, {"income": "passed"}, "one")
    assert shown_share(applicant) == "50"
    pass_checks(applicant, {"call": "passed"}, "two")
    assert ("done", "Answer") in way(applicant)
    assert told(applicant).count("Results of a check came in.") == 2


def decided(outcome: str, *owed: str) -> Recorded[DecisionMade]:
    conditions = [{"name": each} for each in owed]
    made = {"outcome": outcome, "conditions": conditions, "trace": {}}
    event = DecisionMade(
        decision="d", made=made, request="", strategy="s", way="champion", propensity=1.0,
        facts={}, made_at="2026-03-02T10:00:00+00:00", by="applicant",
    )  # fmt: skip
    return Recorded(1, Entry("a", 0, 0, "decision.made", b"", b"", b""), event)


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([decided("approve", "income")], 1 / 3),
        ([decided("approve", "income"), decided("approve", "income", "call", "visit")], 1 / 3),
        ([decided("approve", "income", "call"), decided("approve", "call", "visit")], 2 / 5),
        ([decided("approve", "income"), decided("refer")], 2 / 4),
        ([decided("refer"), decided("decline")], 1.0),
        ([], 0.0),
    ],
)
def test_the_share_that_is_done_never_falls_when_steps_are_added(
    decisions: Sequence[Recorded[Any]], expected: float
) -> None:
    shares = [share(decisions[:n]) for n in range(len(decisions) + 1)]
    assert shares == sorted(shares)
    assert share(decisions) == pytest.approx(expected)


def test_the_history_is_told_by_the_clock_of_the_lender() -> None:
    contract = asking_contract().model_copy(update={"time_zone": "Asia/Shanghai"})
    publish(raw=seal(content(version=2).model_copy(update={"contract": contract})).text().encode())
    applicant = applied(SAFE)
    at = Event.objects.filter(chain=applicant.draft, kind="draft.begun").get().at
    local = datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    moment = f"{local.day} {local:%B %Y, %H:%M}"
    assert f"{moment} You began your application." in applicant.text("progress")


def test_a_browser_that_has_seen_it_all_gets_nothing_and_else_what_is_new() -> None:
    applicant = applied(SHAKY, **POOR)
    ask = poll(applicant)
    assert (ask().status_code, ask().content) == (204, b"")
    applicant.post("decline/review", {"words": ""})
    answer = ask()
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "moved")
    assert "A person looks at it again." in answer.content.decode()
    fresh = applicant.get("progress/history").content.decode()
    assert "You asked that a person looks again." in fresh


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("facts", "answers"), [(SAFE, {}), (SAFE, LARGE), (SICK, {}), (SHAKY, POOR)]
)
def test_what_a_poll_brings_is_small(
    facts: dict[str, Any], answers: dict[str, str], language: str
) -> None:
    applicant = applied(facts, **answers)
    draft = Draft.objects.filter(pk=applicant.draft)
    draft.update(language=language)
    if facts is SHAKY:
        applicant.post("decline/review", {"words": ""})
    packed = applicant.client.get(
        f"{applicant.home}progress/part", headers={"accept-encoding": "gzip"}
    )
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) <= POLL
    assert b"stages" in gzip.decompress(packed.content)


def test_the_page_speaks_chinese_and_says_where_it_is() -> None:
    applicant = applied(SICK)
    Draft.objects.filter(pk=applicant.draft).update(language="zh")
    page = applicant.text("progress")
    assert "您提交了申请，我们已收到。" in page
    assert "人工审核" in page
    assert "33%" in page


def test_nobody_elses_browser_reads_the_history() -> None:
    applicant, stranger = applied(SAFE), Applicant().begin()
    for page in ("progress", "progress/part", "progress/history"):
        assert stranger.client.get(applicant.home + page).status_code == 404
    assert Applicant().begin().get("progress/history").status_code == 204
