"""One server's life by the commands: first start, backup, a taken port, a graceful end."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lender import facts
from processes import Load, Server, command, log_in, until, workspace

from equipoise.cli.run import run
from equipoise.errors import BadInput, GateRefused
from equipoise.service.commands.backup import back_up, restore


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    """The server and what it said when it first started."""
    server = Server(workspace(tmp_path_factory.mktemp("serving") / "lender")).start()
    yield server, server.said
    if server.runs():
        server.kill()


@pytest.fixture
def server(served: tuple[Server, dict[str, Any]]) -> Server:
    """Running, whatever the test before did to it: tests come in any order."""
    return served[0] if served[0].runs() else served[0].start()


def test_a_first_start_says_what_is_needed_to_decide(
    server: Server, served: tuple[Server, dict[str, Any]]
) -> None:
    said = served[1]
    assert set(said["admin"]) == {"username", "password"}
    assert said["published"].startswith("corner v1, ")
    _, described = server.call("GET", said["openapi"].removeprefix(said["url"]))
    body = described["paths"]["/v1/decisions"]["post"]["requestBody"]
    example = body["content"]["application/json"]["example"]
    assert server.call("POST", "/v1/decisions", example, "example")[0] == 201


def test_what_it_keeps_is_closed_to_others(server: Server) -> None:
    for path in (server.folder / "service").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_log_holds_lines_of_json_and_no_facts(server: Server) -> None:
    server.decide(facts(application_id="PlantedValue", income=98765.4321), "logged")
    text = (server.folder / "log").read_text()
    assert [line for line in text.splitlines() if not line.startswith("{")] == []
    assert "Planted" not in text
    assert "98765.4321" not in text


@pytest.mark.parametrize("announced", [True, False], ids=["length", "chunked"])
def test_fifty_megabytes_are_refused_in_bounded_memory(server: Server, announced: bool) -> None:
    megabyte = b"x" * 1_000_000
    server.settle()
    before = server.memory()
    status = server.pour((megabyte for _ in range(50)), 50_000_000 if announced else None)
    assert status == 413
    assert server.memory() - before < 30_000_000
    assert server.decide(facts(), f"after {announced}".replace(" ", "-"))[0] == 201


@pytest.mark.parametrize("announced", [True, False], ids=["length", "chunked"])
def test_a_large_file_goes_to_the_disk_and_not_through_memory(
    server: Server, announced: bool
) -> None:
    line = b"x" * 999_999 + b"\n"
    answering = server.children()[0]
    server.settle()
    before = _peak(answering)
    length = 200_000_000 if announced else None
    status = server.pour((line for _ in range(200)), length, "/v1/batches", "text/csv")
    assert status == 202
    assert _peak(answering) - before < 50_000_000
    batch = server.call("GET", "/v1/batches")[1]["items"][0]
    assert batch["total"] == 199
    until(lambda: server.call("GET", f"/v1/batches/{batch['id']}")[1]["state"] == "failed")


def test_the_refusal_of_a_file_arrives_though_it_was_not_read(server: Server) -> None:
    line = b"x" * 999_999 + b"\n"
    for kind, token, status in (("text/csv", "nobody", 401), ("text/plain", "", 415)):
        poured = (line for _ in range(30))
        assert server.pour(poured, 30_000_000, "/v1/batches", kind, token) == status


def test_a_file_that_is_cut_off_on_its_way_leaves_nothing(server: Server) -> None:
    folder = server.folder / "service" / "batches"
    before = {path.name for path in folder.iterdir()}
    parts = urlsplit(server.said["url"])
    with socket.create_connection((parts.hostname, parts.port)) as line:
        head = "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
        head += f"Authorization: Bearer {server.key}\r\nIdempotency-Key: cut\r\n"
        line.sendall(f"{head}Content-Length: 5000000\r\n\r\n".encode() + b"x" * 3_000_000)
        until(lambda: _files_without_a_name(server.children()[0]))
    until(lambda: not _files_without_a_name(server.children()[0]))
    assert {path.name for path in folder.iterdir()} == before


def _files_without_a_name(process: int) -> list[str]:
    """Where a body goes while it comes: what holds it is gone with the process."""
    links = Path(f"/proc/{process}/fd").iterdir()
    names = [str(path.readlink()) for path in links if path.is_symlink()]
    return [name for name in names if "/batches/" in name and name.endswith("(deleted)")]


def test_a_body_without_a_length_is_read_like_any_other(server: Server) -> None:
    body = json.dumps({"application": facts()}).encode()
    assert server.pour(iter([body[:20], body[20:]]), None) == 201


def test_a_worker_runs_beside_it(server: Server) -> None:
    until((server.folder / "service" / "witness.jsonl").is_file)  # a checkpoint was made


def test_a_backup_taken_under_load_is_whole(server: Server, tmp_path: Path) -> None:
    file, other = tmp_path / "backup.tar", tmp_path / "other"
    other.mkdir()
    made = server.decide(facts(), "before")[1]
    with Load(server, facts(), "backup", clients=2) as load:
        until(lambda: load.acknowledged)
        acknowledged = len(load.acknowledged)
        back_up(server.folder, file)
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(GateRefused, match="there is a service"):
        restore(server.folder, file)
    restore(other, file)
    code, replayed = command("replay", other, "--all")
    assert (code, replayed["differences"], replayed["lost"]) == (0, 0, 0)
    assert replayed["replayed"] >= 1 + acknowledged
    assert server.call("GET", f"/v1/decisions/{made['id']}") == (200, made)
    file.write_bytes(file.read_bytes().replace(b"decision.made", b"decision.mad3", 1))
    with pytest.raises(BadInput, match="no whole backup"):
        restore(tmp_path / "third", file)


def test_a_port_that_is_taken_is_told(server: Server, tmp_path: Path) -> None:
    from equipoise.service.commands.listening import listening

    with pytest.raises(BadInput, match="cannot listen"):
        listening("127.0.0.1", int(server.said["url"].rsplit(":", 1)[1]), 30.0)


@pytest.mark.parametrize(
    "command_",
    [["serve", "nowhere"], ["replay", "nowhere", "--all"], ["record", "verify", "nowhere"]],
)
def test_a_folder_that_is_not_there_is_told(
    command_: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command_) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_told_to_stop_it_answers_what_it_has_begun_and_a_later_start_goes_on(
    server: Server, served: tuple[Server, dict[str, Any]]
) -> None:
    said = served[1]
    with Load(server, facts(), "stop", clients=4) as load:
        until(lambda: load.acknowledged)
        assert server.stop() == 0
    assert load.acknowledged
    again = server.start().said
    assert again["published"] is None
    assert (again["admin"], again["api_key"]) == (said["admin"], said["api_key"])
    assert log_in(server, **said["admin"])
    assert server.stop() == 0
    assert not {"admin", "api_key"} & set(server.start().said)  # handed over
    for key, answer in load.acknowledged.items():
        assert server.decide({**facts(), "application_id": key}, key) == (201, answer)
    assert server.stop() == 0


def test_a_killed_server_leaves_no_worker_behind(server: Server) -> None:
    begun = until(lambda: len(result := server.children()) > 1 and result)
    server.kill()
    until(lambda: not any(_runs(pid) for pid in begun))


def _peak(pid: int) -> int:
    """The most bytes that the process ever held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # it may end while it is read
        return False
    return state != "Z"
