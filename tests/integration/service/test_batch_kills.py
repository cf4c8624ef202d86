"""A batch outlives the processes that decide it: real servers and workers, killed in the middle."""

from __future__ import annotations

import json
import urllib.request
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from corner_lender import strategy
from lender import facts
from processes import PATIENCE, Server, command, until, workspace

from equipoise.strategy.files.decisions import decide_file

PIECE = 10_000  # JSON lines, which are decided one by one
KILLS = [
    pytest.param(1, id="once"),
    pytest.param(4, id="often", marks=pytest.mark.slow),
]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def server(request: Any, tmp_path: Path) -> Any:
    folder = workspace(tmp_path / "lender")
    more = {"EQUIPOISE_JOB_LEASE": "1"}
    if request.param == "sqlite":
        yield Server(folder, more=more)
        return
    with request.getfixturevalue("_empty_postgresql")() as url:
        yield Server(folder, url, more=more)


def send(server: Server, body: bytes, key: str) -> Any:
    headers = {
        "Authorization": f"Bearer {server.key}",
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": key,
    }
    where = f"{server.said['url']}/v1/batches"
    request = urllib.request.Request(where, body, headers, method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
        return json.load(response)


@pytest.mark.parametrize("kills", KILLS)
def test_killed_in_the_middle_it_goes_on_and_comes_out_to_the_byte(
    server: Server, tmp_path: Path, kills: int
) -> None:
    rows = (kills + 1) * PIECE  # a piece before each kill, and one after the last
    lines = [json.dumps(facts(application_id=f"A{at}", dti=at % 90 / 100)) for at in range(rows)]
    body = "\n".join(lines).encode()
    server.start()
    batch = send(server, body, "kill")
    where = f"/v1/batches/{batch['id']}"
    seen = [0]
    for _ in range(kills):
        half = until(lambda: (now := server.call("GET", where)[1])["rows"] > seen[-1] and now)
        assert half["state"] == "running"
        seen.append(half["rows"])
        server.kill()
        server.start()
    assert send(server, body, "kill")["id"] == batch["id"]
    done = until(lambda: (now := server.call("GET", where)[1])["state"] == "done" and now)
    assert (done["rows"], done["total"]) == (rows, rows)
    assert server.stop() == 0

    folder = server.folder / "service" / "batches" / batch["id"]
    (tmp_path / "own.jsonl").write_bytes(body)
    on = date.fromisoformat(batch["decided_on"])
    decide_file(strategy(), tmp_path / "own.jsonl", tmp_path / "answers.jsonl", at=on)
    answers = (folder / "decisions.jsonl").read_bytes()
    assert answers == (tmp_path / "answers.jsonl").read_bytes()
    assert pl.read_ndjson(answers)["id"].n_unique() == rows
    assert all(path.stat().st_mode & 0o077 == 0 for path in (server.folder / "service").rglob("*"))

    code, replayed = command("replay", server.folder, "--all", url=server.url)
    assert (code, replayed["batches"], replayed["batch_rows"]) == (0, 1, rows)
    assert command("record", "verify", server.folder, url=server.url)[0] == 0
    (folder / "decisions.jsonl").write_bytes(answers[:-2] + b" }\n")
    code, verdict = command("record", "verify", server.folder, url=server.url)
    assert (code, verdict["first_bad"]["chain"]) == (1, batch["id"])
