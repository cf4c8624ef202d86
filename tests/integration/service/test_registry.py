"""Strategies: four eyes through every change of role, one publication, and the way back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from people import acting, given, logged_in, person, send, with_key

from equipoise.authority import GateResult, NotPassed, Verdict
from equipoise.authority.lifecycle import Move, OwnWork, State
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.registry import drafting, gates, publishing, reading, services
from equipoise.service.contexts.registry.default import is_in_force, make_default
from equipoise.service.contexts.registry.models import Default, Pointer, Publication, Version
from equipoise.service.contexts.registry.reading import Registered
from equipoise.service.contexts.registry.sealed import Identity
from equipoise.service.platform.accounts.keys import principal_by_token
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record


@pytest.fixture(autouse=True)
def _plain_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files as small as can be in place of sealed strategies: only their identity matters here."""

    def identify(raw: bytes) -> Identity:
        try:
            document = json.loads(raw)
            return Identity(document["name"], document["version"], hashlib.sha256(raw).hexdigest())
        except (ValueError, TypeError, KeyError):
            raise BadInput("this is not a sealed strategy") from None

    monkeypatch.setattr(drafting, "identify", identify)
    monkeypatch.setattr(gates, "identify", identify)
    before, gates.CHECKS[:] = gates.CHECKS[:], [gates.seal_holds]
    yield
    gates.CHECKS[:] = before


def file(version: str, name: str = "personal") -> bytes:
    return json.dumps({"name": name, "version": version}).encode()


def draft(version: str, author: User, name: str = "personal") -> Version:
    return services.add_draft(file(version, name), acting(author))


def approved(version: str, author: User, approver: User, name: str = "personal") -> Version:
    made = draft(version, author, name)
    services.check(made.pk, acting(author))
    services.submit(made.pk, acting(author))
    return services.approve(made.pk, acting(approver), "looks right")


@pytest.fixture
def author(database: Any) -> User:
    return person(Role.ANALYST, "author")


@pytest.fixture
def approver(database: Any) -> User:
    return person(Role.APPROVER, "approver")


def test_from_draft_to_published_every_step_is_an_event(author: User, approver: User) -> None:
    version = approved("1", author, approver)
    publishing.publish(version.pk, acting(approver), "go")
    in_force = publishing.in_force("personal")
    assert in_force is not None
    assert (in_force.state, bytes(in_force.content)) == (State.PUBLISHED, file("1"))
    kinds = [entry.kind for entry in record.entries("strategy.personal")]
    steps = ["drafted", "check", "submit", "approve", "publish", "default"]
    assert kinds == [f"strategy.{step}" for step in steps]
    assert verify_record().valid


def test_an_author_who_becomes_approver_still_cannot_approve(author: User) -> None:
    version = draft("1", author)
    services.check(version.pk, acting(author))
    services.submit(version.pk, acting(author))
    given(author, Role.APPROVER)
    with pytest.raises(OwnWork):
        services.approve(version.pk, acting(author), "mine is good")


def test_an_author_who_becomes_approver_still_cannot_publish(author: User, approver: User) -> None:
    version = approved("1", author, approver)
    given(author, Role.APPROVER)
    with pytest.raises(OwnWork):
        publishing.publish(version.pk, acting(author), "mine is good")
    assert publishing.in_force("personal") is None


def test_whoever_made_the_key_is_the_author_of_what_it_sent(database: Any) -> None:
    maker = person(Role.ADMINISTRATOR, "maker")
    _, token = with_key(maker, "strategies.write")
    holder = principal_by_token(token)
    assert holder is not None
    version = services.add_draft(file("1"), holder[0])
    services.check(version.pk, holder[0])
    services.submit(version.pk, holder[0])
    given(maker, Role.APPROVER)
    with pytest.raises(OwnWork):
        services.approve(version.pk, acting(maker), "mine is good")


def test_whoever_submits_counts_as_author(author: User) -> None:
    second = person(Role.ANALYST, "second")
    version = draft("1", author)
    services.check(version.pk, acting(second))
    services.submit(version.pk, acting(second))
    given(second, Role.APPROVER)
    with pytest.raises(OwnWork):
        services.approve(version.pk, acting(second), "mine is good")


def test_a_gate_that_says_no_leaves_everything_as_it_was(author: User, approver: User) -> None:
    first = approved("1", author, approver)
    publishing.publish(first.pk, acting(approver))
    second = approved("2", author, approver)

    def unfair(_version: Registered) -> GateResult:
        return GateResult(
            "fairness", Verdict.REFUSED, "group b is approved half as often", {"ratio": 0.5}
        )

    with pytest.raises(NotPassed, match="group b") as caught:
        publishing.publish(second.pk, acting(approver), gates=[gates.seal_holds, unfair])
    assert [each.verdict for each in caught.value.results] == [Verdict.PASSED, Verdict.REFUSED]
    assert publishing.in_force("personal") == first
    assert Version.objects.get(pk=second.pk).state == State.APPROVED


def test_bytes_that_changed_after_approval_are_not_published(author: User, approver: User) -> None:
    version = approved("1", author, approver)
    Version.objects.filter(pk=version.pk).update(content=file("1", "other"))
    with pytest.raises(NotPassed, match="another strategy"):
        publishing.publish(version.pk, acting(approver))


def test_publishing_swaps_and_rolling_back_swaps_again(author: User, approver: User) -> None:
    first, second = approved("1", author, approver), approved("2", author, approver)
    publishing.publish(first.pk, acting(approver))
    publishing.publish(second.pk, acting(approver))
    assert publishing.in_force("personal") == second
    assert Version.objects.get(pk=first.pk).state == State.APPROVED
    publishing.roll_back("personal", acting(approver), "losses rose")
    assert publishing.in_force("personal") == first
    assert Version.objects.get(pk=second.pk).state == State.APPROVED
    assert [each.serial for each in Publication.objects.order_by("serial")] == [1, 2, 3]
    assert Version.objects.filter(state=State.PUBLISHED).count() == 1


def test_there_is_no_way_back_from_the_first(author: User, approver: User) -> None:
    with pytest.raises(Pointer.DoesNotExist):
        publishing.roll_back("personal", acting(approver), "why not")
    publishing.publish(approved("1", author, approver).pk, acting(approver))
    with pytest.raises(GateRefused, match="no former"):
        publishing.roll_back("personal", acting(approver), "why not")


def test_what_was_rolled_back_from_comes_back_only_by_saying_so_and_through_the_gates(
    author: User, approver: User
) -> None:
    first, second = approved("1", author, approver), approved("2", author, approver)
    publishing.publish(first.pk, acting(approver))
    publishing.publish(second.pk, acting(approver))
    publishing.roll_back("personal", acting(approver), "losses rose")
    with pytest.raises(GateRefused, match="no former"):
        publishing.roll_back("personal", acting(approver), "once more")
    with pytest.raises(GateRefused, match=r"version 2 was rolled back from on .*: losses rose"):
        publishing.publish(second.pk, acting(approver))

    def unfair(_version: Registered) -> GateResult:
        return GateResult("fairness", Verdict.REFUSED, "group b is approved half as often")

    with pytest.raises(NotPassed, match="group b"):
        publishing.publish(second.pk, acting(approver), gates=[unfair], again=True)
    publishing.publish(second.pk, acting(approver), again=True)
    assert publishing.in_force("personal") == second
    publishing.roll_back("personal", acting(approver), "no, it is worse")
    assert publishing.in_force("personal") == first


def test_a_strategy_is_taken_out_of_force_be_it_the_only_one(author: User, approver: User) -> None:
    first, second = approved("1", author, approver), approved("2", author, approver)
    publishing.publish(first.pk, acting(approver))
    with pytest.raises(GateRefused) as caught:
        services.retire(first.pk, acting(approver), "old")
    assert caught.value.mend == "take it out of force first"
    publishing.publish(second.pk, acting(approver))
    publishing.withdraw("personal", acting(approver), "it lends to the dead")
    assert publishing.in_force("personal") is None
    assert Version.objects.filter(state=State.PUBLISHED).count() == 0
    events = record.entries("strategy.personal")[-1]
    assert (events.kind, events.data["reason"]) == ("strategy.withdraw", "it lends to the dead")
    with pytest.raises(Pointer.DoesNotExist):
        publishing.withdraw("personal", acting(approver), "twice")
    with pytest.raises(GateRefused, match="version 2 was taken out of force"):
        publishing.publish(second.pk, acting(approver))
    publishing.roll_back("personal", acting(approver), "the former one did no harm")
    assert publishing.in_force("personal") == first
    assert [each.move for each in Publication.objects.order_by("serial")] == [
        "publish", "publish", "withdraw", "roll_back"
    ]  # fmt: skip
    assert verify_record().valid


def test_of_two_who_take_it_out_of_force_at_once_one_does(
    author: User, approver: User, in_threads: Any
) -> None:
    publishing.publish(approved("1", author, approver).pk, acting(approver))
    by = acting(approver)

    def work(_number: int) -> bool:
        try:
            publishing.withdraw("personal", by, "race")
        except (GateRefused, Pointer.DoesNotExist):
            return False
        return True

    assert sum(in_threads(6, work)) == 1
    assert Publication.objects.filter(move="withdraw").count() == 1


def test_the_first_strategy_published_is_the_default_until_somebody_says_otherwise(
    author: User, approver: User
) -> None:
    publishing.publish(approved("1", author, approver).pk, acting(approver))
    other = approved("1", author, approver, name="other")
    publishing.publish(other.pk, acting(approver))
    assert Default.objects.get().strategy == "personal"
    with pytest.raises(GateRefused, match="not in force"):
        make_default("unknown", acting(approver), "a new product")
    with pytest.raises(GateRefused, match="default already"):
        make_default("personal", acting(approver), "a new product")
    make_default("other", acting(approver), "a new product")
    assert Default.objects.get().strategy == "other"
    rows = [e.data for e in record.entries("strategy.other") if e.kind == "strategy.default"]
    assert [(each["former"], each["reason"]) for each in rows] == [("personal", "a new product")]
    publishing.withdraw("other", acting(approver), "harm")
    assert Default.objects.get().strategy == "other"
    assert not is_in_force()


def test_nobody_makes_what_they_wrote_the_default(author: User, approver: User) -> None:
    publishing.publish(approved("1", author, approver).pk, acting(approver))
    publishing.publish(approved("1", author, approver, name="other").pk, acting(approver))
    given(author, Role.APPROVER)
    with pytest.raises(OwnWork):
        make_default("other", acting(author), "mine is good")


def test_what_began_under_a_version_finds_it_again_whatever_is_in_force(
    author: User, approver: User
) -> None:
    first, second = approved("1", author, approver), approved("2", author, approver)
    publishing.publish(first.pk, acting(approver))
    publishing.publish(second.pk, acting(approver))
    services.retire(first.pk, acting(approver), "old")
    kept = reading.registered(first.digest)
    assert (kept.strategy, kept.content) == (first.strategy, bytes(first.content))
    assert reading.in_force() == {first.strategy: second.digest}
    with pytest.raises(reading.Unregistered):
        reading.registered("0" * 64)


def test_of_two_who_publish_at_once_one_does(author: User, approver: User, in_threads: Any) -> None:
    first, second = approved("1", author, approver), approved("2", author, approver)
    by = acting(approver)
    move = (Move.PUBLISH, publishing._serial("personal"))

    def work(number: int) -> bool:
        try:
            publishing._put_in_force((first.pk, second.pk)[number % 2], by, "race", move, [])
        except GateRefused:
            return False
        return True

    assert sum(in_threads(8, work)) == 1
    assert Publication.objects.count() == Pointer.objects.count() == 1
    assert Version.objects.filter(state=State.PUBLISHED).count() == 1
    assert verify_record().valid


def test_of_two_who_approve_at_once_one_does(author: User, approver: User, in_threads: Any) -> None:
    version = draft("1", author)
    services.check(version.pk, acting(author))
    services.submit(version.pk, acting(author))
    by = acting(approver)

    def work(_number: int) -> bool:
        try:
            services.approve(version.pk, by, "race")
        except GateRefused:
            return False
        return True

    assert sum(in_threads(6, work)) == 1
    kinds = [entry.kind for entry in record.entries("strategy.personal")]
    assert kinds.count("strategy.approve") == 1


def test_drafts_at_once_get_numbers_of_their_own(author: User, in_threads: Any) -> None:
    by = acting(author)
    in_threads(3, lambda number: services.add_draft(file(str(number)), by))
    assert sorted(Version.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_the_same_file_is_taken_once(author: User) -> None:
    draft("1", author)
    with pytest.raises(BadInput, match="is in the registry"):
        draft("1", author)


def test_the_whole_way_by_http(author: User, approver: User) -> None:
    writes, judges = logged_in(author), logged_in(approver)
    made = send(writes, "POST", "/v1/strategies", file("1"))
    assert made.status_code == 201
    where = f"/v1/strategies/{made.json()['id']}"
    assert send(judges, "POST", f"{where}/approve", {"reason": "too soon"}).status_code == 409
    assert send(writes, "POST", f"{where}/check").json()["state"] == "checked"
    assert send(writes, "POST", f"{where}/submit").json()["state"] == "in_review"
    assert send(judges, "POST", f"{where}/approve", {"reason": "no"}).status_code == 422
    assert send(judges, "POST", f"{where}/approve", {"reason": "looks right"}).status_code == 200
    assert send(judges, "POST", f"{where}/publish", {"reason": "go now"}).json()["serial"] == 1
    assert writes.get(f"{where}/file").content == file("1")
    assert [each["state"] for each in writes.get("/v1/strategies").json()["items"]] == ["published"]
    assert send(writes, "POST", "/v1/strategies", b"{}").status_code == 422
    for wrong in (0, 987654, 2**63, 2**200):
        assert send(writes, "GET", f"/v1/strategies/{wrong}").status_code == 404
