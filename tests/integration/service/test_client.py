"""The client against the running service, and against the description of its API."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from applying import bureau
from at_the_desk import follow
from django.test import Client as Browser
from fronting import listening, photo
from kept_letters import PDF, kept_letter
from lender import RISKY, anew, facts, publish, sealed
from one_of_each import asked_besides
from outgoing import configured, sent_to
from people import person, with_key
from test_role_matrix import EXPECTED

from equipoise.client import Client, Conflict, Invalid, NotFound, results
from equipoise.service.contexts.batches.running import decide_batch
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.feedback import tasks
from equipoise.service.platform.accounts.permissions import Role, key_scopes
from equipoise.service.platform.webhooks import outbox
from equipoise.service.project.wsgi import application

# What the client calls a thing that is answered, by the description's name for it.
ANSWERS = {
    "MeasuredStandingOut": results.MeasuredStanding,
    "StandingInFullOut": results.StandingInFull,
    "StandingResultOut": results.StandingResult,
    "WatchReadingOut": results.WatchReading,
    "WatchAlertOut": results.WatchAlert,
    "DisposalOut": results.Disposal,
    "DisposalContactOut": results.DisposalContact,
    "DisposalDateOut": results.DisposalDate,
    "DisposalInFullOut": results.DisposalInFull,
    "DisposalMoneyOut": results.DisposalMoney,
    "DisposalTotalOut": results.DisposalTotal,
    "IncidentOut": results.Incident,
    "IncidentInFullOut": results.IncidentInFull,
    "IncidentLinkOut": results.IncidentLink,
    "IncidentNoteOut": results.IncidentNote,
    "IncidentRoleOut": results.IncidentRole,
    "IncidentTaskOut": results.IncidentTask,
    "LateOut": results.Late,
    "PostMortemOut": results.PostMortem,
    "PostMortemActionOut": results.PostMortemAction,
    "ScreeningOut": results.Screening,
    "ThresholdOut": results.Threshold,
    "AgreementOut": results.Agreement,
    "ByPersonOut": results.ByPerson,
    "AskedFirstOut": results.AskedFirst,
    "CardOut": results.Card,
    "DeclineOut": results.Decline,
    "FinderOut": results.Finder,
    "FoundOut": results.Found,
    "FoundProductOut": results.FoundProduct,
    "IdeaOut": results.Idea,
    "KeptOut": results.Kept,
    "MoveOut": results.Move,
    "RangeOut": results.Range,
    "HappenedOut": results.Happened,
    "PaymentOut": results.Payment,
    "ProgressOut": results.Progress,
    "WayStageOut": results.Stage,
    "TermsOut": results.Terms,
    "TermsBoxOut": results.TermsBox,
    "ReasonOut": results.Ground,
    "RowOut": results.Row,
    "UsedFactOut": results.UsedFact,
    "WayForwardOut": results.WayForward,
    "AnsweredOut": results.Answered,
    "ContactOut": results.Contact,
    "ConsentOut": results.Consent,
    "DraftOut": results.Draft,
    "OfferedOut": results.Offered,
    "OffersOut": results.Offers,
    "ReadingOut": results.Reading,
    "SecondLookOut": results.SecondLook,
    "WantedOut": results.Wanted,
    "OwnPaperOut": results.OwnPaper,
    "OwnPapersOut": results.OwnPapers,
    "SaidOut": results.Said,
    "UnclearOut": results.Unclear,
    "OwnComplaintOut": results.OwnComplaint,
    "OwnComplaintsOut": results.OwnComplaints,
    "ElsewhereOut": results.Elsewhere,
    "AskedOut": results.Asked,
    "TurnOut": results.Turn,
    "OptionOut": results.Option,
    "OwnConversationOut": results.Conversation,
    "FactOut": results.Fact,
    "AgreedOut": results.Agreed,
    "DecidedOut": results.Decided,
    "OwnLetterOut": results.OwnLetter,
    "OwnDataOut": results.Held,
    "ErasureAskedOut": results.ErasureAsked,
    "HelpCodeOut": results.HelpCode,
    "ApplicationStandingOut": results.Standing,
    "DecisionOut": results.Decision,
    "OfferOut": results.Offer,
    "CustomerWords": results.CustomerWords,
    "UnderwriterWords": results.UnderwriterWords,
    "AuditorTrace": results.AuditorTrace,
    "WayOut": results.Way,
    "ChangeOut": results.Change,
    "Difference": results.Difference,
    "ReplayOut": results.Replay,
    "OutcomeOut": results.Outcome,
    "AskOut": results.Ask,
    "AskAnswerOut": results.AskAnswer,
    "OneMoreOut": results.OneMore,
    "Caller": results.Caller,
    "VersionOut": results.Version,
    "BatchOut": results.Batch,
    "ResultOut": results.ResultFile,
    "FaultOut": results.Fault,
    "WebhookOut": results.Webhook,
    "DeliveryOut": results.Delivery,
    "AttemptOut": results.Attempt,
    "WorkOut": results.Work,
    "WorkNoteOut": results.WorkNote,
    "WorkInFullOut": results.WorkInFull,
    "WorkCountsOut": results.WorkCounts,
    "DecidingOut": results.Deciding,
    "LimitsOut": results.Limits,
    "TermEndsOut": results.TermEnds,
    "SignedWordsOut": results.SignedWords,
    "RulingSoFarOut": results.RulingSoFar,
    "WeighedOut": results.Weighed,
    "RulingOut": results.Ruling,
}


@pytest.fixture
def asked(sqlite_database: Any) -> Iterator[tuple[Client, set[str]]]:
    """A client of a service that listens, and the endpoints it has called so far."""
    called: set[str] = set()

    def watched(environ: Any, start: Any) -> Any:
        answer = application(environ, start)
        called.add(f"{environ['REQUEST_METHOD']} {route(environ['PATH_INFO'])}")
        return answer

    with anew(), listening(watched) as url:
        publish()
        scopes = [scope.value for scope in key_scopes()]
        _, token = with_key(person(Role.ADMINISTRATOR), *scopes)
        yield Client(url, token), called


def route(path: str) -> str:
    """The endpoint's name in the matrix of roles."""
    from django.urls import resolve

    return "/" + resolve(path).route.replace("<int:", "{int:").replace("<", "{").replace(">", "}")


def test_it_can_do_whatever_a_program_may(asked: tuple[Client, set[str]], tmp_path: Path) -> None:
    client, called = asked
    made = client.decide(facts(**RISKY), branch="north", key="once")
    assert client.decide(facts(**RISKY), branch="north", key="once") == made
    assert Decision.objects.count() == 1
    assert client.decision(made.id) == made
    application = client.application(made.application)
    assert (application.decision, application.digest) == (made.id, made.digest)
    with pytest.raises(NotFound):  # nobody took an offer yet
        client.agreement(made.application)
    many = client.decide_many({"once": facts(**RISKY), "wrong": {"no": 1}}, branch="north")
    assert many["once"] == made
    assert isinstance(many["wrong"], Invalid)
    assert client.customer_words(made.id, "en").text
    assert client.underwriter_words(made.id).lines
    assert client.auditor_trace(made.id).trace
    assert client.replay(made.id).identical
    assert list(client.decisions(outcome=made.outcome)) == [made]
    assert list(client.decisions(identifier="safe", decided_from=made.decided_on)) == [made]
    booked = client.record_outcome(made.id, "booked", date.today(), 8000.0)
    assert client.outcomes(made.id) == (booked,)
    assert client.me().may["decisions.create"] == "own"
    assert "equipoise_requests_total" in client.metrics()
    assert "/v1/decisions" in client.description()["paths"]
    _reviews(client)
    _products(client)
    _drafts(client)
    _besides(client, tmp_path)
    _notices(client, tmp_path)
    _watch(client)
    assert client.arrivals() == ()
    _strategies(client)
    _webhooks(client)
    _messages(client, made.application)
    _batches(client, tmp_path)
    client.recourse(made.id)
    with pytest.raises(NotFound):  # no person decided it
        client.by_person(made.id)
    waits = client.decide(facts(application_id="waits", amount=12000.0), branch="north")
    results = {each.name: "passed" for each in waits.conditions}
    assert client.record_checks(waits.application, results).application == waits.application
    sick = facts(application_id="asked", on_sick_leave=True)
    referred = client.decide(sick, branch="north").application
    follow()
    asked_besides(referred)
    [asked] = client.asks.list(referred)
    answered = client.asks.answer(asked.id, "Since May.", "telephone")
    assert answered.answers is not None
    assert (answered.state, answered.answers[0].value) == ("answered", "Since May.")
    expected = {name for name, who in EXPECTED.items() if "api_client" in who}
    assert called >= expected, expected - called


def _reviews(client: Client) -> None:
    declined = client.decide(facts(application_id="in-debt", dti=0.9))
    review = client.reviews.ask(declined.application, "My debts are paid.")
    assert client.reviews.ask(declined.application) == review
    assert list(client.reviews.list("asked")) == [review]
    assert client.reviews.get(review.id).words == "My debts are paid."


def _products(client: Client) -> None:
    products = client.products
    assert [each.name for each in products.list("zh")] == ["corner"]
    finder = products.finder("zh")
    assert [each.name for each in finder.products] == ["corner"]
    assert [each.code for each in finder.whom] == ["person", "business"]
    assert products.find("person", amount="8,000").products == ()  # it has no words for people
    assert products.asked_first("person") == products.range({})


def _drafts(client: Client) -> None:
    drafts = client.drafts
    draft = drafts.begin("corner", "en")
    assert drafts.get(draft.id) == draft
    assert not drafts.answer(draft.id, {"on_sick_leave": "perhaps"}).questions[0].answered
    assert drafts.answer(draft.id, {"on_sick_leave": "no"}).questions[0].value is False
    assert drafts.contact(draft.id, email="nowhere").contact.problem
    assert not drafts.contact(draft.id, email="ada@example.com").contact.problem
    with pytest.raises(Conflict):
        drafts.send(draft.id)
    assert drafts.consent(draft.id, ["decision", "sources"]).complete
    assert drafts.moves(draft.id) == ()
    assert drafts.move(draft.id, "corner").product == "corner"
    assert drafts.speak(draft.id, "zh").language == "zh"
    assert drafts.revoke(draft.id, "asking_back").complete
    with bureau(**facts()):
        sent = drafts.send(draft.id)
        assert drafts.send(draft.id) == sent
    assert sent.state == "sent"
    assert drafts.standing(draft.id).takeable
    assert drafts.progress(draft.id).share == 1
    assert drafts.terms(draft.id, "none", "36").problems
    [offer, *_] = drafts.offers(draft.id).offers
    read = drafts.accept(draft.id, offer)
    assert drafts.reading(draft.id) == read
    assert drafts.sign(draft.id, "Ada Byron", read.seen).state == "signed"
    with pytest.raises(Conflict):  # no law and no setting gives days here
        drafts.withdraw(draft.id)
    with pytest.raises(Conflict):  # nothing was declined
        drafts.second_look(draft.id)
    with pytest.raises(Conflict):  # and nothing to take
        drafts.take(draft.id, "another")
    with pytest.raises(Conflict):
        drafts.decline(draft.id)
    drafts.delete(drafts.begin("corner").id)


def _besides(client: Client, folder: Path) -> None:
    """What an applicant does who is sick, of whom something is unclear; and lets be."""
    drafts, to = client.drafts, folder / "taken.pdf"
    draft = drafts.begin("corner", "en").id
    drafts.answer(draft, {"on_sick_leave": "yes"})
    drafts.contact(draft, email="eve@example.com")
    drafts.consent(draft, ["decision", "sources", "asking_back"])
    with bureau(**facts()):
        drafts.send(draft)
    [concern] = drafts.concerns.list(draft)
    slip = folder / "slip of Eve.jpg"
    slip.write_bytes(photo())
    paper = drafts.papers.bring(draft, slip, about=concern.id)
    assert (paper.name, paper.about, paper.state) == (slip.name, concern.id, "clear")
    assert drafts.papers.get(draft).papers == (paper,)
    drafts.papers.fetch(draft, paper.id, to)
    assert to.read_bytes().startswith(b"\xff\xd8\xff")
    answered = drafts.concerns.answer(draft, concern.id, "I am back in May.", [paper.id])
    assert (answered.state, answered.said[0].papers) == ("answered", (slip.name,))
    follow()
    asked_besides(Draft.objects.get(pk=draft).application)
    [ask] = drafts.asks.list(draft)
    assert (ask.title, ask.kind, ask.can_answer) == ("Since when?", "text", True)
    answer = drafts.asks.answer(draft, ask.id, "Since May.")
    assert (answer.state, answer.said[0].words) == ("answered", "Since May.")
    drafts.papers.take_back(draft, paper.id)
    complaint = drafts.complaints.make(draft, "You asked twice.", "offers")
    assert drafts.complaints.make(draft, "You asked twice.", "offers") == complaint
    correction = drafts.complaints.correct(draft, "I am well.", "on_sick_leave")
    assert drafts.complaints.get(draft).complaints == (correction, complaint)
    assert [each.who for each in drafts.helper.choose(draft, "documents").turns] == ["helper"]
    conversation = drafts.helper.ask(draft, "How long does it take?")
    assert drafts.helper.conversation(draft) == conversation
    assert conversation.turns[1].text == "How long does it take?"
    assert drafts.helper.want_a_person(draft).person
    read_out = drafts.in_person.code(draft)
    assert (read_out.reference, len(read_out.code)) == (drafts.get(draft).reference, 6)
    assert drafts.in_person.now(draft) == ()
    drafts.in_person.end(draft)
    held = drafts.data.get(draft)
    assert "on_sick_leave" in {each.field for each in held.facts}
    drafts.data.export(draft, to)
    assert json.loads(to.read_bytes())["reference"] == held.reference
    assert drafts.data.erasure(draft).asked_at is None
    assert drafts.data.ask_erasure(draft).asked_at is not None
    for take in (drafts.data.letter, drafts.data.agreement_copy):
        with pytest.raises(Conflict):
            take(draft, folder / "none.pdf")
    with pytest.raises(Conflict):
        drafts.data.letter(draft, folder / "none.pdf", of="notice-0")
    assert held.letters == ()
    _feedback(client)


def _feedback(client: Client) -> None:
    feedback, drafts = client.drafts.feedback, client.drafts
    draft = drafts.begin("corner", "en").id
    drafts.answer(draft, {"on_sick_leave": "no"})
    drafts.contact(draft, email="may@example.com")
    drafts.consent(draft, ["decision", "sources", "asking_back"])
    with bureau(**facts()):
        drafts.send(draft)
    tasks.ask_how_it_went.func()
    asked = feedback.asked(draft)
    assert asked is not None
    assert (asked.moment, asked.scale, asked.highest) == ("answer", "satisfaction", 5)
    following = feedback.score(draft, "satisfaction", 4)
    assert following is not None
    assert following.scale == "effort"
    assert feedback.say(draft, "Fewer letters.") is not None
    feedback.dismiss(draft)
    assert feedback.asked(draft) is None


def _notices(client: Client, folder: Path) -> None:
    notice = client.notices.get(kept_letter(client.decide(facts(dti=0.9)).id))
    assert list(client.notices.list("made")) == [notice]
    client.notices.letter(notice.id, folder / "letter.pdf")
    assert (folder / "letter.pdf").read_bytes() == PDF


def _watch(client: Client) -> None:
    """Nothing is watched in this folder."""
    assert list(client.watch.readings("late")) == list(client.watch.alerts("open")) == []
    with pytest.raises(NotFound):
        client.watch.alert(f"alert-{'0' * 32}")
    for rooms, name in (
        (client.incidents, "incident"),
        (client.disposals, "disposal"),
        (client.screenings, "screening"),
    ):
        assert list(rooms.list("open" if name != "disposal" else "proposed")) == []
        with pytest.raises(NotFound):
            rooms.get(f"{name}-{'0' * 32}")
    assert client.disposals.totals() == ()


def _strategies(client: Client) -> None:
    draft = client.strategies.add(sealed(2))
    assert client.strategies.check(draft.id).state == "checked"
    assert client.strategies.submit(draft.id).state == "in_review"
    with pytest.raises(Conflict):
        client.strategies.submit(draft.id)


def _messages(client: Client, application: str) -> None:
    with configured(25):
        message = sent_to(application)
    assert client.report_message(message, "delivered") == "delivered"
    assert client.report_message(message, "delivered") == "delivered"


def _webhooks(client: Client) -> None:
    hooks = client.webhooks
    made, secret = hooks.make("https://hooks.example.com/us", ["decision.made"], "us")
    assert secret.startswith("whsec_")
    assert list(hooks.list()) == [hooks.get(made.id)]
    assert hooks.rotate(made.id) != secret
    assert not hooks.change(made.id, active=False).active
    assert hooks.change(made.id, active=True).active
    hooks.ping(made.id)
    outbox.gather()
    [delivery] = hooks.deliveries(made.id, state="waiting")
    assert hooks.replay(delivery.id).kind == "webhook.ping"
    hooks.remove(made.id)
    with pytest.raises(NotFound):
        hooks.get(made.id)


def _batches(client: Client, folder: Path) -> None:
    file, answers = folder / "mine.jsonl", folder / "answers.csv"
    file.write_text("".join(json.dumps(facts(application_id=f"A{at}")) + "\n" for at in range(3)))
    begun = client.batches.begin(file, result="csv", key="file")
    assert client.batches.begin(file, result="csv", key="file").id == begun.id
    with pytest.raises(Conflict):
        client.batches.result(begun.id, answers)
    assert not [*folder.glob("*answers*"), *folder.glob(".*")]
    decide_batch.call(begun.id)
    done = client.batches.wait(begun.id)
    assert (done.state, done.rows) == ("done", 3)
    assert list(client.batches.list()) == [done]
    client.batches.result(done.id, answers)
    assert done.result is not None
    assert hashlib.sha256(answers.read_bytes()).hexdigest() == done.result.sha256
    broken = folder / "broken.csv"
    broken.write_text("nothing\n")
    failed = client.batches.begin(broken)
    assert client.batches.cancel(failed.id).state == "cancelled"
    failed = client.batches.begin(broken)
    decide_batch.call(failed.id)
    fault = client.batches.get(failed.id).fault
    assert fault is not None
    assert fault.mend
    with pytest.raises(ValueError, match="none of"):
        client.batches.begin(folder / "mine.xlsx")


def test_a_way_back_is_read_as_it_is_described(asked: tuple[Client, set[str]]) -> None:
    from tests.unit.strategy.recourse.changeable import changeable

    client, _ = asked
    publish(raw=changeable(version=2).sealed.text().encode())
    given = facts(**RISKY)
    made = client.decide(given)
    for way in client.recourse(made.id):
        turned = client.decide({**given, **{each.field: each.to for each in way.changes}})
        assert turned.outcome == way.outcome
    assert client.recourse(made.id)


def test_what_the_service_refuses_it_says_why(asked: tuple[Client, set[str]]) -> None:
    client, _ = asked
    with pytest.raises(Invalid, match="hat") as raised:
        client.decide(facts(hat=1))
    assert raised.value.field or raised.value.faults
    with pytest.raises(NotFound):
        client.decision("decision-" + "0" * 32)


@pytest.mark.usefixtures("sqlite_database")
def test_every_answer_that_is_described_is_known_to_the_last_field() -> None:
    parts = Browser().get("/v1/openapi.json").json()["components"]["schemas"]
    for name, kind in ANSWERS.items():
        ours = {each.metadata.get("as", each.name) for each in fields(kind)}
        assert ours == set(parts[name]["properties"]), name
