"""The library's front door: light to import, typed, and lazy; frames of other libraries go in."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import equipoise
from equipoise.cli.run import run
from equipoise.errors import BadInput
from equipoise.notebook.frames import as_given, as_polars
from equipoise.notebook.shown import Shown, figure

_HEAVY = ("numba", "numpy", "polars", "scipy", "pyarrow", "pydantic", "highspy", "sqlglot", "yaml")


def test_importing_the_library_imports_nothing_heavy() -> None:
    code = (
        "import sys, equipoise; dir(equipoise);"
        f"print([name for name in {_HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_front_door_is_listed_and_other_names_are_refused() -> None:
    assert {"fit", "balance", "decide", "BadInput", "__version__"} <= set(dir(equipoise))
    assert equipoise.BadInput is BadInput
    assert equipoise.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'fits'"):
        _ = equipoise.fits  # type: ignore[attr-defined]


def test_the_command_line_points_to_the_front_door(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert "equipoise.fit, equipoise.balance and equipoise.decide" in " ".join(
        capsys.readouterr().out.split()
    )


def test_balance_is_a_room_and_a_verb() -> None:
    from equipoise.balance import find_balance

    assert callable(equipoise.balance)
    assert callable(find_balance)
    with pytest.raises(BadInput, match="no such folder"):
        equipoise.balance("nowhere")


COLUMNS: dict[str, list[Any]] = {"a": [1, 2, None], "b": ["x", None, "z"]}


@pytest.mark.parametrize(
    "data",
    [
        pl.DataFrame(COLUMNS),
        pl.LazyFrame(COLUMNS),
        pa.table(COLUMNS),
        pa.table(COLUMNS).to_batches()[0],
        pd.DataFrame({"a": pd.array([1, 2, None], dtype="Int64"), "b": ["x", None, "z"]}),
        pd.DataFrame(COLUMNS, index=[7, 8, 9]),
        COLUMNS,
    ],
    ids=lambda data: f"{type(data).__module__}.{type(data).__name__}",
)
def test_frames_of_any_library_are_one_table(data: Any) -> None:
    result = as_polars(data)
    assert result.columns == ["a", "b"]
    assert result["a"].cast(pl.Int64).to_list() == [1, 2, None]
    assert result["b"].to_list() == ["x", None, "z"]


def test_answers_come_in_the_library_that_asked() -> None:
    frame = pl.DataFrame({"a": [1]})
    assert isinstance(as_given(frame, pd.DataFrame()), pd.DataFrame)
    assert isinstance(as_given(frame, pa.table({})), pa.Table)
    assert as_given(frame, {"a": [1]}) is frame


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (7, "give a polars or pandas data frame"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "a name of its own"),
        (pd.DataFrame({"a": [1, "x", {}]}), "one type"),
        ({"a": [1, 2], "b": [1]}, "one type"),
        (pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)}), "objects of Python"),
    ],
    ids=["number", "names", "mixed", "ragged", "objects"],
)
def test_what_is_no_table_is_refused(data: Any, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        as_polars(data)
    assert said in str(caught.value)


def test_a_target_has_to_be_named() -> None:
    with pytest.raises(BadInput, match="add target="):
        equipoise.fit(COLUMNS)


def test_what_is_shown_is_escaped_and_aligned() -> None:
    shown = Shown("<Loans>", ("measure", "today"), [["a & b", "12"]], [f"n{n}" for n in range(8)])
    assert "&lt;Loans&gt;" in shown.html()
    assert "a &amp; b" in shown.html()
    assert shown.text().splitlines()[:3] == ["<Loans>", "measure  today", "a & b       12"]
    assert shown.text().endswith("- and 2 more")
    assert [figure(value) for value in (12345.6, 0.12345, None)] == ["12,346", "0.1235", ""]
