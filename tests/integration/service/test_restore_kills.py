"""A backup or a restore that is killed has done all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lender import facts
from processes import Server, command, workspace

from equipoise.errors import GateRefused
from equipoise.service.commands import backup
from equipoise.service.commands.backup import back_up, restore

# Runs the work in a fork that kills itself at its n-th dealing with files, for each n: between
# any two of them a power cut may come. Prints how often it deals with files when left alone.
_CUTTER = """
import json, os, signal, sys
from pathlib import Path
from equipoise.service.commands import backup

work, *given = json.loads(sys.stdin.read())

def cut(at, arguments):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        count = 0
        def hook(event, _):
            nonlocal count
            if event == "open" or event.split(".")[0] in ("os", "shutil", "fcntl", "sqlite3"):
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        getattr(backup, work)(*map(Path, arguments))
        made = count
        os.write(writer, str(made).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    told = os.read(reader, 100)
    os.close(reader)
    return int(told or 0)

print(json.dumps([cut(at, arguments) for at, arguments in given]))
"""


def _cut(work: str, *cuts: tuple[int, list[Path]]) -> list[int]:
    given = [work, *((at, [str(path) for path in paths]) for at, paths in cuts)]
    done = subprocess.run(
        [sys.executable, "-c", _CUTTER],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document: list[int] = json.loads(done.stdout)
    return document


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that has decided, and is not running; its log-in was not used."""
    folder = workspace(tmp_path_factory.mktemp("restoring") / "lender")
    server = Server(folder, background=False).start()
    try:
        assert server.decide(facts(), "before")[0] == 201
    finally:
        assert server.stop() == 0
    yield server


_KILLS = pytest.mark.parametrize(
    "kills", [pytest.param(3, id="3"), pytest.param(30, id="30", marks=pytest.mark.slow)]
)


def _moments(total: int, kills: int) -> list[int]:
    """So many of the moments, the last among them."""
    return sorted({total, *random.Random(kills).sample(range(1, total), kills - 1)})  # noqa: S311


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (folder / "service").iterdir()
    }


@_KILLS
def test_a_restore_killed_at_any_moment_is_the_old_state_or_the_new(
    stopped: Server, tmp_path: Path, kills: int
) -> None:
    file = tmp_path / "backup.tar"
    whole = back_up(stopped.folder, file).files
    assert set(whole) >= {"service.sqlite3", "master-keys", "signing-key", "secret-key"}
    [total] = _cut("restore", (0, [tmp_path / "counted", file]))
    assert _digests(tmp_path / "counted") == whole
    moments = _moments(total, kills)
    folders = [tmp_path / f"cut{at}" for at in moments]
    for folder in folders:  # as a command that was tried there leaves it
        (folder / "service" / "batches").mkdir(parents=True)
    _cut("restore", *((at, [folder, file]) for at, folder in zip(moments, folders, strict=True)))
    new = 0
    for folder in folders:
        if (folder / "service").exists() and any((folder / "service").rglob("*key*")):
            new += 1
            assert _digests(folder) == whole
            with pytest.raises(GateRefused, match="there is a service"):
                restore(folder, file)
        else:  # nothing was put there: it is done again, and what was left beside it is gone
            restore(folder, file)
            assert _digests(folder) == whole
        assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert new < len(folders)
    for folder in folders if kills > 3 else folders[:1]:
        again = Server(folder, key=stopped.key, background=False).start()
        try:
            assert again.decide(facts(), "before")[0] == 201
            assert again.stop() == 0
        finally:
            again.kill()


@_KILLS
def test_a_backup_killed_at_any_moment_leaves_no_half_file(
    stopped: Server, tmp_path: Path, kills: int
) -> None:
    [total] = _cut("back_up", (0, [stopped.folder, tmp_path / "counted.tar"]))
    moments = _moments(total, kills)
    for number, at in enumerate(moments):
        file = tmp_path / f"{number}.tar"
        before = b""
        if number % 2:  # one of before stands there
            back_up(stopped.folder, file)
            before = file.read_bytes()
        _cut("back_up", (at, [stopped.folder, file]))
        if file.exists() and file.read_bytes() != before:
            assert restore(tmp_path / f"of-{number}", file).files
        back_up(stopped.folder, file)
        assert [each for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_backup_names_the_keys_that_it_does_not_hold(
    stopped: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = stopped.folder / "service" / "master-keys"
    text = keys.read_text().strip()
    keys.rename(tmp_path / "apart")
    monkeypatch.setenv("EQUIPOISE_MASTER_KEYS", text)
    try:
        code, printed = command("backup", stopped.folder, tmp_path / "backup.tar")
    finally:
        (tmp_path / "apart").rename(keys)
    assert (code, printed["elsewhere"]) == (0, {"master-keys": "EQUIPOISE_MASTER_KEYS"})
    assert text.encode() not in (tmp_path / "backup.tar").read_bytes()
    code, printed = command("restore", tmp_path / "other", tmp_path / "backup.tar")
    assert (code, printed["lacking"]) == (0, [])
    monkeypatch.delenv("EQUIPOISE_MASTER_KEYS")
    code, printed = command("restore", tmp_path / "third", tmp_path / "backup.tar")
    assert (code, printed["lacking"]) == (0, ["EQUIPOISE_MASTER_KEYS"])
    code, printed = command("serve", tmp_path / "third", "--port", "0")
    assert code == 2
    assert "master key 1" in printed["message"]


def test_what_the_witness_tells_of_stands_in_the_backup_too(
    stopped: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record goes on while a backup is written: the witness is copied before the database."""
    order: list[str] = []
    copy: Callable[..., Any] = backup.shutil.copyfile
    monkeypatch.setattr(
        backup.shutil, "copyfile", lambda one, to: (order.append(Path(one).name), copy(one, to))[1]
    )
    snapshot = backup._snapshot
    monkeypatch.setattr(
        backup, "_snapshot", lambda one, to: (order.append(one.name), snapshot(one, to))[1]
    )
    witness = stopped.folder / "service" / "witness.jsonl"
    witness.touch()
    try:
        back_up(stopped.folder, tmp_path / "backup.tar")
    finally:
        witness.unlink()
    assert order[:2] == ["witness.jsonl", "service.sqlite3"]
    assert set(order[2:]) == {"master-keys", "signing-key", "secret-key"}
