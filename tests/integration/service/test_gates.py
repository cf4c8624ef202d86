"""Before a version is published the last decisions are made again by it."""

from __future__ import annotations

from typing import Any

import pytest
from lender import RISKY, anew, ask, facts, publish, shop

from equipoise.authority import NotPassed
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.models import Chain


@pytest.fixture
def decided(of_a_lender: None, sqlite_database: Any) -> Any:
    with anew():
        client = shop()
        yield [ask(client, facts(**each)).json() for each in ({}, RISKY, {"dti": 0.7})]


def gate_of(digest: str) -> dict[str, Any]:
    rows = [entry.data for entry in record.entries("strategy.corner")]
    made = next(each for each in rows if each.get("digest") == digest and "gates" in each
                and "serial" in each)  # fmt: skip
    gate: dict[str, Any] = next(g for g in made["gates"] if g["gate"] == "last decisions")
    return gate


def test_the_first_publication_has_nothing_to_hold_against(sqlite_database: Any) -> None:
    assert gate_of(publish())["message"] == "no decisions to compare: n=0"


def test_a_version_that_decides_the_same_turns_nothing(decided: Any) -> None:
    gate = gate_of(publish(2))
    assert gate["verdict"] == "passed"
    assert gate["detail"] == {"decisions": 3, "swaps": {}, "turned": []}


def test_every_answer_that_turns_is_told_with_its_reasons(decided: Any) -> None:
    rules = [{"name": "small", "when": "amount < 9000", "outcome": "refer", "reason": "SICK"}]
    gate = gate_of(publish(2, rules=rules))
    assert gate["verdict"] == "passed"
    assert gate["detail"]["swaps"] == {"approve -> refer": 1, "decline -> refer": 2}
    turned = {each["id"]: each for each in gate["detail"]["turned"]}
    assert set(turned) == {each["id"] for each in decided}
    assert turned[decided[0]["id"]]["now"] == {
        "outcome": "refer",
        "grade": "A",
        "reasons": ["SICK"],
        "rule": "small",
        "treatment": None,
    }


def test_decisions_that_cannot_be_read_are_not_taken_for_erased(decided: Any) -> None:
    subjects.erase(decided[1]["application"], "user.1", "asked for it")
    Chain.objects.filter(pk=decided[0]["application"]).update(master=9)  # a key that is not here
    with pytest.raises(NotPassed, match="1 of the last decisions cannot be read"):
        publish(2)
    Chain.objects.filter(pk=decided[0]["application"]).update(master=1)
    assert gate_of(publish(3))["detail"]["decisions"] == 2


def test_a_version_that_cannot_decide_them_is_not_published(
    decided: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.strategy.runtimes.record.runtime import RecordRuntime

    real = RecordRuntime.decide_one

    def broken(self: RecordRuntime, application: Any, **more: Any) -> Any:
        if application.get("application_id") == facts()["application_id"]:
            raise ZeroDivisionError("a fault of ours")
        return real(self, application, **more)

    monkeypatch.setattr(RecordRuntime, "decide_one", broken)
    with pytest.raises(NotPassed, match="3 of the last 3 applications cannot be decided"):
        publish(2)
    assert Version.objects.get(number=2).state == "approved"
    assert Decision.objects.count() == 3
