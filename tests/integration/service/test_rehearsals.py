"""A strategy is read, compiled and tried before it may decide for anybody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from lender import anew, ask, publish, sealed, shop
from people import acting, logged_in, person, send

from equipoise.authority import NotPassed
from equipoise.errors import GateRefused
from equipoise.service.commands.first_start import Prepared, with_strategy
from equipoise.service.contexts.decisions import rehearsal_gate
from equipoise.service.contexts.decisions.rehearsal_gate import rehearsed_aside
from equipoise.service.contexts.registry import publishing
from equipoise.service.contexts.registry.figures import in_force
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts.permissions import Role

RULES = {
    "no_such_field > 1": "'no_such_field' is not a known field",
    f"{'(' * 2000}dti{')' * 2000} > 1": "nested deeper",
    f"{'+'.join(['dti'] * 60_000)} > 1": "longer than",
    "matches(employment, '(a+)+$')": "not part of the language",
    f"{'NOT ' * 2000}on_sick_leave": "nested deeper",
}


def altered(**strategy: Any) -> bytes:
    """The corner lender's file with parts of its strategy changed by hand, and sealed anew."""
    content = json.loads(sealed())["sealed"]
    content["strategy"] |= strategy
    return resealed(json.dumps(content, sort_keys=True, separators=(",", ":")))


def resealed(text: str) -> bytes:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f'{{"digest":"{digest}","sealed":{text}}}\n'.encode()


def with_rule(when: str, outcome: str = "decline") -> bytes:
    rule = {"name": "first", "when": when, "outcome": outcome, "reason": "SICK"}
    return altered(rules=[rule])


@pytest.fixture
def open_for_business(sqlite_database: Any) -> Iterator[Any]:
    with anew():
        publish()
        yield shop()


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("when", RULES, ids=range(len(RULES)))
def test_what_cannot_be_compiled_stays_a_draft_and_is_told_with_its_place(when: str) -> None:
    client = logged_in(person(Role.ANALYST))
    made = send(client, "POST", "/v1/strategies", with_rule(when)).json()
    answer = send(client, "POST", f"/v1/strategies/{made['id']}/check")
    body = answer.json()
    assert (answer.status_code, body["type"]) == (409, "/problems/gates-not-passed")
    [fault] = body["faults"]
    assert RULES[when] in fault["detail"]
    assert (fault["file"], fault["line"]) == ("strategy.yaml: rules.first", 1)
    assert Version.objects.get().state == "draft"


@pytest.mark.usefixtures("sqlite_database")
def test_what_refers_everybody_is_refused() -> None:
    with pytest.raises(NotPassed, match="it refers all of"):
        publish(raw=with_rule("amount > 0", "refer"))
    publish(raw=with_rule("amount > 0", "decline"))  # a lender may say no to everybody


@pytest.mark.usefixtures("sqlite_database")
def test_a_check_tells_what_came_out() -> None:
    client = logged_in(person(Role.ANALYST))
    made = send(client, "POST", "/v1/strategies", sealed()).json()
    answer = send(client, "POST", f"/v1/strategies/{made['id']}/check").json()
    assert [(each["gate"], each["verdict"]) for each in answer["gates"]] == [
        ("seal", "passed"),
        ("rehearsal", "passed"),
    ]
    assert {"approve", "decline"} <= set(answer["gates"][1]["detail"]["outcomes"])


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.usefixtures("sqlite_database")
def test_content_nested_without_end_is_refused_as_no_strategy(left: str, right: str) -> None:
    text = f"{left * 90_000}1{right * 90_000}"
    answer = send(logged_in(person(Role.ANALYST)), "POST", "/v1/strategies", resealed(text))
    assert answer.status_code == 422


def test_what_was_approved_and_cannot_decide_any_more_is_neither_published_nor_tried(
    open_for_business: Any,
) -> None:
    broken = with_rule("no_such_field > 1")
    author, approver = person(Role.ANALYST), person(Role.APPROVER)
    digest = json.loads(broken)["digest"]
    for role in ("challenger", "shadow"):
        version = Version.objects.create(
            strategy="corner", number=7, digest=digest, content=broken, state="approved",
            authors=[acting(author).person],
        )  # fmt: skip
        with pytest.raises(NotPassed, match="no_such_field"):
            publishing.publish(version.pk, acting(approver), "go")
        body = {"strategy": "corner", "experiment": f"e{role}", "reason": "to learn",
                "arms": [{"version_id": version.pk, "role": role,
                          "share": 0.1 if role == "challenger" else 0.0}]}  # fmt: skip
        answer = send(logged_in(approver), "POST", "/v1/trials", body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/gates-not-passed")
        version.delete()
    assert ask(open_for_business).json()["outcome"] == "approve"


def test_a_roll_back_to_what_cannot_decide_any_more_is_refused(open_for_business: Any) -> None:
    publish(2)
    Version.objects.filter(number=1).update(
        content=(broken := with_rule("no_such_field > 1")), digest=json.loads(broken)["digest"]
    )
    with pytest.raises(NotPassed, match="no_such_field"):
        publishing.roll_back("corner", acting(person(Role.APPROVER)), "losses rose")
    assert ask(open_for_business).json()["outcome"] == "approve"


def test_another_contract_does_not_become_the_default(open_for_business: Any) -> None:
    ask(open_for_business)
    content = json.loads(sealed())["sealed"]
    content["strategy"]["name"] = "other"
    content["contract"]["fields"] = [
        {**each, "range": [1e6, 1e7]} if each["name"] == "income" else each
        for each in content["contract"]["fields"] if each["name"] != "on_sick_leave"
    ]  # fmt: skip
    content["strategy"]["rules"] = []
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    publish(raw=resealed(text))
    where = "/v1/strategies/other/default"
    judge = logged_in(person(Role.APPROVER))
    answer = send(judge, "POST", where, {"reason": "a new product"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/gates-not-passed")
    assert judge.get("/v1/strategies/default").json()["strategy"] == "corner"


def test_taken_out_of_force_it_decides_nothing_and_readiness_says_so(
    open_for_business: Any,
) -> None:
    judge = logged_in(person(Role.APPROVER))
    publish(name="other")
    reason = {"reason": "it does harm"}
    answer = send(judge, "POST", "/v1/strategies/corner/withdraw", reason)
    assert (answer.status_code, answer.json()["move"]) == (200, "withdraw")
    without = ask(open_for_business)
    assert (without.status_code, without.json()["type"]) == (503, "/problems/no-strategy-in-force")
    assert "other" in without.json()["mend"]
    assert ask(open_for_business, strategy="corner").status_code == 422
    assert ask(open_for_business, strategy="other").status_code == 201
    assert "default strategy is not in force" in str(in_force())
    assert send(judge, "POST", "/v1/strategies/corner/withdraw", reason).status_code == 404
    assert send(judge, "POST", "/v1/strategies/other/default", reason).status_code == 200
    assert ask(open_for_business).status_code == 201
    moves = judge.get("/v1/publications").json()["items"]
    assert [each["move"] for each in moves] == ["withdraw", "publish", "publish"]
    assert moves[1]["gates"][-1] == {
        "gate": "last decisions",
        "verdict": "nothing_to_compare",
        "message": "no decisions to compare: n=0",
    }


@pytest.mark.usefixtures("really_aside")
def test_it_is_tried_in_a_process_of_its_own_within_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal_gate, "_passed", type(rehearsal_gate._passed)())
    raw = sealed(41)
    monkeypatch.setenv("EQUIPOISE_MASTER_KEYS", "0" * 64)
    monkeypatch.setattr(rehearsal_gate, "MEMORY", 64 << 20)
    assert rehearsed_aside(raw).refused
    monkeypatch.undo()
    report = rehearsed_aside(raw)
    assert not report.refused
    assert report.message == rehearsal_gate.rehearsed_here(raw).message
    monkeypatch.setattr(rehearsal_gate, "_aside", None)
    assert rehearsed_aside(raw) is report  # the same bytes need no second process


@pytest.mark.usefixtures("really_aside")
def test_one_is_tried_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsal_gate, "_QUEUE", 0.01)
    with rehearsal_gate._one_at_a_time, pytest.raises(GateRefused, match="another strategy"):
        rehearsed_aside(sealed(42))


@pytest.mark.usefixtures("sqlite_database")
def test_a_first_start_puts_nothing_in_force_that_cannot_decide(tmp_path: Any) -> None:
    (tmp_path / "sealed").mkdir()
    (tmp_path / "sealed" / "corner.json").write_bytes(with_rule("no_such_field > 1"))
    result = with_strategy(Prepared(None), tmp_path)
    assert result.strategy is None
    assert "no_such_field" in str(result.missing)
    (tmp_path / "sealed" / "corner.json").write_bytes(sealed())
    assert str(with_strategy(Prepared(None), tmp_path).strategy).startswith("corner v1")
