"""The description of the API: every example in it works, and it describes the lender's contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from at_the_desk import follow, waiting
from django.db import transaction
from django.test import Client
from fronting import (
    STRAINED,
    accepted,
    asked_how_it_went,
    begun,
    completed,
    front,
    offered,
    takeable,
    unclear,
)
from lender import AUTHORITY, SCOPES, anew, ask, facts, publish, sealed, shop
from one_of_each import asked_besides
from outgoing import applicant, configured, sent_to
from people import acting, logged_in, person, send, with_key
from risk_ground import RiskGround, planned

from equipoise.service.contexts.asks.models import Ask
from equipoise.service.contexts.asks.services import ask_conditions
from equipoise.service.contexts.batches.running import decide_batch
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.complaints import services as complaints
from equipoise.service.contexts.concerns import services as concerns
from equipoise.service.contexts.concerns.reading import of_decision
from equipoise.service.contexts.conversations import services as conversations
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.contexts.decisions.services import asked_of, decide_together
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.officers import services as officers
from equipoise.service.contexts.officers.services import Authority
from equipoise.service.contexts.plans import reading as plans_read
from equipoise.service.contexts.plans import services as plans
from equipoise.service.contexts.registry import publishing
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.registry.reading import champions
from equipoise.service.contexts.trials import services as trials
from equipoise.service.contexts.trials.models import ArmRole as In
from equipoise.service.contexts.trials.models import Trial
from equipoise.service.contexts.trials.services import Entrant
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Role

# What people do about a decision, or read before they do.
_CONDITIONS = ("met", "waive")
BY_PEOPLE = ("override", "by-person", "deciding", "weigh", "decide", "pass-on", "give-back")


@pytest.fixture
def described(sqlite_database: Any) -> Any:
    with anew():
        publish()
        yield Client().get("/v1/openapi.json").json()


def examples(described: Any) -> dict[str, Any]:
    collected = {}
    for path, operations in described["paths"].items():
        body = operations.get("post", {}).get("requestBody", {}).get("content", {})
        if "application/json" in body:
            collected[path] = body["application/json"].get("example")
    return collected


def _handed_over() -> str:
    """A draft whose applicant wants a person."""
    draft, _ = drafts.begin("corner", "en", drafts.Hands())
    conversations.want_a_person(conversations.Speaker(draft, "corner", "en"))
    return draft


def _complained_of() -> str:
    """A complaint that waits for its answer."""
    draft, _ = drafts.begin("corner", "en", drafts.Hands())
    digest = champions()[0].digest
    who = complaints.Complainant(draft, "7KQ2M4XZ", "corner", digest, "en", "web")
    return complaints.complain(who, "You asked me twice.").id


def _unclear() -> str:
    """A concern about somebody who applied by the pages."""
    sick = facts(application_id="sick", on_sick_leave=True)
    ask = asked_of(sick, drafts.FOR_APPLICANTS, "key", strategy="corner", language="en")
    (made,) = decide_together((ask,))
    assert not isinstance(made, Exception)
    concerns.raise_for(made)
    [concern] = of_decision(made.row.id)
    return concern.id


_SENT = ("send", "terms", "acceptance", "signature", "second-look", "other-terms", "corrections")


def drafting(path: str) -> tuple[Client, str, str]:
    """A program with a draft of its own, as far as the example goes on from, and what was seen."""
    program, last, seen = front(), path.rsplit("/", 1)[1], ""
    if "{own_ask_id}" in path:
        draft = completed(program, sick="yes")
        follow()
        made = asked_besides(Draft.objects.get(pk=draft).application)
        path = path.replace("{own_ask_id}", made)
        return program, path.replace("{own_draft_id}", draft), seen
    if "{own_concern_id}" in path:
        draft = completed(program, sick="yes")
        concern = unclear(program, draft)
        path = path.replace("{own_concern_id}", concern)
        return program, path.replace("{own_draft_id}", draft), seen
    if last == "feedback":
        return program, path.replace("{own_draft_id}", asked_how_it_went(program)), seen
    if "{own_draft_id}" not in path:
        return program, path, seen
    given = {"second-look": {"dti": 0.9}, "other-terms": STRAINED}.get(last, {})
    sent = last in _SENT
    draft = completed(program, **given) if sent else begun(program)["id"]
    if last in ("acceptance", "signature"):
        seen = offered(program, draft)["seen"]
    if last == "other-terms":
        seen = takeable(program, draft)
    if last == "signature":
        seen = accepted(program, draft, seen)["seen"]
    return program, path.replace("{own_draft_id}", draft), seen


class _Ground:
    """Something for each endpoint to work on, as the example's address does not say what."""

    def __init__(self) -> None:
        scopes = (*SCOPES, "checks.record", "webhooks.manage")
        self.shop = with_key(person(Role.ADMINISTRATOR), *scopes, burst=999)[0]
        self.author, self.approver = person(Role.ANALYST), person(Role.APPROVER)
        self.admin = logged_in(person(Role.ADMINISTRATOR))
        self.risk = RiskGround(person(Role.RISK_OFFICER, "rita"), self.approver)
        self.versions = iter(range(2, 50))

    def version(self, *steps: Callable[..., Any]) -> int:
        author, approver = acting(self.author), acting(self.approver)
        made = registry.add_draft(sealed(next(self.versions)), author)
        for step in steps:
            judges = step in (registry.approve, publishing.publish)
            step(made.pk, approver if judges else author, *(["it is good"] if judges else []))
        return made.pk

    def _trial(self, path: str, submitted: Any) -> str:
        """The address of a trial that is in force, or none where the example begins one."""
        for old in Trial.objects.filter(ended_at=None):
            trials.end(old.pk, acting(self.approver), "room for the next")
        self.tried = self.version(*submitted, registry.approve)
        if "{trial_id}" not in path:
            return path
        entrant = Entrant(self.tried, In.CHALLENGER, 0.05)
        by = acting(self.approver)
        made = trials.begin("corner", f"trial_{self.tried}", [entrant], by, "to learn")
        return path.replace("{trial_id}", str(made.pk))

    def fitting(self, body: Any) -> Any:  # noqa: PLR0911
        """The example with the version that is there, whose number it cannot know."""
        body = {**body, **{name: self.seen for name in ("seen", "way") if name in body}}
        if "person" in body and "role" not in body:
            return {**body, "person": f"user.{self.officer.pk}"}
        if {"reason", "until"} <= body.keys():
            return {**body, "until": (clock.now() + timedelta(days=1)).isoformat()}
        if not {"works", "to", "until"}.isdisjoint(body):
            soon = (clock.now() + timedelta(days=1)).isoformat()
            there = {"works": [self.work], "to": f"user.{self.officer.pk}", "until": soon}
            return {name: there.get(name, value) for name, value in body.items()}
        if body.keys() == {"id", "state"}:
            with configured(25):
                return {**body, "id": sent_to(applicant())}
        if "checks" in body:
            return {"checks": {"income": "passed"}}
        if "version_id" in body:
            return {**body, "version_id": self.tried}
        if "arms" in body:
            return {**body, "arms": [{**each, "version_id": self.tried} for each in body["arms"]]}
        return body

    def request(self, path: str) -> tuple[Client, str]:  # noqa: PLR0911
        """Who can send the example, and to which address."""
        writes, judges = logged_in(self.author), logged_in(self.approver)
        submitted = (registry.check, registry.submit)
        states: dict[str, tuple[Client, tuple[Any, ...]]] = {
            "approve": (judges, submitted),
            "reject": (judges, submitted),
            "publish": (judges, (*submitted, registry.approve)),
            "retire": (judges, ()),
        }
        last = path.rsplit("/", 1)[1]
        if path.startswith(("/v1/watch", "/v1/incidents", "/v1/disposals", "/v1/screenings")):
            client, address, self.seen = self.risk.request(path)
            return client, address
        if last in states:
            client, steps = states[last]
            return client, path.replace("{version_id}", str(self.version(*steps)))
        if last in ("rollback", "withdraw", "default"):
            self.version(*submitted, registry.approve, publishing.publish)
            if last == "default":
                publish(1, name="other")
            return judges, path.replace("{strategy}", "other" if last == "default" else "corner")
        if "trials" in path:
            return judges, self._trial(path, submitted)
        if path.startswith("/v1/plans"):
            return judges, self._plan(path)
        if path.startswith("/v1/work"):
            return self._desk(path)
        if "{decision_id}" in path and last not in BY_PEOPLE:
            return self.shop, path.replace("{decision_id}", ask(self.shop).json()["id"])
        if "{webhook_id}" in path:
            given = {"url": "https://hooks.example.com/", "events": ["decision.made"]}
            made = send(self.shop, "POST", "/v1/webhooks", given).json()
            return self.shop, path.replace("{webhook_id}", made["id"])
        return self._elsewhere(path, writes)

    def _case(self, path: str, last: str) -> tuple[Client, str]:
        """An underwriter with authority over what was decided, or over what is reviewed."""
        if last in ("reviews", "settle"):
            return self._review(path)
        if last == "asks" or ("{ask_id}" in path and last not in _CONDITIONS):
            return self._asked(path)
        publish(next(self.versions), authority=AUTHORITY)
        self.officer = person(Role.UNDERWRITER, branch="north")
        if last == "officers":
            return self.admin, path
        wanted = Authority("senior")
        asked = officers.ask_for_authority(
            f"user.{self.officer.pk}", wanted, acting(person(Role.ADMINISTRATOR))
        )
        if last not in (*BY_PEOPLE, *_CONDITIONS):
            return logged_in(self.approver), path.replace("{appointment_id}", str(asked.pk))
        officers.confirm_authority(asked.pk, acting(self.approver))
        amount = {
            "override": 8_000.0,
            "by-person": 12_000.0,
            "met": 12_000.0,
            "waive": 12_000.0,
        }.get(last, 25_000.0)
        given = facts(amount=amount, application_id=f"at-{next(self.versions)}")
        decision = ask(shop(branch="north"), given, strategy="corner").json()["id"]
        officer = logged_in(self.officer)
        if last in _CONDITIONS:
            return officer, path.replace("{ask_id}", self._depends(decision))
        answer = {"answer": "decline", "reasons": ["STRAINED"], "words": "because"}
        if last in ("by-person", "give-back"):
            how = "decide" if last == "by-person" else "pass-on"
            sent = send(officer, "POST", f"/v1/decisions/{decision}/{how}", answer)
            assert sent.status_code in (200, 201), sent.content
        return officer, path.replace("{decision_id}", decision)

    def _depends(self, decision: str) -> str:
        """What a yes to it waits for."""
        day, by = clock.now().date() + timedelta(days=9), acting(self.officer)
        with transaction.atomic():
            ask_conditions(read(decision), {"call": {"en": "call"}}, {"en": "why"}, day, by)
        return Ask.objects.latest("id").pk

    def _review(self, path: str) -> tuple[Client, str]:
        """Of somebody whom the strategy declined."""
        north = shop(branch="north")
        made = ask(north, facts(application_id="in-debt", dti=0.9), strategy="corner").json()
        asking = f"/v1/applications/{made['application']}/reviews"
        if path.endswith("/reviews"):
            return north, asking
        review = send(north, "POST", asking, {}).json()["id"]
        underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))
        return underwriter, path.replace("{review_id}", review)

    def _plan(self, path: str) -> str:
        """Plans in force, and the address of a drill of one: begun, or with all of it done."""
        by = acting(person(Role.RISK_OFFICER))
        planned(by, acting(self.approver))
        if "{run_id}" not in path:
            return path
        under_way = [each.id for each in plans_read.runs() if each.closed_at is None]
        run = under_way[0] if under_way else plans.begin("bureau_down", "spring", by, drill=True)
        if path.endswith(("/end", "/switch-back")):
            for step in ("confirm", "to_people", "report"):
                if step not in plans_read.run(run).run.ended:
                    plans.do_step(run, step, by)
        if path.endswith("/end") and plans_read.run(run).run.switched:
            plans.turn_back(run, "all_to_people", by)
        return path.replace("{run_id}", run)

    def _desk(self, path: str) -> tuple[Client, str]:
        """An underwriter at whose desk something waits, and another to whom it can be given."""
        publish(next(self.versions), authority=AUTHORITY)
        self.officer = person(Role.UNDERWRITER, branch="north")
        referred = facts(amount=12_000.0, application_id=f"work-{next(self.versions)}")
        ask(shop(branch="north"), referred, strategy="corner")
        waiting()
        self.work = Work.objects.filter(kind="referred").latest("opened_at").id
        underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))
        return underwriter, path.replace("{work_id}", self.work)

    def _asked(self, path: str) -> tuple[Client, str]:
        """An underwriter before whom something waits, or has asked its applicant something."""
        self._desk("")
        application = Work.objects.get(pk=self.work).application
        if path.endswith("/asks"):
            return logged_in(self.officer), path.replace("{application_id}", application)
        return logged_in(self.officer), path.replace("{ask_id}", asked_besides(application))

    def _elsewhere(self, path: str, writes: Client) -> tuple[Client, str]:  # noqa: PLR0911
        last = path.rsplit("/", 1)[1]
        by_people = ("officers", *BY_PEOPLE, "reviews", "settle", "asks")
        if last in by_people or not {"{appointment_id}", "{ask_id}"}.isdisjoint(path.split("/")):
            return self._case(path, last)
        if "{prefix}" in path or "{program_id}" in path:
            body = {"name": "shop", "scopes": []}
            made = send(self.admin, "POST", "/v1/keys", body).json()
            path = path.replace("{prefix}", made["prefix"])
            return self.admin, path.replace("{program_id}", made["program"]["id"])
        if "drafts" in path or "products" in path:
            client, address, self.seen = drafting(path)
            return client, address
        if "concerns" in path:
            clerk = logged_in(person(Role.UNDERWRITER, branch="north"))
            return clerk, path.replace("{concern_id}", _unclear())
        if "conversations" in path:
            clerk = logged_in(person(Role.UNDERWRITER))
            return clerk, path.replace("{draft_id}", _handed_over())
        if "complaints" in path:
            clerk = logged_in(person(Role.UNDERWRITER))
            return clerk, path.replace("{complaint_id}", _complained_of())
        if "messages" in path:
            return with_key(person(Role.ADMINISTRATOR), "messages.report")[0], path
        if "erasures" in path:
            ask(self.shop, facts(application_id="A-1001"))
            return self.admin, path
        if "{application_id}" in path:
            waits = ask(self.shop, facts(amount=12000.0)).json()
            return self.shop, path.replace("{application_id}", waits["application"])
        clients = {"users": self.admin, "keys": self.admin, "strategies": writes}
        return clients.get(last, self.shop), path


def test_every_post_has_an_example_body_and_it_works(described: Any) -> None:
    result = examples(described)
    assert "/v1/decisions" in result
    ground = _Ground()
    for path, body in result.items():
        if path == "/v1/strategies":  # a whole sealed strategy, which nobody wants to read here
            assert described["paths"][path]["post"]["requestBody"]["description"]
            continue
        assert body, path
        client, address = ground.request(path)
        answer = client.post(
            address,
            json.dumps(ground.fitting(body)),
            content_type="application/json",
            headers={"Idempotency-Key": f"example {len(path)}".replace(" ", "-")},
        )
        assert answer.status_code in (200, 201, 202), (path, answer.content)


def test_every_example_of_a_file_works(described: Any) -> None:
    content = described["paths"]["/v1/batches"]["post"]["requestBody"]["content"]
    assert "multipart/form-data" in content
    client, _ = with_key(person(Role.ADMINISTRATOR), "batches.create", "batches.read")
    for kind in ("text/csv", "application/x-ndjson"):
        headers = {"Idempotency-Key": kind}
        answer = client.post(
            "/v1/batches", content[kind]["example"], content_type=kind, headers=headers
        )
        assert answer.status_code == 202, answer.content
        decide_batch.call(answer.json()["id"])
        body = client.get(f"/v1/batches/{answer.json()['id']}").json()
        assert (body["state"], body["rows"]) == ("done", 1), body["fault"]
