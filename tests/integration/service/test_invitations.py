"""Two people are two people: an account is taken over by its person alone, and a role that matters
is given by two."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from corner_lender import SAFE
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lender import sealed
from people import PASSWORD, acting, confirmed, given, logged_in, person, redeemed, send

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.registry import publishing
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts import inviting, roles
from equipoise.service.platform.accounts.inviting import NotOpen, invite, redeem
from equipoise.service.platform.accounts.models import Invitation, RoleRequest, User
from equipoise.service.platform.accounts.owner_invites import invite_by_owner
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.recovery import reset_person
from equipoise.service.platform.accounts.rights import OWNER, Rights, TwoPeople
from equipoise.service.platform.accounts.services import hand_over, make_user
from equipoise.service.platform.accounts.standing import Origin
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record

pytestmark = pytest.mark.usefixtures("sqlite_database")
HERE, THERE = Origin("browser-1", "address-1"), Origin("browser-2", "address-2")
assert SAFE


def kinds(user: User) -> list[str]:
    return [entry.kind for entry in record.entries(f"user.{user.pk}")]


def in_review(author: User, number: int = 1) -> Version:
    """A version that waits for an approver."""
    made = registry.add_draft(sealed(number), acting(author))
    registry.check(made.pk, acting(author))
    return registry.submit(made.pk, acting(author))


@pytest.mark.usefixtures("database")
def test_whoever_was_invited_takes_the_account_over_and_two_give_the_role() -> None:
    admin, second = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    body = {"username": "maria", "role": "analyst", "branch": "north"}
    made = send(logged_in(admin), "POST", "/v1/users", body)
    assert made.status_code == 201, made.content
    answer = made.json()
    maria = User.objects.get(username="maria")
    assert (answer["role"], answer["asked"]["role"], answer["handed_over_at"]) == (
        "",
        "analyst",
        None,
    )
    assert answer["invited_by"] == f"user.{admin.pk}"
    invitation = Invitation.objects.get(user=maria)
    assert answer["invitation"]["link"] == f"http://testserver/invitation/{invitation.pk}/"
    assert answer["invitation"]["code"] not in str(invitation.__dict__)
    request = answer["asked"]["id"]
    listed = logged_in(second).get("/v1/role-requests", {"state": "open"}).json()["items"]
    assert [each["id"] for each in listed] == [request]
    refused = send(logged_in(admin), "POST", f"/v1/role-requests/{request}/confirm")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/two-people-needed")
    given_ = send(logged_in(second), "POST", f"/v1/role-requests/{request}/confirm").json()
    assert (given_["role"], given_["branch"], given_["asked"]) == ("analyst", "north", None)
    assert given_["role_confirmed_by"] == f"user.{second.pk}"
    again = send(logged_in(second), "POST", f"/v1/role-requests/{request}/confirm")
    assert again.status_code == 409
    redeem(invitation.pk, answer["invitation"]["code"], PASSWORD, THERE)
    assert kinds(maria) == [
        "user.invited",
        "user.role_asked",
        "user.role_confirmed",
        "user.redeemed",
    ]
    assert "invitation" not in logged_in(admin).get("/v1/users").json()["items"][-1]
    assert verify_record().valid


def test_until_it_is_redeemed_the_account_can_do_nothing() -> None:
    maria = confirmed(invite("maria", Rights(Role.ANALYST), OWNER).user)
    assert maria.role == Role.ANALYST
    assert not maria.has_usable_password()
    client = Client()
    client.post("/accounts/login/", {"login": "maria", "password": ""})
    client.post("/accounts/login/", {"login": "maria", "password": maria.password})
    assert client.get("/v1/me").status_code == 401
    forced = logged_in(maria)  # as if somebody had got a session some other way
    assert forced.get("/v1/me").status_code == 401
    assert forced.get("/")["Location"].startswith("/accounts/login/")


def test_a_code_is_good_once_in_its_time_and_for_its_person() -> None:
    made, other = (invite(name, Rights(Role.NONE), OWNER) for name in ("maria", "juan"))
    for code in (other.code, "", made.code[:-1], "\ud800", made.code + "0"):
        with pytest.raises(NotOpen):
            redeem(made.id, code, PASSWORD, HERE)
    Invitation.objects.filter(pk=made.id).update(expires_at=timezone.now())
    with pytest.raises(NotOpen):
        redeem(made.id, made.code, PASSWORD, HERE)
    anew = inviting.renew(made.user.pk, OWNER)
    later = inviting.renew(made.user.pk, OWNER)
    with pytest.raises(NotOpen):
        redeem(anew.id, anew.code, PASSWORD, HERE)
    redeem(later.id, f" {later.code.upper()} ", PASSWORD, HERE)
    with pytest.raises(NotOpen):
        redeem(later.id, later.code, "another four plain words", HERE)
    assert User.objects.get(username="maria").check_password(PASSWORD)
    inviting.withdraw(other.user.pk, OWNER)
    with pytest.raises(NotOpen):
        redeem(other.id, other.code, PASSWORD, HERE)
    assert kinds(other.user) == ["user.invited", "user.invitation_withdrawn"]


def test_nobody_gives_another_way_into_an_account_that_was_taken_over() -> None:
    admin = logged_in(person(Role.ADMINISTRATOR))
    maria = person(Role.ANALYST)
    assert send(admin, "POST", f"/v1/users/{maria.pk}/invitation").status_code == 409
    assert send(admin, "DELETE", f"/v1/users/{maria.pk}/invitation").status_code == 409
    for body in ({"password": PASSWORD}, {"username": "x"}, {"is_active": True}):
        assert send(admin, "PATCH", f"/v1/users/{maria.pk}", body).status_code == 422


def test_a_name_means_one_person_for_good() -> None:
    admin = person(Role.ADMINISTRATOR)
    maria = person(Role.ANALYST, "maria")
    roles.change_user(maria.pk, acting(admin), active=False)
    for name in ("maria", "Maria"):
        body = {"username": name, "role": "approver"}
        assert send(logged_in(admin), "POST", "/v1/users", body).status_code == 422
    roles.change_user(maria.pk, acting(admin), active=True)
    assert not User.objects.get(pk=maria.pk).is_active  # until another confirms
    assert confirmed(maria).is_active


@pytest.mark.usefixtures("database")
def test_of_two_who_redeem_at_once_one_does(in_threads: Any) -> None:
    made = invite("maria", Rights(Role.NONE), OWNER)

    def work(number: int) -> bool:
        try:
            redeem(made.id, made.code, f"{PASSWORD} {number}", HERE)
        except NotOpen:
            return False
        return True

    assert sum(in_threads(4, work)) == 1
    assert kinds(made.user).count("user.redeemed") == 1


def test_one_administrator_alone_gets_nothing_published() -> None:
    """As it was done: they invite both, redeem both, and go on."""
    person(Role.AUDITOR), person(Role.AUDITOR)
    admin = person(Role.ADMINISTRATOR)
    client = logged_in(admin)
    for name, role in (("author", "analyst"), ("judge", "approver"), ("twin", "administrator")):
        answer = send(client, "POST", "/v1/users", {"username": name, "role": role}).json()
        redeem(
            answer["invitation"]["link"].split("/")[-2],
            answer["invitation"]["code"],
            PASSWORD,
            HERE,
        )
        user = User.objects.get(username=name)
        assert user.role == ""
        for who in (admin, user):
            with pytest.raises((TwoPeople, GateRefused)):
                roles.confirm(answer["asked"]["id"], acting(who))
        assert send(client, "PATCH", f"/v1/users/{user.pk}", {"role": role}).json()["role"] == ""
        assert send(logged_in(user), "POST", "/v1/strategies", sealed()).status_code == 403
    refused = send(client, "PATCH", f"/v1/users/{admin.pk}", {"role": "approver"})
    assert refused.status_code == 409


def test_a_role_is_not_slipped_in_after_redemption_or_behind_a_confirmation() -> None:
    admin, second = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    maria = person(Role.SERVICE_OWNER)
    roles.change_user(maria.pk, acting(admin), role=Role.AUDITOR)
    shown = RoleRequest.objects.get(user=maria, state="open")
    roles.change_user(maria.pk, acting(admin), role=Role.APPROVER)
    with pytest.raises(GateRefused, match="withdrawn"):
        roles.confirm(shown.pk, acting(second))  # what they saw is not what is asked now
    assert User.objects.get(pk=maria.pk).role == Role.SERVICE_OWNER
    open_ = RoleRequest.objects.get(user=maria, state="open")
    roles.change_user(maria.pk, acting(admin), active=False)
    with pytest.raises(GateRefused, match="withdrawn"):
        roles.confirm(open_.pk, acting(second))
    rows = logged_in(second).get("/v1/role-requests").json()["items"]
    assert {each["state"] for each in rows if each["user_id"] == maria.pk} >= {"withdrawn"}


def test_whoever_holds_a_password_that_was_told_confirms_and_approves_nothing() -> None:
    first = make_user("admin", PASSWORD, Role.ADMINISTRATOR, "system.bootstrap")
    maria = person(Role.ANALYST)
    asked = invite("juan", Rights(Role.AUDITOR), f"user.{maria.pk}")
    request = RoleRequest.objects.get(user=asked.user)
    with pytest.raises(TwoPeople, match="never handed over"):
        roles.confirm(request.pk, acting(first))
    client = Client()
    client.post("/accounts/login/", {"login": "admin", "password": PASSWORD})
    own = "another four plain words"
    changed = {"oldpassword": PASSWORD, "password1": own, "password2": own}
    assert client.post("/accounts/password/change/", changed).status_code == 302
    assert kinds(first) == ["user.made", "user.password_changed"]
    assert roles.confirm(request.pk, acting(first)).role == Role.AUDITOR


def test_an_approval_by_or_of_an_account_never_handed_over_is_refused() -> None:
    author, judge = person(Role.ANALYST), person(Role.APPROVER)
    version = in_review(author)
    for who in (author, judge):
        User.objects.filter(pk=who.pk).update(handed_over_at=None)
        with pytest.raises(TwoPeople, match=f"user.{who.pk} was never handed over"):
            registry.approve(version.pk, acting(judge), "looks right")
        User.objects.filter(pk=who.pk).update(handed_over_at=timezone.now())
    registry.approve(version.pk, acting(judge), "looks right")
    User.objects.filter(pk=author.pk).update(handed_over_at=None)
    with pytest.raises(TwoPeople):
        publishing.publish(version.pk, acting(judge), "go")


def test_the_record_of_an_approval_says_who_the_two_are() -> None:
    made = [
        invite(name, Rights(role), OWNER, HERE)
        for name, role in (("author", Role.ANALYST), ("judge", Role.APPROVER))
    ]
    author, judge = (redeemed(each, HERE) for each in made)
    assert [each.role for each in (author, judge)] == [Role.ANALYST, Role.APPROVER]
    version = in_review(author)
    where = f"/v1/strategies/{version.pk}/review"
    for user in (author, judge):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    shown = logged_in(judge).get(where).json()
    assert [each["person"] for each in shown["authors"]] == [f"user.{author.pk}"]
    assert (shown["reviewer"]["invited_by"], shown["refused"]) == (OWNER, "")
    assert "wrote themselves" in logged_in(author).get(where).json()["refused"]
    registry.approve(version.pk, acting(judge), "looks right")
    assert record.entries("strategy.corner")[-1].data["notices"] == shown["notices"]
    notices = " ".join(record.entries("strategy.corner")[-1].data["notices"])
    for said in ("invited by the owner of the machine", "confirmed by nobody",
                 "redeemed the invitation in the browser of whoever made it",
                 "redeemed their invitations in one browser"):  # fmt: skip
        assert said in notices
    redeemed_ = record.entries(f"user.{author.pk}")[-1].data
    assert (redeemed_["same_browser"], redeemed_["same_address"]) == (True, True)


def test_the_owner_alone_gives_roles_only_until_there_are_two_people() -> None:
    first = [invite(f"p{n}", Rights(r), OWNER) for n, r in enumerate([Role.ANALYST, Role.APPROVER])]
    assert [each.user.role for each in first] == [Role.ANALYST, Role.APPROVER]
    assert invite("boss", Rights(Role.ADMINISTRATOR), OWNER).user.role == ""
    for each in first:
        redeemed(each)
    late = invite("late", Rights(Role.APPROVER), OWNER)
    assert late.user.role == ""
    request = RoleRequest.objects.get(user=late.user)
    assert roles.confirm(request.pk, acting(first[1].user)).role == Role.APPROVER


def test_by_command_an_invitation_is_made_and_made_anew() -> None:
    made = invite_by_owner("ben", "approver")
    assert (made.role, made.role_asked) == ("approver", "")
    again = invite_by_owner("ben", "")
    assert again.code != made.code
    for name, role, said in (
        ("ben", "analyst", "for another role"),
        ("b n", "", "nobody's name"),
        ("eve", "aprover", "did you mean 'approver'"),
        ("eve", "api_client", "no role"),
    ):
        with pytest.raises(BadInput, match=said):
            invite_by_owner(name, role)
    redeem(again.link.split("/")[-2], again.code, PASSWORD, HERE)
    with pytest.raises(GateRefused, match="taken the account over"):
        invite_by_owner("ben", "")
    assert kinds(User.objects.get(username="ben")) == [
        "user.invited", "user.changed", "user.invitation_renewed", "user.redeemed",
    ]  # fmt: skip


def test_whoever_was_reset_is_not_handed_over_until_the_password_is_their_own() -> None:
    author, judge = person(Role.ANALYST), person(Role.APPROVER, "judge")
    version = in_review(author)
    reset_person("judge")
    with pytest.raises(TwoPeople, match="never handed over"):
        registry.approve(version.pk, acting(judge), "looks right")
    hand_over(judge)
    registry.approve(version.pk, acting(judge), "looks right")
    notices = record.entries("strategy.corner")[-1].data["notices"]
    assert any("a new password by the owner of the machine" in each for each in notices)


def test_a_program_writes_strategies_only_as_an_author() -> None:
    admin, author, judge = person(Role.ADMINISTRATOR), person(Role.ANALYST), person(Role.APPROVER)
    client = logged_in(admin)
    body = {"name": "press", "scopes": ["strategies.write"]}
    for owner in ("", f"user.{judge.pk}", "role.analyst", "role.administrator"):
        more = {"owner": owner} if owner else {}
        assert send(client, "POST", "/v1/keys", {**body, **more}).status_code == 422, owner
    made = send(client, "POST", "/v1/keys", {**body, "owner": f"user.{author.pk}"}).json()
    press = Client(headers={"Authorization": f"Bearer {made['token']}"})
    assert send(press, "POST", "/v1/strategies", sealed()).status_code == 201
    assert Version.objects.get().authors == sorted([f"user.{admin.pk}", f"user.{author.pk}"])
    other = person(Role.ANALYST)
    where = f"/v1/programs/{made['program']['id']}/owner"
    assert send(client, "POST", where, {"owner": f"user.{other.pk}"}).status_code == 200
    given(author, Role.APPROVER)  # who once had the key, and may approve by now
    assert send(press, "POST", "/v1/strategies", sealed(2)).status_code == 201
    assert f"user.{author.pk}" in Version.objects.get(number=2).authors
    roles.change_user(other.pk, acting(admin), active=False)
    answer = send(press, "POST", "/v1/strategies", sealed(3))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/two-people-needed")


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x1b", "\xad"])
def test_no_short_text_that_people_enter_takes_what_cannot_be_seen(character: str) -> None:
    text = f"no{character}rth"
    admin, judge = logged_in(person(Role.ADMINISTRATOR)), logged_in(person(Role.APPROVER))
    change = f"/v1/users/{person(Role.UNDERWRITER).pk}"
    version = in_review(person(Role.ANALYST))
    hook = {"url": "https://x.example/", "events": ["decision.made"]}
    for client, method, path, body, field in (
        (admin, "PATCH", change, {"branch": text}, "branch"),
        (admin, "PATCH", change, {"region": text}, "region"),
        (admin, "POST", "/v1/users", {"username": "juan", "branch": text}, "branch"),
        (admin, "POST", "/v1/keys", {"name": text, "scopes": []}, "name"),
        (admin, "POST", "/v1/keys", {"name": "shop", "scopes": [], "region": text}, "region"),
        (admin, "POST", "/v1/webhooks", {**hook, "name": text}, "name"),
        (judge, "POST", f"/v1/strategies/{version.pk}/approve", {"reason": text}, "reason"),
    ):
        answer = send(client, method, path, body)
        assert answer.status_code == 422, path
        assert [each["field"].split(".")[-1] for each in answer.json()["faults"]] == [field], path


# The page.


def opened(client: Client, made: inviting.Invited) -> Any:
    return client.get(made.path)


def test_the_page_takes_a_password_of_ones_own_and_leads_to_the_second_factor() -> None:
    made = invite("maria", Rights(Role.NONE), OWNER)
    client = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    page = opened(client, made).content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    answer = {"code": made.code, "password": PASSWORD, "again": PASSWORD}
    assert client.post(made.path, answer).status_code == 403
    answer["csrfmiddlewaretoken"] = token
    for wrong, said in (
        ({"again": "another"}, "not the same"),
        ({"password": "short", "again": "short"}, "too weak"),
        ({"code": "1234"}, "cannot be redeemed"),
    ):
        refused = client.post(made.path, {**answer, **wrong})
        assert refused.status_code == 422
        assert said in refused.content.decode()
        assert PASSWORD not in refused.content.decode()
    taken = client.post(made.path, answer)
    assert (taken.status_code, taken["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert client.get("/v1/me").status_code == 403  # before the second factor
    assert client.get("/v1/me").json()["detail"].startswith("set up a second factor")
    for path in (made.path, "/invitation/none/"):
        assert Client().get(path).status_code == 404


def test_nobody_redeems_where_another_is_logged_in_and_a_browser_is_known_again() -> None:
    admin = person(Role.ADMINISTRATOR, "root")
    browser = Client()
    browser.post("/accounts/login/", {"login": "root", "password": PASSWORD})
    made = invite("maria", Rights(Role.NONE), OWNER, HERE)
    client = logged_in(admin)
    assert opened(client, made).status_code == 409
    answer = {"code": made.code, "password": PASSWORD, "again": PASSWORD}
    assert client.post(made.path, answer).status_code == 409
    response = send(client, "POST", "/v1/users", {"username": "juan"}).json()["invitation"]
    path = response["link"].removeprefix("http://testserver")
    answer["code"] = response["code"]
    client.logout()
    client.get(path)
    assert client.post(path, answer).status_code == 302
    data = record.entries(f"user.{User.objects.get(username='juan').pk}")[-1].data
    assert data["same_address"] is True


def test_the_mark_of_a_browser_is_no_credential_and_not_for_scripts() -> None:
    client = Client()
    client.get(invite("maria", Rights(Role.NONE), OWNER).path)
    mark = client.cookies["equipoise-browser"]
    assert (mark["httponly"], mark["samesite"], bool(mark["secure"])) == (
        True,
        "Lax",
        settings.SESSION_COOKIE_SECURE,
    )
    assert mark.value not in str(list(Invitation.objects.values()))


def test_an_invitation_ends_when_the_operator_says() -> None:
    made = invite("maria", Rights(Role.NONE), OWNER)
    days = settings.CONFIGURATION.invitation_days
    assert timedelta(days=days - 1) < made.expires_at - timezone.now() <= timedelta(days=days)


def test_on_the_page_an_invitation_is_renewed_and_withdrawn_and_a_role_changed() -> None:
    admin, second = person(Role.ADMINISTRATOR), person(Role.RISK_OFFICER)
    browser, other = logged_in(admin), logged_in(second)
    made = invite("maria", Rights(Role.NONE), OWNER)
    page = browser.get("/people/").content.decode()
    assert f'invited until <time datetime="{made.expires_at:%Y-%m-%d}' in page
    shown = browser.post(f"/people/{made.user.pk}/invitation").content.decode()
    code = re.findall(r'id="code">([0-9a-f-]+)<', shown)[0]
    link = re.findall(r'id="link">http://testserver([^<]+)<', shown)[0]
    with pytest.raises(NotOpen):
        redeem(made.id, made.code, PASSWORD, HERE)  # the former code
    browser.post(f"/people/{made.user.pk}/invitation/end")
    with pytest.raises(NotOpen):
        redeem(link.split("/")[-2], code, PASSWORD, HERE)
    assert b"no invitation in force" in browser.get("/people/").content
    where = f"/people/{made.user.pk}/role"
    browser.post(where, {"role": "approver"})
    assert User.objects.get(pk=made.user.pk).role == ""  # it waits
    assert RoleRequest.objects.get(state="open").role == "approver"
    officer = f"/people/{second.pk}/role"
    browser.post(officer, {"role": ""})
    answer = browser.get("/people/").content.decode()
    assert f"{second.username} is without a role now" in answer
    assert User.objects.get(pk=second.pk).role == ""
    for wrong in ("api_client", "root"):
        browser.post(where, {"role": wrong})
    assert RoleRequest.objects.get(state="open").role == "approver"
    browser.post(f"/people/{admin.pk}/role", {"role": ""})
    assert b"nobody changes their own rights" in browser.get("/people/").content
    for path in (where, f"/people/{made.user.pk}/invitation"):
        assert other.post(path, {"role": "approver"}).status_code in {302, 403}
        assert logged_in(person(Role.APPROVER)).post(path).status_code == 403
        assert browser.post(path.replace(str(made.user.pk), "987654")).status_code == 404


def test_on_the_pages_one_invites_another_confirms_and_a_third_approves() -> None:
    admin, second = person(Role.ADMINISTRATOR), person(Role.RISK_OFFICER)
    browser, other = logged_in(admin), logged_in(second)
    shown = browser.post("/people/invite", {"username": "maria", "role": "analyst"})
    page = shown.content.decode()
    code = re.findall(r'id="code">([0-9a-f-]+)<', page)[0]
    link = re.findall(r'id="link">http://testserver([^<]+)<', page)[0]
    assert code not in browser.get("/people/").content.decode()
    for wrong in ({"username": "x\u202e"}, {"username": "juan", "role": "api_client"}, {}):
        assert browser.post("/people/invite", wrong)["Location"] == "/people/"
    assert other.post("/people/invite", {"username": "eve"}).status_code == 403
    request = RoleRequest.objects.get(state="open")
    assert b"another person" in browser.get("/people/").content
    browser.post(f"/people/requests/{request.pk}", {"answer": "confirm"})
    assert User.objects.get(username="maria").role == ""
    other.post(f"/people/requests/{request.pk}", {"answer": "confirm"})
    author = User.objects.get(username="maria")
    assert author.role == "analyst"
    assert other.post("/people/requests/987654", {"answer": "refuse"}).status_code == 404
    redeem(link.split("/")[-2], code, PASSWORD, HERE)
    version, judge = in_review(author), logged_in(person(Role.APPROVER))
    assert b"in review" in judge.get("/strategies/").content
    where = f"/strategies/{version.pk}/"
    User.objects.filter(pk=author.pk).update(handed_over_at=None)
    shown = judge.get(where).content.decode()
    assert "You cannot approve it" in shown
    assert 'value="approve"' not in shown
    judge.post(f"{where}judge", {"answer": "approve", "reason": "looks right"})
    assert Version.objects.get().state == "in_review"
    User.objects.filter(pk=author.pk).update(handed_over_at=timezone.now())
    judge.post(f"{where}judge", {"answer": "approve", "reason": "\u202e"})
    assert Version.objects.get().state == "in_review"
    judge.post(f"{where}judge", {"answer": "approve", "reason": "looks right"})
    assert Version.objects.get().state == "approved"
    assert judge.get("/strategies/987654/").status_code == 404
    assert judge.get(f"/strategies/{2**70}/").status_code == 404
