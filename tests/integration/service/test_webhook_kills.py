"""What was acknowledged is told at least once: real servers and workers, killed under load."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lender import facts
from processes import Load, Server, command, until, workspace
from receiver import documented_check, receiving


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("EQUIPOISE_WEBHOOK_PRIVATE", "127.0.0.1")
    monkeypatch.setenv("EQUIPOISE_JOB_LEASE", "2")
    folder = workspace(tmp_path / "lender")
    if request.param == "sqlite":
        yield Server(folder)
        return
    with request.getfixturevalue("_empty_postgresql")() as url:
        yield Server(folder, url, workers=2)


@pytest.mark.parametrize(
    "kills", [pytest.param(1, id="once"), pytest.param(6, id="often", marks=pytest.mark.slow)]
)
def test_every_acknowledged_decision_is_told_though_everything_is_killed(
    server: Server, kills: int
) -> None:
    acknowledged: set[str] = set()
    with receiving() as receiver:
        server.start()
        given = {"url": receiver.url, "events": ["decision.made"]}
        status, hook = server.call("POST", "/v1/webhooks", given)
        assert status == 201
        for number in range(kills):
            before = len(receiver.got)
            with Load(server, facts(), f"kill{number}", clients=3) as load:
                until(lambda before=before: len(receiver.got) > before + 20)  # in full swing
                time.sleep(0.1 * (number % 4))
                server.kill()  # and with it the worker beside it
            acknowledged |= {answer["id"] for answer in load.acknowledged.values()}
            server.start()
        result = until(lambda: acknowledged <= {g.told["data"]["id"] for g in receiver.got} or None)
        assert result
        assert server.stop() == 0
    is_genuine = documented_check()
    for each in receiver.got:
        assert is_genuine(hook["secret"], each.headers, each.body)
    # The same decision is always the same message, however often it came.
    ids = {(each.id, each.told["data"]["id"], each.body) for each in receiver.got}
    assert max(Counter(decision for _, decision, _ in ids).values()) == 1
    code, verdict = command("record", "verify", server.folder, url=server.url)
    assert (code, verdict["valid"]) == (0, True)
