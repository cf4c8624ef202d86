"""Scorecards as tables, as lenders write them."""

from __future__ import annotations

import math

import pytest

from equipoise.errors import BadInput
from equipoise.risk.characteristic import Categorical, Numeric
from equipoise.risk.foreign import Card, ForeignModel
from equipoise.risk.foreign.card_table import read

HEAD = "characteristic,from,to,values,points\n"


def card(text: str) -> tuple[Card, ForeignModel]:
    decision = read(text.encode())
    assert isinstance(decision.model, Card)
    return decision.model, decision


def points(text: str, value: object) -> float | None:
    return card(text)[0].characteristics[0].finder()(value)


def test_from_is_in_a_bin_and_to_is_not() -> None:
    text = HEAD + "age,18,30,,5\nage,30,60,,9\n"
    assert [points(text, age) for age in (17.9, 18, 29.99, 30, 59, 60)] == [
        None, 5.0, 5.0, 9.0, 9.0, None,
    ]  # fmt: skip


def test_above_is_not_in_a_bin_and_up_to_is() -> None:
    text = "Characteristic;above;up_to;points\nage;;30;1,5\nage;30;;2\n"
    assert [points(text, age) for age in (30.0, math.nextafter(30, 31))] == [1.5, 2.0]


def test_whole_ends_with_gaps_of_one_are_in_their_bins_and_that_is_said() -> None:
    text = HEAD + "age,18,25,,5\nage,26,35,,9\n"
    assert [points(text, age) for age in (25, 26, 35, 36)] == [5.0, 9.0, 9.0, None]
    assert "18..25" in card(text)[1].notes[0]


def test_gaps_are_refused_or_what_the_star_says() -> None:
    text = HEAD + "x,0,1,,5\nx,2.5,3,,9\n"
    assert points(text, 1.5) is None
    assert points(text + "x,,,*,4\n", 1.5) == 4.0


def test_codes_stand_before_bins_and_missing_has_its_row() -> None:
    text = HEAD + "x,0,,,5\nx,,,-9|-8,1\nx,,,Missing,2\n"
    assert [points(text, each) for each in (-9.0, -8.0, 3.0, -1.0, None)] == [
        1.0, 1.0, 5.0, None, 2.0,
    ]  # fmt: skip


def test_texts_are_grouped_and_base_is_everybodys() -> None:
    made, content = card(HEAD + "Base,,,,200\nhome,,,RENT|OTHER,5\nhome,,,OWN,9\n")
    assert made.base_points == 200.0
    assert isinstance(made.characteristics[0], Categorical)
    assert [made.characteristics[0].finder()(each) for each in ("OTHER", "OWN", "own", None)] == [
        5.0, 9.0, None, None,
    ]  # fmt: skip
    assert content.features[0].kind == "category" and content.output == "points"


def test_a_byte_order_mark_tabs_and_quotes_are_read() -> None:
    made, _ = card('\ufeff"Characteristic"\t"from"\t"to"\t"points"\n"x"\t\t"1,5"\t"2"\n')
    assert isinstance(made.characteristics[0], Numeric)
    assert made.characteristics[0].edges == (1.5,)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("x,0,2,,5\nx,1,3,,9\n", "line 3.*overlaps"),
        ("x,2,2,,5\n", "line 2.*empty"),
        ("x,0,1,A,5\n", "range or values"),
        ("x,0,1,,\n", "no points"),
        ("x,zero,1,,5\n", "'zero' is no number"),
        ("x,0,1,,1e999\n", "no points"),
        (",0,1,,5\n", "names no characteristic"),
        ("x,,,missing,5\nx,,,missing,6\n", "two rows for missing"),
        ("x,0,1,,5,6\n", "6 cells"),
        ("base,,,,5\n", "no characteristic"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(rows: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read((HEAD + rows).encode())


def test_a_table_without_points_is_refused() -> None:
    with pytest.raises(BadInput, match="no column 'points'"):
        read(b"characteristic,from,to,worth\nx,0,1,5\n")
