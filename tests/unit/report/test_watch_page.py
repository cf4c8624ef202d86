"""The page of a watch, in both languages: what rings is said first, and what is not known too."""

from __future__ import annotations

import re

import polars as pl
import pytest
from watches import loans, measured, months, watch

from equipoise.report import render_watch
from equipoise.watch import Measured, Watch

INDICATORS = """\
- {name: arrears, label: {en: "30 days late", zh: "逾期30天"}, level: portfolio, about: credit,
   table: loans, kind: rate, of: "days >= 30", owner: ana, risk: losses}
- {name: scores, level: product, about: credit, table: loans, kind: distribution, of: score,
   owner: ana}
- {name: no_score, label: {en: "Without a score", zh: "无评分"}, level: institution, about: data,
   table: loans, kind: rate, of: "score IS NULL", guards: [score], owner: bo}
"""
RISKS = """\
risks:
  - {name: losses, label: {en: "Loans that are lost", zh: "贷款损失"}, class: credit, owner: ana,
     cause: "work is lost", probability: {indicator: arrears, steps: [0.02, 0.04, 0.08, 0.12]},
     impact: {judged: 4, by: ana, day: 2026-11-01}, appetite: 8, reviewed: 2026-10-01}
"""


@pytest.fixture(scope="module")
def told() -> tuple[Watch, Measured]:
    """The last month: a doubled arrears rate, and scores that are missing."""
    of, frame = watch(INDICATORS, rest=RISKS), loans(21, periods=30)
    some = pl.int_range(pl.len())
    frame = frame.with_columns(
        pl.when(some % 40 == 0).then(None).otherwise(pl.col("score")).alias("score")
    )
    last = pl.col("month") == months(30)[-1]
    frame = frame.with_columns(
        pl.when(last & (some % 10 == 3)).then(45.0).otherwise(pl.col("days")).alias("days"),
        pl.when(last & (some % 3 == 0)).then(None).otherwise(pl.col("score")).alias("score"),
    )
    return of, measured(of, frame)


def text_of(page: str) -> str:
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_what_rings_comes_first_and_what_is_not_to_be_believed_is_said(
    told: tuple[Watch, Measured],
) -> None:
    text = text_of(render_watch(*told, ["equipoise watch measure w"]))
    rings = text[text.index("What rings") : text.index("Amber or red within")]
    assert "30 days late:" in rings
    assert "Without a score:" in rings
    assert "Not to be believed now: 1 indicators." in rings
    assert "“Without a score” says are broken" in rings
    assert "not to be believed: Without a score" in text


def test_the_register_tells_measured_from_judged_and_what_is_over_its_appetite(
    told: tuple[Watch, Measured],
) -> None:
    text = text_of(render_watch(*told, []))
    rate = told[1].of("arrears")[-1].value
    assert rate is not None
    assert rate > 0.12
    assert "5 measured 4 judged ✗ 20 8 ana work is lost" in text


def test_the_page_speaks_chinese(told: tuple[Watch, Measured]) -> None:
    text = text_of(render_watch(*told, [], "zh"))
    for sentence in (
        "正在报警的指标",
        "逾期30天",
        "贷款损失",
        "5（实测）",
        "4（判断）",
        "不可信：无评分",
    ):
        assert sentence in text
    assert "What rings" not in text
    assert "judged" not in text


def test_a_quiet_watch_says_that_nothing_rings() -> None:
    of = watch(INDICATORS, rest=RISKS)
    frame = loans(3, periods=27).with_columns(
        pl.when(pl.int_range(pl.len()) % 40 == 0)
        .then(None)
        .otherwise(pl.col("score"))
        .alias("score")
    )
    quiet = measured(of, frame)
    assert not [each for each in quiet.readings if each.verdict in ("red", "amber")]
    text = text_of(render_watch(of, quiet, []))
    assert "Nothing rings. What is not known is not counted as good." in text
    assert "none was" in text
