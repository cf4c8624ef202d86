"""Files of applications over HTTP: decided as the command line decides them, once, and provably."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from corner_lender import strategy
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from lender import RISKY, anew, facts, publish, shop
from people import logged_in, person, with_key

from equipoise.errors import BadInput
from equipoise.service.contexts.batches import files as batch_files
from equipoise.service.contexts.batches import (
    replaying as proving,
)
from equipoise.service.contexts.batches import (
    retention as keeping,
)
from equipoise.service.contexts.batches import (
    running,
    uploads,
)
from equipoise.service.contexts.batches.files import Files
from equipoise.service.contexts.batches.models import Batch
from equipoise.service.contexts.batches.running import decide_batch
from equipoise.service.contexts.decisions import idempotency
from equipoise.service.contexts.decisions.models import Request
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.queue import claim, stored
from equipoise.service.platform.jobs.registering import LONG
from equipoise.service.platform.jobs.worker import run
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.models import Event
from equipoise.service.platform.record.proving import verify_record
from equipoise.strategy.files import decisions, tables
from equipoise.strategy.files.decisions import decide_file

SCOPES = ("batches.create", "batches.read", "results.read")
TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet",
         "jsonl": "application/x-ndjson"}  # fmt: skip
_keys = count()


def people(rows: int = 23) -> pl.DataFrame:
    """Applicants across the strategy's answers; some cannot be scored."""
    kinds: list[dict[str, Any]] = [
        {}, RISKY, {"dti": 0.7}, {"on_sick_leave": True}, {"score": None}, {"dti": -1.0},
        {"employment": "retired"}, {"amount": 5000.0},
    ]  # fmt: skip
    listed = [facts(**kinds[at % len(kinds)], application_id=f"A{at}") for at in range(rows)]
    names = list(facts())
    return pl.DataFrame([{name: each.get(name) for name in names} for each in listed],
                        infer_schema_length=None)  # fmt: skip


def as_file(frame: pl.DataFrame, kind: str) -> bytes:
    text = io.BytesIO()
    write = {"csv": frame.write_csv, "parquet": frame.write_parquet, "jsonl": frame.write_ndjson}
    write[kind](text)
    return text.getvalue()


def own_answers(folder: Path, body: bytes, kind: str, wanted: str, on: str) -> bytes:
    """What `equipoise decide` writes of the same file."""
    source, output = folder / f"own.{kind}", folder / f"answers.{wanted}"
    source.write_bytes(body)
    decide_file(strategy(), source, output, at=date.fromisoformat(on))
    return output.read_bytes()


def post(client: Client, body: bytes, kind: str = "csv", key: str | None = "", **query: Any) -> Any:
    name = f"batch-{next(_keys)}" if key == "" else key
    headers = {} if name is None else {"Idempotency-Key": name}
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    where, content_type = f"/v1/batches?{asked}", TYPES.get(kind, kind)
    return client.generic("POST", where, body, CONTENT_TYPE=content_type, headers=headers)


def work() -> list[str]:
    """Do what waits on the queue, as a worker would."""
    return [run(job) for job in claim(LONG, "worker", 50, timedelta(seconds=30))]


def decided(client: Client, body: bytes, kind: str = "csv", **query: Any) -> Any:
    """A batch that is taken in and worked at."""
    begun = post(client, body, kind, **query)
    assert begun.status_code == 202, begun.content
    work()
    return client.get(f"/v1/batches/{begun.json()['id']}").json()


def result(client: Client, batch: Any) -> bytes:
    answer = client.get(f"/v1/batches/{batch['id']}/result")
    assert answer.status_code == 200, answer.content
    return answer.content


def cancel(client: Client, batch: Any) -> Any:
    return client.post(f"/v1/batches/{batch['id']}/cancel", content_type="application/json")


def pieces(batch: Any) -> list[Any]:
    return [e.data for e in record.entries(batch["id"]) if e.kind == "batch.piece"]


@pytest.fixture
def client(of_a_lender: None, database: Any) -> Iterator[Client]:
    with anew():
        yield with_key(person(Role.ADMINISTRATOR), *SCOPES, rate=1e4, burst=10_000)[0]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in small pieces."""
    monkeypatch.setattr(tables, "PIECE_ROWS", 100)
    monkeypatch.setattr(tables, "PIECE_BYTES", 1000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("csv", ""), ("parquet", ""), ("jsonl", ""), ("parquet", "csv"), ("csv", "parquet")],
)
def test_a_batch_comes_out_as_the_command_line_decides_it_to_the_byte(
    client: Client, tmp_path: Path, kind: str, wanted: str
) -> None:
    body = as_file(people(230), kind)
    batch = decided(client, body, kind, **({"result": wanted} if wanted else {}))
    assert (batch["state"], batch["rows"], batch["total"]) == ("done", 230, 230)
    assert {"approve", "decline", "refer"} <= set(batch["outcomes"])
    assert len(pieces(batch)) > 1
    own = own_answers(tmp_path, body, kind, wanted or kind, batch["decided_on"])
    answers = result(client, batch)
    assert answers == own
    assert (batch["result"]["size"], batch["result"]["kind"]) == (len(answers), wanted or kind)
    assert not Files(batch["id"]).parts()


@pytest.mark.usefixtures("small")
def test_each_row_stands_in_one_piece_of_the_record(client: Client) -> None:
    batch = decided(client, as_file(people(230), "parquet"), "parquet")
    outcome = pieces(batch)
    assert [each["first"] for each in outcome] == [1, 101, 201]
    assert sum(each["rows"] for each in outcome) == 230
    kinds = [entry.kind for entry in record.entries(batch["id"])]
    assert kinds == ["batch.begun", *["batch.piece"] * 3, "batch.done"]
    assert verify_record().valid
    assert proving.wrong_file() is None


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_a_batch_that_was_stopped_goes_on_after_its_last_piece(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    body = as_file(people(330), kind)
    batch = post(client, body, kind).json()
    asked = count()
    monkeypatch.setattr(running, "stopping", lambda: next(asked) == 2)
    assert work() == ["again"]
    half = client.get(f"/v1/batches/{batch['id']}").json()
    assert (half["state"], len(pieces(batch))) == ("running", 2)
    assert 0 < half["rows"] < 330
    assert client.get(f"/v1/batches/{batch['id']}/result").status_code == 409
    stored().update(run_after=timezone.now())
    assert work() == ["done"]
    own = own_answers(tmp_path, body, kind, kind, batch["decided_on"])
    assert result(client, batch) == own
    assert sum(each["rows"] for each in pieces(batch)) == 330


@pytest.mark.usefixtures("small")
def test_two_workers_at_one_batch_decide_no_row_twice(
    client: Client, in_threads: Callable[..., Any]
) -> None:
    batch = post(client, as_file(people(400), "parquet"), "parquet").json()
    in_threads(2, lambda _: decide_batch.call(batch["id"]))
    answer = client.get(f"/v1/batches/{batch['id']}").json()
    assert (answer["state"], answer["rows"]) == ("done", 400)
    assert [each["first"] for each in pieces(batch)] == [1, 101, 201, 301]
    assert proving.replay_batches().differences == 0


def test_who_cannot_be_scored_is_referred_with_the_reason(client: Client) -> None:
    frame = people(8)
    batch = decided(client, as_file(frame, "jsonl"), "jsonl")
    answers = [json.loads(line) for line in result(client, batch).splitlines()]
    for given, answer in zip(frame.iter_rows(named=True), answers, strict=True):
        if given["employment"] == "retired":  # which the contract does not know
            assert (answer["outcome"], len(answer["reasons"])) == ("refer", 1)


def test_one_key_is_one_batch(client: Client, in_threads: Callable[..., Any]) -> None:
    body = as_file(people(), "csv")
    answers = in_threads(6, lambda _: post(client, body, key="same"))
    names = {each.json()["id"] for each in answers if each.status_code == 202}
    assert {each.status_code for each in answers} <= {202, 409}
    assert len(names) == Batch.objects.count() == stored().count() == 1
    again = post(client, body, key="same")
    assert (again.status_code, again.json()["id"]) == (202, names.pop())
    other = post(client, as_file(people(5), "csv"), key="same")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/other-body")
    assert post(client, body, key=None).status_code == 400
    assert [path.name for path in batch_files.folder().glob("batch-*")].count(again.json()["id"])


def test_it_stays_with_the_strategy_that_was_in_force_when_it_was_sent(client: Client) -> None:
    batch = post(client, as_file(people(), "csv")).json()
    newer = publish(2, choose="cutoff")
    work()
    answer = client.get(f"/v1/batches/{batch['id']}").json()
    assert (answer["state"], answer["digest"]) == ("done", batch["digest"])
    assert answer["digest"] != newer
    assert proving.replay_batches().differences == 0


def _faulty() -> dict[str, tuple[str, bytes]]:
    whole = people(40)
    parquet = as_file(whole, "parquet")
    lines = as_file(whole, "jsonl").splitlines(keepends=True)
    return {
        "a cut Parquet": ("parquet", parquet[: len(parquet) // 2]),
        "no Parquet": ("parquet", b"PAR1 or not"),
        "two encodings": ("csv", as_file(whole, "csv").replace(b"A6,", "Añ6,".encode())
                          .replace(b"A7,", "Añ7,".encode("latin1"))),
        "a missing column": ("csv", as_file(whole.drop("income"), "csv")),
        "a strange column": ("csv", as_file(whole.rename({"income": "incom"}), "csv")),
        "no number": ("csv", as_file(whole.cast({"income": pl.String}), "csv")
                      .replace(b",3000", b",a lot", 1)),
        "a cut line": ("jsonl", b"".join(lines[:30]) + lines[30][:20]),
        "no application": ("csv", as_file(whole.head(0), "csv")),
        "nothing": ("csv", b""),
        "a list": ("jsonl", b"[1, 2]\n"),
    }  # fmt: skip


@pytest.mark.parametrize("case", _faulty())
def test_a_faulty_file_fails_with_the_words_of_the_command_line(
    client: Client, tmp_path: Path, case: str
) -> None:
    kind, body = _faulty()[case]
    source = tmp_path / f"applications.{kind}"
    source.write_bytes(body)
    with pytest.raises(BadInput) as own:
        decide_file(strategy(), source, tmp_path / f"out.{kind}")
    batch = decided(client, body, kind)
    assert (batch["state"], batch["result"]) == ("failed", None)
    expected = json.loads(json.dumps(own.value.as_dict()).replace(f"{tmp_path}/", ""))
    for name in ("message", "file", "line", "row", "field", "mend"):
        assert batch["fault"][name] == expected.get(name), name
    assert client.get(f"/v1/batches/{batch['id']}/result").status_code == 409
    assert not Files(batch["id"]).parts()
    assert record.entries(batch["id"])[-1].kind == "batch.failed"


def test_a_cancelled_batch_leaves_no_file(client: Client) -> None:
    batch = post(client, as_file(people(), "csv")).json()
    where = f"/v1/batches/{batch['id']}"
    for _ in range(2):
        cancelled = cancel(client, batch).json()
        assert (cancelled["state"], cancelled["files_until"]) == ("cancelled", None)
        assert not Files(batch["id"]).folder.exists()  # nor the file that was sent
    assert work() == ["done"]
    assert client.get(where).json()["rows"] == 0
    assert client.get(f"{where}/result").status_code == 409
    done = decided(client, as_file(people(), "csv"))
    assert cancel(client, done).status_code == 409


@pytest.mark.usefixtures("small")
def test_cancelled_while_it_is_decided_it_stops_after_the_piece_at_hand(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = post(client, as_file(people(330), "parquet"), "parquet").json()
    asked = count()

    def cancelled_meanwhile() -> bool:
        if next(asked) == 1:
            cancel(client, batch)
        return False

    monkeypatch.setattr(running, "stopping", cancelled_meanwhile)
    assert work() == ["done"]
    answer = client.get(f"/v1/batches/{batch['id']}").json()
    assert (answer["state"], answer["rows"], len(pieces(batch))) == ("cancelled", 100, 1)
    assert not Files(batch["id"]).folder.exists()


@pytest.mark.parametrize(
    ("later", "same"),
    [(timedelta(hours=23, minutes=55), True), (timedelta(hours=24, seconds=1), False)],
    ids=["within a day", "after a day"],
)
def test_a_batchs_key_is_kept_for_24_hours(
    client: Client, monkeypatch: pytest.MonkeyPatch, later: timedelta, same: bool
) -> None:
    body = as_file(people(5), "csv")
    first = post(client, body, key="daily").json()["id"]
    monkeypatch.setattr(idempotency.clock, "now", lambda: datetime.now(UTC) + later)
    assert (post(client, body, key="daily").json()["id"] == first) is same


def test_others_batches_are_not_there(client: Client) -> None:
    batch = decided(client, as_file(people(), "csv"))
    other, _ = with_key(person(Role.ADMINISTRATOR), *SCOPES)
    where = f"/v1/batches/{batch['id']}"
    assert other.get("/v1/batches").json()["items"] == []
    for answer in (other.get(where), other.get(f"{where}/result"), cancel(other, batch)):
        assert answer.status_code == 404
    assert logged_in(person(Role.AUDITOR)).get(f"{where}/result").status_code == 200
    assert logged_in(person(Role.RISK_OFFICER)).get(where).status_code == 200
    assert logged_in(person(Role.RISK_OFFICER)).get(f"{where}/result").status_code == 404
    assert logged_in(person(Role.SERVICE_OWNER)).get(f"{where}/result").status_code == 403


def test_a_form_may_hold_the_file(client: Client, tmp_path: Path) -> None:
    body = as_file(people(), "parquet")
    sent = {"file": SimpleUploadedFile("mine.parquet", body, "application/octet-stream")}
    begun = client.post("/v1/batches", sent, headers={"Idempotency-Key": "form"})
    assert begun.status_code == 202, begun.content
    work()
    batch = begun.json()
    own = own_answers(tmp_path, body, "parquet", "parquet", batch["decided_on"])
    assert result(client, batch) == own


@pytest.mark.usefixtures("sqlite_database")
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with anew():
        client, _ = with_key(person(Role.ADMINISTRATOR), *SCOPES)
        body = as_file(people(), "csv")
        assert post(client, body).status_code == 503  # no strategy is in force
        publish()
        assert post(client, body, "text/plain").status_code == 415
        assert post(client, body, strategy="nobody").status_code == 422
        assert post(client, body, result="xlsx").status_code == 422
        form = {"file": SimpleUploadedFile("mine.xlsx", body)}
        refused = client.post("/v1/batches", form, headers={"Idempotency-Key": "f"})
        assert refused.status_code == 422
        configured = dataclasses.replace(_configuration(), max_batch=len(body) - 1)
        monkeypatch.setattr(uploads.settings, "CONFIGURATION", configured)
        assert post(client, body).status_code == 413
        monkeypatch.undo()
    before = set(Batch.objects.values_list("pk", flat=True))
    assert {path.name for path in batch_files.folder().glob("batch-*")} <= before | _others()


def _configuration() -> Any:
    return uploads.settings.CONFIGURATION


def _others() -> set[str]:
    """Folders that other tests' databases know of: each has its file whole."""
    return {p.parent.name for p in batch_files.folder().glob("batch-*/*") if p.is_file()}


def test_a_caller_has_so_many_batches_open_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.service.contexts.batches import services

    monkeypatch.setattr(services, "MOST_UNFINISHED", 2)
    assert [post(client, as_file(people(5), "csv")).status_code for _ in range(3)] == [
        202,
        202,
        409,
    ]
    work()
    assert post(client, as_file(people(5), "csv")).status_code == 202


def test_nothing_about_people_stands_in_the_database(client: Client) -> None:
    frame = people(8).with_columns(application_id=pl.lit("PlantedId"), income=pl.lit(98765.4321))
    decided(client, as_file(frame, "csv"))
    decided(client, as_file(frame.rename({"income": "PlantedName"}), "csv"))
    kept = [*Event.objects.values_list("body", flat=True)]
    kept += [repr(row).encode() for row in (*Batch.objects.values(), *stored().values())]
    for each in map(bytes, kept):
        assert b"Planted" not in each
        assert not re.search(rb"\b98765\b", each)  # as a word: a digest may spell it


def test_files_go_when_their_time_is_over_and_the_record_stays(client: Client) -> None:
    batch = decided(client, as_file(people(), "csv"))
    assert keeping.expire() == 0
    Batch.objects.update(files_until=timezone.now() - timedelta(seconds=1))
    assert keeping.expire() == 1
    assert keeping.expire() == 0
    assert not Files(batch["id"]).folder.exists()
    assert client.get(f"/v1/batches/{batch['id']}/result").status_code == 410
    assert client.get(f"/v1/batches/{batch['id']}").json()["outcomes"] == batch["outcomes"]
    assert record.entries(batch["id"])[-1].kind == "batch.removed"
    assert verify_record().valid
    assert proving.wrong_file() is None
    proved = proving.replay_batches()
    assert (proved.removed, proved.rows, proved.differences) == (1, 0, 0)


def test_an_administrator_removes_the_files_before(client: Client) -> None:
    where = f"/v1/batches/{post(client, as_file(people(), 'csv')).json()['id']}/files"
    admin = logged_in(person(Role.ADMINISTRATOR))
    assert admin.delete(where).status_code == 409  # it is being decided
    work()
    assert [admin.delete(where).status_code for _ in range(2)] == [204, 204]
    assert [e.kind for e in record.entries(where.split("/")[3])].count("batch.removed") == 1


@pytest.mark.parametrize("name", ["applications.csv", "decisions.csv"])
def test_a_file_that_was_changed_shows(client: Client, name: str) -> None:
    batch = decided(client, as_file(people(), "csv"))
    path = Files(batch["id"]).folder / name
    path.write_bytes(path.read_bytes().replace(b"A7", b"A8"))
    fault = proving.wrong_file()
    assert fault is not None
    assert (fault.chain, name in fault.what) == (batch["id"], True)
    proved = proving.replay_batches()
    assert proved.differences
    assert {each["at"] for each in proved.first[0]["differences"]} == {name}


def test_a_strategy_that_decides_otherwise_now_shows(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from equipoise.strategy.engine import Strategy

    decided(client, as_file(people(), "csv"))
    real = Strategy.decide_frame

    def drifted(self: Strategy, frame: pl.DataFrame, **more: Any) -> pl.DataFrame:
        return real(self, frame, **more).with_columns(pl.col("pd") + 1e-15)

    monkeypatch.setattr(Strategy, "decide_frame", drifted)
    proved = proving.replay_batches()
    assert proved.differences == 1
    assert [each["at"] for each in proved.first[0]["differences"]] == ["rows 1 to 23"]


@pytest.mark.usefixtures("small")
def test_a_batch_is_made_again_in_the_pieces_of_then(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(client, as_file(people(230), "parquet"), "parquet")
    monkeypatch.setattr(tables, "PIECE_ROWS", 70)
    proved = proving.replay_batches()
    assert (proved.batches, proved.rows, proved.differences) == (1, 230, 0)


def test_a_batch_that_no_worker_could_decide_is_told_as_failed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = post(client, as_file(people(), "csv")).json()

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(decisions, "decided_pieces", broken)
    for _ in range(5):
        assert keeping.give_up() == 0
        assert work() == ["failed"]
        stored().update(run_after=timezone.now())
    assert keeping.give_up() == 1
    answer = client.get(f"/v1/batches/{batch['id']}").json()
    assert (answer["state"], answer["fault"]["mend"]) == ("failed", "send the file again")


@pytest.mark.usefixtures("sqlite_database")
def test_a_key_for_decisions_opens_no_batch() -> None:
    with anew():
        publish()
        assert post(shop(), as_file(people(), "csv")).status_code == 403
        assert Request.objects.count() == 0


def test_another_column_may_name_the_applications_and_a_row_without_an_id_is_named_by_its_place(
    client: Client,
) -> None:
    rows = [{**facts(), "application_id": "a", "employment": "own"},
            {**facts(), "application_id": None, "employment": "permanent"}]  # fmt: skip
    frame = pl.DataFrame(rows, infer_schema_length=None)
    for query, expected in (({}, ["a", "row 2"]), ({"id": "employment"}, ["own", "permanent"])):
        batch = decided(client, as_file(frame, "csv"), **query)
        answers = pl.read_csv(result(client, batch))
        assert answers["id"].to_list() == expected
    outcome = proving.replay_batches()
    assert (outcome.batches, outcome.differences) == (2, 0)
