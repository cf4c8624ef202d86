"""An acknowledged decision is never lost: real servers, killed under load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lender import facts
from processes import Load, Server, command, until, workspace


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: Any, tmp_path: Path) -> Any:
    folder = workspace(tmp_path / "lender")
    if request.param == "sqlite":
        yield Server(folder)
        return
    with request.getfixturevalue("_empty_postgresql")() as url:
        yield Server(folder, url, workers=2)


@pytest.mark.parametrize(
    "kills", [pytest.param(1, id="once"), pytest.param(20, id="often", marks=pytest.mark.slow)]
)
def test_a_killed_server_loses_no_acknowledged_decision(server: Server, kills: int) -> None:
    acknowledged: dict[str, Any] = {}
    asked: list[str] = []
    given = facts()
    for number in range(kills):
        server.start()
        with Load(server, given, f"kill{number}") as load:
            enough = 1 + 9 * (number % 5)  # in full swing, and another moment each time
            until(lambda load=load, enough=enough: len(load.acknowledged) >= enough)
            server.kill()
        acknowledged |= load.acknowledged
        asked += load.asked
    server.start()
    looked_at = max(1, len(acknowledged) // 50)
    for key, answer in list(acknowledged.items())[::looked_at]:
        assert server.call("GET", f"/v1/decisions/{answer['id']}") == (200, answer)
        assert server.decide({**given, "application_id": key}, key) == (201, answer)
    doubtful = [key for key in asked if key not in acknowledged]
    for key in doubtful:  # whoever got no answer asks again with the same key
        status, answer = server.decide({**given, "application_id": key}, key)
        assert status == 201
        acknowledged[key] = answer
    assert server.stop() == 0
    code, replayed = command("replay", server.folder, "--all", url=server.url)
    assert (code, replayed["differences"], replayed["lost"]) == (0, 0, 0)
    # Each key has one effect: as many decisions as keys, however often one asked.
    assert replayed["replayed"] == len(acknowledged) == len(asked)
    assert len({answer["id"] for answer in acknowledged.values()}) == len(asked)
    code, verdict = command("record", "verify", server.folder, url=server.url)
    assert (code, verdict["valid"]) == (0, True)
