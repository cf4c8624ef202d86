"""watch.yaml: what is wrong with it is told with line and mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from watches import HEAD, watch

from equipoise.errors import Faults
from equipoise.watch import parse_watch

GOOD = """\
- {name: arrears, level: portfolio, about: credit, table: loans, kind: rate,
   of: "days >= 30", owner: ana, risk: R1}
"""
RISK = """\
risks:
  - name: R1
    class: credit
    cause: borrowers lose their work
    owner: ana
    probability: {indicator: arrears, steps: [0.01, 0.02, 0.04, 0.08]}
    impact: {judged: 4, by: ana, day: 2026-11-01}
    appetite: 8
    reviewed: 2026-10-01
    controls: [{name: cut-off, test: replay a month, tested: 2026-09-01, works: true}]
duties:
  - {name: screening, owner: bo, every: month, since: 2026-01-01, asks: [Is anything new known?]}
"""


def test_a_sound_document_is_compiled() -> None:
    made = watch(GOOD, rest=RISK)
    assert [each.indicator.name for each in made.indicators] == ["arrears"]
    assert made.document.risks[0].probability.at(0.03) == 3


@pytest.mark.parametrize(
    ("before", "after", "message", "mend"),
    [
        ("owner: ana, risk", "owner: anna, risk", "there is no person 'anna'", "ana"),
        ("days >= 30", "dayz >= 30", "dayz", "days"),
        ("days >= 30", "days / 0 > 1", "division by zero", "NULL"),
        ("days >= 30", "days", "is a number", "boolean"),
        ("table: loans", "table: loan", "there is no table 'loan'", "loans"),
        ("risk: R1", "risk: R2", "there is no risk 'R2'", "R1"),
        ("kind: rate", "kind: ratio", "a ratio without `over`", "add it"),
        (
            "owner: ana, risk",
            "amber: {at: 0.2}, red: {at: 0.1}, owner: ana, risk",
            "red before",
            "",
        ),
        ("owner: ana, risk", "red: {}, owner: ana, risk", "a bound is a value or a multiple", ""),
        ("owner: ana, risk", "guards: [scor], owner: ana, risk", "column 'scor'", "score"),
    ],
)
def test_a_fault_names_its_line_and_how_to_mend_it(
    before: str, after: str, message: str, mend: str
) -> None:
    assert before in GOOD
    with pytest.raises(Faults) as told:
        watch(GOOD.replace(before, after), rest=RISK)
    (fault,) = (each for each in told.value.faults if message in str(each))
    assert mend in fault.mend
    assert fault.where is not None
    assert fault.where.file == "watch.yaml"
    assert fault.where.line in (15, 16)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("rests_on: {pd: [score]}", "rests_on: {pd: [score], score: [pd]}", "'pd' rests on itself"),
        ("rests_on: {pd: [score]}", "rests_on: {pd: [pd]}", "'pd' rests on itself"),
        ("period: month", "period: days", "'days' is a number, and tells no period"),
        ("false_reds: 1,", "false_reds: 1e308,", "less than or equal to 1000"),
    ],
)
def test_what_cannot_hold_of_a_table_or_a_budget_is_told_by_line(
    before: str, after: str, message: str
) -> None:
    text = HEAD.format(history=24) + GOOD + RISK
    assert before in text
    with pytest.raises(Faults) as told:
        parse_watch(text.replace(before, after), Path("watch.yaml"))
    fault = next(each for each in told.value.faults if message in each.message)
    assert fault.where is not None
    assert fault.where.line is not None
    assert after.split(":", maxsplit=1)[0] in text.splitlines()[fault.where.line - 1]


def test_what_divides_by_a_constant_is_refused() -> None:
    with pytest.raises(Faults, match="divides by a constant"):
        watch(
            "- {name: a, level: portfolio, about: credit, table: loans, kind: ratio, of: balance, "
            'over: "0", owner: ana}'
        )


def test_several_faults_are_told_at_once_and_names_come_once() -> None:
    with pytest.raises(Faults) as told:
        watch(GOOD + GOOD.replace("owner: ana", "owner: cy"), rest=RISK)
    said = str(told.value)
    assert "two indicators are called 'arrears'" in said
    assert "there is no person 'cy'" in said


def test_steps_of_a_grade_rise_or_fall() -> None:
    falling = RISK.replace("[0.01, 0.02, 0.04, 0.08]", "[0.9, 0.8, 0.7, 0.5]")
    grade = watch(GOOD, rest=falling).document.risks[0].probability.at
    assert [grade(value) for value in (0.95, 0.9, 0.75, 0.1)] == [1, 2, 3, 5]
    assert grade(None) is None
    with pytest.raises(Faults, match="must rise, or fall"):
        watch(GOOD, rest=RISK.replace("[0.01, 0.02, 0.04, 0.08]", "[0.01, 0.03, 0.02, 0.08]"))


def test_a_cause_is_a_text_or_one_in_each_language() -> None:
    def caused(cause: str) -> list[str]:
        text = RISK.replace("cause: borrowers lose their work", f"cause: {cause}")
        (risk,) = watch(GOOD, rest=text).document.risks
        return [risk.caused_by(language) for language in ("en", "zh-CN", "fr")]

    assert caused("people lose work") == ["people lose work"] * 3
    assert caused("{zh: 客户失业, en: people lose work}") == [
        "people lose work",
        "客户失业",
        "客户失业",
    ]
    with pytest.raises(Faults, match="cause"):
        caused("{}")


def test_a_grade_is_measured_or_judged_and_says_by_whom_and_when() -> None:
    for judged in ("{judged: 4}", "{judged: 6, by: ana, day: 2026-11-01}", "{indicator: arrears}"):
        with pytest.raises(Faults, match=r"measured or judged|less than or equal to 5"):
            watch(GOOD, rest=RISK.replace("{judged: 4, by: ana, day: 2026-11-01}", judged))
    with pytest.raises(Faults, match="there is no indicator 'arears'"):
        watch(GOOD, rest=RISK.replace("{indicator: arrears,", "{indicator: arears,"))
