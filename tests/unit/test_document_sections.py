"""Sections of a document written anew by a form: the rest of it stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from equipoise.document_sections import rewritten as written_anew
from equipoise.document_sections import sections_of

TEXT = """\
# What we promise.
goal: good_customers_served  # people, not money

frontier: {x: expected_loss_rate, y: good_customers_served, points: 20}

constraints:
  # agreed with the board
  - {name: profit, measure: profit, at_least: today}
  - name: average price  # asked for in spring
    measure: price
    per: booked
    at_most: today

  # staff
  - {name: underwriter hours, measure: underwriter_hours, at_most: today}

# looked at all the same
parity:
  - {name: by sex, measure: approvals, group: sex = 'female', within: 0.05, enforce: false}
"""


def rewritten(text: str, data: Mapping[str, Any]) -> str:
    return written_anew(text, data, ("goal", "frontier", "constraints", "parity"))


def test_what_says_the_same_stays_to_the_letter() -> None:
    assert rewritten(TEXT, sections_of(TEXT)) == TEXT


def test_one_limit_changes_and_every_comment_stays() -> None:
    data = dict(sections_of(TEXT))
    data["constraints"] = [dict(each) for each in data["constraints"]]
    data["constraints"][0]["at_least"] = {"today": 0.95}
    new = rewritten(TEXT, data)
    assert yaml.safe_load(new) == data
    changed = [line for line in new.splitlines() if line not in TEXT.splitlines()]
    assert changed == ["  - {name: profit, measure: profit, at_least: {today: 0.95}}"]
    assert new.count("#") == TEXT.count("#")


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_limit_is_taken_out_and_the_others_stay(at: int) -> None:
    data = dict(sections_of(TEXT))
    data["constraints"] = [each for i, each in enumerate(data["constraints"]) if i != at]
    new = rewritten(TEXT, data)
    assert yaml.safe_load(new) == data
    for comment in ("# agreed with the board", "# staff", "# looked at all the same"):
        assert comment in new


def test_a_new_limit_comes_last() -> None:
    data = dict(sections_of(TEXT))
    data["constraints"] = [*data["constraints"], {"name": "n", "measure": "minutes", "at_most": 5}]
    new = rewritten(TEXT, data)
    assert yaml.safe_load(new) == data
    assert "# looked at all the same" in new


def test_all_limits_go_and_come_back() -> None:
    none = rewritten(TEXT, {"constraints": []})
    assert yaml.safe_load(none)["constraints"] == []
    back = rewritten(none, {"constraints": sections_of(TEXT)["constraints"]})
    assert yaml.safe_load(back) == yaml.safe_load(TEXT)


def test_a_section_that_was_not_there_comes_at_the_end() -> None:
    assert rewritten("goal: profit", {"frontier": {"points": 5}}) == (
        "goal: profit\nfrontier: {points: 5}\n"
    )
    assert rewritten("", {"goal": "profit"}) == "goal: profit\n"


def test_plain_values_change_in_their_place() -> None:
    new = rewritten(TEXT, {"goal": "profit", "frontier": {"x": "capital", "points": 9}})
    assert "goal: profit  # people, not money" in new
    assert "frontier: {x: capital, points: 9}\n" in new


def test_words_of_any_language_and_quotes_are_kept() -> None:
    group = "region = '北' OR x > 1"
    parity = [{"name": "by sex", "measure": "approvals", "group": group, "within": 0.05}]
    assert yaml.safe_load(rewritten(TEXT, {"parity": parity}))["parity"] == parity
