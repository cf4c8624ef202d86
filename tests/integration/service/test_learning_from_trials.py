"""What a trial's own arms measured: read from the record, proposed, accepted by one person more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import unescape
from importlib.resources import files
from math import log
from pathlib import Path
from typing import Any

import pytest
import yaml
from lender import anew, ask, facts, shop
from own_folder import own_folder
from people import acting, logged_in, person, send
from test_trials import approved, begin, challenger

from equipoise.errors import BadInput
from equipoise.review.learning.result_document import LearningResult
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.learning import reading, services
from equipoise.service.contexts.learning.models import Ranking
from equipoise.service.contexts.learning.tasks import propose_what_trials_found
from equipoise.service.contexts.registry.models import Version
from equipoise.service.contexts.trials import services as trials
from equipoise.service.contexts.trials.models import Look
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.service.platform.record.subjects import erase

PRICE = "take_up.price"
DEARER = {"table": {"rows": [{"tier": "low", "give": "quick_most_all"},
                             {"tier": "high", "give": "decline"}]}}  # fmt: skip
APART = 0.06  # what `most` asks more than `base`, by the lender's treatments
PEOPLE = 160


@pytest.fixture(autouse=True)
def champion(of_a_lender: None, sqlite_database: Any, tmp_path: Path) -> Iterator[str]:
    text = files("equipoise").joinpath("examples", "demo", "experience.yaml").read_text("utf-8")
    there = tmp_path / "demo"
    there.mkdir()
    (there / "experience.yaml").write_text(text, encoding="utf-8")
    with anew(), own_folder(there):
        yield Version.objects.get().digest


@pytest.fixture
def ada() -> User:
    return person(Role.ANALYST, "ada")


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def ranked(by: User) -> int:
    """A ranking that names a trial for the price response; its figures are nobody's."""
    figure = {"value": 1.0, "low": 0.5, "high": 1.5}
    experiment = {
        "kind": "price", "trial": True, "outcomes": 70, "people": 80, "recruiting_days": 30.0,
        "days": 60.0, "cost": 10.0, "risk": 1.0, "error": 2.0, "settles": True, "whom": 0.5,
        "treatments": ["quick_most_all"],
    }  # fmt: skip
    assumption = {
        "input": PRICE, "label": "price", "value": -20.0, "low": -30.0, "high": -10.0, "unit": "",
        "provenance": "assumed", "source": "a book", "evpi": figure, "evsi": figure,
        "evpi_a_year": 1.0, "evsi_a_year": 1.0, "narrows": figure, "narrows_fully": figure,
        "left": 0.5, "tied": False, "tips_below": None, "tips_above": None, "changed": 0.0,
        "experiment": experiment,
    }  # fmt: skip
    result = LearningResult.model_validate({
        "format": 1, "workspace": "demo", "currency": "EUR", "by": "promise", "per_day": 40.0,
        "share": 0.2, "applicants": 100, "draws": 64, "policies": 3, "seed": 1, "refused": 0,
        "promise": {"measure": "profit", "label": "Profit", "low": 1.0, "middle": 2.0, "high": 3.0},
        "goal": "profit", "goal_label": "Profit", "everything": figure, "first_three": figure,
        "first_left": 0.5, "best_is_recommended": True, "assumptions": [assumption],
    })  # fmt: skip
    row = Ranking.objects.create(
        asked_by=acting(by).id, by="promise", state="done", made_at=clock.now(),
        result=result.model_dump_json(), sha256="0" * 64,
    )  # fmt: skip
    return int(row.pk)


def served(champion: str, people: int = PEOPLE) -> dict[str, list[bool]]:
    """Who took what they were offered, arm by arm, once so many have asked."""
    client, by_arm = shop(), {"champion": list[bool](), "challenger": list[bool]()}
    for at in range(people):
        made = ask(client, facts(application_id=f"p{at}")).json()
        row = Decision.objects.get(pk=made["id"])
        arm = "champion" if row.digest == champion else "challenger"
        answers = by_arm[arm]
        # of three who are offered a loan, two take the champion's, and one the dearer
        taken = (len(answers) % 3 > 0) == (arm == "champion")
        answers.append(taken)
        if taken:
            outcome = {"outcome": "booked", "amount": 8000.0}
            assert (
                send(client, "POST", f"/v1/decisions/{made['id']}/outcome", outcome).status_code
                < 300
            )
    return by_arm


def expected(by_arm: dict[str, list[bool]]) -> float:
    """By hand, as each arm has one price: the difference of log-odds over that of the prices."""
    odds = {arm: sum(some) / (len(some) - sum(some)) for arm, some in by_arm.items()}
    return (log(odds["challenger"]) - log(odds["champion"])) / APART


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    now = datetime.now().astimezone() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_an_ended_trial_proposes_what_its_arms_say_and_a_second_person_accepts(
    champion: str, ada: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = services.plan(ranked(ada), PRICE, acting(ada))
    desk = logged_in(ada)
    trial = begin(challenger(approved(2, **DEARER), 0.5), experiment=name)
    by_arm = served(champion)
    assert "Its trial is in force" in text(desk.get("/learning/"))
    desk.post("/learning/from-trial", {"experiment": name})
    assert "no offer of this trial is old enough" in text(desk.get("/learning/"))
    trials.end(trial.pk, acting(person(Role.APPROVER, "ann")), "it has run")
    assert propose_what_trials_found.func() == 0, "answers are still to come"
    later(monkeypatch, 31)
    assert propose_what_trials_found.func() == 1
    assert propose_what_trials_found.func() == 0, "once"
    [made] = reading.proposals()
    assert made.value == pytest.approx(expected(by_arm), rel=1e-6)
    assert made.low < made.value < made.high
    assert (made.trial, made.outcomes, made.source) == (trial.pk, PEOPLE, f"trial {name}")
    assert made.known_on == date.today() + timedelta(days=30)
    page = desk.get("/learning/")
    assert f'href="/trials/{trial.pk}/"' in page.content.decode()
    assert "waits for another person" in text(page)
    with pytest.raises(Exception, match="nobody accepts what they proposed themselves"):
        services.accept(made.id, acting(ada))
    services.accept(made.id, acting(person(Role.APPROVER, "ben")))
    document = yaml.safe_load((tmp_path / "demo" / "experience.yaml").read_text("utf-8"))
    price = document["take_up"]["price"]
    assert price["value"] == pytest.approx(made.value, rel=1e-5)
    assert (price["provenance"], price["low"] < price["value"] < price["high"]) == (
        "measured", True,
    )  # fmt: skip
    assert price["source"].startswith(f"trial {name}, {PEOPLE} outcomes, known on ")
    assert verify_record().valid
    ours = [each for each in verify_rows().differences if each.table == "learning_proposal"]
    assert ours == []


def test_whoever_was_erased_is_not_read_and_a_broken_sample_ratio_forbids_all(
    champion: str, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = services.plan(ranked(ada), PRICE, acting(ada))
    trial = begin(challenger(approved(2, **DEARER), 0.5), experiment=name)
    served(champion)
    gone = Decision.objects.order_by("id").first()
    assert gone is not None
    erase(gone.application, "user.1", "asked for it")
    later(monkeypatch, 31)
    services.propose_from_trial(name, acting(ada))
    [made] = reading.proposals()
    assert made.outcomes == PEOPLE - 1
    services.refuse(made.id, "too early", acting(ada))
    Look.objects.create(
        trial=trial, result={"sample_ratio": {"broken": True}}, reached="", at=clock.now()
    )
    with pytest.raises(BadInput, match="not filled by their shares"):
        services.propose_from_trial(name, acting(ada))


def test_what_is_typed_stands_as_measured_elsewhere(ada: User) -> None:
    form = {"input": PRICE, "value": "-21", "low": "-24", "high": "-18", "outcomes": "900",
            "known_on": "2026-01-05", "source": "a bureau's study"}  # fmt: skip
    logged_in(ada).post("/learning/propose", form)
    [made] = reading.proposals()
    assert (made.trial, made.source) == (None, "measured elsewhere: a bureau's study")
