"""The chain: anyone with a JSON library can check it, and no change to it goes unseen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from equipoise.record.chain import GENESIS, Head, canonical, checked_name, next_entry
from equipoise.record.checkpoint import Checkpoint, heads_digest, read_line, signed
from equipoise.record.stretches import stretches
from equipoise.record.verifying import Fault, Mark, Row, entries_digest, heads_of, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()


class InMemory:
    """A record in a list, with heads beside it, as a database would hold them."""

    def __init__(self, rows: list[Row], heads: dict[str, Head], window: int = 4) -> None:
        self.rows, self.heads, self.window = rows, heads, window

    def windows(self, ends: Sequence[int]) -> Iterator[list[Row]]:
        rows = sorted(self.rows, key=lambda row: row[0])
        start = 0
        for end in ends:
            yield [row for row in rows if start < row[0] <= end]
            start = end
        rest = [row for row in rows if row[0] > start]
        for at in range(0, len(rest), self.window):
            yield rest[at : at + self.window]

    def before(
        self, keys: Sequence[tuple[str, int]]
    ) -> Mapping[tuple[str, int], tuple[int, bytes]]:
        there = {(row[1], row[2]): (row[0], row[7]) for row in self.rows}
        return {key: there[key] for key in keys if key in there}

    def wrong_end(self) -> Fault | None:
        places = Counter((row[1], row[2]) for row in self.rows)
        lengths = Counter(row[1] for row in self.rows)
        ends = {(row[1], row[2]): row[7] for row in self.rows}
        for (chain, index), count in places.items():
            if count > 1:
                return Fault("two entries at one place", chain, index)
        for chain, head in self.heads.items():
            length = lengths.pop(chain, 0)
            if length != head.length or ends[chain, length - 1] != head.hash:
                return Fault("cut off or added to", chain, min(length, head.length))
        return next((Fault("a chain without a head", chain, 0) for chain in lengths), None)


def written(chains: Sequence[str]) -> InMemory:
    """A record whose nth entry belongs to the nth chain named."""
    rows: list[Row] = []
    heads: dict[str, Head] = {}
    for sequence, chain in enumerate(chains, start=1):
        body = canonical({"amount": sequence * 1.5, "name": "李雷"})
        entry = next_entry(heads.get(chain), chain, "test.happened", body, 1_700_000_000 + sequence)
        heads[chain] = entry.head
        rows.append(
            (sequence, chain, entry.index, entry.at, entry.kind, body, entry.prev, entry.hash)
        )
    return InMemory(rows, heads)


def checkpoint_of(record: InMemory, upto: int, number: int = 1, prev: str = "") -> Checkpoint:
    rows = [row for row in record.rows if row[0] <= upto]
    heads = heads_of(rows)
    plain = Checkpoint(
        number, 1, 0, upto, len(rows), len(heads), heads_digest(heads), entries_digest(rows), prev
    )
    return signed(plain, KEY)


CHAINS = ["a", "b", "a", "c", "a", "b", "d", "b", "e", "a"]
chains = st.lists(st.sampled_from("abcde"), min_size=2, max_size=14)


def test_the_hash_is_of_plain_canonical_json() -> None:
    entry = next_entry(None, "app-1", "decided", canonical({"pd": 0.1, "b": None}), 7)
    document = {
        "at": 7,
        "body": {"b": None, "pd": 0.1},
        "chain": "app-1",
        "index": 0,
        "kind": "decided",
        "prev": GENESIS.hex(),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    assert entry.hash == sha256(text.encode()).digest()


def test_each_entry_holds_the_hash_of_the_one_before() -> None:
    record = written(["a", "a", "b", "a"])
    assert record.rows[1][6] == record.rows[0][7]
    assert record.rows[3][6] == record.rows[1][7]
    assert record.rows[2][6] == GENESIS


@pytest.mark.parametrize("name", ["", 'a"b', "a b", "ä", ".a", "x" * 81, "a\n"])
def test_names_that_would_need_escaping_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name"):
        checked_name(name)


@given(chains)
def test_an_untouched_record_is_valid(names: list[str]) -> None:
    record = written(names)
    checkpoint = checkpoint_of(record, len(names) // 2)
    verdict = verify(record, [checkpoint], trusted=[PUBLIC], witnessed=[checkpoint])
    assert verdict.valid
    assert verdict.events == len(names)


@given(chains, st.data())
def test_any_changed_field_of_any_entry_is_named(names: list[str], data: st.DataObject) -> None:
    record = written(names)
    place = data.draw(st.integers(0, len(names) - 1))
    column = data.draw(st.integers(1, 7))
    row = list(record.rows[place])
    changed = {
        1: str(row[1]) + "x",
        2: int(str(row[2])) + 1,
        3: int(str(row[3])) - 1,
        4: "other",
        5: canonical({"amount": -1}),
        6: b"\1" * 32,
        7: b"\2" * 32,
    }
    row[column] = changed[column]
    record.rows[place] = tuple(row)  # type: ignore[assignment]
    bad = verify(record).first_bad
    assert bad is not None
    assert bad.sequence == place + 1


@given(chains, st.data())
def test_any_deleted_entry_is_named(names: list[str], data: st.DataObject) -> None:
    record = written(names)
    place = data.draw(st.integers(0, len(names) - 1))
    gone = record.rows.pop(place)
    bad = verify(record).first_bad
    assert bad is not None
    assert (bad.chain, bad.index) == (gone[1], gone[2])


@given(chains, st.data())
def test_two_exchanged_entries_are_noticed(names: list[str], data: st.DataObject) -> None:
    record = written(names)
    first, second = sorted(
        data.draw(st.lists(st.integers(0, len(names) - 1), min_size=2, max_size=2, unique=True))
    )
    checkpoint = checkpoint_of(record, len(names))
    one, other = record.rows[first], record.rows[second]
    record.rows[first] = (one[0], *other[1:])
    record.rows[second] = (other[0], *one[1:])
    verdict = verify(record, [checkpoint], trusted=[PUBLIC])
    assert not verdict.valid
    if one[1] == other[1]:
        assert verify(record).first_bad is not None


@given(chains, st.data())
def test_an_inserted_entry_is_named(names: list[str], data: st.DataObject) -> None:
    record = written(names)
    place = data.draw(st.integers(0, len(names) - 1))
    near = record.rows[place]
    head = Head(near[1], near[2] + 1, near[7])
    forged = next_entry(head, near[1], "test.happened", canonical({"amount": 0}), 1)
    row = (99, near[1], forged.index, forged.at, forged.kind, forged.body, forged.prev, forged.hash)
    record.rows.append(row)
    bad = verify(record).first_bad
    assert bad is not None
    assert (bad.chain, bad.index) == (near[1], forged.index)


def test_a_whole_new_chain_without_a_head_is_named() -> None:
    record = written(CHAINS)
    forged = next_entry(None, "z", "test.happened", b"{}", 1)
    record.rows.append((99, "z", 0, 1, forged.kind, b"{}", forged.prev, forged.hash))
    bad = verify(record).first_bad
    assert bad is not None
    assert bad.chain == "z"


def test_cutting_off_the_end_with_its_heads_breaks_the_signed_checkpoint() -> None:
    record = written(CHAINS)
    checkpoint = checkpoint_of(record, len(CHAINS))
    record.rows.pop()
    shorter = written(CHAINS[:-1])
    record.heads = shorter.heads
    assert verify(record).valid  # without a checkpoint nobody could tell
    bad = verify(record, [checkpoint], trusted=[PUBLIC]).first_bad
    assert bad is not None
    assert bad.checkpoint == 1


def test_a_record_written_anew_and_signed_again_is_not_what_the_witness_kept() -> None:
    kept = checkpoint_of(written(CHAINS), 6)
    anew = written(["x", *CHAINS[1:]])
    again = checkpoint_of(anew, 6)
    assert verify(anew, [again], trusted=[PUBLIC]).valid
    bad = verify(anew, [again], trusted=[PUBLIC], witnessed=[read_line(kept.line())]).first_bad
    assert bad == Fault("the checkpoint is not the one the witness kept", checkpoint=1)


def test_a_checkpoint_signed_by_someone_else_does_not_count() -> None:
    record = written(CHAINS)
    checkpoint = checkpoint_of(record, 6)
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    bad = verify(record, [checkpoint], trusted=[stranger]).first_bad
    assert bad is not None
    assert bad.checkpoint == 1


def test_a_removed_checkpoint_is_noticed() -> None:
    record = written(CHAINS)
    second = checkpoint_of(record, 6, number=2, prev="ab")
    bad = verify(record, [second], trusted=[PUBLIC]).first_bad
    assert bad == Fault("the checkpoint is missing", checkpoint=1)


def test_stretches_cover_the_record_once_and_cut_no_checkpoint() -> None:
    first, second, third = Mark(1, 4), Mark(2, 9), Mark(3, 10)
    for marks in ([], [first], [first, second], [first, second, third]):
        for count in (1, 2, 3, 50):
            parts = stretches(marks, 10, count)
            assert [part.after for part in parts] == [0, *(part.upto for part in parts[:-1])]
            assert parts[-1].upto == 10
            held = [number for part in parts for number in range(part.first, part.last + 1)]
            assert held == [each.number for each in marks]
            uptos = {each.number: each.upto for each in marks}
            for part in parts:
                inside = range(part.first, part.last + 1)
                assert all(part.after < uptos[number] <= part.upto for number in inside)
    assert stretches([], 0, 4) == []
