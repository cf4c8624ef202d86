"""Other tables are held against the record, in a service that real people and programs have used:
whatever an intruder changes in them is named, by table and id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from lender import anew, ask, facts, sealed
from people import acting

from equipoise.service.contexts.applications.models import Application
from equipoise.service.contexts.decisions import idempotency
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.registry import publishing, services
from equipoise.service.contexts.registry.models import Default, Pointer, Publication, Version
from equipoise.service.platform.accounts.keys import make_program, renew_key, revoke_key
from equipoise.service.platform.accounts.models import ApiKey, Program, RoleRequest, User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.roles import change_user
from equipoise.service.platform.accounts.services import hand_over, make_user
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.deriving import DIFFERS, MISSING, STRAY
from equipoise.service.platform.record.models import BlindIndex, Chain
from equipoise.service.platform.record.proving import verify_record, verify_rows


def wrong() -> list[str]:
    return [str(each) for each in verify_rows().differences]


@pytest.fixture
def used(database: Any) -> Iterator[Client]:
    """People, programs, strategies and decisions, all of whom the record tells."""
    people = {
        role: make_user(f"{role.value}-1", "four plain words here", role, "system.bootstrap")
        for role in (Role.ADMINISTRATOR, Role.ANALYST, Role.APPROVER)
    }
    for each in people.values():
        hand_over(each)
    boss = people[Role.ADMINISTRATOR]
    author, approver = acting(people[Role.ANALYST]), acting(people[Role.APPROVER])
    with anew():
        for number in (1, 2):
            made = services.add_draft(sealed(number), author)
            services.check(made.pk, author)
            services.submit(made.pk, author)
            services.approve(made.pk, approver, "looks right")
            publishing.publish(made.pk, approver, "go")
        change_user(people[Role.ANALYST].pk, acting(boss), branch="north")
        scopes = ("decisions.create", "decisions.read")
        more = {"rate": 1e4, "burst": 10_000}
        token = make_program("shop", scopes, boss, **more).token
        spare = make_program("spare", scopes, boss, **more).key
        revoke_key(renew_key(spare.prefix, boss).key.prefix, acting(boss))
        client = Client(headers={"Authorization": f"Bearer {token}"})
        for number in range(3):
            assert ask(client, facts(application_id=f"a-{number}")).status_code == 201
        more_facts = facts(application_id="north")
        assert ask(client, more_facts, branch="north").status_code == 201
        yield client


@pytest.mark.usefixtures("used")
def test_what_people_and_programs_did_is_as_the_record_tells() -> None:
    assert wrong() == []
    assert verify_record().valid
    assert verify_rows(processes=2).differences == ()


def intrude() -> None:
    """As someone would who can write to every table but the record."""
    User.objects.filter(role="analyst").update(role="administrator")
    User.objects.filter(pk=3).update(username="boss", **{"password": "mine"})
    User.objects.create(username="intruder", role="administrator")
    joined = User.objects.get(pk=1).date_joined
    RoleRequest.objects.create(user_id=3, role="approver", asked_by="user.1", asked_at=joined)
    ApiKey.objects.filter(revoked_at=None).update(digest=b"mine")
    ApiKey.objects.update(revoked_at=None)
    Program.objects.filter(name="shop").update(scopes=["keys.manage"])
    Pointer.objects.update(version_id=Version.objects.get(number=1).pk)
    Version.objects.filter(number=2).update(content=b"{}", authors=[])
    Publication.objects.filter(serial=2).delete()
    Default.objects.update(strategy="other")
    first, second, third, last = Decision.objects.order_by("pk")
    Decision.objects.filter(pk=first.pk).update(application=second.application)
    Decision.objects.filter(pk=second.pk).update(application=first.application)
    third.delete()
    changed = {"outcome": "decline", "begun_by": "program.x", "request": b"x"}
    Decision.objects.filter(pk=last.pk).update(way="challenger", branch="south", **changed)
    last.pk, last.request = "decision-f", None
    last.save(force_insert=True)
    begun, gone, moved, _ = Application.objects.order_by("pk")
    Application.objects.filter(pk=begun.pk).update(propensity=0.5, digest=moved.digest[::-1])
    gone.delete()
    Application.objects.filter(pk=moved.pk).update(step="decision-0")
    begun.pk = "application-f"
    begun.save(force_insert=True)


@pytest.mark.usefixtures("used")
def test_whatever_an_intruder_changes_in_a_table_is_named() -> None:
    intrude()
    differences = verify_rows().differences
    named = {(each.table, each.what): 0 for each in differences}
    for each in differences:
        named[each.table, each.what] += 1
    columns = {f"{each.table}.{name}" for each in differences for name in each.columns}
    assert columns == {
        *(f"accounts_user.{name}" for name in ("role", "username", "password")),
        *(f"accounts_apikey.{name}" for name in ("digest", "revoked_at")),
        "accounts_program.scopes",
        "registry_pointer.version_id",
        *(f"registry_version.{name}" for name in ("content", "authors")),
        "registry_default.strategy",
        *(f"decisions_decision.{name}" for name in ("application", "outcome", "begun_by", "way")),
        *(f"decisions_decision.{name}" for name in ("request", "branch")),
        *(f"applications_application.{name}" for name in ("propensity", "digest", "step")),
    }
    assert named["accounts_user", STRAY] == named["accounts_rolerequest", STRAY] == 1
    assert named["registry_publication", MISSING] == 1
    assert named["decisions_decision", MISSING] == named["decisions_decision", STRAY] == 1
    assert named["decisions_decision", DIFFERS] == 3
    of_applications = [
        named["applications_application", what] for what in (MISSING, STRAY, DIFFERS)
    ]
    assert of_applications == [1, 1, 2]


@pytest.mark.usefixtures("used")
def test_an_erased_applicants_key_put_back_is_named_and_so_is_one_that_vanished() -> None:
    first, second = Decision.objects.order_by("pk")[:2]
    before = Chain.objects.get(chain=first.application)
    subjects.erase(first.application, "user.1", "asked for it")
    assert wrong() == []
    key = f"record_chain {first.application}: differs in wrapped"
    Chain.objects.filter(chain=first.application).update(wrapped=before.wrapped)
    assert wrong() == [key]
    Chain.objects.filter(chain=first.application).update(wrapped=None)
    BlindIndex.objects.create(chain_id=first.application, digest=b"x")
    [difference] = wrong()
    assert difference.endswith("is there without an entry")
    BlindIndex.objects.all().delete()
    Chain.objects.filter(chain=second.application).update(wrapped=None)
    assert wrong() == [key.replace(first.application, second.application)]


@pytest.mark.usefixtures("used")
def test_a_key_that_was_forgotten_after_its_day_is_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from datetime import timedelta

    from equipoise.service.contexts.decisions import derived

    Decision.objects.update(request=None, sent=None)
    assert len(wrong()) == 4  # too early
    monkeypatch.setattr(derived, "KEPT", timedelta(hours=-2))
    assert wrong() == []
    assert timedelta(hours=24) == idempotency.KEPT


@pytest.mark.usefixtures("used")
def test_a_decision_is_held_against_its_event_without_parsing_it() -> None:
    from equipoise.service.contexts.decisions import derived
    from equipoise.service.platform.record.stored import snapshot

    with snapshot() as record:
        made = [tale for tale in record.tales() if tale.kind == "decision.made"]
    assert len(made) == 4
    assert [derived._quick(tale) for tale in made] == [derived._row(tale) for tale in made]
