"""A document that would expand or nest without bound is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.documents import MAX_DEPTH, Document, read_document
from equipoise.errors import BadInput


class _Names(Document):
    names: list[object]


def _refusal(tmp_path: Path, text: str) -> BadInput:
    path = tmp_path / "names.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_document(path, _Names)
    return caught.value


def test_an_alias_is_refused_where_it_stands(tmp_path: Path):
    error = _refusal(tmp_path, "a: &a [1, 1]\nnames:\n  - *a\n")
    assert "aliases are not allowed" in error.message
    assert error.where is not None
    assert (error.where.line, error.where.column) == (3, 5)


def test_nesting_beyond_reason_is_refused_and_crashes_nothing(tmp_path: Path):
    deep = 200_000
    error = _refusal(tmp_path, "names: " + "[" * deep + "]" * deep)
    assert f"more than {MAX_DEPTH} levels" in error.message


def test_nesting_within_reason_is_read(tmp_path: Path):
    path = tmp_path / "names.yaml"
    path.write_text("names: " + "[" * 50 + "]" * 50, encoding="utf-8")
    assert len(read_document(path, _Names).value.names) == 1
