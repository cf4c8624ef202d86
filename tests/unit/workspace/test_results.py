"""Stored results are read strictly, by version, and written as they were read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import BadInput
from equipoise.files import write_json
from equipoise.workspace import Workspace
from equipoise.workspace.results import last_fit

# A fit of the demo and one of a lender's own model, shortened by hand.
FIT = Path(__file__).with_name("fit.json")


def kept(folder: Path, text: str) -> Workspace:
    (folder / "build").mkdir(exist_ok=True)
    (folder / "build" / "fit.json").write_text(text, encoding="utf-8")
    return Workspace(folder)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    fit = json.loads(FIT.read_text(encoding="utf-8"))
    change(fit)
    return json.dumps(fit)


def test_a_fit_is_written_byte_for_byte_as_it_was_read(tmp_path: Path) -> None:
    fit = last_fit(kept(tmp_path, FIT.read_text(encoding="utf-8")))
    write_json(tmp_path / "again.json", fit.as_dict())
    assert (tmp_path / "again.json").read_bytes() == FIT.read_bytes()


def test_a_fit_without_a_log_or_a_second_model_is_written_as_read_too(tmp_path: Path) -> None:
    text = changed(lambda fit: (fit.update(comparison={}), fit["experience"].update(competing={})))
    fit = last_fit(kept(tmp_path, text))
    assert not fit.comparison
    assert not fit.experience.competing
    assert fit.as_dict() == json.loads(text)


def test_parts_are_attributes(tmp_path: Path) -> None:
    fit = last_fit(kept(tmp_path, FIT.read_text(encoding="utf-8")))
    assert [model.kind for model in fit.models] == ["scorecard", "boosted", "external"]
    assert fit.used_model.name == fit.used == "boosted"
    assert fit.lgd.by_grade[0].n == 120


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda fit: fit.update(format=2), "format: Input should be 1"),
        (lambda fit: fit.pop("format"), "format: Field required"),
        (lambda fit: fit.update(rows="1200"), "rows: Input should be a valid integer"),
        (lambda fit: fit.update(ledger=[]), "ledger: Extra inputs"),
        (lambda fit: fit.update(models=[]), "models: "),
        (lambda fit: fit["documents"].update({"risk.yaml": None}), "documents.risk.yaml: "),
        (lambda fit: fit["models"][0].pop("auc"), "models.0.scorecard.auc: Field required"),
        (lambda fit: fit["models"][1].pop("rounds"), "models.1.boosted.rounds: Field required"),
        (lambda fit: fit["models"][0].update(kind="oracle"), "models.0: Input tag 'oracle'"),
        (lambda fit: fit["models"][0].update(gini=None), "models.0.scorecard.gini: "),
        (lambda fit: fit["lgd"].update(lgd=0.4), "lgd.lgd: Extra inputs"),
        (lambda fit: fit["comparison"].pop("rope"), "comparison.ModelComparison.rope: "),
        (lambda fit: fit["experience"]["steps"][0].pop("name"), "experience.steps.0.name: "),
        (lambda fit: fit["outcome"].update(bads=1.5), "outcome.bads: "),
    ],
)
def test_what_is_not_of_this_version_is_refused_with_its_place(
    change: Callable[[dict[str, Any]], object], place: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=f"of another version: {place}") as refused:
        last_fit(kept(tmp_path, changed(change)))
    assert "equipoise fit" in refused.value.mend
    assert "fit.json" in str(refused.value.where)


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="damaged"):
        last_fit(kept(tmp_path, FIT.read_text(encoding="utf-8")[:100]))
