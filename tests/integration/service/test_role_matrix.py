"""Every role at every endpoint. A new endpoint fails here until it has its row below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from lender import anew, ask, publish, shop
from people import logged_in, person, send, with_key

from equipoise.service.platform.accounts.access import May, MayTry
from equipoise.service.platform.accounts.permissions import Action, Principal, Role, key_scopes
from equipoise.service.project.api import api

PEOPLE = {role for role in Role if role not in (Role.NONE, Role.API_CLIENT)}
READERS = {"analyst", "approver", "risk_officer", "service_owner", "auditor"}
WRITERS = {"analyst", "api_client"}
DECIDERS = {"underwriter", "api_client"}
CHECKERS = {"underwriter", "api_client"}
TELLERS = {"administrator", "service_owner", "api_client"}
RISK_READERS = {"analyst", "approver", "risk_officer", "service_owner", "auditor", "api_client"}
RISK_ACTORS = {"approver", "risk_officer", "service_owner"}
SEERS = {"analyst", "underwriter", "risk_officer", "service_owner", "auditor", "api_client"}
DESK = {"underwriter", "risk_officer", "service_owner", "auditor"}
OFFICERS = {"underwriter", "approver", "risk_officer", "auditor", "administrator"}
BATCHES = {"risk_officer", "service_owner", "auditor", "administrator", "api_client"}
PLAN_RUNNERS = {"approver", "risk_officer", "service_owner", "administrator"}
SWITCHERS = {"approver", "risk_officer"}
PLAN_READERS = PLAN_RUNNERS | {"underwriter", "auditor"}

# Written down apart from the service's own table, so that neither can change alone.
LISTENERS = {"underwriter", "service_owner"}
EXPECTED: dict[str, set[str]] = {
    "GET /v1/me": PEOPLE | {"api_client"},
    "GET /v1/sessions": PEOPLE,
    "DELETE /v1/sessions": PEOPLE,
    "DELETE /v1/sessions/{session_id}": PEOPLE,
    "GET /v1/users": {"administrator"},
    "POST /v1/users": {"administrator"},
    "PATCH /v1/users/{int:user_id}": {"administrator"},
    "POST /v1/users/{int:user_id}/invitation": {"administrator"},
    "DELETE /v1/users/{int:user_id}/invitation": {"administrator"},
    "GET /v1/role-requests": {"administrator", "risk_officer", "approver"},
    "POST /v1/role-requests/{int:request_id}/confirm": {
        "administrator",
        "risk_officer",
        "approver",
    },
    "POST /v1/role-requests/{int:request_id}/refuse": {
        "administrator",
        "risk_officer",
        "approver",
    },
    "POST /v1/programs/{program_id}/owner": {"administrator"},
    "GET /v1/keys": {"administrator"},
    "POST /v1/keys": {"administrator"},
    "POST /v1/programs/{program_id}/keys": {"administrator"},
    "POST /v1/keys/{prefix}/renew": {"administrator"},
    "POST /v1/keys/{prefix}/revoke": {"administrator"},
    "GET /v1/plans/runs": PLAN_READERS,
    "POST /v1/plans/runs": PLAN_RUNNERS,
    "GET /v1/plans/runs/{run_id}": PLAN_READERS,
    "POST /v1/plans/runs/{run_id}/steps": PLAN_RUNNERS,
    "POST /v1/plans/runs/{run_id}/switch-back": SWITCHERS,
    "POST /v1/plans/runs/{run_id}/end": PLAN_RUNNERS,
    "GET /v1/strategies": READERS,
    "POST /v1/strategies": WRITERS,
    "GET /v1/strategies/{int:version_id}": READERS,
    "GET /v1/strategies/{int:version_id}/file": READERS,
    "GET /v1/strategies/{int:version_id}/review": READERS,
    "POST /v1/strategies/{int:version_id}/check": WRITERS,
    "POST /v1/strategies/{int:version_id}/submit": WRITERS,
    "POST /v1/strategies/{int:version_id}/approve": {"approver"},
    "POST /v1/strategies/{int:version_id}/reject": {"approver"},
    "POST /v1/strategies/{int:version_id}/publish": {"approver"},
    "POST /v1/strategies/{int:version_id}/retire": {"approver"},
    "POST /v1/strategies/{strategy}/rollback": {"approver"},
    "POST /v1/strategies/{strategy}/withdraw": {"approver"},
    "POST /v1/strategies/{strategy}/default": {"approver"},
    "GET /v1/strategies/default": READERS,
    "GET /v1/publications": READERS,
    "GET /v1/trials": READERS,
    "POST /v1/trials": {"approver"},
    "GET /v1/trials/{int:trial_id}": READERS,
    "POST /v1/trials/{int:trial_id}/share": {"approver"},
    "POST /v1/trials/{int:trial_id}/end": {"approver"},
    "GET /v1/trials/{int:trial_id}/shadows": READERS,
    "POST /v1/decisions": DECIDERS,
    "POST /v1/decisions/many": DECIDERS,
    "GET /v1/decisions": SEERS,
    "POST /v1/decisions/search": SEERS,
    "GET /v1/applications/{application_id}": SEERS,
    "POST /v1/applications/{application_id}/checks": CHECKERS,
    "GET /v1/applications/{application_id}/agreement": SEERS,
    "GET /v1/applications/{application_id}/papers": {"underwriter"},
    "GET /v1/applications/{application_id}/papers/{paper_id}": {"underwriter"},
    "GET /v1/products": SEERS,
    "POST /v1/drafts": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/papers": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/papers": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/papers/{own_paper_id}": {"api_client"},
    "DELETE /v1/drafts/{own_draft_id}/papers/{own_paper_id}": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/unclear": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/unclear/{own_concern_id}/answers": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/asks": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/asks/{own_ask_id}/answers": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/complaints": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/complaints": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/corrections": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/feedback": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/feedback": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/conversation": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/conversation": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/help": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/help": {"api_client"},
    "DELETE /v1/drafts/{own_draft_id}/help": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/letter": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/agreement/copy": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/data": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/data/export": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/erasure": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/erasure": {"api_client"},
    "GET /v1/drafts/{own_draft_id}": {"api_client"},
    "DELETE /v1/drafts/{own_draft_id}": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/answers": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/contact": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/consents": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/send": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/standing": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/offers": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/acceptance": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/reading": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/signature": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/withdrawal": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/second-look": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/progress": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/terms": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/decline": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/other-terms": {"api_client"},
    "GET /v1/drafts/{own_draft_id}/moves": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/moves": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/language": {"api_client"},
    "POST /v1/drafts/{own_draft_id}/consents/revocation": {"api_client"},
    "GET /v1/products/finder": {"api_client"},
    "POST /v1/products/finder": {"api_client"},
    "GET /v1/products/range": {"api_client"},
    "POST /v1/products/range": {"api_client"},
    "GET /v1/decisions/{decision_id}": SEERS,
    "GET /v1/decisions/{decision_id}/explanation": SEERS,
    "GET /v1/decisions/{decision_id}/recourse": SEERS,
    "GET /v1/decisions/{decision_id}/outcomes": SEERS,
    "POST /v1/decisions/{decision_id}/replay": {
        "analyst",
        "risk_officer",
        "auditor",
        "api_client",
    },
    "POST /v1/decisions/{decision_id}/outcome": {"risk_officer", "api_client"},
    "POST /v1/decisions/{decision_id}/override": {"underwriter"},
    "GET /v1/decisions/{decision_id}/by-person": SEERS,
    "GET /v1/decisions/{decision_id}/deciding": {"underwriter"},
    "POST /v1/decisions/{decision_id}/weigh": {"underwriter"},
    "POST /v1/decisions/{decision_id}/decide": {"underwriter"},
    "POST /v1/decisions/{decision_id}/pass-on": {"underwriter"},
    "POST /v1/decisions/{decision_id}/give-back": {"underwriter"},
    "GET /v1/applications/{application_id}/askable": {"underwriter"},
    "GET /v1/applications/{application_id}/asks": SEERS,
    "POST /v1/applications/{application_id}/asks": {"underwriter"},
    "POST /v1/asks/{ask_id}/answers": {"underwriter", "api_client"},
    "POST /v1/asks/{ask_id}/withdraw": {"underwriter"},
    "POST /v1/asks/{ask_id}/met": {"underwriter"},
    "POST /v1/asks/{ask_id}/waive": {"underwriter"},
    "POST /v1/applications/{application_id}/reviews": {"underwriter", "api_client"},
    "GET /v1/work": DESK,
    "GET /v1/work/counts": DESK,
    "POST /v1/work/next": {"underwriter"},
    "POST /v1/work/many": {"underwriter"},
    "GET /v1/work/{work_id}": DESK,
    "POST /v1/work/{work_id}/claim": {"underwriter"},
    "POST /v1/work/{work_id}/release": {"underwriter"},
    "POST /v1/work/{work_id}/assign": {"underwriter"},
    "POST /v1/work/{work_id}/snooze": {"underwriter"},
    "POST /v1/work/{work_id}/wake": {"underwriter"},
    "GET /v1/reviews": SEERS,
    "GET /v1/reviews/{review_id}": SEERS,
    "POST /v1/reviews/{review_id}/settle": {"underwriter"},
    "GET /v1/hindsight": {"underwriter", "risk_officer", "service_owner", "auditor"},
    "GET /v1/balance": READERS,
    "GET /v1/standings": READERS,
    "POST /v1/standings": {"analyst"},
    "GET /v1/standings/{int:standing_id}": READERS,
    "POST /v1/standings/{int:standing_id}/cancel": {"analyst"},
    "GET /v1/process": {"analyst", "risk_officer", "service_owner", "auditor"},
    "GET /v1/arrivals": {"risk_officer", "service_owner", "administrator", "api_client"},
    "GET /v1/watch/readings": RISK_READERS,
    "GET /v1/watch/alerts": RISK_READERS,
    "GET /v1/watch/alerts/{alert_id}": RISK_READERS,
    "POST /v1/watch/alerts/{alert_id}/acknowledgement": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/treatment": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/plan": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/mitigation": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/verification": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/closing": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/closing/agreement": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/closing/refusal": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/silence": RISK_ACTORS,
    "POST /v1/watch/alerts/{alert_id}/silence/end": RISK_ACTORS,
    "GET /v1/incidents": RISK_READERS,
    "POST /v1/incidents": RISK_ACTORS,
    "GET /v1/incidents/{incident_id}": RISK_READERS,
    "POST /v1/incidents/{incident_id}/notes": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/severity": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/roles": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/tasks": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/tasks/done": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/links": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/notice": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/stable": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/closing": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/post-mortem": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/post-mortem/return": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/post-mortem/accept": RISK_ACTORS,
    "POST /v1/incidents/{incident_id}/post-mortem/actions/done": RISK_ACTORS,
    "GET /v1/disposals": RISK_READERS,
    "POST /v1/disposals": RISK_ACTORS,
    "GET /v1/disposals/totals": RISK_READERS,
    "GET /v1/disposals/{disposal_id}": RISK_READERS,
    "POST /v1/disposals/{disposal_id}/approval": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/refusal": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/begin": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/dates": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/dates/met": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/contacts": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/contacts/made": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/care": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/money": RISK_ACTORS,
    "POST /v1/disposals/{disposal_id}/end": RISK_ACTORS,
    "GET /v1/screenings": RISK_READERS,
    "GET /v1/screenings/{screening_id}": RISK_READERS,
    "POST /v1/screenings/{screening_id}/answers": RISK_ACTORS,
    "GET /v1/notices": SEERS,
    "GET /v1/notices/{notice_id}": SEERS,
    "GET /v1/notices/{notice_id}/letter": {"underwriter", "api_client"},
    "GET /v1/concerns": {"underwriter"},
    "GET /v1/concerns/{concern_id}": {"underwriter"},
    "POST /v1/concerns/{concern_id}/close": {"underwriter"},
    "GET /v1/officers": OFFICERS,
    "POST /v1/officers": {"administrator"},
    "DELETE /v1/officers/{person}": {"administrator"},
    "POST /v1/appointments/{int:appointment_id}/confirm": {
        "administrator",
        "risk_officer",
        "approver",
    },
    "POST /v1/appointments/{int:appointment_id}/refuse": {
        "administrator",
        "risk_officer",
        "approver",
    },
    "GET /v1/webhooks": TELLERS,
    "POST /v1/webhooks": TELLERS,
    "GET /v1/webhooks/{webhook_id}": TELLERS,
    "PATCH /v1/webhooks/{webhook_id}": TELLERS,
    "DELETE /v1/webhooks/{webhook_id}": TELLERS,
    "POST /v1/webhooks/{webhook_id}/rotate": TELLERS,
    "POST /v1/webhooks/{webhook_id}/ping": TELLERS,
    "GET /v1/webhooks/{webhook_id}/deliveries": TELLERS,
    "POST /v1/webhooks/deliveries/{delivery_id}/replay": TELLERS,
    "POST /v1/messages/reports": {"api_client"},
    "GET /v1/conversations": LISTENERS,
    "GET /v1/conversations/{draft_id}": LISTENERS,
    "POST /v1/conversations/{draft_id}/replies": LISTENERS,
    "GET /v1/feedback/summary": {"risk_officer", "service_owner", "auditor"},
    "GET /v1/feedback/comments": LISTENERS,
    "GET /v1/complaints": LISTENERS,
    "GET /v1/complaints/{complaint_id}": LISTENERS,
    "POST /v1/complaints/{complaint_id}/answer": LISTENERS,
    "GET /v1/batches": BATCHES,
    "POST /v1/batches": {"risk_officer", "api_client"},
    "GET /v1/batches/{batch_id}": BATCHES,
    "GET /v1/batches/{batch_id}/result": {"risk_officer", "auditor", "api_client"},
    "POST /v1/batches/{batch_id}/cancel": {"risk_officer", "api_client"},
    "DELETE /v1/batches/{batch_id}/files": {"administrator"},
    "GET /v1/erasures": {"administrator"},
    "POST /v1/erasures": {"administrator"},
    "POST /v1/erasures/preview": {"administrator"},
    "GET /v1/erasures/{erasure_id}": {"administrator"},
    "GET /v1/jobs": {"risk_officer", "service_owner", "auditor", "administrator"},
    "GET /v1/jobs/schedule": {"risk_officer", "service_owner", "auditor", "administrator"},
    "GET /metrics": {"risk_officer", "service_owner", "administrator", "api_client"},
}

# Over whose rows, of every action that has rows: written down apart as well.
EVERYBODY_OF_US = {"analyst", "approver", "underwriter", "clerk", "risk_officer", "service_owner",
                   "auditor", "administrator"}  # fmt: skip
REACH: dict[str, dict[str, set[str]]] = {
    "self.read": {"own": EVERYBODY_OF_US | {"api_client"}},
    "sessions.end": {"own": EVERYBODY_OF_US},
    "decisions.create": {"area": {"underwriter"}, "own": {"api_client"}},
    "decisions.read": {
        "all": {"analyst", "risk_officer", "service_owner", "auditor"},
        "area": {"underwriter"},
        "own": {"api_client"},
    },
    "decisions.replay": {"all": {"analyst", "risk_officer", "auditor"}, "own": {"api_client"}},
    "decisions.outcome": {"all": {"risk_officer"}, "own": {"api_client"}},
    "checks.record": {"area": {"underwriter"}, "own": {"api_client"}},
    "decisions.override": {"area": {"underwriter"}},
    "officers.read": {"all": OFFICERS},
    "personal.read": {"area": {"underwriter"}, "own": {"api_client"}},
    "personal.erase": {"all": {"administrator"}},
    "strategies.read": {"all": {"analyst", "approver", "risk_officer", "service_owner", "auditor"}},
    "strategies.write": {"all": {"analyst", "api_client"}},
    "strategies.approve": {"all": {"approver"}},
    "strategies.publish": {"all": {"approver"}},
    "record.read": {"all": {"risk_officer", "auditor"}},
    "webhooks.manage": {"all": {"administrator"}, "own": {"service_owner", "api_client"}},
    "users.manage": {"all": {"administrator"}},
    "roles.confirm": {"all": {"administrator", "risk_officer", "approver"}},
    "keys.manage": {"all": {"administrator"}},
    "metrics.read": {"all": {"risk_officer", "service_owner", "administrator", "api_client"}},
    "feedback.read": {"all": {"risk_officer", "service_owner", "auditor"}},
    "conversations.answer": {"all": {"underwriter", "service_owner"}},
    "applicants.help": {"all": {"clerk"}},
    "applications.apply": {"own": {"api_client"}},
    "messages.read": {"all": {"administrator", "service_owner"}},
    "messages.report": {"all": {"api_client"}},
    "jobs.read": {"all": {"risk_officer", "service_owner", "auditor", "administrator"}},
    "batches.create": {"own": {"risk_officer", "api_client"}},
    "batches.read": {
        "all": {"risk_officer", "service_owner", "auditor", "administrator"},
        "own": {"api_client"},
    },
    "results.read": {"all": {"auditor"}, "own": {"risk_officer", "api_client"}},
    "cases.read": {"all": {"risk_officer", "service_owner", "auditor"}, "area": {"underwriter"}},
    "cases.work": {"area": {"underwriter"}},
    "balance.read": {"all": {"analyst", "approver", "risk_officer", "service_owner", "auditor"}},
    "balance.run": {"all": {"analyst"}},
    "plans.read": {
        "all": {
            "approver",
            "underwriter",
            "risk_officer",
            "service_owner",
            "auditor",
            "administrator",
        }
    },
    "plans.act": {"all": {"approver", "risk_officer", "service_owner", "administrator"}},
    "plans.switch": {"all": {"approver", "risk_officer"}},
    "risk.read": {
        "all": {"analyst", "approver", "risk_officer", "service_owner", "auditor", "api_client"}
    },
    "risk.act": {"all": {"approver", "risk_officer", "service_owner"}},
    "process.read": {"all": {"analyst", "risk_officer", "service_owner", "auditor"}},
    "settings.read": {"all": {"administrator", "auditor"}},
    "data.export": {"all": {"analyst", "risk_officer", "service_owner", "auditor"}},
}

IDENTIFIERS = {
    "application_id": "application",
    "decision_id": "decision",
    "own_draft_id": "draft",
    "review_id": "review",
    "work_id": "work",
    "notice_id": "notice",
    "alert_id": "alert",
    "incident_id": "incident",
    "disposal_id": "disposal",
    "screening_id": "screening",
    "paper_id": "paper",
    "concern_id": "concern",
    "own_paper_id": "paper",
    "own_concern_id": "concern",
    "ask_id": "ask",
    "own_ask_id": "ask",
    "webhook_id": "webhook",
    "delivery_id": "message",
    "batch_id": "batch",
    "erasure_id": "erasure",
    "session_id": "session",
}


def routes() -> Iterator[tuple[str, Any]]:
    """Every endpoint there is: `METHOD path`, and what guards it."""
    assert api.urls
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield f"{method} {prefix}{path}", operation.auth_callbacks


def test_every_endpoint_has_its_row_and_every_row_its_endpoint() -> None:
    assert {name for name, _ in routes()} == set(EXPECTED)


def test_every_endpoint_is_guarded() -> None:
    for name, guards in routes():
        guard = MayTry if EXPECTED[name] is DECIDERS else May
        assert [type(each) for each in guards] == [guard], name


@pytest.mark.parametrize("action", Action, ids=lambda action: action.value)
def test_a_role_reaches_the_rows_written_here_and_no_others(action: Action) -> None:
    expected = {role: over for over, roles in REACH[action.value].items() for role in roles}
    for role in Role:
        over = Principal("user.1", "user.1", role).reach(action)
        assert over == expected.get(role.value), role


def address(name: str) -> tuple[str, str]:
    method, path = name.split(" ")
    for given in (
        "{int:user_id}",
        "{int:version_id}",
        "{int:trial_id}",
        "{int:request_id}",
        "{int:appointment_id}",
        "{int:standing_id}",
    ):
        path = path.replace(given, "987654")
    for kind, named in IDENTIFIERS.items():
        path = path.replace(f"{{{kind}}}", f"{named}-{'0' * 32}")
    for short in ("{prefix}", "{program_id}"):
        path = path.replace(short, "abcdefabcdef")
    return method, path.replace("{strategy}", "none").replace("{person}", "user.987654")


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("role", Role, ids=lambda role: role or "no role")
def test_a_role_gets_in_where_it_belongs_and_nowhere_else(role: Role) -> None:
    if role is Role.API_CLIENT:
        scopes = [scope.value for scope in key_scopes()]
        client, _ = with_key(person(Role.ADMINISTRATOR), *scopes)
    else:
        client = logged_in(person(role))
    for name, allowed in EXPECTED.items():
        status = send(client, *address(name)).status_code
        if role in allowed and role:
            assert status not in (401, 403), (name, status)
        else:
            assert status == 403, (name, status)


@pytest.mark.usefixtures("sqlite_database")
def test_a_stranger_gets_in_nowhere() -> None:
    for name in EXPECTED:
        response = send(Client(), *address(name))
        assert response.status_code == 401, name
        assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.usefixtures("sqlite_database")
def test_a_key_without_scopes_gets_only_its_own_face() -> None:
    client, _ = with_key(person(Role.ADMINISTRATOR))
    for name in EXPECTED:
        status = send(client, *address(name)).status_code
        assert status == (200 if name == "GET /v1/me" else 403), name


# The strategy here gives nobody authority: where the decision is in reach, 409 says so.
OVERRIDE = {"answer": "decline", "reason": "INCOME", "words": "The documents do not fit."}
# What is asked of one decision, by the action that it takes.
OF_A_DECISION = {
    "decisions.read": ("GET", "", None),
    "decisions.replay": ("POST", "/replay", {}),
    "decisions.outcome": ("POST", "/outcome", {"outcome": "booked", "amount": 8000}),
    "decisions.override": ("POST", "/override", OVERRIDE),
}
ROWS = {"all": ["mine", "north", "south"], "area": ["north"], "own": ["mine"]}


@pytest.mark.usefixtures("sqlite_database")
def test_each_role_meets_the_decisions_in_its_reach_and_no_others() -> None:
    """Everybody here is of the north; the program that asks decided one of the three itself."""
    with anew():
        publish()
        program = shop()
        by = {"mine": program, "north": shop(branch="north"), "south": shop(branch="south")}
        made = {name: ask(each).json()["id"] for name, each in by.items()}
        readers = {role.value: logged_in(person(role, branch="north")) for role in PEOPLE}
        for action, (method, path, body) in OF_A_DECISION.items():
            over = {role: kind for kind, roles in REACH[action].items() for role in roles}
            for role, reader in {**readers, "api_client": program}.items():
                seen = ROWS[over[role]] if role in over else []
                for name, decision in made.items():
                    status = send(reader, method, f"/v1/decisions/{decision}{path}", body)
                    expected = {200, 201, 409} if name in seen else {404} if role in over else {403}
                    assert status.status_code in expected, (action, role, name)
