"""Personal fields: readable with the applicant's key, and never without it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.record.personal import Keyring, Unreadable, WrappedKey, opened_fields, sealed_fields

RING = Keyring({1: bytes(32)})
FIELDS = {"name": "Ada Lovelace", "phone": "+44 1"}


@given(st.dictionaries(st.text(max_size=8), st.text() | st.integers() | st.none(), max_size=4))
def test_fields_come_back_as_they_went_in(fields: dict[str, object]) -> None:
    key, kept = RING.new_key("p1")
    sealed = sealed_fields(key, kept.version, "p1", fields)
    assert opened_fields(RING.unwrap("p1", kept), sealed) == fields


def test_nothing_of_the_value_is_in_the_sealed_text() -> None:
    key, kept = RING.new_key("p1")
    assert "Lovelace" not in str(sealed_fields(key, kept.version, "p1", FIELDS))


def test_the_same_fields_are_sealed_differently_each_time() -> None:
    key, _ = RING.new_key("p1")
    assert sealed_fields(key, 1, "p1", FIELDS) != sealed_fields(key, 1, "p1", FIELDS)


def test_another_applicants_key_reads_nothing() -> None:
    key, _ = RING.new_key("p1")
    other, _ = RING.new_key("p2")
    with pytest.raises(Unreadable):
        opened_fields(other, sealed_fields(key, 1, "p1", FIELDS))


def test_sealed_fields_cannot_be_moved_to_another_applicant() -> None:
    key, _ = RING.new_key("p1")
    moved = sealed_fields(key, 1, "p1", FIELDS) | {"subject": "p2"}
    with pytest.raises(Unreadable):
        opened_fields(key, moved)


def test_a_wrapped_key_cannot_be_given_to_another_applicant() -> None:
    _, kept = RING.new_key("p1")
    with pytest.raises(Unreadable):
        RING.unwrap("p2", kept)


def test_a_newer_master_key_wraps_what_is_new_and_the_old_stays_readable() -> None:
    key, kept = RING.new_key("p1")
    both = Keyring({1: bytes(32), 2: b"\1" * 32})
    assert both.unwrap("p1", kept) == key
    assert both.new_key("p2")[1].master == 2
    assert both.blind("phone", "1") == RING.blind("phone", "1")


def test_a_missing_master_key_is_named() -> None:
    with pytest.raises(Unreadable, match="master key 3 is not here"):
        RING.unwrap("p1", WrappedKey(1, 3, bytes(60)))


def test_the_blind_index_finds_by_the_very_value_and_field() -> None:
    assert RING.blind("name", "Ada") == RING.blind("name", "Ada")
    assert RING.blind("id", "aB-1") != RING.blind("id", "AB-1")  # two people
    assert RING.blind("name", "Ada") != RING.blind("phone", "Ada")
    assert RING.blind("name", "Ada") != Keyring({1: b"\1" * 32}).blind("name", "Ada")


@pytest.mark.parametrize("text", ["", "1:zz", "1:abcd", "x:" + "0" * 64, "0" * 64])
def test_master_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="master keys"):
        Keyring.read(text)


@pytest.mark.parametrize(
    ("versions", "what"),
    [
        ((1, 1), "one version twice"),
        ((1, 2), "one key twice"),
        ((0,), "cannot"),
        ((40_000,), "can"),
    ],
)
def test_master_keys_of_which_it_is_unclear_which_is_meant_are_refused(
    versions: tuple[int, ...], what: str
) -> None:
    same = what == "one key twice"
    text = ",".join(f"{n}:{'a' if same else place}{'0' * 63}" for place, n in enumerate(versions))
    with pytest.raises(BadInput, match=what):
        Keyring.read(text)
