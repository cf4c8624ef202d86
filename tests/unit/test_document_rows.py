"""Rows of a document are moved, added, changed and taken out; all that is not touched stays."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from equipoise.document_rows import Row, rows_at, with_rows

BLOCK = """\
# the head
name: corner
table:   # what is given
  rows:
    # first the safest
    - {tier: prime, when: score > 700, give: low}   # agreed in May
    # then the others

    - tier: all
      # a note within
      when: dti < 0.4
      give: [mid, high]
    - {give: refer}
# about words
texts:
  DEBTS: {en: debts, zh: 负债}
  # not used yet
  OTHER: {en: other}
last: 1  # stays
"""


def after(text: str, path: tuple[str, ...], rows: list[Row], *, keyed: bool = False) -> Any:
    """The document as it is read then, by YAML's own reader."""
    return yaml.safe_load(with_rows(text, path, rows, keyed=keyed))


def kept(path: tuple[str, ...]) -> list[Row]:
    return [Row(value, place) for place, value in enumerate(rows_at(BLOCK, path) or [])]


def test_rows_as_they_stand_leave_every_byte() -> None:
    assert with_rows(BLOCK, ("table", "rows"), kept(("table", "rows"))) == BLOCK
    assert with_rows(BLOCK, ("texts",), kept(("texts",)), keyed=True) == BLOCK


def test_a_row_that_moves_takes_its_comments_along() -> None:
    one, two, three = kept(("table", "rows"))
    text = with_rows(BLOCK, ("table", "rows"), [two, one, three])
    assert text.index("# then the others") < text.index("# a note within")
    assert text.index("# a note within") < text.index("# first the safest")
    assert text.index("# first the safest") < text.index("# agreed in May")
    assert sorted(text.splitlines()) == sorted(BLOCK.splitlines())
    assert yaml.safe_load(text)["table"]["rows"] == [two.value, one.value, three.value]


def test_of_a_row_on_several_lines_only_what_differs_is_written_anew() -> None:
    one, two, three = kept(("table", "rows"))
    changed = Row({**two.value, "when": "dti < 0.3"}, 1)
    text = with_rows(BLOCK, ("table", "rows"), [one, changed, three])
    assert text == BLOCK.replace("dti < 0.4", "dti < 0.3")


def test_a_row_on_one_line_keeps_what_stands_behind_it() -> None:
    one, two, three = kept(("table", "rows"))
    text = with_rows(BLOCK, ("table", "rows"), [Row({**one.value, "give": "mid"}, 0), two, three])
    line = next(each for each in text.splitlines() if "agreed in May" in each)
    assert line == "    - {tier: prime, when: score > 700, give: mid}   # agreed in May"


def test_rows_are_added_and_taken_out() -> None:
    one, _, three = kept(("table", "rows"))
    rows = [Row({"give": "low"}), one, three]
    text = with_rows(BLOCK, ("table", "rows"), rows)
    assert yaml.safe_load(text)["table"]["rows"] == [each.value for each in rows]
    assert "a note within" not in text
    assert text.startswith("# the head\n")
    assert text.endswith("last: 1  # stays\n")


def test_keys_are_rows_too() -> None:
    debts, other = kept(("texts",))
    rows = [other, Row(("NEW", {"en": "new: one"})), Row(("DEBT", debts.value[1]), 0)]
    text = with_rows(BLOCK, ("texts",), rows, keyed=True)
    assert list(yaml.safe_load(text)["texts"].items()) == [each.value for each in rows]
    assert text.index("# not used yet") < text.index("OTHER") < text.index("NEW")


@pytest.mark.parametrize(
    "text", ["a: 1\n", "a: 1", "a: 1\nrules: []\nb: 2  # x\n", "a: 1\nrules: [{n: 1}]\nb: 2\n"]
)
def test_a_list_on_one_line_or_of_nothing_gets_its_rows(text: str) -> None:
    rows = [Row({"n": 2}), Row({"n": 3})]
    assert after(text, ("rules",), rows) == {**yaml.safe_load(text), "rules": [{"n": 2}, {"n": 3}]}
    assert "b: 2  # x" not in text or "b: 2  # x" in with_rows(text, ("rules",), rows)


def test_a_list_loses_all_its_rows() -> None:
    assert after(BLOCK, ("table", "rows"), [])["table"]["rows"] == []
    assert after("t: {rows: [a, b], c: 1}\n", ("t", "rows"), [])["t"] == {"rows": [], "c": 1}
    assert with_rows("a: 1\n", ("rules",), []) == "a: 1\n"


def test_within_one_line_it_is_written_on_that_line() -> None:
    text = with_rows("t: {rows: [a, b], c: 1}\n", ("t", "rows"), [Row("b", 1), Row("x")])
    assert text == "t: {rows: [b, x], c: 1}\n"


def test_what_stands_nowhere_has_no_rows() -> None:
    assert rows_at(BLOCK, ("cutoff", "bands")) is None
    assert rows_at(BLOCK, ("name",)) is None
    with pytest.raises(KeyError):
        with_rows(BLOCK, ("cutoff", "bands"), [Row({"give": "x"})])


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=8)
_VALUES = st.one_of(_WORDS, st.integers(-9, 9), st.lists(_WORDS, max_size=2), st.booleans())
_ITEMS = st.dictionaries(st.sampled_from("abc"), _VALUES, min_size=1, max_size=3)


@given(
    st.lists(st.tuples(_ITEMS, st.booleans()), max_size=4),
    st.lists(st.tuples(_ITEMS, st.one_of(st.none(), st.integers(0, 4))), max_size=4),
)
def test_whatever_the_rows_are_the_reader_finds_them_and_all_else(
    before: list[tuple[dict[str, Any], bool]], now: list[tuple[dict[str, Any], int | None]]
) -> None:
    lines = ["x: 1  # head", "rows:" if before else "rows: []"]
    for number, (item, flow) in enumerate(before):
        dumped = yaml.safe_dump(item, default_flow_style=flow, width=10_000, allow_unicode=True)
        first, *rest = dumped.rstrip("\n").splitlines()
        lines += [f"  # row {number}", f"  - {first}", *(f"    {each}" for each in rest)]
    text = "\n".join([*lines, "y: {z: 2}", ""])
    assert yaml.safe_load(text)["rows"] == [item for item, _ in before]
    read = after(text, ("rows",), [Row(value, of) for value, of in now])
    assert read == {"x": 1, "rows": [value for value, _ in now], "y": {"z": 2}}
