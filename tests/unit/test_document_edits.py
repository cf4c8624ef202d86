"""One part of a document exchanged: the rest, comments too, to the byte."""

import pytest
import yaml

from equipoise.document_edits import part_at, with_part
from equipoise.errors import BadInput

TEXT = """\
# 申请表: what every applicant goes through
steps:
  - name: form      # the first
    minutes: 6
    drop_off:
      value: 0.14   # from a survey
      low: 0.1
      high: 0.2
      source: a survey, 2024
    # between two steps
  - {name: talk, drop_off: 0.3, minutes: 2}

waiting:
  hazard_per_day: measured  # by the log
take_up:
  price: {value: -30, low: -40,
          high: -20}
  # at the end
"""
NEW = {"value": 0.12, "low": 0.11, "high": 0.13}


def lines_of(text):
    return text.splitlines()


def test_a_block_is_exchanged_for_one_line_and_everything_around_it_stays():
    changed = with_part(TEXT, ("steps", 0, "drop_off"), NEW, "measured 2026-11-30")
    before, after = lines_of(TEXT), lines_of(changed)
    assert after[:4] == before[:4]
    assert after[4] == "    # measured 2026-11-30"
    assert after[5] == "    drop_off: {value: 0.12, low: 0.11, high: 0.13}"
    assert after[6:] == before[9:]


@pytest.mark.parametrize(
    "path",
    [
        ("steps", 0, "drop_off"),
        ("steps", 1, "drop_off"),
        ("waiting", "hazard_per_day"),
        ("take_up", "price"),
        ("take_up", "intercept"),
        ("steps", 1, "label"),
    ],
)
def test_the_part_reads_back_and_nothing_else_changed(path):
    changed = with_part(TEXT, path, NEW, "why")
    assert part_at(changed, path) == NEW
    expected, around = yaml.safe_load(TEXT), None
    around = expected
    for key in path[:-1]:
        around = around[key]
    around[path[-1]] = NEW
    assert yaml.safe_load(changed) == expected
    for comment in ("# 申请表", "# the first", "# between two steps", "# at the end"):
        assert comment in changed


def test_a_comment_on_the_line_stays_behind_what_took_its_place():
    changed = with_part(TEXT, ("waiting", "hazard_per_day"), NEW)
    assert "  hazard_per_day: {value: 0.12, low: 0.11, high: 0.13}  # by the log\n" in changed


def test_words_that_would_mean_something_in_yaml_are_quoted():
    part = {"source": "a: b # c, 'd' 测 \n- e", "unit": "yes"}
    changed = with_part(TEXT, ("take_up", "price"), part)
    assert part_at(changed, ("take_up", "price")) == part


def test_the_same_change_twice_is_one_change():
    once = with_part(TEXT, ("take_up", "price"), NEW)
    assert with_part(once, ("take_up", "price"), NEW) == once


def test_what_is_not_there_is_refused_by_name():
    with pytest.raises(BadInput, match=r"'checks.0' is not in the document"):
        with_part(TEXT, ("checks", 0, "drop_off"), NEW)
    with pytest.raises(BadInput, match="stands in no mapping"):
        with_part(TEXT, ("steps", 0, "name", "x"), NEW)
    with pytest.raises(BadInput, match="not valid YAML"):
        with_part("a: [", ("a",), NEW)
    assert part_at(TEXT, ("steps", 7, "drop_off")) is None
