"""What happened at the lender who is kept, by the service's own faces. `make.py` runs it.

    python tests/kept/life.py FOLDER      DATABASE_URL says where, else SQLite in the folder

Two versions of a strategy decide, a third and a fourth are on trial, people ask by one, by many and
by file, a system is told by webhooks, an officer decides otherwise, and somebody is erased.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from kept_people import ADMINISTRATOR, ANALYST, APPROVER, OFFICER, RISK_OFFICER, browser, come
from receiver import Receiver, receiving

from equipoise.service.commands.starting import make_ready

WHO = "PERSON-47110815"  # is erased
SCOPES = [
    "decisions.create", "decisions.read", "decisions.outcome", "decisions.replay", "personal.read",
    "batches.create", "batches.read", "results.read", "webhooks.manage",
]  # fmt: skip
PHONE = {"name": "phone", "type": "string", "use": "audit", "searchable": True}
STRICT = [{"name": "low", "when": "pd < 0.02", "journeys": ["quick", "full"]},
          {"name": "high", "journeys": ["full"]}]  # fmt: skip
# The machine alone gives up to 10,000, and people may decide otherwise for a reason.
AUTHORITY = {
    "levels": [{"name": "junior"}, {"name": "senior"}],
    "matrix": [
        {"up_to": 10_000, "level": "system"},
        {"up_to": 15_000, "level": "junior"},
        {"level": "senior", "joint": 2},
    ],
    "overrides": {"level": "junior", "reasons": {"INCOME": "income is not as said"}},
}
# By number: in force first, in force then, a challenger, a shadow.
VERSIONS: dict[int, dict[str, Any]] = {
    1: {},
    2: {"choose": "cutoff"},
    3: {"choose": "balance"},
    4: {"tiers": STRICT},
}
RISKY = {"score": 650.0, "dti": 0.4, "employment": "own"}
# Across the answers: approved, less, declined, referred, in doubt; conditions open.
CASES: list[dict[str, Any]] = [
    {}, RISKY, {"dti": 0.7}, {"on_sick_leave": True}, {"score": None}, {"dti": -1.0},
    {"amount": 5000.0, **RISKY}, {"term": 60}, {"checks": {"income": "passed"}, "amount": 9000.0},
]  # fmt: skip


def sealed(number: int) -> bytes:
    """The file of that version's sealed strategy."""
    from corner_lender import CONTRACT, content

    from equipoise.contract import Contract
    from equipoise.strategy.sealing import seal

    contract = Contract.model_validate({**CONTRACT, "fields": [*CONTRACT["fields"], PHONE]})
    made = content(version=number, authority=AUTHORITY, **VERSIONS[number])
    return seal(made.model_copy(update={"contract": contract})).text().encode()


def live(folder: Path) -> None:
    """All of it, in order."""
    from equipoise.service.commands.first_start import prepare, with_strategy

    prepared = with_strategy(prepare(), folder)
    assert prepared.first is not None
    assert prepared.strategy, prepared.missing
    come()
    program = _program()
    with receiving() as hears, receiving() as refuses:
        refuses.status = 500
        hooks = [
            _webhook(program, each, name) for each, name in ((hears, "core"), (refuses, "crm"))
        ]
        first = [_asked(program, f"A-{at}", **case) for at, case in enumerate(CASES)]
        _said(program, "POST", f"/v1/decisions/{first[0]['id']}/outcome",
              {"outcome": "booked", "on": first[0]["decided_on"], "amount": 7500.0})  # fmt: skip
        second = _version(2)
        _published(second)
        _trial(program)
        _goes_on(program, first)
        made = [_asked(program, f"B-{at}", **case) for at, case in enumerate(CASES)]
        _asked(program, WHO, phone="+31 6 9481 7733")
        _many(program)
        _override(made)
        _batch(program, [f"C-{at}" for at in range(len(CASES))])
        _batch(program, ["C-100", WHO, "C-101"])
        _work()
        _said(program, "POST", "/v1/decisions/search", {"identifier": "B-1"})
        _said(program, "POST", f"/v1/decisions/{first[1]['id']}/replay")
        _carried(hooks)
    _erase()
    _work()
    _settle()


def _program() -> Any:
    """A program of the northern branch, whose key was renewed once."""
    from people import Client

    boss = browser(ADMINISTRATOR)
    asked = {"name": "core banking", "scopes": SCOPES, "branch": "north", "burst": 1000}
    made = _said(boss, "POST", "/v1/keys", asked)
    renewed = _said(boss, "POST", f"/v1/keys/{made['prefix']}/renew", {})
    return Client(headers={"Authorization": f"Bearer {renewed['token']}"})


def _webhook(program: Any, to: Receiver, name: str) -> str:
    events = ["decision.made", "decision.outcome"]
    asked = {"url": to.url, "events": events, "name": name}
    return str(_said(program, "POST", "/v1/webhooks", asked)["id"])


def _version(number: int) -> int:
    """The version, written by one person and approved by another; its id."""
    author = browser(ANALYST)
    made = _said(author, "POST", "/v1/strategies", sealed(number))
    at = f"/v1/strategies/{made['id']}"
    for step in ("check", "submit"):
        _said(author, "POST", f"{at}/{step}")
    _said(browser(APPROVER), "POST", f"{at}/approve", {"reason": "looks right"})
    return int(made["id"])


def _published(version: int) -> None:
    where = f"/v1/strategies/{version}/publish"
    _said(browser(APPROVER), "POST", where, {"reason": "within the appetite"})


def _trial(program: Any) -> None:
    """A challenger and a shadow, whose share grows; it is in force when the service is kept."""
    challenger, shadow = _version(3), _version(4)
    arms = [{"version_id": challenger, "role": "challenger", "share": 0.2},
            {"version_id": shadow, "role": "shadow"}]  # fmt: skip
    asked = {"strategy": "corner", "experiment": "spring", "arms": arms, "reason": "to learn"}
    by = browser(APPROVER)
    trial = _said(by, "POST", "/v1/trials", asked)
    asked = {"version_id": challenger, "share": 0.4, "reason": "all is well"}
    _said(by, "POST", f"/v1/trials/{trial['id']}/share", asked)
    for at in range(8):
        _asked(program, f"T-{at}")


def _facts(who: str, **more: Any) -> dict[str, Any]:
    from lender import facts

    return facts(**{"application_id": who, "phone": f"020 {who}", **more})


def _asked(program: Any, who: str, **more: Any) -> dict[str, Any]:
    """A decision on them."""
    body = {"application": _facts(who, **more)}
    return dict(_said(program, "POST", "/v1/decisions", body, key=f"key-{who}"))


def _goes_on(program: Any, first: list[dict[str, Any]]) -> None:
    """One who was referred comes again, and goes on by the version that is in force no more."""
    referred = next(at for at, each in enumerate(first) if each["outcome"] == "refer")
    body = {"application": _facts(f"A-{referred}", on_sick_leave=False)}
    again = _said(program, "POST", "/v1/decisions", body, key="again")
    same = ("application", "digest")
    assert [again[name] for name in same] == [first[referred][name] for name in same]


def _many(program: Any) -> None:
    named = ((f"many-{at}", _facts(f"M-{at}")) for at in range(3))
    alike = {"language": "zh"}
    body = {
        "applications": [
            {"idempotency_key": key, "application": each, **alike} for key, each in named
        ]
    }
    answers = _said(program, "POST", "/v1/decisions/many", body)["answers"]
    assert {each["status"] for each in answers} == {201}, answers


def _override(made: list[dict[str, Any]]) -> None:
    """The officer, who was given authority by two, declines what the strategy approved."""
    boss, second, officer = browser(ADMINISTRATOR), browser(RISK_OFFICER), browser(OFFICER)
    name = _said(officer, "GET", "/v1/me")["id"]
    asked = _said(boss, "POST", "/v1/officers", {"person": name, "level": "junior"})
    _said(second, "POST", f"/v1/appointments/{asked['id']}/confirm")
    decision = next(each for each in made if each["outcome"] == "approve")
    words = "Two of the payslips are forged."
    body = {"answer": "decline", "reason": "INCOME", "words": words}
    _said(officer, "POST", f"/v1/decisions/{decision['id']}/override", body)


def _batch(program: Any, ids: list[str]) -> None:
    import polars as pl

    rows = [_facts(who, **CASES[at % len(CASES)]) for at, who in enumerate(ids)]
    names = [name for name in _facts("") if name != "checks"]
    table = pl.DataFrame([{name: each.get(name) for name in names} for each in rows],
                         infer_schema_length=None)  # fmt: skip
    body = table.write_csv().encode()
    _said(program, "POST", "/v1/batches", body, key=f"batch-{ids[0]}", kind="text/csv")


def _work() -> None:
    """What waits on the queue, as a worker would."""
    from equipoise.service.platform.jobs.queue import claim
    from equipoise.service.platform.jobs.registering import LONG
    from equipoise.service.platform.jobs.worker import run

    came = [run(each) for each in claim(LONG, "worker", 50, timedelta(seconds=30))]
    assert came, "nothing waited"
    assert set(came) == {"done"}, came


def _carried(hooks: list[str]) -> None:
    from equipoise.service.platform.webhooks import outbox
    from equipoise.service.platform.webhooks.models import Delivery
    from equipoise.service.platform.webhooks.postman import deliver_due

    outbox.gather()
    while deliver_due():
        pass
    states = dict(Delivery.objects.order_by("pk").values_list("webhook_id", "state"))
    assert states == {hooks[0]: "delivered", hooks[1]: "waiting"}, states


def _erase() -> None:
    asked = {"identifier": WHO, "reason": "request"}
    _said(browser(ADMINISTRATOR), "POST", "/v1/erasures", asked)


def _settle() -> None:
    """What runs again and again: shadows, the clock, checkpoints."""
    from django.utils import timezone

    from equipoise.service.contexts.trials import shadows
    from equipoise.service.platform.jobs import clock, schedule
    from equipoise.service.platform.record.signing import make_checkpoints

    schedule.settle()
    clock.Watch().look(timezone.now())
    for arm in shadows.open_arms():
        while shadows.catch_up(arm, settled=timedelta(seconds=-1)):
            pass
    assert make_checkpoints()


def _said(
    client: Any,
    method: str,
    path: str,
    body: Any = None,
    *,
    key: str = "",
    kind: str = "application/json",
) -> Any:
    """What the API answers, which is no refusal."""
    data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.generic(method, path, data, content_type=kind, headers=headers)
    assert 200 <= answer.status_code < 300, (path, answer.status_code, answer.content)
    return answer.json()


if __name__ == "__main__":
    make_ready(Path(sys.argv[1]))
    live(Path(sys.argv[1]))
