"""What one strategy has otherwise than another is told part by part, and every moved threshold."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from corner_lender import STRATEGY, content

from equipoise.review.differences import (
    Change,
    Difference,
    Kind,
    Threshold,
    differences,
    thresholds,
)

RULES = STRATEGY["rules"]


def changed(**parts: Any) -> tuple[Difference, ...]:
    return differences(content(), content(**parts))


def rules(number: int, **settings: Any) -> list[dict[str, Any]]:
    """The rules with settings of one of them changed."""
    made = copy.deepcopy(list(RULES))
    made[number] = {**made[number], **settings}
    return made


def test_a_strategy_does_not_differ_from_itself_nor_by_its_version() -> None:
    assert changed() == ()
    assert changed(version=7) == ()


def test_a_rule_that_was_added_or_removed_is_told_whole() -> None:
    new = {"name": "young", "when": "score < 600", "outcome": "refer", "reason": "YOUNG"}
    (added,) = changed(rules=[*RULES, new])
    assert (added.section, added.name, added.kind) == ("rules", "young", Kind.ADDED)
    told = {each.setting: (each.before, each.after) for each in added.changes}
    assert told == {"when": ("", "score < 600"), "outcome": ("", "refer"), "reason": ("", "YOUNG")}
    (removed,) = differences(content(rules=[*RULES, new]), content())
    assert (removed.kind, removed.name) == (Kind.REMOVED, "young")


def test_a_threshold_that_moved_is_told_from_where_to_where() -> None:
    bands = copy.deepcopy(STRATEGY["cutoff"])
    bands["bands"][0]["below"] = 0.12
    (moved,) = changed(cutoff=bands)
    assert (moved.section, moved.name, moved.kind) == ("bands", "1", Kind.CHANGED)
    assert moved.changes == (Change("below", "0.1", "0.12", (Threshold("below", "0.1", "0.12"),)),)


def test_another_condition_is_no_moved_threshold() -> None:
    (difference,) = changed(rules=rules(0, when="score < 400"))
    (change,) = difference.changes
    assert (change.setting, change.before, change.thresholds) == ("when", RULES[0]["when"], ())


def test_rules_in_another_order_are_told_as_that_alone() -> None:
    turned = [RULES[1], RULES[0], *RULES[2:]]
    (difference,) = changed(rules=turned)
    (change,) = difference.changes
    assert change.setting == "order"
    assert change.after.split(", ")[:2] == [RULES[1]["name"], RULES[0]["name"]]


def test_a_row_put_into_a_table_is_one_difference_and_moves_no_other() -> None:
    table = copy.deepcopy(STRATEGY["table"])
    row = {"tier": table["rows"][0].get("tier"), "when": "dti > 0.9", "give": "decline"}
    table["rows"].insert(0, {name: value for name, value in row.items() if value})
    (difference,) = changed(table=table)
    assert (difference.section, difference.name, difference.kind) == ("table", "1", Kind.ADDED)


def test_a_shadow_price_and_a_text_are_parts_by_their_names() -> None:
    balance = copy.deepcopy(STRATEGY["balance"])
    balance["prices"][0]["multiplier"] = 2.0
    texts = {**STRATEGY["texts"], "DEBTS": {"en": "You owe too much."}}
    price, text = changed(balance=balance, texts=texts)
    assert (price.section, price.name) == ("prices", "loss rate")
    assert price.changes[0].thresholds == (Threshold("multiplier", "1.5", "2"),)
    assert (text.section, text.name, text.changes[0].after) == (
        "texts",
        "DEBTS",
        "You owe too much.",
    )


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("dti > 0.45 AND pd < 0.05", "dti > 0.4 AND pd < 0.05", [("dti", "0.45", "0.4")]),
        ("dti BETWEEN 0.1 AND 0.4", "dti BETWEEN 0.2 AND 0.5",
         [("dti", "0.1", "0.2"), ("dti", "0.4", "0.5")]),
        ("600 < score", "620 < score", [("score", "600", "620")]),
        ("pd + 0.1", "pd + 1e-3", [("pd", "0.1", "1e-3")]),
        ("dti > 0.45", "dti >= 0.45", []),
        ("dti > 0.45", "pd > 0.4", []),
        ("region = 'N1'", "region = 'N2'", []),
        ("", "0.4", []),
    ],
)  # fmt: skip
def test_numbers_that_moved(before: str, after: str, moved: list[tuple[str, str, str]]) -> None:
    found = [(each.of, each.before, each.after) for each in thresholds(before, after)]
    assert found == moved
