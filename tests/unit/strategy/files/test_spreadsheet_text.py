"""No text of a table opens as a formula, and each can be had back."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.strategy.files.spreadsheet_text import as_spreadsheet_text

SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def back(text: str) -> str:
    """As the documentation says that a text is had back."""
    return re.sub(f"^'(?='*[{re.escape(SIGNS)}])", "", text)


def safe(text: str) -> str:
    return str(as_spreadsheet_text(pl.DataFrame({"id": [text]}))["id"][0])


@pytest.mark.parametrize("sign", SIGNS)
def test_a_text_that_begins_like_a_formula_is_text(sign: str) -> None:
    assert safe(f"{sign}cmd") == f"'{sign}cmd"


@pytest.mark.parametrize("text", ["-12.5", "+31", "-1e-3", "plain", "a=1", "'quoted'", ""])
def test_numbers_and_other_texts_stay(text: str) -> None:
    assert safe(text) == text


def test_numbers_types_and_gaps_stay_and_headers_are_text_too() -> None:
    table = pl.DataFrame({"=id": ["=1", None], "n": [-1.5, None], "day": [None, None]})
    result = as_spreadsheet_text(table)
    assert result.columns == ["'=id", "n", "day"]
    assert result.rows() == [("'=1", -1.5, None), (None, None, None)]


@given(st.text(alphabet=f"{SIGNS}'ab1.", max_size=6))
def test_every_text_can_be_had_back(text: str) -> None:
    result = safe(text)
    assert back(result) == text or result == text
    assert (
        result[:1] not in SIGNS or not result or re.fullmatch(r"[+-][\d.]+([eE][+-]?\d+)?", result)
    )
