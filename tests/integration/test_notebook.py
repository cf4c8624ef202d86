"""The notebook's tutorial, run as it stands, and what its objects give."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import equipoise

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "in-a-notebook.md"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the tutorial's first block leaves behind."""
    block = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert block is not None
    folder = tmp_path_factory.mktemp("notebook")
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(compile(block.group(1), str(PAGE), "exec"), names)  # noqa: S102 - our own page
    return {**names, "folder": folder}


def test_the_tutorial_runs_and_leaves_a_report_and_answers(told: dict[str, Any]) -> None:
    assert (told["folder"] / "report.html").stat().st_size > 100_000
    answers = told["answers"]
    assert answers.height == told["loans"].height
    assert set(answers["outcome"]) <= {"approve", "decline", "refer", "counter_offer"}
    assert answers["id"].null_count() == 0


def test_results_show_themselves_as_text_and_as_html(told: dict[str, Any]) -> None:
    model, result = told["model"], told["balance"]
    assert "scorecard *" in repr(model)
    assert "Good customers served" in repr(result)
    for shown in (model, result):
        assert shown._repr_html_().startswith("<div>")
    assert model.models["model"].to_list() == ["scorecard", "boosted"]
    assert {"x", "y", "gap", "profit"} <= set(result.frontier.columns)
    assert result.measures.columns[:2] == ["measure", "today"]
    assert result.recommended["measures"]["good_customers_served"] > 0


def test_pd_is_given_row_by_row(told: dict[str, Any]) -> None:
    head = told["loans"].head(5)
    pds = told["model"].pd(head)
    assert pds.len() == 5
    assert pds.is_between(0, 1).all()


def test_other_libraries_get_the_same_answers_in_their_own_frames(told: dict[str, Any]) -> None:
    head = told["loans"].drop("bad").head(20)
    plain = equipoise.decide(told["balance"], head)
    assert isinstance(equipoise.decide(told["balance"], head.to_pandas()), pd.DataFrame)
    arrow = equipoise.decide(told["balance"].strategy, head.to_arrow())
    assert pl.DataFrame(arrow)["outcome"].equals(plain["outcome"])
    path = told["folder"] / "applications.csv"
    head.write_csv(path)
    assert equipoise.decide(told["balance"], path)["pd"].equals(plain["pd"])


def test_a_folder_of_ones_own_is_not_written_into_unasked(told: dict[str, Any]) -> None:
    result = equipoise.Balance(told["balance"].workspace, told["balance"].result)
    with pytest.raises(equipoise.BadInput, match=r"\.seal\(\)"):
        equipoise.decide(result, told["loans"])


def test_a_temporary_folder_goes_with_its_model(tmp_path: Path) -> None:
    with pytest.raises(equipoise.BadInput):  # one value of the outcome: nothing to learn
        equipoise.fit({"a": [1] * 100, "bad": [0] * 100}, target="bad")
