"""Past decisions made again, over versions; and what cannot be made again, told apart."""

from __future__ import annotations

import random
from typing import Any

import pytest
from lender import RISKY, anew, ask, facts, publish, shop

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.replaying import replay_all
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.record import subjects

CHOICES: list[dict[str, Any]] = [{}, {"choose": "cutoff"}, {"choose": "balance"}]


def people() -> list[dict[str, Any]]:
    """Applicants across the strategy's answers: approved, less, declined, referred, doubtful."""
    return [
        facts(application_id=f"a{number}", **each)
        for number, each in enumerate(
            [{}, RISKY, {"dti": 0.7}, {"on_sick_leave": True}, {"score": None}, {"dti": -1.0},
             {"amount": 5000.0, "score": 650.0, "employment": "own"}, {"term": 36.0},
             {"employment": "retired"}, {"checks": {"income": "passed"}, "amount": 12000}]
        )
    ]  # fmt: skip


def test_decisions_of_three_versions_come_out_the_same_to_the_bit(database: Any) -> None:
    with anew():
        client = None
        for number, change in enumerate(CHOICES, start=1):
            publish(number, **change)
            client = client or shop()
            outcomes = {
                ask(client, {**given, "application_id": f"{number}-{given['application_id']}"})
                .json()["outcome"]
                for given in people()
            }  # fmt: skip
            assert {"approve", "decline", "refer"} <= outcomes
    with anew():  # as another process would, with nothing at hand but the database
        result = replay_all()
    assert result.same
    assert (result.replayed, len(result.versions), result.failed) == (30, 3, 0)


def somebody(rng: random.Random, number: int) -> dict[str, Any]:
    """An applicant whom nobody else is like; a few with a fact in doubt."""
    return facts(
        application_id=f"b{number}",
        amount=round(rng.uniform(500, 30_000), 2),
        term=rng.choice([12.0, 24.0, 36.0, 60.0]),
        dti=-1.0 if rng.random() < 0.01 else round(rng.uniform(0, 0.8), 4),
        score=None if rng.random() < 0.05 else round(rng.uniform(450, 850)),
        employment=rng.choice(["own", "retired", "none given"]),
    )


@pytest.mark.slow
def test_a_hundred_thousand_decisions_of_three_versions_come_out_the_same(
    sqlite_database: Any,
) -> None:
    rng, many, client = random.Random(11), 100_000, None  # noqa: S311
    with anew():
        for number in range(many):
            if number % (many // 3 + 1) == 0:
                version = number // (many // 3 + 1)
                publish(version + 1, **CHOICES[version])
                client = client or shop(rate=1e6, burst=1_000_000)
            assert client is not None
            assert ask(client, somebody(rng, number)).status_code == 201
    with anew():
        result = replay_all()
    assert (result.replayed, result.differences, len(result.versions)) == (many, 0, 3)
    assert (result.lost, result.failed) == (0, 0)


@pytest.fixture
def decided(sqlite_database: Any) -> Any:
    with anew():
        publish()
        client = shop()
        yield [ask(client, given).json()["id"] for given in people()]


def test_a_strategy_that_decides_otherwise_now_is_noticed(
    decided: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.strategy.runtimes.record.runtime import RecordRuntime

    real = RecordRuntime.decide_one

    def drifted(self: RecordRuntime, application: Any, **more: Any) -> Any:
        result = real(self, application, **more)
        return result if result.trace.pd is None else _with_pd(result, result.trace.pd + 1e-15)

    monkeypatch.setattr(RecordRuntime, "decide_one", drifted)
    result = replay_all()
    assert not result.same
    assert 0 < result.differences < result.replayed
    assert {each["at"] for each in result.first[0]["differences"]} == {"facts.trace.pd"}


def _with_pd(decision: Any, pd: float) -> Any:
    from dataclasses import replace

    return replace(decision, trace=replace(decision.trace, pd=pd))


def test_who_was_erased_is_counted_and_not_made_again(decided: list[str]) -> None:
    subjects.erase(Decision.objects.get(pk=decided[0]).application, "user.1", "asked for it")
    result = replay_all()
    assert (result.replayed, result.erased, result.same) == (len(decided) - 1, 1, True)


def test_a_decision_that_stands_in_no_record_is_noticed(decided: list[str]) -> None:
    row = Decision.objects.get(pk=decided[0])
    Decision.objects.create(**{**_values(row), "id": "decision-" + "f" * 32, "request": None})
    result = replay_all()
    assert (result.lost, result.same) == (1, False)


def _values(row: Decision) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in Decision._meta.fields}


def test_what_a_fault_of_ours_referred_is_counted_apart(decided: list[str]) -> None:
    content = bytes(Version.objects.get().content)
    Version.objects.update(content=b"gone")
    with anew():
        assert ask(shop()).json()["outcome"] == "refer"
        Version.objects.update(content=content)
    with anew():
        result = replay_all()
    assert (result.replayed, result.failed, result.same) == (len(decided), 1, True)
