"""Stored results are read strictly, by version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import BadInput
from equipoise.workspace import Workspace
from equipoise.workspace.results import last_fit

FIT: dict[str, Any] = {
    "format": 1,
    "workspace": "harbour",
    "rows": 1200,
    "refused": 3,
    "models": [{"name": "scorecard"}],
    "used": "scorecard",
    "comparison": {},
    "lgd": {"value": 0.45},
    "maturity": {},
    "experience": {},
    "provenance": [],
    "outcome": {},
    "grades": {},
    "notes": ["one"],
    "seeds": {"folds": 7},
    "versions": {"equipoise": "0.2.0"},
    "documents": {"risk.yaml": "ab12"},
    "seconds": 1.5,
}


def kept(folder: Path, fit: dict[str, Any]) -> Workspace:
    (folder / "build").mkdir(exist_ok=True)
    (folder / "build" / "fit.json").write_text(json.dumps(fit), encoding="utf-8")
    return Workspace(folder)


def test_a_result_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    fit = last_fit(kept(tmp_path, FIT))
    assert (fit.rows, fit.documents) == (1200, {"risk.yaml": "ab12"})
    assert json.loads(json.dumps(fit.as_dict())) == FIT


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"format": 2}, "format"),
        ({"rows": "1200"}, "rows"),
        ({"ledger": []}, "ledger"),
        ({"documents": {"risk.yaml": None}}, "documents"),
    ],
)
def test_what_is_not_of_this_version_is_refused_with_its_place(
    change: dict[str, Any], place: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=f"of another version: {place}") as refused:
        last_fit(kept(tmp_path, FIT | change))
    assert "equipoise fit" in refused.value.mend


def test_an_older_file_without_a_version_is_refused(tmp_path: Path) -> None:
    older = {name: value for name, value in FIT.items() if name != "format"}
    with pytest.raises(BadInput, match="of another version: format"):
        last_fit(kept(tmp_path, older))


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    workspace = kept(tmp_path, FIT)
    path = workspace.build / "fit.json"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(BadInput, match="damaged"):
        last_fit(workspace)
