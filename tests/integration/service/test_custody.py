"""The keys a database needs: noted at its first start, held against those of later ones."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from lender import facts
from processes import CLI, PATIENCE, Server, command, environment, until, workspace
from warm import ran

from equipoise.errors import BadInput
from equipoise.record.personal import Keyring
from equipoise.service.platform.custody import exchanging, fingerprints, fitting
from equipoise.service.platform.custody.fitting import faults_of
from equipoise.service.platform.custody.recorded import recorded
from equipoise.service.platform.record.models import Checkpoint
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.signing import NotSigned, make_checkpoints

OLD, NEW = "1:" + "a1" * 32, "2:" + "b2" * 32


def refused(folder: Path, url: str = "", **environs: str) -> str:
    """What a start says that must not come up."""
    arguments = ["serve", str(folder), "--port", "0", "--no-worker", "--json"]
    code, said = ran(arguments, {**environment(url), **environs}, within=int(PATIENCE))
    assert code == 2, said
    return str(json.loads(said)["message"])


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that has decided, and is not running."""
    server = Server(workspace(tmp_path_factory.mktemp("custody") / "lender")).start()
    try:
        assert server.decide(facts(), "before")[0] == 201
        until((server.folder / "service" / "witness.jsonl").is_file)  # signed
    finally:
        assert server.stop() == 0
    yield server


@pytest.mark.parametrize("name", ["master-keys", "signing-key", "secret-key"])
def test_a_start_without_one_of_its_keys_is_refused_and_makes_none(
    stopped: Server, name: str, tmp_path: Path
) -> None:
    file = stopped.folder / "service" / name
    file.rename(tmp_path / name)
    try:
        said = refused(stopped.folder)
        assert f"service/{name}" in said
        assert "is not here" in said
        assert "backup" in said  # how to mend it
        assert not file.exists()
    finally:
        (tmp_path / name).replace(file)


def test_replay_counts_as_erased_only_what_was(stopped: Server) -> None:
    code, printed = command("replay", stopped.folder, "--all")
    assert (code, printed["replayed"], printed["erased"], printed["unreadable"]) == (0, 1, 0, 0)
    file = stopped.folder / "service" / "master-keys"
    text = file.read_text()
    for other in (NEW.replace("2:", "1:"), None):
        try:
            file.write_text(other) if other else file.unlink()
            code, printed = command("replay", stopped.folder, "--all")
        finally:
            file.write_text(text)
            file.chmod(0o600)
        assert (code, printed["replayed"], printed["erased"], printed["unreadable"]) == (1, 0, 0, 1)


def test_keys_given_by_environment_are_held_against_the_database_too(stopped: Server) -> None:
    right = (stopped.folder / "service" / "master-keys").read_text().strip()
    for given, said in (
        (OLD, "master key 1 (EQUIPOISE_MASTER_KEYS) is another"),
        (NEW, "master key 1 (EQUIPOISE_MASTER_KEYS) is not here"),
        (f"{OLD},{right}", "one version twice"),
    ):
        assert said in refused(stopped.folder, EQUIPOISE_MASTER_KEYS=given)
    assert "signing key" in refused(stopped.folder, EQUIPOISE_SIGNING_KEY="c3" * 32)
    assert "secret key" in refused(stopped.folder, EQUIPOISE_SECRET_KEY=OLD)


def test_two_hosts_with_folders_of_their_own_are_refused_on_one_database(
    _empty_postgresql: Any, tmp_path: Path
) -> None:
    with _empty_postgresql() as url:
        first = Server(workspace(tmp_path / "one"), url, background=False).start()
        try:
            assert first.decide(facts(), "before")[0] == 201
            second = workspace(tmp_path / "two")
            said = refused(second, url)
            assert said.count("is not here") == 3
            assert all(name in said for name in ("master key 1", "signing key", "secret key"))
            assert list((second / "service").glob("*key*")) == []
            done = subprocess.run(
                [sys.executable, "-c", CLI, "worker", str(second)],
                env=environment(url),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 2
            assert "signing key" in done.stderr
        finally:
            assert first.stop() == 0


def test_a_folder_that_has_signed_is_not_begun_anew_on_an_empty_database(
    _empty_postgresql: Any, tmp_path: Path
) -> None:
    folder = workspace(tmp_path / "lender")
    (folder / "service").mkdir()
    (folder / "service" / "witness.jsonl").write_text("{}\n")
    with _empty_postgresql() as url:
        said = refused(folder, url)
    assert "the database is empty" in said
    assert "DATABASE_URL" in said or "database that belongs to it" in said


def test_what_fits_and_what_does_not() -> None:
    def of(*texts: str) -> dict[str, str]:
        return fingerprints.of_master_keys(Keyring.read(",".join(texts)))

    third = "3:" + "c3" * 32
    assert faults_of(of(OLD), of(OLD, NEW)) == []  # a newer one is welcome
    assert faults_of(of(NEW, third), of(OLD, NEW, third)) != []  # it would make another index
    assert "between" in " ".join(faults_of(of(OLD, third), of(OLD, NEW, third)))
    [fault] = faults_of(of(OLD, NEW), of(NEW))
    assert fault.startswith("master key 1 ")


def test_keys_are_added_and_replaced_by_command(stopped: Server, tmp_path: Path) -> None:
    """On a copy; what was sealed and signed by the former keys stays readable and proved."""
    folder = workspace(tmp_path / "lender")
    shutil.copytree(stopped.folder / "service", folder / "service")
    assert command("record", "verify", folder)[0] == 0
    assert command("keys", "add", folder) == (0, {"added": "master key 2"})
    code, printed = command("keys", "list", folder)
    assert {each["name"]: each["state"] for each in printed["keys"]} == {
        "master key 1": "fits", "master key 2": "new", "index key": "fits",
        "signing key": "fits", "secret key": "fits",
    }  # fmt: skip
    assert code == 0
    (folder / "service" / "signing-key").unlink()  # lost
    assert command("keys", "list", folder)[0] == 1
    code, printed = command("keys", "replace", folder, "signing-key", "--reason", "lost")
    assert code == 0
    assert printed["key"] == "signing key"
    assert printed["former"] != printed["fingerprint"]
    assert command("keys", "replace", folder, "master-keys", "--reason", "lost")[0] == 2
    again = Server(folder, key=stopped.key, more={"EQUIPOISE_MOST_UNSIGNED": "2"}).start()
    try:
        assert again.decide(facts(), "after")[0] == 201
        witness = folder / "service" / "witness.jsonl"
        until(lambda: witness.is_file() and printed["fingerprint"] in witness.read_text())
        ready = again.call("GET", "/readyz")[1]
        assert ready["checks"]["keys"] == "ok"
    finally:
        assert again.stop() == 0
    assert command("replay", folder, "--all")[1]["replayed"] == 2


@pytest.mark.usefixtures("database")
def test_a_newer_master_key_is_noted_in_the_database_and_in_the_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rings = [Keyring.read(OLD)]
    monkeypatch.setattr(fingerprints, "keyring", lambda: rings[-1])
    with transaction.atomic():
        fitting.begin()
    before = fitting.known()
    assert set(before) == {"master key 1", "index key", "signing key", "secret key"}
    assert fitting.look() is None
    rings.append(Keyring.read(f"{OLD},{NEW}"))
    fitting.check()
    assert set(fitting.known()) - set(before) == {"master key 2"}
    assert fitting.known() == recorded()
    fitting.check()  # again: nothing is noted twice
    rings.append(Keyring.read(OLD))  # another process, started before
    amiss = fitting.look()
    assert amiss is not None
    assert amiss.stops
    assert "master key 2" in amiss.says
    with pytest.raises(BadInput, match="master key 2"):
        fitting.check()


@pytest.mark.usefixtures("sqlite_database")
def test_fingerprints_that_were_changed_in_the_database_are_noticed() -> None:
    with transaction.atomic():
        fitting.begin()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM custody_fingerprint WHERE name = 'signing key'")
    with pytest.raises(BadInput, match="not those in its record"):
        fitting.check()


@pytest.mark.usefixtures("database")
def test_a_process_that_was_given_a_signing_key_before_it_was_replaced_signs_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former, now = "c3" * 32, "d4" * 32

    def given(key: str) -> None:
        configuration = replace(settings.CONFIGURATION, signing_key=key)
        monkeypatch.setattr(settings, "CONFIGURATION", configuration)

    given(former)
    with transaction.atomic():
        fitting.begin()
    [first] = make_checkpoints()
    given(now)
    exchanging.replace("signing-key", "others have seen it")
    given(former)  # a worker that was not started again
    with pytest.raises(NotSigned, match="another signing key than the record names"):
        make_checkpoints()
    assert Checkpoint.objects.count() == 1
    given(now)
    [second] = make_checkpoints()
    assert first.key != second.key
    assert verify_record().valid


def test_fingerprints_give_nothing_away() -> None:
    ring = Keyring.read(OLD)
    result = json.dumps(fingerprints.of_master_keys(ring))
    assert ring.keys[1].hex() not in result
    assert ring.index_key.hex() not in result
