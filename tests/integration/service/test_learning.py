"""What would teach most, at a desk: ranked, planned, measured, proposed and accepted by another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from balanced import balancing
from own_folder import own_folder
from people import acting, logged_in, person
from through_door import Client

from equipoise.errors import BadInput, GateRefused
from equipoise.review.learning.proposing import Measurement
from equipoise.service.contexts.learning import reading, services
from equipoise.service.contexts.learning.models import Ranking
from equipoise.service.contexts.learning.running import rank
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.workspace import learning

DROP = "steps.application_form.drop_off"
FOUND = Measurement(DROP, 0.1234, 0.12, 0.13, 2310, date(2026, 1, 5), "trial spring")
TYPED = {
    "input": DROP, "value": "0.1234", "low": "0.12", "high": "0.13", "outcomes": "2310",
    "known_on": "2026-01-05", "source": "trial spring",
}  # fmt: skip


@pytest.fixture
def folder(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    """A lender's documents without a history."""
    text = files("equipoise").joinpath("examples", "demo", "experience.yaml").read_text("utf-8")
    there = tmp_path / "demo"
    there.mkdir()
    (there / "experience.yaml").write_text(text, encoding="utf-8")
    with own_folder(there):
        yield there


@pytest.fixture
def ada(folder: Path) -> User:
    return person(Role.ANALYST, "ada")


@pytest.fixture
def ben(folder: Path) -> User:
    return person(Role.APPROVER, "ben")


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def kinds(chain: str) -> list[str]:
    return [each.kind for each in record.entries(chain)]


def written(folder: Path) -> Any:
    document = yaml.safe_load((folder / "experience.yaml").read_text(encoding="utf-8"))
    return document["steps"][0]["drop_off"]


def test_what_one_person_proposes_another_accepts_and_it_stands_in_the_document(
    folder: Path, ada: User, ben: User
) -> None:
    analyst, approver = logged_in(ada), logged_in(ben)
    before = (folder / "experience.yaml").read_text(encoding="utf-8")
    assert analyst.post("/learning/propose", TYPED)["Location"] == "/learning/"
    proposal = reading.proposals()[0]
    assert "waits for another person" in text(analyst.get("/learning/"))
    assert "0.1399" in text(approver.get("/learning/"))  # what stands there now
    assert (folder / "experience.yaml").read_text(encoding="utf-8") == before
    assert approver.post(f"/learning/proposals/{proposal.id}/accept").status_code == 302
    assert written(folder) == {
        "value": 0.1234, "low": 0.12, "high": 0.13, "provenance": "measured",
        "source": "measured elsewhere: trial spring, 2,310 outcomes, known on 2026-01-05",
        "unit": "share of those who reach the step",
    }  # fmt: skip
    after = (folder / "experience.yaml").read_text(encoding="utf-8")
    assert "# measured 2026-01-05; was measured, 0.1399" in after
    assert "accepted by ben" in text(analyst.get("/learning/"))
    chain = f"assumption.{proposal.id}"
    assert kinds(chain) == ["assumption.proposed", "assumption.accepted"]
    assert verify_record().valid
    assert not verify_rows().differences


def test_nobody_accepts_their_own_and_of_two_who_answer_one_is_told_of_the_other(
    folder: Path, ada: User, ben: User
) -> None:
    own = services.propose(FOUND, acting(ada))
    with pytest.raises(GateRefused, match="nobody accepts what they proposed themselves"):
        services.accept(own, acting(ada))
    services.refuse(own, "the funnel changed in May", acting(ben))
    carl = person(Role.APPROVER, "carl")
    with pytest.raises(GateRefused, match="ben has answered it already: refused"):
        services.accept(own, acting(carl))
    assert written(folder)["value"] == 0.1399
    assert kinds(f"assumption.{own}") == ["assumption.proposed", "assumption.refused"]
    assert "refused by ben: the funnel changed in May" in text(logged_in(ada).get("/learning/"))


def test_what_cannot_stand_is_told_and_nothing_typed_is_lost(folder: Path, ada: User) -> None:
    desk = logged_in(ada)
    for changed, said in (
        ({"value": "a lot"}, "'a lot' is not a number"),
        ({"input": "lgd_scale"}, "does not stand in experience.yaml"),
        ({"value": "0.5"}, "outside its interval"),
        ({"known_on": "yesterday"}, "that is no day"),
        ({"known_on": "2999-01-01"}, "that day has not come"),
    ):
        page = desk.post("/learning/propose", {**TYPED, **changed})
        assert said in text(page)
        assert 'value="trial spring"' in page.content.decode()
    assert reading.proposals() == []
    services.propose(FOUND, acting(ada))
    with pytest.raises(GateRefused, match="a proposal for this input is open"):
        services.propose(FOUND, acting(ada))


def test_a_proposal_is_made_anew_on_the_document_of_the_day_it_is_accepted(
    folder: Path, ada: User, ben: User
) -> None:
    number = services.propose(FOUND, acting(ada))
    path = folder / "experience.yaml"
    path.write_text("# edited since\n" + path.read_text("utf-8"), encoding="utf-8")
    services.accept(number, acting(ben))
    assert path.read_text("utf-8").startswith("# edited since\n")
    assert written(folder)["value"] == 0.1234


def test_whoever_proposed_takes_it_back_and_others_who_read_do_not(folder: Path, ada: User) -> None:
    number = services.propose(FOUND, acting(ada))
    eve = logged_in(person(Role.AUDITOR, "eve"))
    eve.post(f"/learning/proposals/{number}/refuse", {"reason": "no"})
    assert reading.proposals()[0].open
    logged_in(ada).post(f"/learning/proposals/{number}/refuse", {"reason": "a slip"})
    assert reading.proposals()[0].state == "refused"


def test_without_a_history_the_ranking_says_what_is_in_the_way(folder: Path, ada: User) -> None:
    desk = logged_in(ada)
    desk.post("/learning/ask", {"by": "promise"})
    row = Ranking.objects.get()
    assert "Waiting for a worker." in text(desk.get("/learning/"))
    with pytest.raises(GateRefused, match="a ranking is under way"):
        services.ask("promise", None, acting(ada))
    rank.func(row.pk)
    page = text(desk.get("/learning/"))
    assert "They could not be ranked:" in page
    assert str(folder) not in page
    assert kinds(f"learning.{row.pk}") == ["learning.asked", "learning.failed"]
    with pytest.raises(BadInput, match="there is no order"):
        services.ask("wealth", None, acting(ada))


def test_a_ranking_is_made_by_a_worker_and_its_experiments_are_planned_by_a_click(
    sqlite_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "rank_workspace", partial(learning.rank_workspace, count=64))
    with balancing(tmp_path / "demo"):
        desk: Client = logged_in(person(Role.ANALYST, "ada"))
        desk.post("/learning/ask", {"by": "promise", "per_day": "40"})
        row = Ranking.objects.get()
        assert "HX-Refresh" not in desk.get(f"/learning/{row.pk}/state")
        rank.func(row.pk)
        assert desk.get(f"/learning/{row.pk}/state")["HX-Refresh"] == "true"
        result = reading.result(row.pk)
        assert result is not None
        first = result.assumptions[0]
        page = text(desk.get("/learning/"))
        assert first.label in page
        assert "The cheapest experiment that settles each" in page
        desk.post(f"/learning/{row.pk}/plan", {"input": first.input})
        name = f"learn_{row.pk}_{first.input.replace('.', '_')}"[:60]
        assert name in text(desk.get("/learning/"))
        brought = desk.get("/learning/", {"input": first.input, "source": f"trial {name}"})
        assert f'value="trial {name}"' in brought.content.decode()
        desk.post(f"/learning/{row.pk}/plan", {"input": first.input})
        assert "planned already" in text(desk.get("/learning/"))
        assert kinds(f"learning.{row.pk}") == [
            "learning.asked", "learning.ranked", "learning.planned",
        ]  # fmt: skip
        desk.post("/language", {"language": "zh", "next": "/"})
        assert "最值得弄清的假设" in text(desk.get("/learning/"))
        assert verify_record().valid
        assert not verify_rows().differences
