"""What `new` and `check` let pass, `fit` takes; what it refuses, they said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput, GateRefused
from equipoise.workspace import Workspace, fit_workspace, new_from_file
from equipoise.workspace.checking import check_workspace


def _file(folder: Path, rows: int, words: tuple[str, str]) -> Path:
    rng = np.random.default_rng(8)
    score = rng.normal(size=rows)
    bad = score + rng.normal(size=rows) > 0.2
    path = folder / "loans.csv"
    pl.DataFrame({"facts": score, "end": np.where(bad, *words)}).write_csv(path)
    return path


def test_an_outcome_that_only_rarity_speaks_for_is_fitted_once_it_is_confirmed(
    tmp_path: Path,
) -> None:
    path = _file(tmp_path, 300, ("red", "blue"))
    workspace, notes = new_from_file(tmp_path / "w", path, "end")
    assert "confirm first: is 'red' bad and 'blue' good?" in notes[0]
    assert "until `confirm` is deleted" in check_workspace(workspace).review[0]
    with pytest.raises(GateRefused, match=r"contract.yaml:\d+.* which outcome is bad is not"):
        fit_workspace(workspace)
    settled, notes = new_from_file(tmp_path / "settled", path, "end", "red")
    assert not any("confirm" in note for note in notes)
    assert fit_workspace(Workspace(settled.folder)).models


def test_a_table_too_small_to_fit_is_drafted_with_a_warning_and_refused_by_check(
    tmp_path: Path,
) -> None:
    workspace, notes = new_from_file(
        tmp_path / "w", _file(tmp_path, 70, ("default", "repaid")), "end"
    )
    assert "`fit` will refuse these data" in notes[0]
    with pytest.raises(BadInput) as checked:
        check_workspace(workspace)
    with pytest.raises(BadInput) as fitted:
        fit_workspace(workspace)
    assert str(checked.value) == str(fitted.value)


def test_a_hundred_rows_pass_new_check_and_fit(tmp_path: Path) -> None:
    workspace, notes = new_from_file(
        tmp_path / "w", _file(tmp_path, 100, ("default", "repaid")), "end"
    )
    assert not any("refuse" in note for note in notes)
    assert check_workspace(workspace).known == 100
    assert fit_workspace(workspace).models
