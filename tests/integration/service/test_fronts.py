"""A lender's own front end goes the applicant's way by the API."""

from __future__ import annotations

from typing import Any

import pytest
from applying import ANSWERS, CONTACT, Applicant, bureau, publish_asking
from fronting import ALL, begun, front
from lender import anew, publish
from people import send
from stepping import sealed_stepping
from through_door import Client

from equipoise.service.contexts.drafts.events import DraftAnswered, DraftEvent, DraftSent
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.platform.record import services as record

pytestmark = pytest.mark.usefixtures("sqlite_database")
AGREED = {"purposes": ["decision", "sources"]}


def post(program: Client, draft: str, what: str, body: Any) -> Any:
    answer = send(program, "POST", f"{ALL}/{draft}/{what}", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def question(told: Any, field: str) -> Any:
    [row] = [each for each in told["questions"] if each["field"] == field]
    return row


def filled(program: Client) -> str:
    draft: str = begun(program)["id"]
    post(program, draft, "answers", {"answers": ANSWERS})
    post(program, draft, "contact", {"email": CONTACT["email"]})
    post(program, draft, "consents", AGREED)
    return draft


def test_from_the_first_answer_to_where_it_stands() -> None:
    publish_asking()
    program = front()
    draft = filled(program)
    with bureau(score=780.0, dti=0.2):
        sent = post(program, draft, "send", {})
        assert post(program, draft, "send", {}) == sent
    assert (sent["state"], sent["after"] != "") == ("sent", True)
    standing = program.get(f"{ALL}/{draft}/standing").json()
    assert standing["takeable"]
    assert standing["headline"]
    progress = program.get(f"{ALL}/{draft}/progress").json()
    assert (progress["share"], progress["arrives"]) == (1, "")
    assert [each["state"] for each in progress["stages"]][:2] == ["done", "done"]
    [*_, sent_off, begun_at] = progress["history"][-3:]
    assert begun_at["said"] == "You began your application."
    assert sent_off["said"] == "You sent your application, and we received it."
    assert len(record.history(draft, DraftSent)) == 1
    assert {each.event.by.partition(".")[0] for each in record.history(draft, DraftEvent)} == {
        "program"
    }


def test_what_cannot_be_read_is_kept_and_told_in_the_words_of_the_pages() -> None:
    publish_asking()
    program, someone = front(), Applicant().begin()
    draft = begun(program)["id"]
    answer = post(program, draft, "answers", {"answers": {"amount": "12.000,50", "term": "36"}})
    amount, term = question(answer, "amount"), question(answer, "term")
    assert amount["typed"] == {"": "12.000,50"}
    assert not amount["answered"]
    assert amount["problem"] in someone.type("amount", "12.000,50").content.decode()
    assert (term["value"], term["problem"], term["answered"]) == (36, "", True)
    assert [each.event.page for each in record.history(draft, DraftAnswered)] == ["term"]
    chinese = post(program, draft, "language", {"language": "zh"})
    assert question(chinese, "amount")["question"] == "您想借多少"


def test_what_is_not_asked_is_refused_and_nothing_of_it_is_kept() -> None:
    publish_asking()
    program = front()
    draft = begun(program)["id"]
    for answers in ({"amount": "1", "hat": "1"}, {"amount": {"day": "1"}}):
        answer = send(program, "POST", f"{ALL}/{draft}/answers", {"answers": answers})
        assert answer.status_code == 422
        assert answer.json()["field"].startswith("answers.")
    assert question(program.get(f"{ALL}/{draft}").json(), "amount")["typed"] == {}


def test_what_is_not_complete_is_not_sent_and_what_was_sent_is_not_changed() -> None:
    publish_asking()
    program = front()
    draft = filled(program)
    post(program, draft, "answers", {"answers": {"income": ""}})
    early = send(program, "POST", f"{ALL}/{draft}/send", {})
    assert (early.status_code, early.json()["field"]) == (409, "income")
    for what in ("standing", "progress"):
        assert program.get(f"{ALL}/{draft}/{what}").status_code == 409
    post(program, draft, "answers", {"answers": {"income": "3000"}})
    post(program, draft, "send", {})
    for what, body in (("contact", {}), ("consents", AGREED)):
        assert send(program, "POST", f"{ALL}/{draft}/{what}", body).status_code == 409
    assert program.delete(f"{ALL}/{draft}").status_code == 409


def test_what_a_check_needs_is_asked_and_sent_once_more() -> None:
    with anew():
        publish(raw=sealed_stepping())
        program = front()
        draft = filled(program)
        with bureau(score=780.0, dti=0.4):
            sent = post(program, draft, "send", {})
        assert [each["field"] for each in sent["questions"]] == ["employer", "months_there"]
        answers = {"employer": "Planted & Sons", "months_there": "12"}
        answer = post(program, draft, "answers", {"answers": answers})
        assert answer["complete"]
        more = post(program, draft, "send", {"after": answer["after"]})
        assert more["decision"] != sent["decision"]
        assert program.get(f"{ALL}/{draft}/standing").json()["turn"] == "us"


def test_a_program_sees_no_draft_but_its_own() -> None:
    publish_asking()
    someone, program = Applicant().begin(), front()
    draft = begun(front())["id"]
    for other in (draft, someone.draft):
        assert program.get(f"{ALL}/{other}").status_code == 404
        assert send(program, "POST", f"{ALL}/{other}/answers", {}).status_code == 404
        assert program.delete(f"{ALL}/{other}").status_code == 404


def test_a_draft_that_is_deleted_is_not_there_any_more() -> None:
    publish_asking()
    program = front()
    draft = begun(program)["id"]
    assert program.delete(f"{ALL}/{draft}").status_code == 204
    assert program.get(f"{ALL}/{draft}").status_code == 404
    assert Draft.objects.get(pk=draft).state == DraftState.ENDED


@pytest.mark.parametrize(
    "body", [{"product": "none"}, {"product": "corner", "language": "xx"}, {"product": ""}]
)
def test_what_nobody_can_apply_for_is_refused(body: Any) -> None:
    publish_asking()
    assert send(front(), "POST", ALL, body).status_code == 422
    assert not Draft.objects.exists()
