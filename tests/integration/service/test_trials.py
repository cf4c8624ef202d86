"""Trials: who decides and with what chance, four eyes, an end at once; shadows off the hot path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult
from lender import anew, ask, facts, publish, sealed, shop
from people import acting, given, logged_in, person, send

from equipoise.authority import GateResult, NotPassed, Verdict
from equipoise.authority.lifecycle import OwnWork
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.applications.models import Application
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.registry import gates
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.registry.compiled_cache import loaded
from equipoise.service.contexts.registry.models import Version
from equipoise.service.contexts.registry.reading import Registered
from equipoise.service.contexts.trials import services, shadows
from equipoise.service.contexts.trials.models import Arm, Shadowed, Trial
from equipoise.service.contexts.trials.models import ArmRole as In
from equipoise.service.contexts.trials.services import Entrant
from equipoise.service.contexts.trials.tasks import OVERTAKEN, catch_up_shadows
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.subjects import erase
from equipoise.strategy.exploring import CHAMPION, Split

AT_ONCE = timedelta(seconds=-1)
STRICT = {"tiers": [{"name": "low", "when": "pd < 0.02", "journeys": ["quick", "full"]},
                    {"name": "high", "journeys": ["full"]}]}  # fmt: skip


@pytest.fixture(autouse=True)
def champion(of_a_lender: None, database: Any) -> Iterator[str]:
    with anew():
        yield Version.objects.get().digest


def user(role: Role) -> User:
    return User.objects.filter(role=role.value).first() or person(role)


def approver() -> Any:
    return acting(user(Role.APPROVER))


def approved(version: int, **changes: Any) -> Version:
    """A version that was written by one person and approved by another."""
    author = acting(user(Role.ANALYST))
    made = registry.add_draft(sealed(version, **changes), author)
    registry.check(made.pk, author)
    registry.submit(made.pk, author)
    return registry.approve(made.pk, approver(), "looks right")


def begin(*entrants: Entrant, experiment: str = "spring") -> Trial:
    return services.begin("corner", experiment, entrants, approver(), "to learn")


def challenger(version: Version, share: float) -> Entrant:
    return Entrant(version.pk, In.CHALLENGER, share)


def decided(client: Any, people: list[str], **changes: Any) -> dict[str, Decision]:
    """The decision on each of these."""
    collected = {}
    for name in people:
        answer = ask(client, facts(application_id=name, **changes))
        assert answer.status_code == 201, answer.content
        collected[name] = Decision.objects.get(pk=answer.json()["id"])
    return collected


def kinds() -> list[str]:
    return [e.kind for e in record.entries("strategy.corner") if e.kind.startswith("trial.")]


PEOPLE = [f"p{at}" for at in range(24)]


def pinned(decision: Decision) -> tuple[str, str, float]:
    """What the decision's application is decided by, how that was assigned, with which chance."""
    row = Application.objects.get(pk=decision.application)
    return row.digest, row.way, row.propensity


def test_applicants_are_split_by_hash_and_the_chance_is_recorded(champion: str) -> None:
    one, two = approved(2), approved(3, **STRICT)
    trial = begin(challenger(one, 0.3), challenger(two, 0.25))
    split = Split.of("spring", {one.digest: 0.3, two.digest: 0.25})
    for name, row in decided(shop(), PEOPLE).items():
        arm = split.assign(name)
        digest = champion if arm.arm == CHAMPION else arm.arm
        way = "champion" if arm.arm == CHAMPION else "challenger"
        assert (row.digest, row.way) == (digest, way)
        assert pinned(row) == (digest, way, arm.propensity)
        entry = record.entries(row.application)[-1].data
        assert (entry["trial"], entry["propensity"]) == (trial.pk, arm.propensity)
    assert verify_record().valid


def test_an_applicant_without_an_id_is_served_by_the_champion(champion: str) -> None:
    begin(challenger(approved(2), 0.9))
    given = facts()
    del given["application_id"]
    row = Decision.objects.get(pk=ask(shop(), given).json()["id"])
    assert pinned(row) == (champion, "champion", 1.0)


def test_a_share_that_grows_moves_people_from_the_champion_alone() -> None:
    version = approved(2)
    trial = begin(challenger(version, 0.2))
    client = shop()
    before = decided(client, PEOPLE)
    services.change_share(trial.pk, version.pk, 0.7, approver(), "all is well")
    after = decided(client, PEOPLE)
    moves = Counter((before[name].way, after[name].way) for name in PEOPLE)
    assert moves["champion", "challenger"]
    assert not moves["challenger", "champion"]
    of_challenger = {pinned(row)[2] for row in after.values() if row.way == "challenger"}
    assert of_challenger == {0.7}
    assert kinds() == ["trial.begun", "trial.guarded", "trial.share"]


def test_what_is_in_flight_goes_on_as_it_began(champion: str) -> None:
    version = approved(2)
    trial = begin(challenger(version, 0.0))
    client = shop()
    begun = decided(client, ["p1"], on_sick_leave=True)["p1"]
    assert (begun.outcome, begun.digest) == ("refer", champion)
    services.change_share(trial.pk, version.pk, 0.999, approver(), "nearly everybody")
    again = decided(client, ["p1"], on_sick_leave=True)["p1"]
    assert (again.application, *pinned(again)) == (begun.application, champion, "champion", 1.0)
    assert decided(client, ["p2"])["p2"].digest == version.digest


def test_once_it_is_ended_the_champion_serves_everybody(champion: str) -> None:
    trial = begin(challenger(approved(2), 0.9))
    services.end(trial.pk, approver(), "it does harm")
    rows = decided(shop(), PEOPLE[:6]).values()
    assert {pinned(row) for row in rows} == {(champion, "champion", 1.0)}
    with pytest.raises(GateRefused, match="has ended"):
        services.end(trial.pk, approver(), "again")
    assert kinds() == ["trial.begun", "trial.guarded", "trial.ended"]


def test_a_publication_ends_it_at_once_and_that_is_said() -> None:
    trial = begin(challenger(approved(2), 0.9))
    digest = publish(3)
    assert {row.digest for row in decided(shop(), PEOPLE[:6]).values()} == {digest}
    assert subscriptions.forward([OVERTAKEN]) == 2  # the champion's publication, and this one
    assert subscriptions.forward([OVERTAKEN]) == 0
    assert Trial.objects.get(pk=trial.pk).ended_at is not None
    assert kinds() == ["trial.begun", "trial.guarded", "trial.overtaken"]


def test_a_challenger_that_is_retired_serves_nobody(champion: str) -> None:
    version = approved(2)
    begin(challenger(version, 0.9))
    registry.retire(version.pk, approver(), "a fault was found")
    rows = decided(shop(), PEOPLE[:6]).values()
    assert {pinned(row) for row in rows} == {(champion, "champion", 1.0)}


def test_nobody_tries_or_enlarges_what_they_wrote_but_they_may_end_it() -> None:
    version = approved(2)
    author = user(Role.ANALYST)
    given(author, Role.APPROVER)
    with pytest.raises(OwnWork):
        services.begin("corner", "mine", [challenger(version, 0.1)], acting(author), "mine is good")
    other = acting(User.objects.exclude(pk=author.pk).filter(role="approver").get())
    trial = services.begin("corner", "ours", [challenger(version, 0.1)], other, "looks right")
    with pytest.raises(OwnWork):
        services.change_share(trial.pk, version.pk, 0.2, acting(author), "more of mine")
    services.change_share(trial.pk, version.pk, 0.05, acting(author), "rather less")
    services.end(trial.pk, acting(author), "it does harm")


def test_a_challenger_passes_the_gates_of_a_publication() -> None:
    def unfair(_version: Registered, *, strategy: str) -> GateResult:
        return GateResult("fairness", Verdict.REFUSED, "group b is approved half as often")

    gates.COMPARISONS.append(unfair)
    try:
        version = approved(2)
        with pytest.raises(NotPassed, match="group b"):
            begin(challenger(version, 0.1))
        begin(Entrant(version.pk, In.SHADOW))  # serves nobody
    finally:
        gates.COMPARISONS.remove(unfair)


def test_what_cannot_be_tried_is_refused() -> None:
    version = approved(2)
    draft = registry.add_draft(sealed(3), acting(user(Role.ANALYST)))
    bad: list[tuple[tuple[Entrant, ...], type[Exception], str]] = [
        ((), BadInput, "1 to 8"),
        ((challenger(draft, 0.1),), GateRefused, "draft"),
        ((Entrant(99, In.CHALLENGER, 0.1),), BadInput, "no version"),
        ((challenger(version, 1.0),), BadInput, "less than 1"),
        ((challenger(version, 0.1), Entrant(version.pk, In.SHADOW)), BadInput, "twice"),
        ((Entrant(version.pk, In.SHADOW, 0.1),), BadInput, "serves nobody"),
    ]
    for entrants, kind, said in bad:
        with pytest.raises(kind, match=said):
            begin(*entrants)
    with pytest.raises(BadInput, match="cannot name"):
        begin(challenger(version, 0.1), experiment="a/b")
    assert Trial.objects.count() == 0
    trial = begin(challenger(version, 0.1))
    with pytest.raises(GateRefused, match="in force"):
        begin(challenger(approved(4), 0.1), experiment="summer")
    services.end(trial.pk, approver(), "done")
    with pytest.raises(GateRefused, match="before"):
        begin(challenger(version, 0.1))


def test_of_two_who_begin_at_once_one_does(in_threads: Any) -> None:
    version = approved(2)
    by = approver()

    def work(number: int) -> bool:
        try:
            services.begin("corner", f"race{number}", [challenger(version, 0.1)], by, "race")
        except GateRefused:
            return False
        return True

    assert sum(in_threads(4, work)) == 1
    assert Trial.objects.count() == 1
    assert verify_record().valid


def test_over_http_a_trial_is_begun_read_changed_and_ended() -> None:
    version = approved(2)
    browser = logged_in(user(Role.APPROVER))
    arms = [{"version_id": version.pk, "role": "challenger", "share": 0.1}]
    body = {"strategy": "corner", "experiment": "spring", "arms": arms, "reason": "to learn"}
    made = send(browser, "POST", "/v1/trials", body)
    assert made.status_code == 201, made.content
    answer = made.json()
    assert (answer["in_force"], answer["champion_share"]) == (True, pytest.approx(0.9))
    at = f"/v1/trials/{answer['id']}"
    grown = {"version_id": version.pk, "share": 0.4, "reason": "all is well"}
    assert send(browser, "POST", f"{at}/share", grown).json()["arms"][0]["share"] == 0.4
    assert send(browser, "POST", f"{at}/share", {**grown, "share": 1.0}).status_code == 422
    assert send(browser, "POST", f"{at}/end", {"reason": "enough"}).json()["in_force"] is False
    assert send(browser, "POST", f"{at}/end", {"reason": "enough"}).status_code == 409
    assert [each["id"] for each in browser.get("/v1/trials").json()["items"]] == [answer["id"]]
    assert browser.get("/v1/trials/99").status_code == 404


# Shadows


def shadowed(version: Version) -> Arm:
    trial = begin(Entrant(version.pk, In.SHADOW))
    return Arm.objects.select_related("trial").get(trial=trial)


def caught_up(arm: Arm) -> None:
    while shadows.catch_up(arm, settled=AT_ONCE):
        pass


MIXED = [("safe", {}), ("sick", {"on_sick_leave": True}), ("deep", {"dti": 0.9}),
         ("risky", {"score": 650.0, "dti": 0.4, "employment": "own"})]  # fmt: skip


def test_a_shadow_says_what_it_would_have_decided_and_serves_nobody(champion: str) -> None:
    version = approved(2, rules=[], table={"rows": [{"give": "decline"}]})
    arm = shadowed(version)
    client = shop()
    rows = [decided(client, [name], **changes)[name] for name, changes in MIXED]
    assert {row.digest for row in rows} == {champion}
    assert Shadowed.objects.count() == 0
    assert DBTaskResult.objects.count() == 0  # the hot path leaves nothing behind for it
    caught_up(arm)
    strategy = loaded(version.digest)
    for row, (name, changes) in zip(rows, MIXED, strict=True):
        said = Shadowed.objects.get(arm=arm, decision=row.id)
        expected = strategy.decide(facts(application_id=name, **changes))
        assert (said.served, said.outcome) == (row.outcome, expected.outcome)
        assert said.treatment == (expected.trace.treatment or "")


def test_a_shadow_is_caught_up_once_whoever_works_at_it(
    in_threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadows, "PIECE", 3)
    arm = shadowed(approved(2))
    rows = decided(shop(), PEOPLE[:10])
    assert shadows.catch_up(arm, settled=AT_ONCE) == 3  # and here the worker is killed

    def work(_number: int) -> None:
        caught_up(Arm.objects.select_related("trial").get(pk=arm.pk))

    in_threads(4, work)
    result = list(Shadowed.objects.values_list("decision", flat=True))
    assert sorted(result) == sorted(row.id for row in rows.values())


def test_what_has_only_just_been_decided_waits_until_it_has_settled() -> None:
    arm = shadowed(approved(2))
    decided(shop(), PEOPLE[:2])
    assert shadows.catch_up(arm) == 0
    assert catch_up_shadows.call() == 0
    caught_up(arm)
    assert Shadowed.objects.count() == 2


def test_after_the_end_a_shadow_is_held_against_the_rest_and_no_more() -> None:
    arm = shadowed(approved(2))
    client = shop()
    decided(client, PEOPLE[:3])
    services.end(arm.trial_id, approver(), "enough")
    decided(client, PEOPLE[3:6])
    (arm,) = shadows.open_arms()
    caught_up(arm)
    assert Shadowed.objects.count() == 3
    assert shadows.open_arms() == []


def test_an_applicant_who_was_erased_holds_nothing_up() -> None:
    arm = shadowed(approved(2))
    rows = decided(shop(), PEOPLE[:3])
    erase(rows["p1"].application, "person.1", "asked for")
    caught_up(arm)
    failures = {each.decision: each.failure for each in Shadowed.objects.all()}
    assert failures[rows["p1"].id] == "Erased"
    assert [each for each in failures.values() if each] == ["Erased"]


def test_agreement_and_swap_set_can_be_read() -> None:
    version = approved(2, rules=[], table={"rows": [{"give": "decline"}]})
    arm = shadowed(version)
    client = shop()
    for name, changes in MIXED:
        decided(client, [name], **changes)
    caught_up(arm)
    reader = logged_in(user(Role.ANALYST))
    (only,) = reader.get(f"/v1/trials/{arm.trial_id}/shadows").json()
    served = Counter(row.outcome for row in Decision.objects.all())
    lent = served["approve"] + served["counter_offer"]
    assert only["decisions"] == len(MIXED)
    assert only["same"] == served["decline"]
    assert only["swap_set"] == {
        "in_in": 0, "in_out": lent, "out_in": 0, "out_out": len(MIXED) - lent,
    }  # fmt: skip
    assert {each["outcome"] for each in only["transitions"]} == {"decline"}
    assert only["failures"] == {}
