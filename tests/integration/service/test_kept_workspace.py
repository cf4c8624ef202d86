"""A lender's service as each version left it is opened by the code of today, brought up to date,
verified and replayed, and tells what it told."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from api_shapes import shape
from kept_lenders import DATABASE, DUMP, KEPT, differences, put_back, told, versions
from processes import command
from test_new_tables import described

from conftest import _pointed
from equipoise.service.project.api import api

# Of the strategies in the order in which they came: what was sealed once is that for good.
DIGESTS = {
    "0.2.0": [
        "e85a8582175a178fb07af05e8960f4bd563a09cb7fd48fb2ec02376f72c827b8",
        "fdb147bef7c43614e773f4d5f6c6964302ae34a9de2396d792900af794258cd5",
        "45b7fca67d5eefbfb8ff4df0c4a4780facc09bf21e9a105de60c2bd91fc8a95a",
        "4fcfed8d009bb22fe82a9b2931e87928508ad01bbf369146317423fabb4113b0",
    ],
}


@dataclass(frozen=True)
class Lender:
    """A kept lender's folder, up to date; what it told when it was kept, and what it tells now."""

    version: str
    folder: Path
    url: str
    then: Any
    now: Any


@pytest.fixture(scope="module", params=versions())
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lender(
    request: pytest.FixtureRequest, version: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lender]:
    """The lender put back on that database, and opened by a process as of today."""
    folder = tmp_path_factory.mktemp("kept")
    put_back(KEPT / version / request.param, folder)
    then = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    on_postgresql = request.param == "postgresql"
    empty = request.getfixturevalue("_postgresql").empty() if on_postgresql else nullcontext("")
    with empty as url:
        if url:
            with psycopg.connect(url) as connection:
                connection.execute((folder / DUMP).read_text(encoding="utf-8"))
        yield Lender(version, folder, url, then, told(folder, url))


def test_it_tells_what_it_told(lender: Lender) -> None:
    assert list(differences(lender.then, lender.now)) == []


def test_its_record_is_whole_and_its_rows_are_as_the_record_tells(lender: Lender) -> None:
    code, verdict = command("record", "verify", lender.folder, url=lender.url)
    assert code == 0, verdict
    assert verdict["events"] >= sum(lender.then["events"].values())


def test_every_decision_and_batch_comes_out_the_same(lender: Lender) -> None:
    code, replayed = command("replay", lender.folder, "--all", url=lender.url)
    assert code == 0, replayed
    decisions = lender.then["decisions"]
    used = {each["digest"] for each in [*decisions, *lender.then["batches"]]}
    assert len(used) >= 3
    counts = ("replayed", "differences", "erased", "failed", "lost", "unreadable", "versions")
    assert [replayed[name] for name in counts] == [len(decisions) - 1, 0, 1, 0, 0, 0, len(used)]
    assert (replayed["batches"], replayed["files_removed"]) == (1, 1)


def test_its_tables_are_those_of_a_new_service(
    lender: Lender, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    new = request.getfixturevalue("_postgresql" if lender.url else "_sqlite")
    with new(tmp_path) as (_, configured):
        with _pointed(configured):
            expected = described()
        if lender.url:
            from equipoise.service.platform.configuration import read_configuration
            from equipoise.service.platform.databases import database_settings

            here = database_settings(read_configuration({"DATABASE_URL": lender.url}))
        else:
            here = {**configured, "NAME": str(lender.folder / "service" / DATABASE)}
        with _pointed(here):
            assert described() == expected


def test_who_was_erased_stays_erased(lender: Lender) -> None:
    (erasure,) = lender.now["erasures"]
    assert erasure["state"] == "done"
    gone = [each for each in lender.now["decisions"] if lender.now["explained"][each["id"]] == 410]
    assert [each["application"] for each in gone] == erasure["applications"]
    assert gone[0]["outcome"] == "approve"
    assert gone[0]["offers"] is None
    assert [
        batch for batch, result in lender.now["results"].items() if result == {"status": 410}
    ] == (erasure["batches"])


def test_what_was_sealed_has_the_digest_that_it_had(lender: Lender) -> None:
    rows = sorted(lender.now["strategies"], key=lambda each: each["number"])
    assert [each["digest"] for each in rows] == DIGESTS[lender.version]
    assert {each["digest"] for each in lender.now["decisions"]} == {*DIGESTS[lender.version][:3]}


def test_webhooks_and_the_trial_are_as_they_were_left(lender: Lender) -> None:
    core, crm = sorted(lender.now["webhooks"], key=lambda each: each["name"])
    states = [
        {each["state"] for each in lender.now["deliveries"][hook["id"]]} for hook in (core, crm)
    ]
    assert states == [{"delivered"}, {"waiting"}]
    (trial,) = lender.now["trials"]
    arms = [(each["role"], each["share"]) for each in trial["arms"]]
    assert (trial["in_force"], arms) == (True, [("challenger", 0.4), ("shadow", 0.0)])
    (officer,) = lender.now["officers"]
    assert (officer["level"], officer["state"]) == ("junior", "in_force")
    assert lender.now["events"]["override.made 1"] == 1


def test_the_api_takes_and_answers_what_it_did(version: str) -> None:
    then = json.loads((KEPT / version / "api.json").read_text(encoding="utf-8"))
    now = json.loads(json.dumps(shape(api.get_openapi_schema())))
    assert list(differences(then, now)) == []
    decide = now["POST /v1/decisions"]
    decide["needed"]["application/json"].append("branch")
    del decide["answers"]["201"]["application/json"]["grade"]
    assert len(list(differences(then, now))) == 2


# What these tests would not notice they would not hold: so things are changed, and noticed.
ON_SQLITE = pytest.mark.parametrize("lender", ["sqlite"], indirect=True)


@pytest.fixture
def altered(lender: Lender, tmp_path: Path) -> Callable[..., Path]:
    """A copy of the lender's folder, in which whoever has the file changes one row by each
    statement."""

    def alter(*statements: str) -> Path:
        folder = shutil.copytree(lender.folder, tmp_path / "altered")
        with closing(sqlite3.connect(folder / "service" / DATABASE)) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                database.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                assert database.execute(statement).rowcount == 1
            database.commit()
        return folder

    return alter


@ON_SQLITE
def test_a_byte_of_an_event_and_figures_of_rows_that_were_changed_are_noticed(
    altered: Callable[..., Path],
) -> None:
    folder = altered(
        "UPDATE record_event SET body = CAST(replace(CAST(body AS TEXT), 'spring', 'sprinf') "
        "AS BLOB) WHERE kind = 'trial.begun'",
        "UPDATE decisions_decision SET outcome = 'refer' "
        "WHERE id = (SELECT max(id) FROM decisions_decision)",
        "UPDATE applications_application SET propensity = 0.5 "
        "WHERE id = (SELECT max(id) FROM applications_application)",
    )
    code, verdict = command("record", "verify", folder)
    assert (code, verdict["valid"], len(verdict["faults"])) == (1, False, 1)
    wrong = {each["table"]: each["columns"] for each in verdict["rows"]}
    assert wrong == {
        "decisions_decision": ["outcome"],
        "applications_application": ["propensity"],
    }


@ON_SQLITE
def test_an_answer_that_was_recorded_otherwise_is_noticed(altered: Callable[..., Path]) -> None:
    old, new = '"outcome":"decline"', '"outcome":"approve"'
    folder = altered(
        f"UPDATE record_event SET body = CAST(replace(CAST(body AS TEXT), '{old}', '{new}') "
        "AS BLOB) WHERE sequence = (SELECT min(sequence) FROM record_event "
        f"WHERE kind = 'decision.made' AND instr(CAST(body AS TEXT), '{old}'))"
    )
    code, replayed = command("replay", folder, "--all")
    assert (code, replayed["differences"]) == (1, 1)


def test_whatever_is_told_otherwise_is_noticed_and_what_came_since_is_not() -> None:
    then = {"rows": [{"share": 0.4, "state": "done", "offers": None}]}
    row = then["rows"][0]
    assert not list(differences(then, {"rows": [{**row, "since": 1}], "more": []}))
    for now in (
        {"rows": [{**row, "share": 0.4000000000000001}]},
        {"rows": [{**row, "offers": []}]},
        {"rows": [{"share": 0.4, "state": "done"}]},
        {"rows": [row, row]},
        {"rows": []},
        {},
    ):
        assert len(list(differences(then, now))) == 1, now
