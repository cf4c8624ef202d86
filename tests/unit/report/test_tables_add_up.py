"""Tables whose columns are said to combine, recomputed from the page as it is rendered."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

import pytest
from fixture import balance, drawn, fit
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as markup

from equipoise.texts.numbers import MINUS, THIN, shares

Grid = list[dict[str, str]]


def grids(page: str) -> dict[str, Grid]:
    """Each table of the page by its id: rows by column head."""
    collected = {}
    for table in markup.fromstring(page).iter("table"):
        heads = [cell.text_content().strip() for cell in table.find("thead").iter("th")]
        rows = [
            [cell.text_content().strip() for cell in row.xpath("th|td")]
            for row in table.find("tbody").iter("tr")
        ]
        collected[table.get("id")] = [dict(zip(heads, row, strict=True)) for row in rows]
    return collected


def number(cell: str) -> float:
    """A shown figure; what stands behind it in brackets or words is left."""
    text = cell.replace(THIN, "").replace(MINUS, "-")
    return float(re.match(r"[+-]?[\d.]+", text).group())  # type: ignore[union-attr]


def column(row: dict[str, str], start: str) -> float:
    """The figure in the column whose head is `start`, whatever currency stands behind it."""
    (name,) = [name for name in row if name.split(",")[0] == start]
    return number(row[name])


def spoiled_balance(seed: int) -> dict[str, Any]:
    """The fixture's balance with money and people that round badly."""
    draw = random.Random(seed)  # noqa: S311 - test data
    result = copy.deepcopy(balance())
    for row in result["friction"]:
        for key in ("bad_avoided_money", "bad_left_money", "good_lost_money", "cost"):
            row[key] = draw.uniform(0, 10 ** draw.randint(1, 7))
        saved = row["bad_avoided_money"] + row["bad_left_money"]
        row["net"] = saved - row["good_lost_money"] - row["cost"]
        row["net_low"], row["net_high"] = row["net"] - draw.random(), row["net"] + draw.random()
    for row in result["treatments"]:
        row["today"], row["recommended"] = draw.randint(0, 9_999), draw.randint(0, 9_999)
    for place in (result["champion"], result["recommended"]["same_risk"]):
        for key in place["measures"]:
            place["measures"][key] *= draw.uniform(0.9, 1.1)
    return result


@pytest.fixture(scope="module", params=range(3))
def page(request: pytest.FixtureRequest) -> dict[str, Grid]:
    return grids(drawn(fit(), spoiled_balance(request.param)))


def test_the_friction_table_adds_up_to_its_net(page: dict[str, Grid]) -> None:
    assert len(page["friction-table"]) == 3
    for row in page["friction-table"]:
        saved = column(row, "Saved by stopping") + column(row, "Saved by their leaving")
        spent = column(row, "Lost with them") + column(row, "Cost")
        assert round(saved - spent, 2) == column(row, "Net")


def test_levels_and_their_change_agree(page: dict[str, Grid]) -> None:
    rows = [row for row in page["levels"] if row["Change"] != "unchanged"]
    assert len(rows) >= 5
    for row in rows:
        change = number(row["Recommended"]) - number(row["Today"])
        assert round(change, 6) == number(row["Change"])


def test_shares_of_treatments_add_up_to_a_hundred(page: dict[str, Grid]) -> None:
    *parts, whole = page["treatments"]
    for name in ("Today", "Today, %", "Recommended", "Recommended, %", "Change"):
        assert round(sum(number(row[name]) for row in parts), 6) == number(whole[name])
    assert number(whole["Today, %"]) == number(whole["Recommended, %"]) == 100
    for row in page["treatments"]:
        assert number(row["Recommended"]) - number(row["Today"]) == number(row["Change"])


def test_swap_sets_add_up_by_segment_and_by_field(page: dict[str, Grid]) -> None:
    nets: dict[str, float] = {}
    for row in page["swaps"]:
        cells = ("Offered under both", "Swapped in", "Swapped out", "Under neither")
        assert sum(number(row[name]) for name in cells) == number(row["All"])
        assert number(row["Swapped in"]) - number(row["Swapped out"]) == number(row["Net"])
        nets[row["Field"]] = nets.get(row["Field"], 0) + number(row["Net"])
    assert len(nets) == 4


def test_a_check_that_earns_only_by_driving_people_away_is_called_that() -> None:
    result = balance()
    page_text = drawn(fit(), result)
    words = re.sub(r"\s+", " ", markup.fromstring(page_text).text_content())
    assert "driving people away is not what a check is for" in words
    assert re.search(
        r"Phone call with the employer: net USD 12 000, but only because bad payers leave; "
        r"without them it costs USD 279 000 more than it saves",
        words,
    )


@settings(max_examples=200)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.integers(0, 3))
def test_rounded_shares_add_up_and_stay_within_one_step(counts: list[int], decimals: int) -> None:
    parts, whole = shares(counts, decimals), sum(counts)
    assert round(sum(parts), 6) == (100 if whole else 0)
    for part, count in zip(parts, counts, strict=True):
        assert abs(part - (count / whole * 100 if whole else 0)) < 10**-decimals + 1e-9
