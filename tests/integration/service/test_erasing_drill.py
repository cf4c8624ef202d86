"""The how-to's drill with real processes: erased while it serves, and again after a restore."""

from __future__ import annotations

from pathlib import Path

from lender import facts
from processes import Server, command, until, workspace

WHO = "PERSON-47110815"


def test_a_person_erased_while_it_serves_stays_so_after_a_restore(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "lender")
    server = Server(folder).start()
    try:
        made = [server.decide(facts(application_id=who), who)[1] for who in (WHO, "OTHER-1")]
        assert command("backup", folder, tmp_path / "before.tar")[0] == 0
        code, printed = command("erase", folder, "--id", WHO)
        assert code == 0, printed
        assert (len(printed["applications"]), printed["decisions"]) == (1, 1)
        assert printed["backups"] == [str(tmp_path / "before.tar")]
        assert server.call("GET", f"/v1/decisions/{made[0]['id']}/explanation")[0] == 200
        code, done = command("erase", folder, "--id", WHO, "--yes")
        if code:  # whoever reads the log at that moment is waited for by the worker
            until(lambda: _state(server, done["id"]) == "done")
        where = "/v1/decisions/{}/explanation".format
        assert server.call("GET", where(made[0]["id"]))[0] == 410
        assert server.call("GET", where(made[1]["id"]))[0] == 200
    finally:
        server.stop()
    register = folder / "service" / "erasures.jsonl"
    assert WHO.encode() not in register.read_bytes()
    drill = tmp_path / "drill"
    drill.mkdir()
    assert command("restore", drill, tmp_path / "before.tar")[0] == 0
    assert command("erase", drill, "--id", WHO)[1]["decisions"] == 1  # it is back
    again = command("erase", drill, "--register", register)[1]
    assert again == {"named": 1, "erased": 1}
    assert command("erase", drill, "--id", WHO)[1]["decisions"] == 0
    assert command("record", "verify", drill)[0] == 0


def _state(server: Server, erasure: str) -> str:
    import sqlite3

    database = server.folder / "service" / "service.sqlite3"
    with sqlite3.connect(database) as connection:
        result = connection.execute("SELECT state FROM erasing_erasure WHERE id = ?", [erasure])
        return str(result.fetchone()[0])
