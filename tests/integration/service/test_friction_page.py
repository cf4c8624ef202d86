"""What friction costs, on a page: as far as it is found."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
import pytest
from django.utils import timezone
from people import logged_in, person

from equipoise.service.contexts.process import ledger
from equipoise.service.contexts.process.models import Picture
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.reading import rows_of
from equipoise.workspace.frictions import Change, Frictions

pytestmark = pytest.mark.usefixtures("sqlite_database")
CHECK = {
    "check": "income_proof", "applicants": 900.0, "minutes": 7200.0, "bad_avoided": 12.0,
    "bad_avoided_money": 30000.0, "good_lost": 80.0, "good_lost_money": 20000.0, "bad_left": 1.0,
    "bad_left_money": 2.0, "cost": 5400.0, "net": 4600.0, "net_low": -900.0, "net_high": 8000.0,
}  # fmt: skip


def keep(*changes: Change, of: int) -> None:
    result = Frictions("EUR", 1000, 50_000.0, 600.0, 9000.0, (), changes, of)
    outcome: dict[str, Any] = asdict(result) | {"rows": [CHECK]}
    text = msgspec.json.encode(outcome).decode()
    Picture.objects.create(source="friction", at=timezone.now(), told=text)


def page(language: str = "en") -> str:
    client = logged_in(person(Role.SERVICE_OWNER))
    client.cookies["equipoise-language"] = language
    answer = client.get("/experience/friction/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_gains_both_comes_first_and_what_was_not_found_last() -> None:
    keep(
        Change("income_proof", "check", "take_away", 900.0, -20.0, 10.0, 0.5),
        Change("income_proof", "check", "ask_first", None, None, None, None, "the limits clash"),
        Change("income_proof", "check", "ask_some", 400.0, 30.0, 0.0, 0.5),
        Change("journeys.fast", "rule", "lift", 300.0, -1.0, 2.0, 0.5, says="amount <= 20000"),
        of=5,
    )
    text = page()
    kinds = ("ask it of some only", "take it away", "ask it first")
    places = [text.index(f'<td data-label="If we">{kind}') for kind in kinds]
    assert places == sorted(places)
    assert "the limits clash" in text
    assert "rule: amount &lt;= 20000" in text
    assert "4 of 5 changes are found so far" in text
    assert "去掉" in page("zh")


def test_a_workspace_without_a_balance_says_what_to_do() -> None:
    assert "Nobody asked yet" in page()
    assert ledger.reckon(timezone.now()) == 0
    assert "It cannot be reckoned:" in page()


def test_it_is_asked_for_once() -> None:
    client = logged_in(person(Role.SERVICE_OWNER))
    for _ in range(3):
        assert client.post("/experience/friction/reckon").status_code == 302
    assert rows_of().filter(task_path__endswith="reckon_friction").count() == 1
