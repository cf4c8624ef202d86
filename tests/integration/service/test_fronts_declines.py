"""Somebody before a lender's own front end is declined, and is told and offered what the page of a
no tells and offers; whoever only ever uses the API gets from a no to a yes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from applying import ANSWERS, CONTACT, Applicant, bureau, publish_asking
from fronting import ALL, begun, completed, front, listening, takeable
from lender import publish
from people import logged_in, person, send, with_key
from test_declines import IN_DEBT, SHAKY, STRAINED, heeding
from through_door import Client

from equipoise import client as api
from equipoise.service.contexts.agreements.events import AgreementSigned
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.events import DraftEvent, DraftTook
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.project.wsgi import application

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    """Every test has one."""


def post(program: Client, draft: str, what: str, body: Any) -> Any:
    return send(program, "POST", f"{ALL}/{draft}/{what}", body)


def declined(program: Client, facts: Any = None, **answers: str) -> str:
    """A draft of somebody whom the corner lender declines."""
    draft: str = begun(program)["id"]
    typed = {**ANSWERS, **(answers or STRAINED)}
    bodies: tuple[tuple[str, Any], ...] = (
        ("answers", {"answers": typed}),
        ("contact", {"email": CONTACT["email"]}),
        ("consents", {"purposes": ["decision", "sources"]}),
        ("send", {}),
    )
    with bureau(**(facts or SHAKY)):
        for what, body in bodies:
            assert post(program, draft, what, body).status_code == 200
    assert Draft.objects.get(pk=draft).state == "sent"
    return draft


def told(program: Client, draft: str) -> Any:
    answer = program.get(f"{ALL}/{draft}/decline")
    assert answer.status_code == 200, answer.content
    return answer.json()


def sentences(of: Any) -> list[str]:
    """What of a no is words for people."""
    ways = [
        [*each["changes"], each["then"], *each["offers"], *each["owed"], each["takes"]]
        for each in of["ways"]
    ]
    used = [f"{each['label']} {each['said']}" for each in (*of["told"], *of["elsewhere"])]
    own = [of["headline"], *of["reasons"], of["decided"], of["found"], *of["other_ways"]]
    return [*own, *used, of["rights"], *(text for way in ways for text in way)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("facts", [SHAKY, IN_DEBT], ids=["shaky", "in debt"])
def test_a_no_says_by_the_api_what_its_page_says(facts: Any, language: str) -> None:
    publish_asking(OTHER_WAYS={"en": "Free debt advice: 0800 123", "zh": "免费债务咨询：0800 123"})
    someone, program = Applicant(), front()
    with bureau(**facts):
        someone.begin().fill(**STRAINED).send()
    draft = declined(program, facts)
    post(program, draft, "language", {"language": language})
    someone.post("language", {"language": language, "page": "apply-decline"})
    page = re.sub(r"\s+", " ", someone.text("decline"))
    of = told(program, draft)
    said = [re.sub(r"\s+", " ", each) for each in sentences(of)]
    assert len(said) > 12
    assert [each for each in said if each not in page] == []
    assert len(of["ways"]) == page.count("这样，我们" if language == "zh" else "Then ")
    assert of["second_look"] is None


def test_other_terms_are_taken_once_however_often_they_are_sent() -> None:
    publish_asking()
    program = front()
    draft = declined(program)
    before = Draft.objects.get(pk=draft).decision
    [way] = [each for each in told(program, draft)["ways"] if each["takeable"]]
    answers = [post(program, draft, "other-terms", {"way": way["name"]}) for _ in range(3)]
    assert {each.status_code for each in answers} == {200}
    [standing, *again] = [each.json() for each in answers]
    assert again == [standing, standing]
    assert standing["outcome"] == "counter_offer"
    assert standing["offers"] == way["offers"]
    assert Decision.objects.count() == 2
    [took] = [each.event for each in record.history(draft, DraftTook)]
    assert (took.before, took.decision) == (before, standing["decision"])
    by = {each.event.by.partition(".")[0] for each in record.history(draft, DraftEvent)}
    assert by == {"program"}
    assert program.get(f"{ALL}/{draft}/decline").status_code == 409


def test_terms_that_nobody_offered_are_not_taken() -> None:
    publish_asking()
    program = front()
    draft = declined(program)
    ways = told(program, draft)["ways"]
    assert {each["name"] for each in ways if not each["takeable"]} <= {""}
    for way in ("0" * 20, "amount"):
        refused = post(program, draft, "other-terms", {"way": way})
        assert (refused.status_code, refused.json()["field"]) == (409, "way")
    assert Decision.objects.count() == 1


def test_only_a_no_has_ways_to_another_answer() -> None:
    publish()
    program = front()
    early, happy = begun(program)["id"], completed(program)
    for draft in (early, happy):
        assert program.get(f"{ALL}/{draft}/decline").status_code == 409
        assert post(program, draft, "other-terms", {"way": "0" * 20}).status_code == 409
    assert Decision.objects.count() == 1


def test_others_see_and_take_nothing() -> None:
    publish_asking()
    program, stranger = front(), front()
    draft = declined(program)
    way = takeable(program, draft)
    assert stranger.get(f"{ALL}/{draft}/decline").status_code == 404
    assert post(stranger, draft, "other-terms", {"way": way}).status_code == 404
    assert Decision.objects.count() == 1


def test_the_second_look_is_told_with_its_day_and_with_what_came_of_it() -> None:
    publish_asking()
    program = front()
    draft = declined(program)
    with heeding("EU", 10):
        day = told(program, draft)["answered_by"]
        asked = post(program, draft, "second-look", {"words": "It is permanent now."}).json()
        assert (asked["due_on"], asked["outcome"]) == (day, "")
        assert day is not None
    assert told(program, draft)["second_look"] == asked
    underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))
    body = {"outcome": "kept", "words": "The contract is for a year."}
    settled = send(underwriter, "POST", f"/v1/reviews/{asked['id']}/settle", body)
    assert settled.status_code == 200, settled.content
    look = told(program, draft)["second_look"]
    assert (look["state"], look["outcome"]) == ("settled", "kept")


def test_whoever_only_uses_the_api_gets_from_a_no_to_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the snippets of the how-to, as they stand; a program of the lender's says what the checks
    showed."""
    publish_asking()
    admin = person(Role.ADMINISTRATOR)
    _, token = with_key(admin, "applications.apply", rate=1e4, burst=10_000)
    _, checking = with_key(admin, "checks.record", rate=1e4, burst=10_000)
    with listening(application) as url, bureau(**SHAKY):
        monkeypatch.setenv("EQUIPOISE_URL", url)
        monkeypatch.setenv("EQUIPOISE_API_KEY", token)
        names: dict[str, Any] = {}
        text = (DOCS / "howto/build-your-own-front-end.md").read_text(encoding="utf-8")
        begin, no = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        exec(begin, names)  # noqa: S102 - our own documentation
        drafts, draft = names["client"].drafts, names["draft"].id
        drafts.answer(draft, {**ANSWERS, **STRAINED})
        drafts.contact(draft, email=CONTACT["email"])
        drafts.consent(draft, ["decision", "sources"])
        names["draft"] = drafts.send(draft)
        assert drafts.standing(draft).outcome == "decline"
        exec(no, names)  # noqa: S102 - our own documentation
        assert names["standing"].outcome == "counter_offer"
        assert names["standing"].needed
        taken = drafts.get(draft)
        owed = {"income": "passed", "call": "passed"}
        api.Client(url, checking).record_checks(taken.application, owed)
        assert drafts.standing(draft).takeable
        [offer, *_] = drafts.offers(draft).offers
        assert names["chosen"].offers[0].startswith(f"{offer.title} at ")
        read = drafts.accept(draft, offer)
        assert drafts.sign(draft, "Ada Planted", read.seen).state == "signed"
    assert len(record.history(taken.application, AgreementSigned)) == 1
    assert verify_record().valid
