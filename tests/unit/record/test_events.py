"""Every event that the record may hold is read into its type, and stays what it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from event_shapes import every_type, fields_of, meaning_of

from equipoise.record.chain import canonical
from equipoise.record.events import (
    EVENTS,
    Event,
    NotAnEvent,
    Signed,
    body_of,
    event,
    kinds_of,
    read_as,
    read_event,
)

GOLDEN = Path(__file__).with_name("golden") / "events.jsonl"
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "events.md"
LINES = {
    (line["kind"], line["version"]): line
    for line in map(json.loads, GOLDEN.read_text(encoding="utf-8").splitlines())
}
TYPES = {(each.kind, each.version): each for each in every_type()}


def test_every_kind_and_version_has_a_line() -> None:
    lacking = [
        canonical({"kind": kind, "version": version, "fields": fields_of(type_)}).decode()
        for (kind, version), type_ in TYPES.items()
        if (kind, version) not in LINES
    ]
    assert not lacking, "add to events.jsonl, with a body in which every field stands:\n" + (
        "\n".join(lacking)
    )
    assert sorted(LINES) == sorted(TYPES), "what was recorded once must be read for good"


@pytest.mark.parametrize("key", LINES, ids=lambda key: f"{key[0]} {key[1]}")
def test_what_was_recorded_is_read_into_its_type_and_written_the_same(key: Any) -> None:
    line, type_ = LINES[key], TYPES[key]
    assert fields_of(type_) == line["fields"], (
        f"{type_.__name__} has other fields than were recorded: leave it, and make a type for "
        f'version {key[1] + 1} (`tag_field="v", tag={key[1] + 1}`) with a line of its own'
    )
    body = canonical(line["body"])
    result = read_event(line["kind"], body)
    assert type(result) is type_
    assert body_of(result) == body
    assert {*line["body"]} - {"v"} == {*line["fields"]}, "a field is not in the golden body"


@pytest.mark.parametrize("key", LINES, ids=lambda key: f"{key[0]} {key[1]}")
def test_an_unknown_field_and_a_lacking_one_are_refused_by_name(key: Any) -> None:
    kind, body = key[0], LINES[key]["body"]
    with pytest.raises(NotAnEvent, match=kind) as refused:
        read_event(kind, canonical({**body, "stranger": 1}))
    assert refused.value.field == "stranger"
    needed = [name for name, text in LINES[key]["fields"].items() if not text.endswith("?")]
    for name in needed:
        with pytest.raises(NotAnEvent, match=kind) as refused:
            read_event(kind, canonical({each: v for each, v in body.items() if each != name}))
        assert refused.value.field == name


def test_another_kind_type_or_version_is_refused() -> None:
    with pytest.raises(NotAnEvent, match="a kind of event that this version"):
        read_event("decision.unmade", b"{}")
    with pytest.raises(NotAnEvent) as refused:
        read_event("subject.erased", b'{"by":7,"reason":"x"}')
    assert refused.value.field == "by"
    with pytest.raises(NotAnEvent):
        read_event("subject.erased", b"[]")


@pytest.fixture
def two_versions() -> Any:
    """A kind of which two versions were recorded."""

    @event("test.counted", 1)
    class Counted(Signed, frozen=True, kw_only=True):
        count: int

    @event("test.counted", 2)
    class CountedAgain(Signed, frozen=True, kw_only=True, tag_field="v", tag=2):
        counts: list[int]

    yield Counted, CountedAgain
    for version in (1, 2):
        del EVENTS["test.counted", version]
    kinds_of.cache_clear()


def test_each_version_is_read_into_its_own_type(two_versions: Any) -> None:
    first, second = two_versions
    one, two = first(by="user.1", count=3), second(by="user.1", counts=[1, 2])
    assert body_of(one) == b'{"by":"user.1","count":3}'
    assert body_of(two) == b'{"by":"user.1","counts":[1,2],"v":2}'
    assert read_event("test.counted", body_of(one)) == one
    assert read_event("test.counted", body_of(two)) == two
    assert read_as(first, body_of(one)) == one
    with pytest.raises(NotAnEvent, match="version 2 of it, where 1 is asked"):
        read_as(first, body_of(two))
    with pytest.raises(NotAnEvent, match="version 3 of it"):
        read_event("test.counted", b'{"by":"user.1","v":3}')
    with pytest.raises(NotAnEvent):  # a field of the other version
        read_event("test.counted", b'{"by":"user.1","count":3,"v":2}')


def test_a_type_that_does_not_say_its_version_is_not_registered(two_versions: Any) -> None:
    first, _ = two_versions
    with pytest.raises(TypeError, match="version 3"):
        event("test.counted", 3)(first)
    with pytest.raises(TypeError, match="another type"):

        @event("test.counted", 1)
        class Other(Event, frozen=True, kw_only=True):
            pass


def test_types_are_asked_for_by_what_they_are_made_from(two_versions: Any) -> None:
    assert kinds_of(two_versions[0]) == ("test.counted",)
    assert "test.counted" in kinds_of(Signed)
    assert set(kinds_of(Event)) == {kind for kind, _ in EVENTS}


class Part(msgspec.Struct):
    share: float


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Part(float("nan"))])
def test_a_number_that_is_none_is_not_recorded(value: Any) -> None:
    class Shared(Event, frozen=True, kw_only=True):
        share: Any

    with pytest.raises(ValueError, match="finite"):
        body_of(Shared(share=value))


def test_the_reference_lists_every_event() -> None:
    rows = [
        f"| `{each.kind}` | {each.version} | {meaning_of(each)} | {_fields(each)} |"
        for each in TYPES.values()
    ]
    text = REFERENCE.read_text(encoding="utf-8")
    listed = [line for line in text.splitlines() if line.startswith("| `")]
    assert listed == rows, "the table is to be:\n" + "\n".join(rows)


def _fields(type_: type[Event]) -> str:
    return ", ".join(
        f"`{name}`{'?' if text.endswith('?') else ''}" for name, text in fields_of(type_).items()
    )
