"""The ledger on a real database: nothing in it can be changed, and whoever does it is found out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from equipoise.service.ledger import services as ledger
from equipoise.service.ledger import shared, subjects
from equipoise.service.ledger.chain import next_entry
from equipoise.service.ledger.checkpoint import read_line
from equipoise.service.ledger.guards import REFUSAL, guard
from equipoise.service.ledger.models import BlindIndex, Chain, Checkpoint, Event
from equipoise.service.ledger.personal import Keyring, Unreadable
from equipoise.service.ledger.tasks import wrap_keys_anew
from equipoise.service.ledger.verifying import Fault


def write(chain: str, count: int = 1, **data: Any) -> None:
    with transaction.atomic():
        for number in range(count):
            ledger.append(ledger.event(chain, "test.happened", {"n": number, **data}))


@pytest.fixture
def unguarded(database: Any) -> None:
    """As an intruder would begin: with the triggers dropped."""
    if database.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            names = [row[0] for row in cursor.fetchall()]
        database.execute(*(f'DROP TRIGGER "{name}"' for name in names))
    else:
        database.execute("DROP FUNCTION ledger_refuse CASCADE")


@pytest.fixture
def three_chains(database: Any) -> None:
    write("app-1", 3)
    write("app-2", 2)
    write("app-1", 1)
    write("app-3", 1)


def first_bad() -> tuple[str, int | None] | None:
    bad = ledger.verify_ledger().first_bad
    return (bad.chain, bad.index) if bad else None


@pytest.mark.usefixtures("three_chains")
def test_an_untouched_ledger_is_valid() -> None:
    verdict = ledger.verify_ledger()
    assert (verdict.events, verdict.valid) == (7, True)
    assert [entry.data["n"] for entry in ledger.history("app-1")] == [0, 1, 2, 0]


@pytest.mark.usefixtures("three_chains")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_event SET kind = 'other' WHERE chain = 'app-2'",
        "DELETE FROM ledger_event WHERE chain = 'app-3'",
        "DELETE FROM ledger_chain",
        "UPDATE ledger_chain SET length = 1 WHERE chain = 'app-1'",
        "UPDATE ledger_chain SET chain = 'x' WHERE chain = 'app-3'",
    ],
)
def test_the_database_refuses_changes(database: Any, change: str) -> None:
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        database.execute(change)
    assert ledger.verify_ledger().valid


@pytest.mark.usefixtures("three_chains")
def test_the_database_refuses_to_empty_or_replace(database: Any) -> None:
    if database.vendor == "postgresql":
        statement = "TRUNCATE ledger_event"
    else:
        statement = (
            "REPLACE INTO ledger_event "
            "SELECT sequence, chain, place, at, 'other', body, prev, hash "
            "FROM ledger_event WHERE sequence = 1"
        )
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        database.execute(statement)


@pytest.mark.usefixtures("three_chains")
def test_guards_stand_again_after_a_migration(database: Any, unguarded: None) -> None:
    guard(connection)
    guard(connection)
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        database.execute("DELETE FROM ledger_event")


@pytest.mark.usefixtures("three_chains", "unguarded")
@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("UPDATE ledger_event SET kind = 'x' WHERE chain = 'app-1' AND place = 1", ("app-1", 1)),
        ("UPDATE ledger_event SET at = at + 1 WHERE chain = 'app-2' AND place = 0", ("app-2", 0)),
        ("DELETE FROM ledger_event WHERE chain = 'app-1' AND place = 0", ("app-1", 0)),
        ("DELETE FROM ledger_event WHERE chain = 'app-1' AND place = 2", ("app-1", 2)),
        ("DELETE FROM ledger_event WHERE chain = 'app-1' AND place = 3", ("app-1", 3)),
        ("DELETE FROM ledger_event WHERE chain = 'app-3'", ("app-3", 0)),
        ("UPDATE ledger_event SET sequence = 99 WHERE sequence = 1", ("app-1", 0)),
        ("DELETE FROM ledger_chain WHERE chain = 'app-2'", ("app-2", 0)),
        ("UPDATE ledger_chain SET length = 1 WHERE chain = 'app-2'", ("app-2", 0)),
    ],
)
def test_whatever_an_intruder_changes_is_named(
    database: Any, change: str, bad: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    database.execute(change)
    assert first_bad() == bad
    monkeypatch.setattr(shared, "SMALL", 0)
    assert ledger.verify_ledger(processes=3).first_bad == ledger.verify_ledger().first_bad


@pytest.mark.usefixtures("three_chains")
def test_several_processes_come_to_the_same_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.make_checkpoints()
    with transaction.atomic():
        ledger.append(*(ledger.event(f"app-{n}", "test.happened", {"n": n}) for n in range(9)))
    monkeypatch.setattr(shared, "SMALL", 0)
    alone = ledger.verify_ledger()
    assert alone.valid
    for count in (2, 3, 7):
        assert ledger.verify_ledger(processes=count) == alone


@pytest.mark.usefixtures("three_chains", "unguarded")
def test_an_inserted_entry_is_named() -> None:
    last = ledger.history("app-2")[-1]
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
    [checkpoint] = ledger.make_checkpoints()
    assert (checkpoint.events, checkpoint.chains) == (7, 3)
    before = ledger.history("app-1")[-2]
    Event.objects.filter(chain="app-1", place=3).delete()
    Chain.objects.filter(chain="app-1").update(length=3, hash=before.hash)
    bad = ledger.verify_ledger().first_bad
    assert bad is not None
    assert bad.checkpoint == 1


@pytest.mark.usefixtures("three_chains", "unguarded")
def test_the_witness_notices_checkpoints_that_were_taken_away(tmp_path: Path) -> None:
    witness = tmp_path / "witness.jsonl"
    ledger.make_checkpoints(witness)
    write("app-4")
    ledger.make_checkpoints(witness)
    kept = ledger.read_witness(witness)
    assert ledger.verify_ledger(kept).valid
    Checkpoint.objects.filter(number=2).delete()
    assert ledger.verify_ledger().valid
    expected = Fault("the checkpoint is not the one the witness kept", checkpoint=2)
    assert ledger.verify_ledger(kept).first_bad == expected


@pytest.mark.usefixtures("three_chains")
def test_the_witness_gets_what_a_killed_process_had_not_written(tmp_path: Path) -> None:
    witness = tmp_path / "witness.jsonl"
    ledger.make_checkpoints(tmp_path / "elsewhere")  # signed, and never told to this witness
    write("app-4")
    ledger.make_checkpoints(witness)
    whole = witness.read_bytes()
    assert [each.number for each in ledger.read_witness(witness)] == [1, 2]
    witness.write_bytes(whole[:-40])  # in the middle of the second line
    assert ledger.make_checkpoints(witness) == []
    assert witness.read_bytes() == whole


@pytest.mark.usefixtures("three_chains")
def test_checkpoints_follow_each_other_and_go_on_where_the_last_ended() -> None:
    [first] = ledger.make_checkpoints()
    assert ledger.make_checkpoints() == []
    write("app-1")
    [second] = ledger.make_checkpoints()
    assert (second.number, second.events, second.prev) == (2, 1, first.digest)
    verdict = ledger.verify_ledger()
    assert (verdict.checkpoints, verdict.valid) == (2, True)
    lines = [read_line(each.line) for each in Checkpoint.objects.order_by("number")]
    assert lines == [first, second]


@pytest.mark.usefixtures("database")
def test_what_is_rolled_back_leaves_no_trace() -> None:
    with pytest.raises(ValueError, match="changed my mind"), transaction.atomic():
        ledger.append(ledger.event("app-1", "test.happened", {}))
        raise ValueError("changed my mind")
    assert ledger.verify_ledger().events == 0


@pytest.mark.usefixtures("database")
def test_events_need_the_transaction_of_what_they_tell() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        ledger.append(ledger.event("app-1", "test.happened", {}))


@pytest.mark.usefixtures("database")
def test_many_who_append_to_one_chain_make_one_chain(in_threads: Any) -> None:
    write("app-1")

    def work(number: int) -> None:
        write("app-1", 2, by=number)

    in_threads(8, work)
    verdict = ledger.verify_ledger()
    assert (verdict.events, verdict.first_bad) == (17, None)


def chain() -> Chain:
    return Chain.objects.get(pk="app-1")


@pytest.mark.usefixtures("database")
def test_an_erased_person_is_unreadable_and_unfindable_and_the_chain_still_holds() -> None:
    fields = {"name": "李雷", "phone": "555-0100"}
    blind = subjects.keyring().blind("id", "A-1")
    sealed = subjects.seal_new("app-1", fields, blind, {"phone": fields["phone"]})
    with transaction.atomic():
        ledger.append(sealed.event("test.happened", {"personal": sealed.body}))
    more = subjects.seal_for(chain(), {"email": "l@example.org"}, {"email": "l@example.org"})
    with transaction.atomic():
        ledger.append(more.event("test.happened", {"personal": more.body}))
    bodies = [entry.data["personal"] for entry in ledger.history("app-1")]
    assert subjects.open_sealed(bodies[0]) == fields
    known = (("id", "A-1"), ("phone", "555-0100"), ("email", "l@example.org"))
    assert [subjects.find(*each) for each in known] == [["app-1"]] * 3

    subjects.erase("app-1", by="user.1", reason="asked for it")
    subjects.erase("app-1", by="user.1", reason="asked for it")
    for body in bodies:
        with pytest.raises(Unreadable, match="erased"):
            subjects.open_sealed(body)
    with pytest.raises(Unreadable):
        subjects.seal_for(chain(), fields, {})
    assert [subjects.find(*each) for each in known] == [[]] * 3
    assert [entry.kind for entry in ledger.history("app-1")][2:] == ["subject.erased"]
    assert ledger.verify_ledger().valid


@pytest.mark.usefixtures("database")
def test_no_column_holds_a_personal_value() -> None:
    value = "Planted Value"
    blind = subjects.keyring().blind("id", value)
    sealed = subjects.seal_new("app-1", {"name": value}, blind, {"name": value})
    with transaction.atomic():
        ledger.append(sealed.event("test.happened", {"personal": sealed.body}))
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
        ledger.append(*(each.event("test.happened", {"personal": each.body}) for each in given))
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
