"""Somebody is declined, and is told why, what would change it, and who looks again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from applying import Applicant, bureau, publish_asking
from corner_lender import STRATEGY
from django.conf import settings
from django.test import override_settings
from people import logged_in, person, send

from equipoise.jurisdiction import pack
from equipoise.record.personal import Erased
from equipoise.service.contexts.decisions import reading
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.services import decide_again
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.events import DraftEvent, DraftTook
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.reviews.events import ReviewAsked, ReviewSettled
from equipoise.service.contexts.reviews.models import Review
from equipoise.service.platform.accounts.permissions import Reach, Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.proving import verify_record

# Of 8,000 over an income of 800 a year's burden is 0.83, and a score of 650 a PD of 0.25: the
# corner lender's rule STRAINED. At 7,500 the burden is 0.78, and it makes an offer.
FRESH = {"score_date": datetime.now(UTC).date().isoformat(), "on_sick_leave": False}
SHAKY = {"score": 650.0, "dti": 0.4, **FRESH}
STRAINED = {"income": "800"}
IN_DEBT = {"score": 450.0, "dti": 0.9, **FRESH}
REASONS = {code: said["en"] for code, said in STRATEGY["texts"].items()}
SAID = "My contract was made permanent last month; the letter is on its way."


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def declined(facts: dict[str, Any] | None = None, **answers: str) -> Applicant:
    with bureau(**(facts or SHAKY)):
        applicant = Applicant().begin().fill(**(answers or STRAINED))
        applicant.send()
    assert decision_of(applicant).outcome == "decline"
    return applicant


def decision_of(applicant: Applicant) -> Decision:
    return Decision.objects.get(pk=Draft.objects.get(pk=applicant.draft).decision)


def ways(applicant: Applicant) -> list[str]:
    """The names of terms that can be taken on the page."""
    return re.findall(r'name="way" value="(\w+)"', applicant.get("decline").content.decode())


def offers(decision: Decision) -> list[dict[str, Any]]:
    """What the record says was offered."""
    recorded = reading.visible(decision.pk, FOR_APPLICANTS, Reach.OWN)
    return list(recorded.seen_by(FOR_APPLICANTS).answer()["offers"])


def happened(chain: str, kind: Any) -> list[Any]:
    return [each.event for each in record.history(chain, kind)]


def test_the_answer_of_who_was_declined_is_a_page_of_its_own() -> None:
    applicant = declined()
    assert applicant.get("answer")["Location"] == applicant.home + "decline"
    assert "See why, and what you can do" in applicant.text("progress")


def test_the_page_tells_the_reasons_of_the_trace_and_no_others() -> None:
    for facts in (SHAKY, IN_DEBT):
        applicant = declined(facts)
        made = happened(decision_of(applicant).application, DecisionMade)[-1].made
        page = applicant.text("decline")
        text = page.split("What stood in the way most")[1].split("A program decided")[0]
        codes = [each["code"] for each in made["reasons"]]
        assert codes
        assert text.strip() == " ".join(REASONS[code] for code in codes)


def test_the_page_tells_which_facts_were_used_and_where_they_come_from() -> None:
    page = declined().text("decline")
    text, elsewhere = page.split("What you told us")[1].split("What we know from elsewhere")
    assert "Your income a month 800" in text
    assert re.search(r"How much you would like to borrow \S?8.000", text)
    assert "score 650" in elsewhere
    assert "on sick leave No" in elsewhere
    assert "Which sex" not in page


def test_what_would_change_the_answer_does_change_it_once_taken() -> None:
    applicant = declined()
    before = decision_of(applicant)
    (way,) = ways(applicant)
    page, raw = applicant.text("decline"), applicant.get("decline").content.decode()
    assert "7,500 instead of 8,000" in page
    promised = re.search(r"Then we make you an offer\. (.*?) Still needed: income; call", page)
    assert promised
    form = re.search(r'action="([^"]+)"[^>]*>(?:(?!</form>).)*name="way"', raw, re.DOTALL)
    assert form and form[1] == applicant.home + "decline/take"  # where the page's own button leads
    answer = applicant.client.post(form[1], {"way": way})
    assert answer["Location"] == applicant.home + "answer"
    after = decision_of(applicant)
    assert (after.outcome, after.application) != (before.outcome, before.application)
    assert after.outcome == "counter_offer"
    (offer,) = offers(after)
    figures = re.findall(r"[\d.,]*\d", promised[1])
    expected = (offer["amount"], offer["months"], 100 * offer["apr"], offer["instalment"])
    read = [float(figure.replace(",", "")) for figure in figures]
    assert read == pytest.approx(expected, abs=0.005)
    (took,) = happened(applicant.draft, DraftTook)
    assert (took.before, took.decision, list(took.fields)) == (before.pk, after.pk, ["amount"])
    assert applicant.get("decline")["Location"] == applicant.home + "progress"


def test_terms_are_taken_on_the_decision_in_force_and_not_on_the_one_before() -> None:
    """Decided a second time, with other months: the terms are those of that decision."""
    applicant = declined()
    first = decision_of(applicant)
    decision = reading.visible(first.pk, FOR_APPLICANTS, Reach.OWN)
    second = decide_again(decision, FOR_APPLICANTS, {"term": 30})
    assert second.row.application == first.application
    assert second.row.outcome == "decline"
    assert decision_of(applicant).pk == first.pk  # the draft was sent with that one
    way = ways(applicant)[0]
    applicant.post("decline/take", {"way": way})
    taken = reading.visible(decision_of(applicant).pk, FOR_APPLICANTS, Reach.OWN)
    facts = taken.parts_for(FOR_APPLICANTS).sealed["application"]
    assert facts["term"] == 30
    (took,) = happened(applicant.draft, DraftTook)
    assert (took.before, "term" in took.fields) == (second.row.id, False)


def test_terms_are_taken_once_however_often_they_are_asked_for(
    in_threads: Callable[..., list[Any]],
) -> None:
    applicant = declined()
    (way,) = ways(applicant)
    in_threads(3, lambda _n: services.take(applicant.draft, way, "applicant", "web"))
    assert Decision.objects.count() == 2
    assert len(happened(applicant.draft, DraftTook)) == 1
    applicant.post("decline/take", {"way": way})
    assert Decision.objects.count() == 2


def test_terms_that_nobody_offered_are_not_taken() -> None:
    applicant = declined()
    for way in ("", "0" * 20, "amount"):
        answer = applicant.post("decline/take", {"way": way})
        assert answer.status_code == 422
        assert "not offered any more" in answer.content.decode()
    assert Decision.objects.count() == 1


def test_terms_are_not_taken_after_the_day_until_which_they_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    applicant = declined()
    (way,) = ways(applicant)
    later = SimpleNamespace(now=lambda: datetime.now(UTC) + timedelta(days=400))
    monkeypatch.setattr("equipoise.service.contexts.drafts.taking.clock", later)
    assert applicant.post("decline/take", {"way": way}).status_code == 422
    assert Decision.objects.count() == 1


def test_asking_a_person_twice_is_asking_once_and_what_was_said_is_sealed() -> None:
    applicant = declined()
    made = decision_of(applicant)
    for _ in range(2):
        answer = applicant.post("decline/review", {"words": SAID})
        assert answer["Location"] == applicant.home + "decline"
    row = Review.objects.get()
    (asked,) = happened(made.application, ReviewAsked)
    assert (asked.review, asked.decision, asked.channel) == (row.pk, made.pk, "web")
    assert subjects.open_sealed(asked.words) == {"words": SAID}
    assert not any(SAID.encode() in bytes(each.body) for each in record.entries(made.application))
    for page in ("decline", "progress"):
        assert "A person looks at it again." in applicant.text(page)
    assert "as soon as they have" in applicant.text("progress")
    assert verify_record().valid


def test_nothing_need_be_said_and_too_much_is_kept_and_sent_back() -> None:
    applicant = declined()
    long = "a" * 2001
    answer = applicant.post("decline/review", {"words": long})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert long in page
    assert 'href="#words"' in page
    assert not Review.objects.exists()
    applicant.post("decline/review")
    (asked,) = happened(decision_of(applicant).application, ReviewAsked)
    assert asked.words is None


def test_what_was_written_stays_in_another_language() -> None:
    applicant = declined()
    page = applicant.post("decline/review", {"words": SAID}, "language-zh").content.decode()
    assert SAID in page
    assert "请求人工重新审核" in page
    assert not Review.objects.exists()
    assert "主要原因" in applicant.text("decline")


def heeding(law: str, days: int | None = None) -> Any:
    """The service as it is when it is told of that law, and of days of the lender's."""
    configuration = replace(settings.CONFIGURATION, jurisdiction=law, review_days=days)
    return override_settings(CONFIGURATION=configuration)


def asked_at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> Applicant:
    """Somebody declined who asks for a person at that moment."""
    applicant = declined()
    with monkeypatch.context() as patched:
        clock = SimpleNamespace(now=lambda: moment)
        patched.setattr("equipoise.service.contexts.reviews.services.clock", clock)
        applicant.post("decline/review", {"words": SAID})
    return applicant


def test_a_person_answers_by_the_last_day_of_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """GDPR, article 12(3): one month; after 31 January that is the last day of February."""
    asked = datetime(2027, 1, 31, 12, tzinfo=UTC)
    with heeding("EU"):
        applicant = asked_at(asked, monkeypatch)
    assert Review.objects.get().due_on == date(2027, 2, 28)
    assert "28 February 2027" in applicant.text("progress")
    (event,) = happened(decision_of(applicant).application, ReviewAsked)
    assert event.rule == pack("EU", on=asked.date()).rule("review_answer").id


@pytest.mark.parametrize(("law", "days", "due"), [("EU", 10, 10), ("US", 10, 10), ("", 10, 10),
                                                  ("EU", 90, 28), ("US", None, None)])  # fmt: skip
def test_the_lenders_own_days_count_where_they_are_fewer(
    monkeypatch: pytest.MonkeyPatch, law: str, days: int | None, due: int | None
) -> None:
    with heeding(law, days):
        asked_at(datetime(2027, 2, 1, 12, tzinfo=UTC), monkeypatch)
    expected = None if due is None else date(2027, 2, 1) + timedelta(days=due)
    assert Review.objects.get().due_on == expected


def test_nobody_elses_browser_sees_or_changes_anything() -> None:
    applicant, stranger = declined(), Applicant().begin()
    for method, page in (("get", "decline"), ("post", "decline/take"), ("post", "decline/review")):
        theirs = getattr(stranger.client, method)(applicant.home + page)
        nobodys = getattr(stranger.client, method)(f"/apply/draft-{'0' * 32}/{page}")
        assert theirs.status_code == nobodys.status_code == 404
    assert not Review.objects.exists()


def test_looking_changes_nothing_and_only_a_no_has_the_page() -> None:
    applicant = declined()
    before = [*Draft.objects.values()], len(happened(applicant.draft, DraftEvent))
    for page in ("decline", "decline/take", "decline/review"):
        assert applicant.get(page).status_code == (200 if page == "decline" else 405)
        applicant.client.head(applicant.home + page)
    assert ([*Draft.objects.values()], len(happened(applicant.draft, DraftEvent))) == before
    assert not Review.objects.exists()
    with bureau(score=780.0, dti=0.2):
        happy = Applicant().begin().fill()
        happy.send()
    for answer in (happy.get("decline"), happy.post("decline/review"), happy.post("decline/take")):
        assert answer["Location"] == happy.home + "progress"
    assert Applicant().begin().get("decline").status_code == 302


def test_a_lender_says_which_other_ways_there_are() -> None:
    applicant = declined()
    assert "Other ways to go" not in applicant.text("decline")
    publish_asking(OTHER_WAYS={"en": "Free debt advice: 0800 123\nYour credit union"})
    page = declined().text("decline")
    assert "Other ways to go Free debt advice: 0800 123 Your credit union" in page


def underwriter(branch: str = "north") -> Any:
    return logged_in(person(Role.UNDERWRITER, branch=branch))


def test_an_underwriter_keeps_the_answer_and_the_applicant_is_told() -> None:
    applicant = declined()
    applicant.post("decline/review", {"words": SAID})
    client = underwriter()
    (row,) = send(client, "GET", "/v1/reviews?state=asked").json()["items"]
    assert (row["decision"], row["state"]) == (decision_of(applicant).pk, "asked")
    assert send(client, "GET", f"/v1/reviews/{row['id']}").json()["words"] == SAID
    at = f"/v1/reviews/{row['id']}/settle"
    overturned = send(client, "POST", at, {"outcome": "overturned", "words": "He is right."})
    assert overturned.status_code == 409
    assert "overridden" in overturned.json()["detail"]
    kept = send(client, "POST", at, {"outcome": "kept", "words": "The contract is for a year."})
    assert (kept.status_code, kept.json()["outcome"]) == (200, "kept")
    assert send(client, "POST", at, {"outcome": "kept", "words": "again"}).status_code == 409
    (settled,) = happened(row["application"], ReviewSettled)
    assert subjects.open_sealed(settled.words) == {"words": "The contract is for a year."}
    assert "came to the same answer" in applicant.text("progress")
    assert "or has changed since: have it corrected" in applicant.text("progress")
    assert send(client, "GET", "/v1/reviews?state=asked").json()["items"] == []


def test_who_may_not_read_facts_learns_of_a_review_and_not_what_was_said() -> None:
    applicant = declined()
    applicant.post("decline/review", {"words": SAID})
    auditor = logged_in(person(Role.AUDITOR))
    (row,) = send(auditor, "GET", "/v1/reviews").json()["items"]
    assert send(auditor, "GET", f"/v1/reviews/{row['id']}").json()["words"] is None
    placeless = underwriter("")
    assert send(placeless, "GET", "/v1/reviews").json()["items"] == []
    assert send(placeless, "GET", f"/v1/reviews/{row['id']}").status_code == 404


def test_words_of_who_was_erased_are_gone() -> None:
    applicant = declined()
    applicant.post("decline/review", {"words": SAID})
    chain = decision_of(applicant).application
    subjects.erase(chain, "user.1", "asked for")
    (asked,) = happened(chain, ReviewAsked)
    with pytest.raises(Erased):
        subjects.open_sealed(asked.words)
    row = Review.objects.get()
    assert send(underwriter(), "GET", f"/v1/reviews/{row.pk}").status_code == 410
