"""Nobody gets in where they don't belong: what an attacker tries first, tried at every door.

Doors are found by walking the routes, so a new one is tried too, or fails here until it can be.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import pytest
from at_the_desk import follow
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from example_bodies import example_body
from fronting import brought, photo
from kept_letters import kept_letter
from lender import anew, ask, facts, publish
from people import logged_in, person, send, with_key
from test_batches import as_file, decided, people
from test_role_matrix import EXPECTED, IDENTIFIERS, address

from equipoise.service.contexts.agreements import services as agreements
from equipoise.service.contexts.agreements.reading import shown_offer
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.platform.accounts.permissions import Role, key_scopes
from equipoise.service.platform.login.models import Session
from equipoise.service.platform.webhooks import outbox
from equipoise.service.platform.webhooks.models import Delivery

pytestmark = pytest.mark.usefixtures("sqlite_database")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
BY_PEOPLE = [name for name in EXPECTED if set(EXPECTED[name]) != {"api_client"}]
CHANGING = [name for name in EXPECTED if name.split(" ")[0] in UNSAFE]
NAMED = [name for name in EXPECTED if "{" in name]
# Of these nothing belongs to anyone: whoever may see one may see all.
SHARED = ("{int:user_id}", "{int:request_id}", "{int:version_id}", "{int:trial_id}", "{prefix}",
          "{strategy}", "{program_id}", "{erasure_id}", "{int:appointment_id}",
          "{person}", "{draft_id}", "{complaint_id}", "{alert_id}", "{run_id}",
          "{int:standing_id}",
          "{incident_id}", "{disposal_id}", "{screening_id}")  # fmt: skip
RISK = ("/v1/watch", "/v1/incidents", "/v1/disposals", "/v1/screenings")
OWNED = [kind for kind in IDENTIFIERS if f"{{{kind}}}" not in SHARED]
BODIES = {
    "acceptance": {"seen": "0"},
    "complaints": {"words": "because"},
    "corrections": {"words": "because"},
    "feedback": {"dismiss": True},
    "conversation": {"person": True},
    "signature": {"name": "Ada", "seen": "0"},
    "other-terms": {"way": "0"},
    "terms": {"amount": "1", "months": "1"},
    "moves": {"product": "corner"},
    "language": {"language": "en"},
    "steps": {"step": "confirm", "ended": "done"},
    "runs": {"plan": "bureau_down", "cause": "an outage"},
    "switch-back": {"switch": "all_to_people"},
    "revocation": {"purpose": "asking_back"},
    "asks": {"what": "question", "answer": "text", "question": {"en": "x"}, "why": {"en": "x"}},
    "replies": {"text": "hello"},
    "answer": {"outcome": "upheld", "words": "because"},
    "settle": {"outcome": "kept", "words": "because"},
    "assign": {"to": "user.7", "words": "because"},
    "snooze": {"until": "2030-01-07T09:00:00Z", "words": "because"},
    "close": {"outcome": "cleared", "words": "because"},
    "override": {"answer": "decline", "reason": "INCOME", "words": "because"},
    "weigh": {"amount": 8000.0, "months": 36, "apr": 0.1},
    "decide": {"answer": "decline", "reasons": ["STRAINED"], "words": "because"},
    "pass-on": {"answer": "decline", "reasons": ["STRAINED"], "words": "because"},
    "give-back": {"words": "because"},
    "met": {"words": "because"},
    "waive": {"words": "because"},
    "rotate": {"overlap_hours": 0},
    "checks": {"checks": {"income": "passed"}},
    "approve": {"reason": "because"},
    "reject": {"reason": "because"},
    "publish": {"reason": "because"},
    "retire": {"reason": "because"},
    "rollback": {"reason": "because"},
    "withdraw": {"reason": "because"},
    "default": {"reason": "because"},
    "share": {"version_id": 1, "share": 0.1, "reason": "because"},
    "end": {"reason": "because"},
    "owner": {"owner": "role.administrator"},
}


def program(**more: Any) -> Client:
    """A program that may do all that programs may, as often as it likes."""
    scopes = [each.value for each in key_scopes()]
    return with_key(person(Role.ADMINISTRATOR), *scopes, rate=1e5, burst=100_000, **more)[0]


def allowed_clients() -> Callable[[str], Client]:
    """Gives somebody who may use an endpoint: a program, where no person may. Each is made once."""
    made: dict[Role, Client] = {}

    def of(name: str) -> Client:
        role = allowed_role(name) if name in BY_PEOPLE else Role.API_CLIENT
        if role not in made:
            made[role] = program() if role is Role.API_CLIENT else logged_in(person(role))
        return made[role]

    return of


def allowed_role(name: str) -> Role:
    """Of people who may use that endpoint, and are not limited to their own rows if that can be."""
    roles = [role for role in Role if role in EXPECTED[name] and role is not Role.API_CLIENT]
    return next(iter(roles), Role.ANALYST)


# Identifiers of others.


def signed_for(decision: str) -> None:
    """Take the decision's offer, as its applicant does."""
    content = read(decision)
    by = replace(FOR_APPLICANTS, id=content.row.begun_by, branch=content.row.branch)
    shown = shown_offer(content.answer()["offers"][0], "EUR")
    agreements.accept(content, shown, shown.seen, agreements.Hands(by))


class _Victim:
    """Someone whose decision, address and delivery are the targets."""

    def __init__(self) -> None:
        owner = person(Role.ADMINISTRATOR)
        scopes = [each.value for each in key_scopes()]
        self.client, _ = with_key(owner, *scopes, branch="north")
        made = ask(self.client).json()
        self.decision, self.agreed = made["id"], made["application"]
        signed_for(self.decision)
        declined = ask(self.client, facts(application_id="in-debt", dti=0.9)).json()
        self.application = declined["application"]
        at = f"/v1/applications/{self.application}/reviews"
        self.review = send(self.client, "POST", at, {}).json()["id"]
        self.notice = kept_letter(declined["id"])
        follow()
        self.work = Work.objects.get(about=self.review).pk
        begun = send(self.client, "POST", "/v1/drafts", {"product": "corner"})
        self.own_draft = begun.json()["id"]
        self.own_paper = brought(self.client, self.own_draft, photo()).json()["id"]
        body = {"url": "https://hooks.example.com/", "events": ["decision.made"]}
        # Only who applies by the pages has these: there are none of a program's.
        self.paper, self.concern = f"paper-{'a' * 32}", f"concern-{'a' * 32}"
        self.own_concern = self.concern
        self.ask, self.own_ask = self._asked(), f"ask-{'a' * 32}"
        self.webhook = send(self.client, "POST", "/v1/webhooks", body).json()["id"]
        ask(self.client)
        outbox.gather()
        self.delivery = Delivery.objects.get().pk
        self.batch = decided(self.client, as_file(people(3), "csv"))["id"]
        logged_in(owner)
        self.session = Session.objects.get(user=owner).id

    def _asked(self) -> str:
        """What an underwriter asks the applicant of one that waits for a person."""
        sick = facts(application_id="sick", on_sick_leave=True)
        of = ask(self.client, sick).json()["application"]
        follow()
        desk = logged_in(person(Role.UNDERWRITER, branch="north"))
        asked = send(desk, "POST", f"/v1/applications/{of}/asks", BODIES["asks"])
        return str(asked.json()["id"])

    def address(self, name: str) -> tuple[str, str]:
        method, path = name.split(" ")
        if path.endswith("/agreement"):  # of an offer, where a review is of a decline
            path = path.replace("{application_id}", self.agreed)
        for kind in OWNED:
            path = path.replace(f"{{{kind}}}", getattr(self, kind.removesuffix("_id")))
        return method, path


class _Strangers:
    """Those who may use endpoints, for what is their own; each is made when first asked for."""

    @cached_property
    def programs(self) -> list[Client]:
        return [program(), program(branch="north")]

    @cached_property
    def underwriters(self) -> list[Client]:
        south = person(Role.UNDERWRITER, branch="south")
        return [logged_in(each) for each in (south, person(Role.UNDERWRITER))]

    @cached_property
    def people(self) -> Mapping[Role, Client]:
        roles = (Role.ADMINISTRATOR, Role.RISK_OFFICER, Role.SERVICE_OWNER)
        return {role: logged_in(person(role)) for role in roles}

    def of(self, name: str) -> Iterator[Client]:
        if Role.API_CLIENT in EXPECTED[name]:
            yield from self.programs
        if Role.UNDERWRITER in EXPECTED[name]:
            yield from self.underwriters
        if "session" in name:
            yield self.people[Role.ADMINISTRATOR]
        if "result" in name:
            yield self.people[Role.RISK_OFFICER]
        if "webhook" in name and Role.SERVICE_OWNER in EXPECTED[name]:
            yield self.people[Role.SERVICE_OWNER]


def body_for(path: str) -> Any:
    if path.startswith(RISK):
        return example_body(path)
    if path.endswith("/answers") and "/asks/" in path:
        return {"typed": {"": "x"}} if "drafts" in path else {"value": "x"}
    if path.endswith("/end") and "/plans/" in path:
        return {"note": "all is as it was"}
    if path.endswith("/outcome"):  # on the day it is: midnight may have come since these were read
        return {"outcome": "complained", "on": time.strftime("%Y-%m-%d", time.gmtime())}
    return BODIES.get(path.rsplit("/", 1)[1], {})


def test_every_identifier_in_an_address_is_known_here() -> None:
    known = {*SHARED, *(f"{{{kind}}}" for kind in IDENTIFIERS)}
    for name in NAMED:
        names = {f"{{{part.split('}')[0]}}}" for part in name.split("{")[1:]}
        assert names <= known, f"{name}: say in SHARED or IDENTIFIERS whose it is"


def test_what_belongs_to_others_is_not_there() -> None:
    tried = 0
    with anew():
        publish()
        victim, strangers = _Victim(), _Strangers()
        owned = [name for name in NAMED if any(kind in name for kind in OWNED)]
        for name in owned:
            method, path = victim.address(name)
            for stranger in strangers.of(name):
                theirs = send(stranger, method, path, body_for(path))
                nobodys = send(stranger, *address(name), body_for(path))
                assert theirs.status_code == 404, (name, theirs.content)
                said = [each.json() for each in (theirs, nobodys)]
                assert all(each.pop("instance") for each in said)  # the address as it was sent
                assert said[0] == said[1], name
                tried += 1
        for name in sorted(owned, key=lambda each: each.startswith("DELETE")):
            if Role.API_CLIENT in EXPECTED[name]:
                method, path = victim.address(name)  # they are there: their owner gets in
                own = send(victim.client, method, path, body_for(path)).status_code
                keyless = own == 400 and name.endswith("/checks")  # it is asked for a key
                early = own == 409 and "drafts" in name  # it is not sent yet
                no_file = own == 415 and name.endswith("/papers")
                nobody = own == 404 and name.endswith("/by-person")  # no person has decided it
                known = "cancel" in name or keyless or early or no_file or nobody
                assert own < 300 or known, (name, own)
    assert tried > 20


def test_what_does_not_exist_is_404_for_those_who_may() -> None:
    client_of = allowed_clients()
    for name in NAMED:
        if not any(kind in name for kind in SHARED):
            continue
        client = client_of(name)
        method, path = address(name)
        assert send(client, method, path, body_for(path)).status_code == 404, name


@pytest.mark.parametrize("given", ["%00", "..%2f..", "%27%20OR%201=1--", "x" * 300, "é", "%ff"])
def test_an_identifier_of_any_shape_is_refused_quietly(given: str) -> None:
    client_of = allowed_clients()
    for name in NAMED:
        method, path = name.split(" ")
        start, _, rest = path.partition("{")
        path = start + given + rest.partition("}")[2]
        answer = send(client_of(name), method, path, body_for(path))
        assert answer.status_code in (400, 404), (name, answer.content)


# Forms and requests sent from elsewhere.


def test_a_change_by_session_needs_the_token_at_every_endpoint() -> None:
    for name in (each for each in CHANGING if each in BY_PEOPLE):
        client = logged_in(person(allowed_role(name)), csrf=True)
        method, path = address(name)
        body = json.dumps(body_for(path))

        def sent(**headers: str) -> Any:
            given = {key.replace("_", "-"): value for key, value in headers.items()}
            return client.generic(method, path, body, "application/json", headers=given)  # noqa: B023

        assert "CSRF" in sent().json()["detail"], name
        client.get("/accounts/password/change/")
        token = client.cookies[settings.CSRF_COOKIE_NAME].value
        taken = sent(X_CSRFToken=token)
        assert taken.status_code != 403, (name, taken.content)
        foreign = sent(X_CSRFToken=token, Origin="https://evil.example")
        assert foreign.status_code == 403, name


def pages(resolver: Any = None, before: str = "") -> Iterator[str]:
    """An address for every page that is not the API's."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            if each.namespace is None or "api" not in each.namespace:
                yield from pages(each, route)
        elif isinstance(each, URLPattern) and not route.startswith(("v1/", "metrics")):
            yield route


def filled(route: str) -> str:
    text = re.sub(r"\(\?P<[^>]+>[^)]*\)", "x-y", route)
    text = re.sub(r"<int:\w+>", "1", re.sub(r"<(slug|str|uuid):\w+>", "x", text))
    return "/" + text.replace("^", "").replace("$", "").replace("\\Z", "")


def test_every_page_that_takes_a_form_needs_the_token() -> None:
    client = logged_in(person(Role.ADMINISTRATOR), csrf=True)
    tried = {}
    for route in pages():
        tried[route] = client.post(filled(route), {"x": "y"}).status_code
    assert len(tried) > 20
    assert "webhooks/deliveries/<slug:delivery_id>/replay" in tried
    open_to_all = {route for route, status in tried.items() if status not in (403, 405)}
    # A mail program posts there without a page (RFC 8058): the link is signed, and is the token.
    assert open_to_all == {"messages/stop/<str:token>"}, {r: tried[r] for r in open_to_all}


def test_the_api_takes_no_body_that_a_foreign_form_could_send() -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = client.generic("POST", "/v1/users", b'{"username": "eve"}', content_type=kind)
        assert answer.status_code == 415


def test_no_foreign_site_may_read_answers() -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    headers = {"Origin": "https://evil.example"}
    answer = client.get("/v1/users", headers=headers)
    asked = client.options("/v1/users", headers={**headers, "Access-Control-Request-Method": "GET"})
    for each in (answer, asked):
        assert not [name for name in each.headers if name.lower().startswith("access-control")]


def test_errors_tell_nothing_of_the_inside() -> None:
    for client in (Client(), logged_in(person(Role.ADMINISTRATOR))):
        for path in ("/nothing", "/v1/nothing", "/accounts/nothing", "/webhooks/nothing/x/y"):
            text = client.get(path).content.decode()
            for word in ("urlpatterns", "Traceback", "equipoise.service", "Django"):
                assert word not in text
