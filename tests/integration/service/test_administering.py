"""People's reach, programs and their keys, batches, jobs and settings are seen to on pages: nobody
needs the API for them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from lender import anew, ask, publish
from people import logged_in, person, with_key
from through_door import Client

from equipoise.service.platform.accounts.models import ApiKey, Program, RoleRequest, User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.variables import SETTINGS

pytestmark = pytest.mark.usefixtures("sqlite_database")
PAGE = {"Accept": "text/html"}


@pytest.fixture
def administrator() -> Client:
    return logged_in(person(Role.ADMINISTRATOR, "alma"))


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_program_gets_a_key_on_a_page_which_shows_its_token_once(administrator: Client) -> None:
    with anew():
        publish()
        scopes = ["decisions.create", "decisions.read"]
        made = administrator.post("/keys/make", {"name": "web shop", "scopes": scopes})
        token = re.search(r"eqp_[0-9a-f_]+", made.content.decode())
        assert token is not None
        program = Client(headers={"Authorization": f"Bearer {token[0]}"})
        assert ask(program).status_code == 201
        page = administrator.get("/keys/")
        assert "web shop" in said(page)
        assert token[0].rpartition("_")[2] not in page.content.decode()
        key = ApiKey.objects.get()
        renewed = administrator.post(f"/keys/{key.prefix}/renew", {"hours": "0"})
        assert re.search(r"eqp_[0-9a-f_]+", renewed.content.decode())
        for each in ApiKey.objects.all():
            administrator.post(f"/keys/{each.prefix}/revoke")
        assert ask(program).status_code == 401
        kinds = [each.kind for each in record.entries(f"program.{Program.objects.get().pk}")]
        assert kinds == ["program.made"]


def test_a_program_that_cannot_be_keeps_what_was_typed(administrator: Client) -> None:
    wrong = administrator.post(
        "/keys/make", {"name": "press", "scopes": ["users.manage"]}, headers=PAGE
    )
    assert wrong.status_code == 422
    assert "no scope of a program" in said(wrong)
    assert 'value="press"' in wrong.content.decode()
    assert not Program.objects.exists()
    assert administrator.post("/keys/none/revoke").status_code == 404


def test_a_reach_that_widens_waits_for_a_second_person(administrator: Client) -> None:
    them = person(Role.UNDERWRITER, "uma", branch="north")
    area = f"/people/{them.pk}/area"
    administrator.post(area, {"branch": "south", "active": "yes"})
    assert User.objects.get(pk=them.pk).branch == "north"
    request = RoleRequest.objects.get(state="open")
    assert (request.branch, request.role) == ("south", "underwriter")
    assert "branch south" in said(administrator.get("/people/"))
    logged_in(person(Role.RISK_OFFICER)).post(
        f"/people/requests/{request.pk}", {"answer": "confirm"}
    )
    assert User.objects.get(pk=them.pk).branch == "south"
    administrator.post(area, {"branch": "south"})  # the box is not ticked
    assert not User.objects.get(pk=them.pk).is_active, "what takes away counts at once"


def test_settings_are_shown_and_no_secret(administrator: Client) -> None:
    from django.conf import settings

    page = administrator.get("/settings/").content.decode()
    assert all(each.name in page for each in SETTINGS)
    for each in SETTINGS:
        value = getattr(settings.CONFIGURATION, each.name.removeprefix("EQUIPOISE_").lower())
        if each.secret and value:
            assert str(value) not in page, each.name
    from equipoise.service.platform.keyfiles import SECRETS

    for kept in SECRETS:
        assert kept.text(settings.CONFIGURATION) not in page


def test_jobs_and_batches_are_listed(administrator: Client) -> None:
    from test_batches import as_file, decided
    from test_batches import people as rows

    with anew():
        publish()
        scopes = ("batches.create", "batches.read", "results.read")
        program = with_key(person(Role.ADMINISTRATOR), *scopes)[0]
        batch = decided(program, as_file(rows(3), "csv"))["id"]
        assert batch in said(administrator.get("/batches/"))
        assert "3 / 3" in said(administrator.get("/batches/"))
        assert "decide_batch" in said(administrator.get("/jobs/"))
        assert administrator.get("/jobs/?state=failed").status_code == 200
        risk = logged_in(person(Role.RISK_OFFICER))
        assert risk.post(f"/batches/{batch}/cancel").status_code == 404, "another's"


def test_pages_of_administration_speak_chinese(administrator: Client) -> None:
    for address, word in (("/people/", "人员"), ("/keys/", "程序与密钥"), ("/jobs/", "后台任务"),
                          ("/batches/", "批次"), ("/settings/", "设置")):  # fmt: skip
        assert word in said(administrator.get(address, headers={"Accept-Language": "zh"})), address


def _seen_of(page: Any, number: int) -> str:
    match = re.search(
        rf'action="/people/{number}/area".*?name="seen" value="([^"]*)"',
        page.content.decode(),
        re.DOTALL,
    )
    assert match is not None
    return unescape(match[1])


def test_of_two_who_change_a_person_the_second_is_told_by_whom_and_keeps_what_they_typed(
    administrator: Client,
) -> None:
    clerk = person(Role.CLERK, "cleo")
    other = logged_in(person(Role.ADMINISTRATOR, "bela"))
    seen = _seen_of(administrator.get("/people/"), clerk.pk)
    theirs = {"branch": "north", "region": "", "active": "yes", "seen": seen}
    assert other.post(f"/people/{clerk.pk}/area", theirs).status_code == 302
    mine = {"branch": "harbour", "region": "", "active": "yes", "seen": seen}
    late = administrator.post(f"/people/{clerk.pk}/area", mine, headers=PAGE)
    assert late.status_code == 409
    assert "bela changed 'cleo' since you read it" in said(late)
    assert 'value="harbour"' in late.content.decode()
    assert User.objects.get(pk=clerk.pk).branch == "north"
    again = {**mine, "seen": _seen_of(late, clerk.pk)}
    assert administrator.post(f"/people/{clerk.pk}/area", again).status_code == 302
    assert User.objects.get(pk=clerk.pk).branch == "harbour"
    role = {"role": "", "seen": seen}
    assert administrator.post(f"/people/{clerk.pk}/role", role).status_code == 409
    assert User.objects.get(pk=clerk.pk).role == Role.CLERK
