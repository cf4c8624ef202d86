"""A query's layers are told from brackets that stand in texts and names, whatever the dialect."""

from __future__ import annotations

from equipoise.value.compiled.unnested import layers_of


def name(at: int) -> str:
    return f"layer_{at}"


def test_layers_come_from_the_inside_out() -> None:
    query = "SELECT c\nFROM (SELECT b\nFROM (SELECT (a) AS b\nFROM t) AS l1) AS l2"
    assert layers_of(query, "duckdb", name) == [
        "SELECT (a) AS b\nFROM t",
        "SELECT b\nFROM layer_0 AS l1",
        "SELECT c\nFROM layer_1 AS l2",
    ]


def test_one_layer_is_itself() -> None:
    assert layers_of("SELECT 1", "spark", name) == ["SELECT 1"]


def test_sparks_texts_and_names_may_hold_anything() -> None:
    inner = "SELECT 'it\\'s \nFROM (' AS `a\nFROM (```, 'c:\\\\' AS `)`\nFROM t"
    assert layers_of(f"SELECT `)`\nFROM ({inner}) AS l1", "spark", name) == [
        inner,
        "SELECT `)`\nFROM layer_0 AS l1",
    ]
