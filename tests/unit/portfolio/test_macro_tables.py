"""Scenario files as others publish them: a row a quarter, a row a figure, a series of dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.portfolio import quarter_text, read_macro_paths

LONG = """\
Scenario,Variable,Period,Value
baseline,Unemployment rate,2025 Q1,6.1
baseline,Unemployment rate,2025Q2,6.2
baseline,House prices,2025 Q1,0.5
adverse,Unemployment rate,2025 Q1,7.5
adverse,Unemployment rate,2025 Q2,9.0
"""


def written(folder: Path, text: str, name: str = "scenario.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_row_for_each_figure_gives_every_scenario_of_the_file(tmp_path: Path) -> None:
    base, adverse = read_macro_paths(written(tmp_path, LONG))
    assert (base.scenario, adverse.scenario) == ("baseline", "adverse")
    assert base.names == ("Unemployment rate", "House prices")
    assert base.series("Unemployment rate").tolist() == [6.1, 6.2]
    assert np.isnan(base.series("House prices")[1])
    assert adverse.series("Unemployment rate").tolist() == [7.5, 9.0]


@pytest.mark.parametrize(
    ("was", "becomes", "told", "row"),
    [
        ("adverse,Unemployment rate,2025 Q2", "adverse,Unemployment rate,2025 Q3", "is missing", 5),
        ("2025Q2", "2025", "'2025' is no quarter", 2),
        ("2025Q2,6.2", "2025 Q1,6.2", "told twice", 2),
        ("2025Q2,6.2", "2025 Q2,six", "'six' is no number, under 'value'", 2),
        ("baseline,House prices", ",House prices", "no scenario or no variable", 3),
    ],
)
def test_a_wrong_figure_is_told_with_its_row(
    tmp_path: Path, was: str, becomes: str, told: str, row: int
) -> None:
    with pytest.raises(BadInput, match=told) as raised:
        read_macro_paths(written(tmp_path, LONG.replace(was, becomes)))
    assert raised.value.where is not None
    assert raised.value.where.row == row


def test_a_series_of_months_is_the_mean_of_its_whole_quarters(tmp_path: Path) -> None:
    months = "\n".join(f"2024-{month:02d}-01,{month}" for month in range(2, 12))
    (path,) = read_macro_paths(written(tmp_path, f"observation_date,UNRATE\n{months}\n"))
    assert [quarter_text(each) for each in path.quarters] == ["2024 Q2", "2024 Q3"]
    assert path.series("UNRATE").tolist() == [5.0, 8.0]


def test_a_series_is_one_by_its_days_whatever_they_are_called(tmp_path: Path) -> None:
    """FRED called them DATE once; days of quarters' ends are quarters all the same."""
    months = "\n".join(f"2024-{month:02d}-01,{month}" for month in range(1, 7))
    (path,) = read_macro_paths(written(tmp_path, f"DATE,UNRATE\n{months}\n"))
    assert path.series("UNRATE").tolist() == [2.0, 5.0]
    ends = "Date,Unemployment rate\n2025-03-31,5\n2025-06-30,6\n"
    (path,) = read_macro_paths(written(tmp_path, ends))
    assert path.series("Unemployment rate").tolist() == [5.0, 6.0]


def test_the_published_files_are_read_as_they_come(shared_data: Path) -> None:
    (history,) = read_macro_paths(shared_data / "fed_scenarios/2025-Table_1A_Historic_Domestic.csv")
    assert len(history.names) == 16
    assert history.quarters.size == 196
    (jobs,) = read_macro_paths(shared_data / "macro_fred/UNRATE.csv")
    at = jobs.quarters.tolist().index(2009 * 4 + 3)
    assert jobs.values[at, 0] == pytest.approx((10.0 + 9.9 + 9.9) / 3)
    # the Federal Reserve's own quarterly mean of the same series, to its one decimal
    fed = history.series("Unemployment rate")[history.quarters.tolist().index(2009 * 4 + 3)]
    assert fed == pytest.approx(jobs.values[at, 0], abs=0.051)
    (claims,) = read_macro_paths(shared_data / "macro_fred/DRCCLACBS.csv")
    assert quarter_text(int(claims.quarters[0])) == "1991 Q1"


def test_the_same_figures_under_chinese_names_are_the_same_scenario(tmp_path: Path) -> None:
    long = LONG.replace("Scenario,Variable,Period,Value", "情景,变量,季度,数值")
    named = read_macro_paths(written(tmp_path, long))
    assert [each.values.tolist()[0] for each in named] == [[6.1, 0.5], [7.5]]
    wide = "情景名称,季度,失业率\n严重,2025年第一季度,7.5\n严重,2025年第二季度,9\n"
    (path,) = read_macro_paths(written(tmp_path, wide, "wide.csv"))
    assert (path.scenario, path.names) == ("严重", ("失业率",))
    assert [quarter_text(each) for each in path.quarters] == ["2025 Q1", "2025 Q2"]


def test_a_file_whose_quarters_nobody_names_is_told_what_to_call_them(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column 'Date'") as raised:
        read_macro_paths(written(tmp_path, "when,rate\n2025 Q1,3\n"))
    assert "季度" in (raised.value.mend or "")


FED = """\
Scenario Name,Date,Real GDP growth,Unemployment rate
Adverse,2025 Q1,-1.0,6.0
Adverse,2025 Q2,-2.5,7.1
"""


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FED, "utf-8-sig"),
        (FED, "utf-16"),
        (FED, "utf-16-le"),
        (FED, "gb18030"),
        (FED.replace(",", ";"), "utf-16"),
        (FED.replace(",", "\t"), "utf-8"),
        (FED.replace(",", " , "), "utf-8"),
        (FED + ",,,\n,,,\n", "utf-8"),
        (FED + "\n\n", "utf-8"),
        (FED.replace("Adverse,2025 Q2", ",2025 Q2"), "utf-8"),
        ("Table 2.A,,,\n" + FED, "utf-8"),
    ],
)
def test_a_scenario_is_read_alike_however_it_was_saved(tmp_path: Path, text: str, encoding: str):
    file = tmp_path / "scenario.csv"
    file.write_bytes(text.encode(encoding))
    (path,) = read_macro_paths(file)
    assert path.scenario == "Adverse"
    assert [quarter_text(each) for each in path.quarters] == ["2025 Q1", "2025 Q2"]
    assert path.names == ("Real GDP growth", "Unemployment rate")
    assert path.values.tolist() == [[-1.0, 6.0], [-2.5, 7.1]]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_file_without_rows_is_told_so_though_words_of_its_header_come_again(
    tmp_path: Path, mark: str
) -> None:
    text = mark.join(("Scenario Name", "Date", "Real GDP growth", "Nominal GDP growth"))
    for rows in ("\n", f"\n{mark * 3}\n"):
        with pytest.raises(BadInput, match="a header and no rows"):
            read_macro_paths(written(tmp_path, text + rows))
