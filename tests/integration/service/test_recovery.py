"""What whoever owns the machine does about people: see them, and give one their way in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from people import logged_in, person, with_key
from processes import begun, command

from equipoise.cli.run import run
from equipoise.errors import BadInput, GateRefused
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.recovery import list_people, reset_person
from equipoise.service.platform.record.services import entries


def _told(user: User) -> list[tuple[str, dict[str, Any]]]:
    """What the record says of them, without the rows that it also tells."""
    bodies = ((entry.kind, json.loads(entry.body)) for entry in entries(f"user.{user.pk}"))
    return [(kind, {k: v for k, v in body.items() if k != "tables"}) for kind, body in bodies]


@pytest.mark.usefixtures("database")
def test_a_lost_password_and_a_lost_factor_are_not_final() -> None:
    admin, other = person(Role.ADMINISTRATOR, "root"), person(Role.ADMINISTRATOR, "second")
    browser, theirs = logged_in(admin), logged_in(other)
    assert browser.get("/v1/me").status_code == 200
    done = reset_person("root")
    assert (done.second_factors, done.sessions) == (1, 1)
    assert browser.get("/v1/me").status_code == 401
    assert theirs.get("/v1/me").status_code == 200  # nobody else's session
    assert not Authenticator.objects.filter(user=admin).exists()
    browser = Client()
    sent = browser.post("/accounts/login/", {"login": "root", "password": done.password})
    assert sent.status_code == 302
    assert browser.get("/v1/me").status_code == 403  # a second factor is still needed to act
    outcome = {"by": "system.owner", "second_factors": 1, "sessions": 1}
    assert _told(admin)[-1] == ("user.reset", outcome)
    assert done.password not in str(list_people())


@pytest.mark.usefixtures("sqlite_database")
def test_the_only_administrator_comes_back_active() -> None:
    admin = person(Role.ADMINISTRATOR, "root", is_active=False)
    analyst = person(Role.ANALYST, "maria")
    assert reset_person("root").active
    assert User.objects.get(pk=admin.pk).is_active
    assert _told(admin)[-2] == ("user.changed", {"by": "system.owner", "is_active": True})
    User.objects.filter(pk=admin.pk).update(role="analyst")
    assert reset_person("maria", administrator=True).administrator
    assert User.objects.get(pk=analyst.pk).role == "administrator"
    assert _told(analyst)[-2] == ("user.changed", {"by": "system.owner", "role": "administrator"})


@pytest.mark.usefixtures("sqlite_database")
def test_what_an_administrator_decides_stays_theirs() -> None:
    person(Role.ADMINISTRATOR, "root")
    person(Role.ADMINISTRATOR, "leaver", is_active=False)
    person(Role.ANALYST, "maria", is_active=False)
    before = list_people()
    for name in ("leaver", "maria"):
        with pytest.raises(GateRefused, match="inactive"):
            reset_person(name)
    with pytest.raises(GateRefused, match="there is an administrator"):
        reset_person("maria", administrator=True)
    with pytest.raises(BadInput, match="did you mean 'maria'"):
        reset_person("marja")
    assert list_people() == before


def test_the_commands_reach_the_service_of_a_folder(database: Any, tmp_path: Path) -> None:
    root = person(Role.ADMINISTRATOR, "root")
    client, _ = with_key(root, "decisions.read")
    begun(tmp_path)
    code, said = command("user", "reset", tmp_path, "root", url=database.url)
    assert (code, said["username"], said["second_factors"]) == (0, "root", 1)
    assert User.objects.get(pk=root.pk).check_password(said["password"])
    code, said = command("user", "list", tmp_path, url=database.url)
    assert code == 0
    assert said["users"] == json.loads(json.dumps(list_people()))
    assert client.get("/v1/me").status_code == 200  # a program's key is not the person's way in


@pytest.mark.parametrize(
    "given",
    [
        ["user", "list"],
        ["user", "reset"],
        ["replay"],
        ["record", "verify"],
        ["record", "begin-witness"],
    ],
    ids=" ".join,
)
def test_a_command_makes_no_service(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = {
        "user reset": ["root"],
        "replay": ["--all"],
        "record begin-witness": ["--reason", "lost"],
    }.get(" ".join(given), [])
    assert run([*given, str(tmp_path), *more]) == 2
    assert "no service has been started" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
