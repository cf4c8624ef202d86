"""Every role at every page of the lender's people. A new page fails here until it has its row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from people import logged_in, person

from equipoise.service.platform.accounts.permissions import Role

EVERYBODY = {
    "analyst", "approver", "underwriter", "clerk", "risk_officer", "service_owner", "auditor",
    "administrator",
}  # fmt: skip
ANYBODY = EVERYBODY | {""}  # who has no role yet may still end their own sessions
READERS = {"analyst", "approver", "risk_officer", "service_owner", "auditor"}
SEERS = {"analyst", "underwriter", "risk_officer", "service_owner", "auditor"}
DESK = {"underwriter", "risk_officer", "service_owner", "auditor"}
TELLERS = {"administrator", "service_owner"}
OFFICER_READERS = {"underwriter", "approver", "risk_officer", "auditor", "administrator"}
RECORD_READERS = {"risk_officer", "auditor"}
HINDSIGHT = {"underwriter", "risk_officer", "service_owner", "auditor"}
PROCESS = {"analyst", "risk_officer", "service_owner", "auditor"}
PLAN_RUNNERS = {"approver", "risk_officer", "service_owner", "administrator"}
PLAN_READERS = PLAN_RUNNERS | {"underwriter", "auditor"}
STRESS_EXPORTERS = {"analyst", "risk_officer", "service_owner", "auditor"}
RISK_ACTORS = {"approver", "risk_officer", "service_owner"}
CONFIRMERS = {"administrator", "risk_officer", "approver"}

# Written down apart from the service's own table, so that neither can change alone.
PAGES: dict[str, set[str]] = {
    "GET /": EVERYBODY,
    "POST /language": EVERYBODY,
    "GET /accounts/sessions/": ANYBODY,
    "POST /accounts/sessions/end-others": ANYBODY,
    "POST /accounts/sessions/<slug:session_id>/end": ANYBODY,
    "GET /audit/": RECORD_READERS,
    "POST /audit/export": RECORD_READERS,
    "GET /audit/decisions/<slug:decision_id>/": {"analyst", *RECORD_READERS},
    "POST /audit/decisions/<slug:decision_id>/replay": {"analyst", *RECORD_READERS},
    "GET /audit/applications/<slug:chain>/": RECORD_READERS,
    "POST /audit/applications/<slug:chain>/export": RECORD_READERS,
    "GET /audit/record/": RECORD_READERS,
    "GET /audit/record/progress": RECORD_READERS,
    "POST /audit/record/verify": RECORD_READERS,
    "POST /audit/record/export": RECORD_READERS,
    "GET /audit/looks/": RECORD_READERS,
    "POST /audit/looks/export": RECORD_READERS,
    "GET /audit/left/": RECORD_READERS,
    "POST /audit/left/files": RECORD_READERS,
    "POST /audit/left/erasures": RECORD_READERS,
    "GET /balance/": READERS,
    "GET /balance/new": {"analyst"},
    "POST /balance/check": {"analyst"},
    "POST /balance/ask": {"analyst"},
    "GET /balance/compare": READERS,
    "GET /balance/standing/": READERS,
    "POST /balance/standing/ask": {"analyst"},
    "GET /balance/standing/<int:number>/": READERS,
    "GET /balance/standing/<int:number>/state": READERS,
    "POST /balance/standing/<int:number>/cancel": {"analyst"},
    "POST /balance/standing/<int:number>/send": {"analyst"},
    "GET /balance/<int:run_id>/": READERS,
    "GET /balance/<int:run_id>/state": READERS,
    "GET /balance/<int:run_id>/point": READERS,
    "POST /balance/<int:run_id>/cancel": {"analyst"},
    "POST /balance/<int:run_id>/send": {"analyst"},
    "GET /plans/": PLAN_READERS,
    "POST /plans/bring": PLAN_RUNNERS,
    "POST /plans/<int:version_id>/approve": PLAN_RUNNERS,
    "GET /plans/<slug:name>/": PLAN_READERS,
    "POST /plans/<slug:name>/begin": PLAN_RUNNERS,
    "POST /plans/<slug:name>/switches/<slug:switch>/prepare": {"approver", "risk_officer"},
    "POST /plans/<slug:name>/resources/<slug:resource>/check": PLAN_RUNNERS,
    "GET /plans/runs/<slug:run_id>/": PLAN_READERS,
    "GET /plans/runs/<slug:run_id>/clocks": PLAN_READERS,
    "POST /plans/runs/<slug:run_id>/do": PLAN_RUNNERS,
    "POST /plans/runs/<slug:run_id>/skip": PLAN_RUNNERS,
    "POST /plans/runs/<slug:run_id>/back": {"approver", "risk_officer"},
    "POST /plans/runs/<slug:run_id>/close": PLAN_RUNNERS,
    "GET /risk/": READERS,
    "GET /risk/disposals/": READERS,
    "GET /risk/disposals/new": RISK_ACTORS,
    "POST /risk/disposals/propose": RISK_ACTORS,
    "GET /risk/disposals/<slug:disposal>/": READERS,
    "POST /risk/disposals/<slug:disposal>/<slug:deed>": RISK_ACTORS,
    "POST /risk/indicators/<str:name>/backtest": RISK_ACTORS,
    "GET /risk/watch-list/": READERS,
    "GET /risk/watch-list/<slug:watch_list>/<int:number>/": READERS,
    "POST /risk/watch-list/measure": RISK_ACTORS,
    "GET /risk/register/": READERS,
    "POST /risk/register/<slug:screening>/answer": RISK_ACTORS,
    "POST /risk/bring": RISK_ACTORS,
    "POST /risk/measure": RISK_ACTORS,
    "POST /risk/<int:version_id>/approve": RISK_ACTORS,
    "GET /risk/indicators/<str:name>/": READERS,
    "GET /risk/indicators/<str:name>/rows": READERS,
    "POST /risk/indicators/<str:name>/export": PROCESS,
    "GET /risk/alerts/": READERS,
    "GET /risk/alerts/<slug:alert_id>/": READERS,
    "POST /risk/alerts/<slug:alert_id>/do": RISK_ACTORS,
    "GET /risk/portfolio/": READERS,
    "POST /risk/portfolio/measure": RISK_ACTORS,
    "GET /risk/portfolio/<int:measuring>/<slug:kind>": READERS,
    "GET /risk/rules/": READERS,
    "GET /risk/stress/": READERS,
    "GET /risk/stress/<int:measuring>/<int:at>/": READERS,
    "POST /risk/stress/ask": RISK_ACTORS,
    "POST /risk/stress/<int:measuring>/export": STRESS_EXPORTERS,
    "GET /risk/measuring/<int:measuring>/state": READERS,
    "GET /risk/incidents/": READERS,
    "POST /risk/incidents/report": RISK_ACTORS,
    "GET /risk/incidents/<slug:incident>/": READERS,
    "POST /risk/incidents/<slug:incident>/<slug:deed>": RISK_ACTORS,
    "GET /risk/incidents/<slug:incident>/post-mortem/": READERS,
    "POST /risk/incidents/<slug:incident>/post-mortem/<slug:deed>": RISK_ACTORS,
    "GET /authority/": OFFICER_READERS,
    "POST /authority/appoint": {"administrator"},
    "POST /authority/dismiss": {"administrator"},
    "POST /authority/settle/<int:number>": CONFIRMERS,
    "POST /authority/lend": OFFICER_READERS,
    "POST /authority/end/<int:number>": OFFICER_READERS,
    "POST /authority/away": OFFICER_READERS,
    "POST /authority/tie": OFFICER_READERS,
    "POST /authority/apart": OFFICER_READERS,
    "POST /authority/untie/<int:number>": CONFIRMERS,
    "GET /batches/": {"risk_officer", "service_owner", "auditor", "administrator"},
    "POST /batches/<slug:batch_id>/cancel": {"risk_officer"},
    "GET /jobs/": {"risk_officer", "service_owner", "auditor", "administrator"},
    "GET /keys/": {"administrator"},
    "POST /keys/make": {"administrator"},
    "POST /keys/programs/<slug:program_id>/key": {"administrator"},
    "POST /keys/programs/<slug:program_id>/owner": {"administrator"},
    "POST /keys/<slug:prefix>/renew": {"administrator"},
    "POST /keys/<slug:prefix>/revoke": {"administrator"},
    "GET /settings/": {"administrator", "auditor"},
    "GET /cases/": DESK,
    "POST /cases/next": {"underwriter"},
    "POST /cases/many": {"underwriter"},
    "POST /cases/work/<slug:work_id>/claim": {"underwriter"},
    "POST /cases/work/<slug:work_id>/release": {"underwriter"},
    "POST /cases/work/<slug:work_id>/wake": {"underwriter"},
    "GET /cases/<slug:application>/": HINDSIGHT,
    "GET /cases/<slug:application>/similar": {"underwriter"},
    "POST /cases/<slug:application>/open": {"underwriter"},
    "POST /cases/<slug:application>/weigh": {"underwriter"},
    "POST /cases/<slug:application>/decide": {"underwriter"},
    "POST /cases/<slug:application>/give-back": {"underwriter"},
    "POST /cases/<slug:application>/note": {"underwriter"},
    "POST /cases/<slug:application>/review": {"underwriter"},
    "POST /cases/<slug:application>/papers/<slug:paper>": {"underwriter"},
    "POST /cases/<slug:application>/ask": {"underwriter"},
    "POST /cases/<slug:application>/asks/<slug:ask>/withdraw": {"underwriter"},
    "POST /cases/<slug:application>/asks/<slug:ask>/condition": {"underwriter"},
    "GET /learning/": READERS,
    "POST /learning/ask": {"analyst"},
    "POST /learning/propose": {"analyst"},
    "POST /learning/from-trial": {"analyst"},
    "GET /learning/<int:ranking_id>/state": READERS,
    "POST /learning/<int:ranking_id>/plan": {"analyst"},
    "POST /learning/proposals/<int:proposal_id>/accept": {"approver"},
    "POST /learning/proposals/<int:proposal_id>/refuse": READERS,
    "GET /erasures/": {"administrator"},
    "POST /erasures/preview": {"administrator"},
    "POST /erasures/begin": {"administrator"},
    "GET /erasures/<slug:erasure_id>/": {"administrator"},
    "GET /experience/": PROCESS,
    "POST /experience/draw": PROCESS,
    "GET /experience/friction/": PROCESS,
    "POST /experience/friction/reckon": PROCESS,
    "GET /experience/lost/": PROCESS,
    "POST /experience/lost/export": PROCESS,
    "GET /experience/map/": PROCESS,
    "GET /find/": SEERS,
    "POST /find/": SEERS,
    "GET /experience/tiers/": PROCESS,
    "GET /help/": {"clerk"},
    "POST /help/open": {"clerk"},
    "POST /help/begin": {"clerk"},
    "GET /messages/": {"administrator", "service_owner"},
    "GET /overrides/": HINDSIGHT,
    "POST /overrides/judge": HINDSIGHT,
    "GET /people/": CONFIRMERS,
    "POST /people/invite": {"administrator"},
    "POST /people/requests/<int:request_id>": CONFIRMERS,
    "POST /people/<int:user_id>/invitation": {"administrator"},
    "POST /people/<int:user_id>/invitation/end": {"administrator"},
    "POST /people/<int:user_id>/role": {"administrator"},
    "POST /people/<int:user_id>/area": {"administrator"},
    "GET /practice/": EVERYBODY,
    "GET /practice/cases/<slug:source>/": {"underwriter"},
    "POST /practice/cases/<slug:source>/answer": {"underwriter"},
    "GET /practice/answers/<int:answer_id>/": {"underwriter"},
    "GET /practice/results/<slug:source>/": {"underwriter"},
    "GET /practice/shared/": {"underwriter", "risk_officer", "service_owner", "auditor"},
    "POST /practice/share": {"underwriter"},
    "POST /practice/draw": {"underwriter"},
    "POST /practice/forget": EVERYBODY,
    "GET /practice/drills/<slug:name>/": EVERYBODY,
    "POST /practice/drills/<slug:name>/": EVERYBODY,
    "GET /practice/drilled/<int:done_id>/": EVERYBODY,
    "GET /strategies/": READERS,
    "GET /strategies/<int:version_id>/": READERS,
    "GET /strategies/<int:version_id>/edit": {"analyst"},
    "POST /strategies/upload": {"analyst"},
    "POST /strategies/<int:version_id>/edit/check": {"analyst"},
    "POST /strategies/<int:version_id>/edit/save": {"analyst"},
    "GET /strategies/in-force/<slug:strategy>/": READERS,
    "POST /strategies/in-force/<slug:strategy>/move": {"approver"},
    "GET /strategies/<int:version_id>/read": READERS,
    "GET /strategies/<int:version_id>/compared": READERS,
    "POST /strategies/<int:version_id>/compare": READERS,
    "POST /strategies/<int:version_id>/check": {"analyst"},
    "POST /strategies/<int:version_id>/submit": {"analyst"},
    "POST /strategies/<int:version_id>/judge": {"approver"},
    "POST /strategies/<int:version_id>/publish": {"approver"},
    "POST /strategies/<int:version_id>/retire": {"approver"},
    "GET /trials/": READERS,
    "POST /trials/begin": {"approver"},
    "GET /trials/<int:trial_id>/": READERS,
    "POST /trials/<int:trial_id>/ask": {"approver"},
    "POST /trials/<int:trial_id>/answer/<int:ask_id>": {"approver"},
    "GET /what-if/": READERS,
    "POST /what-if/ask": {"analyst"},
    "GET /what-if/<int:run_id>/": READERS,
    "POST /what-if/<int:run_id>/export": {"analyst", "risk_officer", "service_owner", "auditor"},
    "GET /webhooks/": TELLERS,
    "GET /webhooks/<slug:webhook_id>/": TELLERS,
    "POST /webhooks/<slug:webhook_id>/ping": TELLERS,
    "POST /webhooks/deliveries/<slug:delivery_id>/replay": TELLERS,
}
# Not for people with roles alone: whoever applies, logs in, redeems, or asks whether we live.
OTHERS = ("accounts/", "apply/", "docs", "healthz", "invitation/", "messages/stop/", "metrics",
          "problems/", "readyz", "v1/")  # fmt: skip
IDS = {"int": "987654", "slug": "none", "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12}


def addresses(patterns: Any, before: str = "") -> Iterator[str]:
    for each in patterns:
        path = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from addresses(each.url_patterns, path)
        elif path.startswith("accounts/sessions/") or not path.startswith(OTHERS):
            yield f"/{path}"


def filled(path: str) -> str:
    def an_id(match: re.Match[str]) -> str:
        kind, _, name = match.group(1).rpartition(":")
        return IDS.get(kind, f"{name.removesuffix('_id')}-{'0' * 32}")

    return re.sub(r"<([a-z:_]+)>", an_id, path)


def send(client: Client, name: str) -> Any:
    method, path = name.split(" ")
    return client.generic(method, filled(path))


def test_every_page_has_its_row_and_every_row_its_page() -> None:
    rows = {name.split(" ")[1] for name in PAGES}
    assert set(addresses(get_resolver().url_patterns)) == rows


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("role", Role, ids=lambda role: role or "no role")
def test_a_role_sees_its_pages_and_no_others(role: Role) -> None:
    if role is Role.API_CLIENT:
        return  # a program has no log-in, and a key opens no page: see the stranger
    client = logged_in(person(role))
    for name, allowed in PAGES.items():
        status = send(client, name).status_code
        if role.value in allowed:
            assert status not in (401, 403, 405), (name, status)
        else:
            assert status == 403, (name, status)


@pytest.mark.usefixtures("sqlite_database")
def test_a_stranger_is_asked_to_log_in_everywhere() -> None:
    for name in PAGES:
        response = send(Client(), name)
        assert response.status_code == 302, name
        assert response["Location"].startswith("/accounts/login/"), name


@pytest.mark.usefixtures("sqlite_database")
def test_nothing_is_changed_by_looking() -> None:
    """What is posted to is not there to be read."""
    client = logged_in(person(Role.ADMINISTRATOR))
    posted = {name.split(" ")[1] for name in PAGES if name.startswith("POST")}
    read = {name.split(" ")[1] for name in PAGES if name.startswith("GET")}
    for path in sorted(posted - read):
        assert client.get(filled(path)).status_code == 405, path


@pytest.mark.usefixtures("sqlite_database")
def test_a_page_speaks_the_language_that_was_chosen_on_it() -> None:
    client = logged_in(person(Role.APPROVER))
    assert "Your desk" in client.get("/").content.decode()
    chosen = client.post("/language", {"language": "zh", "next": "/strategies/"})
    assert chosen["Location"] == "/strategies/"
    page = client.get("/").content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "您的工作台" in page
    elsewhere = client.post("/language", {"language": "zh", "next": "//example.org/"})
    assert elsewhere["Location"] == "/"
    assert client.post("/language", {"language": "tlh"}).status_code == 404
