"""What a batch may fill: rows, answers, the caller's share, the folder, the disk, and memory."""

from __future__ import annotations

import dataclasses
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from lender import anew
from people import person, with_key
from test_batches import SCOPES, as_file, cancel, decided, people, post, result, work

from equipoise.errors import BadInput
from equipoise.service.contexts.batches import files as batch_files
from equipoise.service.contexts.batches import retention as keeping
from equipoise.service.contexts.batches import room, uploads
from equipoise.service.contexts.batches.files import Files
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record
from equipoise.strategy.files import answer_files, parquet_pieces, tables
from equipoise.strategy.files.answer_files import join_parts
from equipoise.strategy.files.tables import pieces


@pytest.fixture
def client(of_a_lender: None, sqlite_database: Any) -> Iterator[Client]:
    with anew():
        yield with_key(person(Role.ADMINISTRATOR), *SCOPES, rate=1e4, burst=10_000)[0]


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Any:
    def limit(**changes: int) -> None:
        settings = uploads.settings
        changed = dataclasses.replace(settings.CONFIGURATION, **changes)
        monkeypatch.setattr(settings, "CONFIGURATION", changed)

    return limit


def size_of(batch: Any) -> int:
    return sum(path.stat().st_size for path in Files(batch["id"]).folder.rglob("*"))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_more_rows_than_are_taken(client: Client, limits: Any, kind: str) -> None:
    limits(batch_rows=20)
    if kind == "parquet":  # says how many it has
        refused = post(client, as_file(people(21), kind), kind)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-value")
        assert "EQUIPOISE_BATCH_ROWS" in refused.json()["detail"]
    else:
        batch = decided(client, as_file(people(21), kind), kind)
        assert batch["state"] == "failed"
        assert "EQUIPOISE_BATCH_ROWS" in batch["fault"]["message"]
        assert not (Files(batch["id"]).folder / "parts").exists()
    assert decided(client, as_file(people(20), kind), kind)["state"] == "done"


@pytest.mark.parametrize("wanted", ["csv", "jsonl", "parquet"])
def test_answers_larger_than_are_kept(
    client: Client, limits: Any, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setattr(tables, "PIECE_ROWS", 100)
    limits(max_result=1000)
    batch = decided(client, as_file(people(330), "parquet"), "parquet", result=wanted)
    assert (batch["state"], batch["rows"]) == ("failed", 0)
    assert "EQUIPOISE_MAX_RESULT" in batch["fault"]["message"]
    assert batch["fault"]["mend"]
    assert {path.name for path in Files(batch["id"]).folder.iterdir()} == {
        "applications.parquet", "fault.json"
    }  # fmt: skip


def test_one_caller_fills_their_share_and_no_more(client: Client, limits: Any) -> None:
    body = as_file(people(), "csv")
    batch = decided(client, body)
    limits(batch_share=size_of(batch) + len(body) // 2)
    refused = post(client, body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-room")
    assert "EQUIPOISE_BATCH_SHARE" in refused.json()["detail"]
    other = with_key(person(Role.ADMINISTRATOR), *SCOPES)[0]
    assert post(other, body).status_code == 202
    work()
    keeping.remove_files(keeping.Batch.objects.get(pk=batch["id"]), {"by": "user.1"})
    assert post(client, body).status_code == 202


def test_all_batches_fill_the_folder_and_no_more(client: Client, limits: Any) -> None:
    body = as_file(people(), "csv")
    decided(client, body)
    limits(batch_room=len(body))
    other = with_key(person(Role.ADMINISTRATOR), *SCOPES)[0]
    assert "EQUIPOISE_BATCH_ROOM" in post(other, body).json()["detail"]


def test_a_disk_that_fills_meanwhile_ends_the_batch_and_gives_back_what_it_filled(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PIECE_ROWS", 100)
    body = as_file(people(330), "parquet")
    batch = post(client, body, "parquet").json()
    asked = iter([10**12, 10**12, 0, 0])
    monkeypatch.setattr(room, "left", lambda _folder: next(asked))
    assert work() == ["done"]
    answer = client.get(f"/v1/batches/{batch['id']}").json()
    assert (answer["state"], answer["rows"]) == ("failed", 200)
    assert "EQUIPOISE_LEAST_DISK" in answer["fault"]["message"]
    assert not (Files(batch["id"]).folder / "parts").exists()
    assert post(client, body, "parquet").status_code == 409
    assert verify_record().valid


def test_cancelled_while_the_answers_are_put_together_nothing_of_them_stays(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = post(client, as_file(people(), "csv")).json()

    def slowly(*given: Any) -> None:
        join_parts(*given)
        cancel(client, batch)
        join_parts([], given[1], given[2])  # a cancelled job writes until it notices

    monkeypatch.setattr(answer_files, "join_parts", slowly)
    assert work() == ["done"]
    assert not Files(batch["id"]).folder.exists()


def test_what_broke_off_is_swept(client: Client) -> None:
    batch = decided(client, as_file(people(), "csv"))
    cancelled = post(client, as_file(people(), "csv")).json()
    cancel(client, cancelled)
    for each in (batch, cancelled):
        Files(each["id"]).part(1).write_bytes(b"left by a killed job")
    orphan = Files("batch-0000000000000000").folder
    orphan.mkdir()
    keeping.sweep()
    assert orphan.exists()  # it may be an upload at hand
    os.utime(orphan, times=(time.time() - 7200,) * 2)
    keeping.sweep()
    assert not orphan.exists()
    assert not any((Files(each["id"]).folder / "parts").exists() for each in (batch, cancelled))
    assert result(client, batch)


def test_what_is_packed_is_none_of_the_kinds(client: Client) -> None:
    import gzip
    import zipfile

    text = io.BytesIO()
    with zipfile.ZipFile(text, "w") as packed:
        packed.writestr("applications.csv", as_file(people(), "csv"))
    for body in (text.getvalue(), gzip.compress(as_file(people(), "csv"))):
        for kind in ("csv", "jsonl", "parquet"):
            refused = post(client, body, kind)
            assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-value")
    assert not [path for path in batch_files.folder().glob("batch-*") if not any(path.iterdir())]


def written(tmp_path: Path, table: pa.Table, **how: Any) -> Path:
    path = tmp_path / "applications.parquet"
    pq.write_table(table, path, **how)
    return path


def test_a_dictionary_of_one_long_text_is_written_out_piece_by_piece(tmp_path: Path) -> None:
    texts = pa.chunked_array([pa.array(["x" * 900_000] * 100)] * 20)
    path = written(tmp_path, pa.table({"note": texts}), compression="zstd")
    assert path.stat().st_size < 10_000
    largest, rows = 0, 0
    for piece in pieces(path):
        assert piece.frame is not None
        largest, rows = max(largest, int(piece.frame.estimated_size())), rows + piece.rows
    assert rows == 2000
    assert largest <= 2 * parquet_pieces.READ_TEXT


@pytest.mark.parametrize(
    ("table", "how", "words"),
    [
        ({"note": ["x" * 3_000_000]}, {}, "a text has 3,000,000 bytes"),
        ({"list": [[1, 2], [3]]}, {}, "holds lists or objects"),
        ({"object": [{"a": 1}]}, {}, "holds lists or objects"),
        (
            {"note": ["x" * 10_000] * 50},
            {"use_dictionary": False, "column_encoding": {"note": "DELTA_BYTE_ARRAY"}},
            "DELTA_BYTE_ARRAY",
        ),
    ],
    ids=["long text", "list", "object", "shared prefixes"],
)
def test_what_grows_when_it_is_read_is_refused(
    client: Client, tmp_path: Path, table: Any, how: Any, words: str
) -> None:
    path = written(tmp_path, pa.table(table), **how)
    batch = decided(client, path.read_bytes(), "parquet")
    assert batch["state"] == "failed"
    assert words in batch["fault"]["message"]
    assert batch["fault"]["mend"]


def test_tiny_row_groups_are_put_together(client: Client, tmp_path: Path) -> None:
    frame = people(300)
    path = written(tmp_path, frame.to_arrow(compat_level=pl.CompatLevel.oldest()), row_group_size=1)
    batch = decided(client, path.read_bytes(), "parquet")
    assert (batch["state"], batch["rows"]) == ("done", 300)
    kinds = [entry.kind for entry in record.entries(batch["id"])]
    assert kinds.count("batch.piece") == 1


def test_a_description_longer_than_is_read_is_refused_before_it_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_pieces, "MOST_FOOTER", 100)
    refused = post(client, as_file(people(), "parquet"), "parquet")
    assert refused.status_code == 422
    assert "the Parquet file's description" in refused.json()["detail"]


def test_a_wide_file_comes_in_pieces_of_so_many_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_pieces, "READ_CELLS", 1000)
    path = written(tmp_path, pa.table({f"c{at}": [0.5] * 100 for at in range(50)}))
    assert [piece.rows for piece in pieces(path)] == [20] * 5


def test_long_lines_come_in_pieces_of_so_many_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PIECE_BYTES", 4000)
    path = tmp_path / "applications.jsonl"
    path.write_text(f'{{"note": "{"x" * 600}"}}\n' * 10)
    assert [piece.rows for piece in pieces(path)] == [2] * 5


def test_a_large_text_with_stray_quotes_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "applications.csv"
    path.write_text("id,note\n" + "a,b\n" * 40)
    monkeypatch.setattr(tables, "is_regular", lambda _table: False)
    assert sum(piece.rows for piece in pieces(path)) == 40
    monkeypatch.setattr(tables, "MOST_IRREGULAR", 100)
    with pytest.raises(BadInput, match="stray quotes"):
        list(pieces(path))
    path.write_text("id,note\n" + "a,b\n" * 40 + "a\n")
    with pytest.raises(BadInput) as caught:
        list(pieces(path))
    assert str(caught.value.where) == f"{path}:42"


FORMULAS = ["=1+1+cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\uff1d1+1", "'=1", "plain",
            "-12.5", "+31", "a=b", "'quoted'"]  # fmt: skip


def test_no_answer_opens_as_a_formula_and_every_id_can_be_read_back(client: Client) -> None:
    frame = people(len(FORMULAS)).with_columns(application_id=pl.Series(FORMULAS))
    batch = decided(client, as_file(frame, "parquet"), "parquet", result="csv")
    ids = pl.read_csv(result(client, batch), infer_schema=False)["id"].to_list()
    assert ids == [f"'{each}" for each in FORMULAS[:6]] + FORMULAS[6:]
    for kind in ("parquet", "jsonl"):
        answers = result(client, decided(client, as_file(frame, "parquet"), "parquet", result=kind))
        read = pl.read_parquet if kind == "parquet" else pl.read_ndjson
        assert read(io.BytesIO(answers))["id"].to_list() == FORMULAS
