"""Cases: who gets authority over them, and decides otherwise than the strategy did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from lender import AUTHORITY, RISKY, anew, ask, publish, shop
from lender import facts as as_json
from people import colleague, logged_in, person, send

from equipoise.errors import BadInput
from equipoise.service.contexts.cases import services
from equipoise.service.contexts.cases.events import OverrideMade
from equipoise.service.contexts.cases.services import Answered, Wanted
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.services import principal_of
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.subjects import open_sealed
from equipoise.service.platform.webhooks.public import words

WORDS = "The payslips were read, and two of them are forged."


@pytest.fixture(autouse=True)
def _in_force(database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def officer(level: str = "junior", *, branch: str = "north", **more: Any) -> tuple[User, Any]:
    """An underwriter of the branch who was given that authority by two people."""
    user = person(Role.UNDERWRITER, branch=branch)
    boss, second = logged_in(person(Role.ADMINISTRATOR)), logged_in(colleague_here())
    body = {"person": f"user.{user.pk}", "level": level, **more}
    asked = send(boss, "POST", "/v1/officers", body)
    assert asked.status_code == 201, asked.content
    at = f"/v1/appointments/{asked.json()['id']}"
    assert send(second, "POST", f"{at}/confirm").status_code == 200
    return user, logged_in(user)


def colleague_here() -> User:
    user = colleague()
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


def made(branch: str = "north", **facts: Any) -> dict[str, Any]:
    answer = ask(shop(branch=branch), as_json(**facts))
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def override(client: Any, decision: str, **changes: Any) -> Any:
    body = {"answer": "decline", "reason": "INCOME", "words": WORDS, **changes}
    return send(client, "POST", f"/v1/decisions/{decision}/override", body)


def test_an_underwriter_declines_what_the_strategy_approved() -> None:
    user, client = officer()
    decision = made()
    assert decision["outcome"] == "approve"
    answer = override(client, decision["id"])
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["answer"], body["officers"], body["complete"]) == (
        "decline",
        [f"user.{user.pk}"],
        True,
    )
    (entry,) = [e for e in record.entries(decision["application"]) if e.kind == "override.made"]
    data = dict(entry.data)
    assert open_sealed(data.pop("words")) == {"words": WORDS}
    assert WORDS not in str(data)
    assert (data["machine"], data["answer"], data["reason"]) == ("approve", "decline", "INCOME")
    assert data["by"] == f"user.{user.pk}"
    assert verify_record().valid
    again = override(client, decision["id"])
    assert again.status_code == 409
    assert "already" in again.json()["detail"]


def test_nobody_overrides_without_authority_or_beyond_it() -> None:
    decision = made()
    answer = override(logged_in(person(Role.UNDERWRITER, branch="north")), decision["id"])
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/beyond-authority")
    large = made(amount=14_000.0)
    assert large["outcome"] == "refer"  # above what the machine may give: no override
    _, client = officer()
    assert override(client, large["id"]).status_code == 409
    narrow = officer(grades=["E"])[1]
    refused = override(narrow, decision["id"])
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/beyond-authority")


def test_an_override_reaches_the_officers_own_area_only() -> None:
    there, here = made("south"), made("north")
    _, client = officer(branch="north")
    assert override(client, there["id"]).status_code == 404
    assert override(client, here["id"]).status_code == 201
    placeless = officer(branch="")[1]
    assert override(placeless, there["id"]).status_code == 404


def test_a_large_decline_turned_takes_two_signatures_of_two_people() -> None:
    decision = made(amount=25_000.0, **{**RISKY, "dti": 0.45})
    assert decision["outcome"] == "decline", decision
    first, second = officer("senior"), officer("senior")
    junior = officer("junior")[1]
    assert override(junior, decision["id"], answer="approve").status_code == 403
    waits = override(first[1], decision["id"], answer="approve")
    assert (waits.status_code, waits.json()["complete"]) == (200, False)
    assert override(first[1], decision["id"], answer="approve").status_code == 403
    holds = override(second[1], decision["id"], answer="approve")
    assert (holds.status_code, holds.json()["complete"]) == (201, True)
    assert holds.json()["officers"] == [f"user.{each[0].pk}" for each in (first, second)]
    assert verify_record().valid


def test_a_reason_must_be_declared_and_an_answer_must_differ() -> None:
    _, client = officer()
    decision = made()
    unknown = override(client, decision["id"], reason="INCOM")
    assert unknown.status_code == 422
    assert "INCOME" in unknown.json()["mend"]
    alike = override(client, decision["id"], answer="approve")
    assert alike.status_code == 409
    assert override(client, decision["id"], words="").status_code == 422


def test_authority_takes_two_people_and_goes_at_once() -> None:
    user = person(Role.UNDERWRITER, branch="north")
    boss_user = person(Role.ADMINISTRATOR)
    boss = logged_in(boss_user)
    at = f"user.{user.pk}"
    unknown = send(boss, "POST", "/v1/officers", {"person": at, "level": "seniour"})
    assert unknown.status_code == 422
    assert "senior" in unknown.json()["mend"]
    asked = send(boss, "POST", "/v1/officers", {"person": at, "level": "senior"}).json()
    own = send(boss, "POST", f"/v1/appointments/{asked['id']}/confirm")
    assert own.status_code == 409
    decision = made()
    assert override(logged_in(user), decision["id"]).status_code == 403
    second = logged_in(colleague_here())
    assert send(second, "POST", f"/v1/appointments/{asked['id']}/confirm").status_code == 200
    assert send(second, "POST", f"/v1/appointments/{asked['id']}/confirm").status_code == 409
    (listed,) = send(boss, "GET", "/v1/officers").json()
    assert (listed["person"], listed["level"], listed["state"]) == (at, "senior", "in_force")
    assert send(boss, "DELETE", f"/v1/officers/{at}").status_code == 200
    assert send(boss, "DELETE", f"/v1/officers/{at}").status_code == 404
    assert override(logged_in(user), decision["id"]).status_code == 403
    assert principal_of(user).person == at
    assert verify_record().valid


def test_nobody_gets_authority_whose_role_decides_no_cases() -> None:
    boss_user = person(Role.ADMINISTRATOR)
    boss = logged_in(boss_user)
    analyst = person(Role.ANALYST)
    for who in (f"user.{analyst.pk}", "user.99999999"):
        answer = send(boss, "POST", "/v1/officers", {"person": who, "level": "senior"})
        assert answer.status_code == 422, who
    own = send(boss, "POST", "/v1/officers", {"person": f"user.{boss_user.pk}", "level": "senior"})
    assert own.status_code == 409


def test_no_way_to_an_override_goes_without_its_reason_and_words() -> None:
    user, client = officer("senior")
    decision = made()
    body = {"answer": "decline", "reason": "INCOME", "words": WORDS}
    for lacking in ("reason", "words"):
        rest = {name: value for name, value in body.items() if name != lacking}
        at = f"/v1/decisions/{decision['id']}/override"
        assert send(client, "POST", at, rest).status_code == 422, lacking
    content, by = read(decision["id"]), principal_of(user)
    for wanted in (Wanted("decline", "INCOME", " \n"), Wanted("decline", "", WORDS)):
        with pytest.raises(BadInput):
            services.override(content, wanted, by)
    large = read(made(amount=25_000.0)["id"])
    for act in (services.decide, services.pass_on):
        with pytest.raises(BadInput, match="say why"):
            act(large, Answered("decline", "", None, ("DEBTS",)), by)
    assert not [e for e in record.entries(decision["application"]) if "override" in e.kind]


def test_an_override_that_holds_is_told_to_others_without_its_reason_or_words() -> None:
    _, client = officer()
    decision = made()
    assert override(client, decision["id"]).status_code == 201
    (event,) = record.history(decision["application"], OverrideMade)
    assert words(event) == {
        "id": decision["id"],
        "application": decision["application"],
        "answer": "decline",
        "machine": "approve",
    }
