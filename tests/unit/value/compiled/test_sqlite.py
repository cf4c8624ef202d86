"""What SQLite lacks: arrays of doubles, powers of two, and room for layers within layers."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from equipoise.value.compiled.sqlite_arrays import packed, packed_entry, power_of_two
from equipoise.value.compiled.unnested import unnested


def test_an_array_gives_back_every_double() -> None:
    drawn = np.random.default_rng(5)
    values = [0.0, -0.5, 1.0, 2.0**53 - 1, 1e22, 1 / 3, *(drawn.random(500) * 10.0 ** drawn.integers(-20, 20, 500))]  # fmt: skip # noqa: E501
    query = f"SELECT {packed_entry(packed(values), 't')} FROM (SELECT ? AS t)"
    connection = sqlite3.connect(":memory:")
    read = [connection.execute(query, (at,)).fetchone()[0] for at in range(len(values))]
    assert read == [float(each) for each in values]


def test_a_double_without_a_place_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        packed([5e-324])


def test_powers_of_two() -> None:
    query = f"SELECT {power_of_two('t')} FROM (SELECT ? AS t)"
    connection = sqlite3.connect(":memory:")
    for power in range(-180, 181):
        assert connection.execute(query, (power,)).fetchone()[0] == 2.0**power


def test_layers_that_no_parser_goes_through_are_named_one_behind_the_other() -> None:
    query = "SELECT 1 AS a, '(' AS \"b\nFROM (\""
    for _ in range(40):
        query = f'SELECT a + 1 AS a, (SELECT MAX(\')\', "b\nFROM (")) AS "b\nFROM ("\nFROM ({query}) AS l LIMIT -1'  # noqa: E501
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError, match="parser stack overflow"):
        connection.execute(query)
    assert connection.execute(unnested(query) + " OFFSET 0").fetchall() == [(41, ")")]
    assert unnested("SELECT 1") == "SELECT 1"
