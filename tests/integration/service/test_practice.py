"""A person practises on past cases: blind, then shown; theirs alone until they share it; and does
drills of their role."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from at_the_desk import decided, referred, underwriter, who
from corner_lender import CONTRACT
from django.conf import settings
from django.utils import timezone
from lender import AUTHORITY, publish
from people import logged_in, person, send
from through_door import Client

from equipoise.review.practice import our_drills, simulated_deck
from equipoise.service.contexts.cases.events import CaseLooked
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.outcomes import Outcome, add_outcome
from equipoise.service.contexts.practice import decided as practised_here
from equipoise.service.contexts.practice import tasks
from equipoise.service.contexts.practice.drawing import draw
from equipoise.service.contexts.practice.models import Answer, Deck, Drilled, Source
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.models import Event

pytestmark = pytest.mark.usefixtures("sqlite_database")
NEXT = "/practice/cases/simulated/"


@pytest.fixture
def uma() -> Client:
    return logged_in(person(Role.UNDERWRITER, "uma", branch="north"))


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return said(answer)


def followed(client: Client, answer: Any) -> str:
    assert answer.status_code == 302
    return read(client, answer["Location"])


def number(page: str) -> int:
    match = re.search(r'name="case" value="(\d+)"', page)
    assert match
    return int(match[1])


def say(client: Client, stated: str = "0.05", answer: str = "lend", **more: Any) -> Any:
    page = client.get(NEXT).content.decode()
    given = {"case": number(page), "stated": stated, "answer": answer, **more}
    return client.post(f"{NEXT}answer", given)


def practised(client: Client, cases: int) -> None:
    for at in range(cases):
        assert say(client, ("0.02", "0.2")[at % 2]).status_code == 302


def test_a_case_is_shown_blind_and_then_with_what_came(uma: Client) -> None:
    blind = uma.get(NEXT)
    case = simulated_deck().cases[number(blind.content.decode()) - 1]
    page = said(blind)
    assert "Case 1" in page
    assert "Nobody in it is real." in page
    assert "Your monthly income after tax" in page
    for hidden in ("The model", "The strategy", "It was repaid", "It went bad", "grade"):
        assert hidden not in page
    there = say(uma, "0.1", "decline")["Location"]
    shown = read(uma, there)
    assert ("It went bad" if case.bad else "It was repaid") in shown
    assert "You Decline 10 %" in shown
    assert f"{case.pd * 100:.2f}"[:3] in shown
    assert "The strategy" in shown
    assert number(uma.get(NEXT).content.decode()) != case.number


def test_what_is_answered_is_nobody_elses_and_none_of_it_is_recorded(uma: Client) -> None:
    before = Event.objects.count()
    there = say(uma)["Location"]
    say(uma)
    assert Event.objects.count() == before
    for role in (Role.UNDERWRITER, Role.RISK_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        other = logged_in(person(role))
        assert other.get(there).status_code in (403, 404), role
    risk = logged_in(person(Role.RISK_OFFICER))
    assert "Nobody shares theirs." in read(risk, "/practice/shared/")


def test_sharing_shows_how_well_and_is_taken_back(uma: Client) -> None:
    practised(uma, 12)
    risk = logged_in(person(Role.RISK_OFFICER))
    uma.post("/practice/share", {"share": "yes"})
    page = read(risk, "/practice/shared/")
    assert "uma" in page
    assert "Cases answered: 12" in page
    uma.post("/practice/share", {"share": "no"})
    assert "Nobody shares theirs." in read(risk, "/practice/shared/")


def test_the_same_press_twice_counts_once_and_the_second_is_told(uma: Client) -> None:
    case = number(uma.get(NEXT).content.decode())
    given = {"case": case, "stated": "0.05", "answer": "lend"}
    first, second = (uma.post(f"{NEXT}answer", given) for _ in range(2))
    assert first["Location"].startswith("/practice/answers/")
    assert second["Location"] == NEXT
    assert "Another case was next" in read(uma, NEXT)
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"stated": "0.07"}, 422),
        ({"stated": ""}, 422),
        ({"stated": "nan"}, 422),
        ({"answer": "perhaps"}, 404),
        ({"case": "one"}, 404),
        ({"case": "99999"}, 302),
    ],
)
def test_odd_answers_are_not_kept(uma: Client, given: dict[str, str], status: int) -> None:
    assert say(uma, **given).status_code == status
    assert not Answer.objects.exists()


def test_results_are_counts_alone_under_ten_and_stand_beside_the_models_then(uma: Client) -> None:
    practised(uma, 9)
    few = read(uma, "/practice/results/simulated/")
    assert "Cases answered: 9" in few
    assert "Brier" not in few
    practised(uma, 15)
    page = uma.get("/practice/results/simulated/")
    text = said(page)
    for each in ("Brier score", "Calibration", "By kind of case", "In money", "Near the cut"):
        assert each in text
    assert "style=" not in page.content.decode()
    rows = list(Answer.objects.order_by("place"))
    deck = simulated_deck()
    assert all(row.bad == deck.cases[row.case - 1].bad for row in rows)
    right = sum(row.approves != row.bad for row in rows)
    assert f"{round(right / 24 * 100, 1):g}" in text
    # the parts are of the very scores: reliability - resolution + uncertainty
    brier = sum((row.stated - row.bad) ** 2 for row in rows) / 24
    assert f"{brier:.3f}" in text


def test_results_of_both_sources_are_kept_apart(uma: Client) -> None:
    practised(uma, 3)
    assert "Cases answered: 0" in read(uma, "/practice/results/history/")
    assert "There are no such cases yet." in followed(uma, uma.get("/practice/cases/history/"))
    assert uma.get("/practice/results/elsewhere/").status_code == 404


def test_the_average_of_others_is_told_from_three_who_share_on(uma: Client) -> None:
    case = number(uma.get(NEXT).content.decode())
    there = say(uma)["Location"]
    mine = Answer.objects.get()
    for k in range(3):
        assert "Those who share" not in read(uma, there)
        other = person(Role.UNDERWRITER, f"other-{k}")
        name = f"user.{other.pk}"
        Answer.objects.create(**{
            **{f.name: getattr(mine, f.name) for f in Answer._meta.fields if f.name != "id"},
            "person": name, "case": case, "stated": 0.2, "approves": k == 0,
        })  # fmt: skip
        logged_in(other).post("/practice/share", {"share": "yes"})
    page = read(uma, there)
    assert "Those who share 1 of 3 lend 20 %" in page


def test_forgetting_takes_a_tick_and_leaves_nothing(uma: Client) -> None:
    practised(uma, 2)
    uma.post("/practice/share", {"share": "yes"})
    assert "Tick the box" in followed(uma, uma.post("/practice/forget"))
    assert Answer.objects.count() == 2
    other = logged_in(person(Role.UNDERWRITER, "ute"))
    say(other)
    uma.post("/practice/forget", {"sure": "yes"})
    left = Answer.objects.get()
    assert left.person == f"user.{User.objects.get(username='ute').pk}"


def test_a_drill_is_gone_step_by_step_and_comes_back_when_it_is_due(uma: Client) -> None:
    page = read(uma, "/practice/")
    assert "A customer in a hard time" in page
    assert "Somebody asks what is held about them" not in page  # the clerk's
    there = "/practice/drills/own-relative/"
    assert "What do you do?" in read(uma, there)
    step = said(uma.post(there, {"chosen": "", "choice": "1"}))
    assert "This does harm." in step
    assert "Right would be: Hand it back at once" in step
    assert "step 2 of 2" in step
    done = uma.post(there, {"chosen": "1", "choice": "0"})
    answer = said(uma.get(done["Location"]))
    assert "You had 50 % of what could be had." in answer
    assert Drilled.objects.get().chosen == [1, 0]
    other = logged_in(person(Role.UNDERWRITER, "ute"))
    assert other.get(done["Location"]).status_code == 404


def shown_first(client: Client, name: str) -> int:
    page = client.get(f"/practice/drills/{name}/").content.decode()
    matches = re.findall(r'name="choice" value="(\d)"', page)
    assert sorted(matches) == [str(k) for k in range(len(matches))]
    return int(matches[0])


def test_choices_come_in_another_order_for_each_person_and_each_time(uma: Client) -> None:
    """So that what is learnt is the answer, and no place in a list."""
    drills = [each for each in our_drills() if each.is_for("underwriter")]
    ute = logged_in(person(Role.UNDERWRITER, "ute"))
    mine, hers = ([shown_first(each, drill.name) for drill in drills] for each in (uma, ute))
    assert mine != hers
    assert mine == [shown_first(uma, drill.name) for drill in drills]
    for drill in drills:
        before = ",".join("0" * (len(drill.steps) - 1))
        uma.post(f"/practice/drills/{drill.name}/", {"chosen": before, "choice": "0"})
    assert mine != [shown_first(uma, drill.name) for drill in drills]


@pytest.mark.parametrize(
    "given",
    [{"chosen": "9", "choice": "0"}, {"chosen": "0,0,0,0"}, {"chosen": "-1", "choice": "x"}],
)
def test_ways_that_a_drill_has_not_are_not_there(uma: Client, given: dict[str, str]) -> None:
    assert uma.post("/practice/drills/own-relative/", given).status_code == 404
    assert not Drilled.objects.exists()


@pytest.mark.parametrize(
    ("role", "title"),
    [
        (Role.CLERK, "Somebody asks what is held about them"),
        (Role.RISK_OFFICER, "An override reason that loses money"),
        (Role.ANALYST, "A colleague needs your log-in"),
    ],
)
def test_each_role_has_its_drills_and_no_cases(role: Role, title: str) -> None:
    client = logged_in(person(role))
    page = read(client, "/practice/")
    assert title in page
    assert "Next case" not in page
    assert client.get(NEXT).status_code == 403
    assert client.get("/practice/drills/own-relative/").status_code == 404


def test_practice_speaks_chinese(uma: Client) -> None:
    uma.post("/language", {"language": "zh", "next": "/practice/"})
    page = read(uma, "/practice/")
    assert "处境艰难的客户" in page
    case = read(uma, NEXT)
    assert "税后月收入" in case
    assert "放款" in case
    practised(uma, 10)
    results = read(uma, "/practice/results/simulated/")
    assert "校准" in results
    assert not re.search(r"[A-Za-z]{4,} [a-z]{3,}", results.replace("Equipoise", ""))


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Gives the lender a history of so many applications; every fifth was turned away."""

    def written(rows: int) -> None:
        rng = np.random.default_rng(rows)
        score = rng.uniform(520, 800, rows)
        bad = rng.uniform(size=rows) < 1 / (1 + np.exp((score - 560) / 40))
        day = date(2025, 1, 1)
        pl.DataFrame({
            "application_id": [f"secret-{k}" for k in range(rows)],
            "applied_on": [day + timedelta(days=k % 300) for k in range(rows)],
            "amount": rng.integers(5, 90, rows) * 100.0,
            "term": rng.choice([12, 24, 36], rows),
            "income": rng.uniform(1000, 5000, rows).round(),
            "dti": rng.uniform(0, 0.6, rows).round(3),
            "score": score.round(),
            "score_date": [day + timedelta(days=k % 300) for k in range(rows)],
            "employment": rng.choice(["permanent", "temporary", "own"], rows),
            "on_sick_leave": [False] * rows,
            "sex": rng.choice(["female", "male"], rows),
            "bad": [None if k % 5 == 0 else bool(each) for k, each in enumerate(bad)],
        }).write_parquet(tmp_path / "past.parquet")  # fmt: skip
        about = json.dumps({**CONTRACT, "data": "past.parquet"})
        (tmp_path / "contract.yaml").write_text(about, encoding="utf-8")
        there = replace(settings.CONFIGURATION, workspace=tmp_path)
        monkeypatch.setattr(settings, "CONFIGURATION", there)

    return written


def test_the_lenders_own_cases_are_drawn_without_who_they_were(
    uma: Client, history: Callable[[int], None]
) -> None:
    publish()
    history(300)
    uma.post("/practice/draw")
    uma.post("/practice/draw")
    assert "They are being drawn" in read(uma, "/practice/")
    edition = draw(Source.HISTORY)
    assert draw(Source.HISTORY) == ""  # nobody waits for it any more
    page = read(uma, "/practice/")
    assert "240 cases, drawn from 240 with a known outcome" in page
    content = Deck.objects.get().content
    assert "secret-" not in content
    assert "2025-" not in content
    assert "female" not in content
    there = "/practice/cases/history/"
    blind = uma.get(there).content.decode()
    given = {"case": number(blind), "stated": "0.05", "answer": "lend"}
    kept = uma.post(f"{there}answer", given)["Location"]
    assert "The facts once more" in read(uma, kept)
    history(310)  # the file is another one: drawn anew, the answers stay
    uma.post("/practice/draw")
    assert draw(Source.HISTORY) not in ("", edition)
    assert "no longer at hand" in read(uma, kept)
    assert "Cases answered: 1" in read(uma, "/practice/results/history/")


@pytest.mark.parametrize(
    ("rows", "why"), [(0, "holds no contract.yaml"), (45, "only 36 past cases")]
)
def test_why_no_cases_can_be_drawn_is_told(
    uma: Client, history: Callable[[int], None], rows: int, why: str
) -> None:
    publish()
    if rows:
        history(rows)
    uma.post("/practice/draw")
    assert draw(Source.HISTORY) == ""
    assert why in read(uma, "/practice/")


DECIDED = "/practice/cases/decided/"


def ended(made: dict[str, Any], outcome: Outcome) -> None:
    row, by = Decision.objects.get(pk=made["id"]), who(person(Role.CLERK))
    for each in (Outcome.BOOKED, outcome):
        add_outcome(row, each, by)


def looks() -> list[str]:
    return [each.event.decision for each in record.read((CaseLooked,))]


def test_cases_decided_here_are_for_who_may_read_them_and_each_look_is_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(authority=AUTHORITY)
    uma = underwriter()
    client = logged_in(uma)
    of_south = decided("south", income=4_321.0)
    first, second = decided(income=3_333.0), decided(income=2_222.0)
    own = referred(income=5_555.0)
    body = {"answer": "approve", "words": "So it is.",
            "terms": {"amount": 12_000.0, "months": 36, "apr": 0.1}}  # fmt: skip
    answer = send(client, "POST", f"/v1/decisions/{own['id']}/decide", body)
    assert answer.status_code == 201, answer.content
    for made in (of_south, first, own):
        ended(made, Outcome.REPAID)
    ended(second, Outcome.DEFAULTED)
    client.post("/practice/draw", {"source": "decided"})
    assert draw(Source.DECIDED) == ""
    assert "only 4 loans that were decided here have ended" in read(client, "/practice/")
    monkeypatch.setattr(practised_here, "LEAST", 4)
    client.post("/practice/draw", {"source": "decided"})
    assert draw(Source.DECIDED)
    content = Deck.objects.get(pk=2).content
    assert first["id"] in content
    kept = [list(map(type, each)) for each in json.loads(content)]
    assert kept == [[str, str, bool]] * 4, "decision, application, what came: no fact"
    seen = {}
    for _ in range(2):
        page = read(client, DECIDED)
        assert "that you see these facts is recorded" in page
        assert "It was repaid" not in page
        assert looks()[-1] in (first["id"], second["id"]), "not their own, nor another branch's"
        case = number(client.get(DECIDED).content.decode())
        given = {"case": case, "stated": "0.05", "answer": "lend"}
        after = followed(client, client.post(f"{DECIDED}answer", given))
        seen[looks()[-1]] = "It went bad" in after
    assert seen == {first["id"]: False, second["id"]: True}
    assert sorted(looks()) == sorted([first["id"], second["id"]]), "once within the hour"
    assert "Cases answered: 2" in read(client, "/practice/results/decided/")
    subjects.erase(first["application"], "user.1", "asked")
    assert "2,222" in read(client, DECIDED), "who was erased is nobody to practise on"
    tasks.forget_practised_cases.func()
    assert first["id"] not in Deck.objects.get(pk=2).content


def test_a_drawing_that_never_came_to_an_end_can_be_asked_for_again(uma: Client) -> None:
    uma.post("/practice/draw")
    assert "They are being drawn" in read(uma, "/practice/")
    Deck.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    assert "Draw them from the history file" in read(uma, "/practice/")
    uma.post("/practice/draw")
    assert "They are being drawn" in read(uma, "/practice/")


def test_what_is_two_years_old_is_forgotten(uma: Client) -> None:
    practised(uma, 2)
    old = Answer.objects.order_by("place")[:1].get()
    old.answered_at = timezone.now() - tasks.KEPT - timedelta(days=1)
    old.save()
    assert tasks.forget_old.func() == 1
    assert Answer.objects.count() == 1


def test_a_lenders_own_drills_stand_beside_ours_and_a_broken_file_takes_none_away(
    uma: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = replace(settings.CONFIGURATION, workspace=tmp_path)
    monkeypatch.setattr(settings, "CONFIGURATION", there)
    step = {"asks": {"en": "So?"}, "choices": [
        {"says": {"en": text}, "worth": worth, "because": {"en": "it is so"}}
        for text, worth in (("this", 2), ("that", 0))
    ]}  # fmt: skip
    own = {"name": "ours", "title": {"en": "Our own"}, "situation": {"en": "It rains."}}
    path = tmp_path / "drills.yaml"
    path.write_text(json.dumps({"drills": [{**own, "steps": [step]}]}), encoding="utf-8")
    assert "Our own" in read(uma, "/practice/")
    done = uma.post("/practice/drills/ours/", {"chosen": "", "choice": "0"})["Location"]
    assert "100 %" in read(uma, done)
    path.write_text("drills: {}\n", encoding="utf-8")
    page = read(uma, "/practice/")
    assert "Our own" not in page
    assert "Somebody you know" in page
    assert uma.get(done).status_code == 404
