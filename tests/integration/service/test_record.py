"""The record on a real database: nothing in it can be changed, and whoever does it is found out."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from happened import happened, happened_to

from equipoise.errors import GateRefused
from equipoise.record.chain import next_entry
from equipoise.record.checkpoint import read_line, signed
from equipoise.record.personal import Keyring, Unreadable
from equipoise.service.platform.record import parallel as shared
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.begin_witness import begin_witness
from equipoise.service.platform.record.guards import REFUSAL, guard
from equipoise.service.platform.record.models import BlindIndex, Chain, Checkpoint, Event
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.signing import (
    NotSigned,
    make_checkpoints,
    many_unsigned,
    unsigned,
)
from equipoise.service.platform.record.tasks import wrap_keys_anew
from equipoise.service.platform.record.witness import own_witness


def write(chain: str, count: int = 1, **data: Any) -> None:
    with transaction.atomic():
        for number in range(count):
            record.append(happened(chain, n=number, **data))


@pytest.fixture
def unguarded(database: Any) -> None:
    """As an intruder would begin: with the triggers dropped."""
    if database.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            names = [row[0] for row in cursor.fetchall()]
        database.execute(*(f'DROP TRIGGER "{name}"' for name in names))
    else:
        database.execute("DROP FUNCTION record_refuse CASCADE")


@pytest.fixture
def three_chains(database: Any) -> None:
    write("app-1", 3)
    write("app-2", 2)
    write("app-1", 1)
    write("app-3", 1)


def first_bad() -> tuple[str, int | None] | None:
    bad = verify_record().first_bad
    return (bad.chain, bad.index) if bad else None


@pytest.mark.usefixtures("three_chains")
def test_an_untouched_record_is_valid() -> None:
    verdict = verify_record()
    assert (verdict.events, verdict.valid) == (7, True)
    assert [entry.data["n"] for entry in record.entries("app-1")] == [0, 1, 2, 0]


@pytest.mark.usefixtures("three_chains")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record_event SET kind = 'other' WHERE chain = 'app-2'",
        "DELETE FROM record_event WHERE chain = 'app-3'",
        "DELETE FROM record_chain",
        "UPDATE record_chain SET length = 1 WHERE chain = 'app-1'",
        "UPDATE record_chain SET chain = 'x' WHERE chain = 'app-3'",
    ],
)
def test_the_database_refuses_changes(database: Any, change: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        database.execute(change)
    assert verify_record().valid


@pytest.mark.usefixtures("three_chains")
def test_the_database_refuses_to_empty_or_replace(database: Any) -> None:
    if database.vendor == "postgresql":
        statement = "TRUNCATE record_event"
    else:
        statement = (
            "REPLACE INTO record_event "
            "SELECT sequence, chain, place, at, 'other', body, prev, hash "
            "FROM record_event WHERE sequence = 1"
        )
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        database.execute(statement)


@pytest.mark.usefixtures("three_chains")
def test_guards_stand_again_after_a_migration(database: Any, unguarded: None) -> None:
    guard(connection)
    guard(connection)
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        database.execute("DELETE FROM record_event")


@pytest.mark.usefixtures("three_chains", "unguarded")
@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("UPDATE record_event SET kind = 'x' WHERE chain = 'app-1' AND place = 1", ("app-1", 1)),
        ("UPDATE record_event SET at = at + 1 WHERE chain = 'app-2' AND place = 0", ("app-2", 0)),
        ("DELETE FROM record_event WHERE chain = 'app-1' AND place = 0", ("app-1", 0)),
        ("DELETE FROM record_event WHERE chain = 'app-1' AND place = 2", ("app-1", 2)),
        ("DELETE FROM record_event WHERE chain = 'app-1' AND place = 3", ("app-1", 3)),
        ("DELETE FROM record_event WHERE chain = 'app-3'", ("app-3", 0)),
        ("UPDATE record_event SET sequence = 99 WHERE sequence = 1", ("app-1", 0)),
        ("DELETE FROM record_chain WHERE chain = 'app-2'", ("app-2", 0)),
        ("UPDATE record_chain SET length = 1 WHERE chain = 'app-2'", ("app-2", 0)),
    ],
)
def test_whatever_an_intruder_changes_is_named(
    database: Any, change: str, bad: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    database.execute(change)
    assert first_bad() == bad
    monkeypatch.setattr(shared, "SMALL", 0)
    assert verify_record(processes=3).first_bad == verify_record().first_bad


@pytest.mark.usefixtures("three_chains")
def test_several_processes_come_to_the_same_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    make_checkpoints()
    with transaction.atomic():
        record.append(*(happened(f"app-{n}", n=n) for n in range(9)))
    monkeypatch.setattr(shared, "SMALL", 0)
    alone = verify_record()
    assert alone.valid
    for count in (2, 3, 7):
        assert verify_record(processes=count) == alone


@pytest.mark.usefixtures("three_chains", "unguarded")
def test_an_inserted_entry_is_named() -> None:
    last = record.entries("app-2")[-1]
    forged = next_entry(last.head, "app-2", "test.happened", b'{"n":9}', last.at)
    Event.objects.create(
        chain="app-2",
        place=forged.index,
        at=forged.at,
        kind=forged.kind,
        body=forged.body,
        prev=forged.prev,
        hash=forged.hash,
    )
    assert first_bad() == ("app-2", 2)


@pytest.mark.usefixtures("three_chains", "unguarded")
def test_an_end_cut_off_together_with_its_head_breaks_the_checkpoint(database: Any) -> None:
    [checkpoint] = make_checkpoints()
    assert (checkpoint.events, checkpoint.chains) == (7, 3)
    before = record.entries("app-1")[-2]
    Event.objects.filter(chain="app-1", place=3).delete()
    Chain.objects.filter(chain="app-1").update(length=3, hash=before.hash)
    bad = verify_record().first_bad
    assert bad is not None
    assert bad.checkpoint == 1


@pytest.mark.usefixtures("three_chains", "unguarded")
def test_the_services_own_witness_notices_checkpoints_that_were_taken_away() -> None:
    make_checkpoints()
    write("app-4")
    make_checkpoints()
    assert verify_record().valid
    Checkpoint.objects.filter(number=2).delete()
    [fault] = verify_record().faults
    assert "the witness kept a checkpoint that the record lacks" in fault.what
    assert fault.checkpoint == 2


@pytest.mark.usefixtures("three_chains", "unguarded")
def test_what_was_signed_and_rewritten_is_found_though_every_checkpoint_is_gone() -> None:
    make_checkpoints()
    last = record.entries("app-2")[-1]
    head = record.entries("app-2")[0].head
    forged = next_entry(head, "app-2", "test.happened", b'{"n":9}', last.at)
    Event.objects.filter(chain="app-2", place=1).update(body=forged.body, hash=forged.hash)
    Chain.objects.filter(chain="app-2").update(hash=forged.hash)
    Checkpoint.objects.all().delete()
    kept, changed = verify_record().faults
    assert (kept.checkpoint, changed.checkpoint) == (1, 1)
    assert changed.what.startswith("entries 1 to 7 are not those signed")


@pytest.mark.usefixtures("three_chains", "unguarded")
@pytest.mark.parametrize("signed", [True, False])
def test_a_cut_end_is_found_where_it_was_signed_and_else_its_length_is_told(signed: bool) -> None:
    make_checkpoints()
    write("app-5", 3)
    assert (verify_record().signed, verify_record().unsigned) == (7, 3)
    if signed:
        make_checkpoints()
    Event.objects.filter(sequence__gt=7).delete()
    Chain.objects.filter(chain="app-5").delete()
    Checkpoint.objects.filter(number=2).delete()
    verdict = verify_record()
    assert verdict.valid is not signed
    assert verdict.unsigned == 0
    if signed:
        assert {fault.checkpoint for fault in verdict.faults} == {2}


def sign_elsewhere(path: Path) -> None:
    """As the service's witness was copied to another place."""
    shutil.copyfile(own_witness(), path)


@pytest.mark.usefixtures("three_chains")
def test_a_copy_of_the_witness_is_asked_besides(tmp_path: Path) -> None:
    make_checkpoints()
    sign_elsewhere(tmp_path / "copy")
    write("app-4")
    make_checkpoints()
    assert verify_record([tmp_path / "copy"]).valid  # made before the last checkpoint
    assert not verify_record([tmp_path / "nowhere"]).valid


def changed_line(text: str) -> str:
    return text.replace('"events":1', '"events":2')


@pytest.mark.usefixtures("three_chains")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: [lines[0], lines[2]], "line 2 of the witness"),
        (lambda lines: [*lines[:2], changed_line(lines[2])], "its signature does not hold"),
        (lambda lines: [lines[0], "{}\n", lines[2]], "line 2 of witness.jsonl is no checkpoint"),
        (lambda lines: [lines[1], lines[0], lines[2]], "line 1 of the witness"),
    ],
)
def test_a_witness_that_was_edited_is_found(change: Any, says: str) -> None:
    for chain in ("app-4", "app-5", "app-6"):
        make_checkpoints()
        write(chain)
    lines = own_witness().read_text().splitlines(keepends=True)
    own_witness().write_text("".join(change(lines)))
    [fault] = verify_record().faults
    assert says in fault.what


@pytest.mark.usefixtures("three_chains")
def test_a_witness_that_is_gone_is_told_and_never_made_anew() -> None:
    make_checkpoints()
    write("app-4")
    own_witness().unlink()
    assert "is gone" in verify_record().faults[0].what
    with pytest.raises(NotSigned, match="is gone"):
        make_checkpoints()
    assert not own_witness().exists()


@pytest.mark.usefixtures("three_chains")
def test_an_emptied_witness_is_none() -> None:
    make_checkpoints()
    write("app-4")
    make_checkpoints()
    own_witness().write_text("")
    assert "is empty" in verify_record().faults[0].what
    with pytest.raises(NotSigned, match="is empty"):
        make_checkpoints()


@pytest.mark.usefixtures("three_chains")
def test_a_lost_witness_is_begun_anew_by_command_and_every_verification_says_from_where() -> None:
    with pytest.raises(GateRefused, match="nothing was signed"):
        begin_witness("lost")
    make_checkpoints()
    with pytest.raises(GateRefused, match="is not lost"):
        begin_witness("lost")
    write("app-4")
    own_witness().unlink()
    begun = begin_witness("the machine burnt down")
    assert (begun.checkpoint, begun.entry) == (1, 7)
    verdict = verify_record()
    assert (verdict.valid, verdict.checkpoints, verdict.unsigned) == (True, 2, 0)
    [note] = verdict.notes
    assert "begins at entry 8, after checkpoint 1" in note
    assert "the machine burnt down" in note
    Checkpoint.objects.get(number=2)
    write("app-4")
    assert [each.number for each in make_checkpoints()] == [3]  # signing goes on
    assert [read_line(each).number for each in own_witness().read_text().splitlines()] == [1, 2, 3]


@pytest.mark.usefixtures("three_chains", "unguarded")
@pytest.mark.parametrize("copied", [True, False])
def test_no_witness_is_begun_over_a_record_that_was_changed(tmp_path: Path, copied: bool) -> None:
    make_checkpoints()
    write("app-4")
    make_checkpoints()
    own_witness().rename(tmp_path / "copy")
    if copied:  # only the copy knows of what was cut off
        Checkpoint.objects.filter(number=2).delete()
    else:
        Event.objects.filter(chain="app-4").update(kind="x")
    with pytest.raises(GateRefused, match="does not hold without its witness"):
        begin_witness("lost", [tmp_path / "copy"] if copied else [])
    assert not own_witness().exists()
    assert record.entries("witness") == []


@pytest.mark.usefixtures("three_chains")
def test_the_witness_of_another_service_is_not_taken_for_ours() -> None:
    make_checkpoints()
    stranger = Ed25519PrivateKey.generate()
    with own_witness().open("r+") as file:
        kept = read_line(file.readline())
        file.truncate(0)
        file.seek(0)
        file.write(signed(kept, stranger).line())
    assert "signed by another service" in verify_record().faults[0].what
    write("app-4")
    with pytest.raises(NotSigned):
        make_checkpoints()


@pytest.mark.usefixtures("three_chains", "unguarded")
def test_nothing_is_signed_below_what_the_witness_knows() -> None:
    make_checkpoints()
    write("app-4")
    make_checkpoints()
    Checkpoint.objects.all().delete()  # signed anew it would begin at 1
    with pytest.raises(NotSigned, match="the record lacks"):
        make_checkpoints()
    assert Checkpoint.objects.count() == 0
    assert len(own_witness().read_text().splitlines()) == 2


@pytest.mark.usefixtures("three_chains", "unguarded")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record_event SET body = '{}' WHERE sequence = 8",
        "UPDATE record_event SET kind = 'x' WHERE sequence = 6",  # signed, and the next goes on
        "DELETE FROM record_event WHERE sequence = 6",
    ],
)
def test_nothing_is_signed_that_does_not_fit_its_hash_or_what_was_signed(
    database: Any, change: str
) -> None:
    make_checkpoints()
    write("app-1", 2)
    body = "'\\x7b7d'::bytea" if database.vendor == "postgresql" else "x'7b7d'"
    database.execute(change.replace("'{}'", body))
    with pytest.raises(NotSigned):
        make_checkpoints()
    assert Checkpoint.objects.count() == 1


@pytest.mark.usefixtures("three_chains")
def test_the_witness_gets_what_a_killed_process_had_not_written() -> None:
    witness = own_witness()
    make_checkpoints()
    first = witness.read_bytes()
    write("app-4")
    make_checkpoints()
    whole = witness.read_bytes()
    witness.write_bytes(first)  # the second was signed, and never told
    assert verify_record().valid
    assert make_checkpoints() == []
    assert witness.read_bytes() == whole
    witness.write_bytes(whole[:-40])  # in the middle of the second line
    assert verify_record().valid
    assert make_checkpoints() == []
    assert witness.read_bytes() == whole


@pytest.mark.usefixtures("three_chains")
def test_signing_is_due_once_enough_stands_unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = replace(settings.CONFIGURATION, most_unsigned=10)
    monkeypatch.setattr(settings, "CONFIGURATION", configuration)
    assert many_unsigned()
    make_checkpoints()
    assert not many_unsigned()
    write("app-4", 5)
    assert many_unsigned()
    assert unsigned() == 5


@pytest.mark.usefixtures("three_chains")
def test_checkpoints_follow_each_other_and_go_on_where_the_last_ended() -> None:
    [first] = make_checkpoints()
    assert make_checkpoints() == []
    write("app-1")
    [second] = make_checkpoints()
    assert (second.number, second.events, second.prev) == (2, 1, first.digest)
    verdict = verify_record()
    assert (verdict.checkpoints, verdict.valid) == (2, True)
    lines = [read_line(each.line) for each in Checkpoint.objects.order_by("number")]
    assert lines == [first, second]


@pytest.mark.usefixtures("database")
def test_what_is_rolled_back_leaves_no_trace() -> None:
    with pytest.raises(ValueError, match="changed my mind"), transaction.atomic():
        record.append(happened("app-1"))
        raise ValueError("changed my mind")
    assert verify_record().events == 0


@pytest.mark.usefixtures("database")
def test_events_need_the_transaction_of_what_they_tell() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record.append(happened("app-1"))


@pytest.mark.usefixtures("database")
def test_many_who_append_to_one_chain_make_one_chain(in_threads: Any) -> None:
    write("app-1")

    def work(number: int) -> None:
        write("app-1", 2, by=number)

    in_threads(8, work)
    verdict = verify_record()
    assert (verdict.events, verdict.first_bad) == (17, None)


def applicant() -> subjects.Subject:
    return subjects.several(["app-1"])["app-1"]


@pytest.mark.usefixtures("database")
def test_an_erased_person_is_unreadable_and_unfindable_and_the_chain_still_holds() -> None:
    fields = {"name": "李雷", "phone": "555-0100"}
    blind = subjects.keyring().blind("id", "A-1")
    sealed = subjects.seal_new("app-1", fields, blind, {"phone": fields["phone"]})
    with transaction.atomic():
        record.append(happened_to(sealed, personal=sealed.body))
    more = subjects.seal_for(applicant(), {"email": "l@example.org"}, {"email": "l@example.org"})
    with transaction.atomic():
        record.append(happened_to(more, personal=more.body))
    bodies = [entry.data["personal"] for entry in record.entries("app-1")]
    assert subjects.open_sealed(bodies[0]) == fields
    known = (("id", "A-1"), ("phone", "555-0100"), ("email", "l@example.org"))
    assert [subjects.find(*each) for each in known] == [["app-1"]] * 3

    subjects.erase("app-1", by="user.1", reason="asked for it")
    subjects.erase("app-1", by="user.1", reason="asked for it")
    for body in bodies:
        with pytest.raises(Unreadable, match="erased"):
            subjects.open_sealed(body)
    with pytest.raises(Unreadable):
        subjects.seal_for(applicant(), fields, {})
    assert [subjects.find(*each) for each in known] == [[]] * 3
    assert [entry.kind for entry in record.entries("app-1")][2:] == ["subject.erased"]
    assert verify_record().valid


@pytest.mark.usefixtures("database")
def test_no_column_holds_a_personal_value() -> None:
    value = "Planted Value"
    blind = subjects.keyring().blind("id", value)
    sealed = subjects.seal_new("app-1", {"name": value}, blind, {"name": value})
    with transaction.atomic():
        record.append(happened_to(sealed, personal=sealed.body))
    for model in (Event, Chain, BlindIndex):
        assert model.objects.exists()
        for values in model.objects.values_list():
            text = json.dumps(
                [bytes(v).hex() if isinstance(v, memoryview | bytes) else str(v) for v in values]
            )
            assert "Planted" not in text
            assert b"Planted".hex() not in text


@pytest.mark.usefixtures("database")
def test_keys_can_be_wrapped_anew_under_a_newer_master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    old = subjects.keyring()
    given = [subjects.seal_new(f"app-{name}", {"name": name}) for name in ("Ada", "Bo", "Cy")]
    with transaction.atomic():
        record.append(*(happened_to(each, personal=each.body) for each in given))
    subjects.erase("app-Cy", "somebody", "asked for it")
    both = Keyring({**old.keys, 2: b"\7" * 32})
    monkeypatch.setattr(subjects, "keyring", lambda: both)
    assert list(subjects.rewrap(1)) == [1, 1]
    assert wrap_keys_anew.func() == 0
    only_new = Keyring({2: both.keys[2]})
    monkeypatch.setattr(subjects, "keyring", lambda: only_new)
    assert [subjects.open_sealed(sealed.body)["name"] for sealed in given[:2]] == ["Ada", "Bo"]
    with pytest.raises(Unreadable):
        subjects.open_sealed(given[2].body)
