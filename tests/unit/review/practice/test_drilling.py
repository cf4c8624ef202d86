"""Drills: those that come with us are whole in both languages, and are due by spacing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from equipoise.errors import EquipoiseError
from equipoise.review.practice.drilling import (
    Done,
    due,
    our_drills,
    read_drills,
    said_in,
)

ON = date(2026, 3, 2)


def test_everybody_has_drills_and_three_roles_have_their_own() -> None:
    drills = our_drills()
    assert len({each.name for each in drills}) == len(drills)
    for role in ("underwriter", "clerk", "risk_officer"):
        assert sum(role in each.roles for each in drills) >= 2
    assert sum(each.is_for("analyst") for each in drills) >= 2


@pytest.mark.parametrize("drill", our_drills(), ids=lambda drill: drill.name)
def test_a_drill_is_whole_in_both_languages_and_can_go_right_and_wrong(drill) -> None:  # type: ignore[no-untyped-def]
    said = [drill.title, drill.situation]
    for step in drill.steps:
        said += [step.asks, *(each for c in step.choices for each in (c.says, c.because))]
        assert [c.worth for c in step.choices].count(2) == 1
        assert any(c.worth == 0 for c in step.choices) or len(step.choices) == 2
    assert all(set(each) == {"en", "zh"} for each in said)
    assert not any(each["en"] == each["zh"] for each in said)
    best = [[c.worth for c in step.choices].index(2) for step in drill.steps]
    assert drill.score(best) == 1
    with pytest.raises(ValueError, match="zip"):
        drill.score([*best, 0])


def test_what_goes_well_comes_back_later_and_later_and_what_does_not_in_two_days() -> None:
    assert due([]) is None
    well, day, gaps = [], ON, []
    for _ in range(6):
        well.append(Done(day, 1.0))
        again = due(well)
        assert again is not None
        gaps.append((again - day).days)
        day = again
    assert gaps == [2, 7, 21, 60, 120, 120]
    assert due([*well, Done(day, 0.5)]) == day + timedelta(days=2)
    assert due([*well, Done(day, 0.5), Done(day, 1.0)]) == day + timedelta(days=2)


def test_a_lenders_own_file_is_read_and_its_faults_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "drills.yaml"
    path.write_text(
        "drills:\n  - name: ours\n    title: {en: Ours}\n    situation: {en: So.}\n    steps:\n"
        "      - asks: {en: And now?}\n        choices:\n"
        "          - {says: {en: this}, worth: 2, because: {en: so}}\n"
        "          - {says: {en: that}, worth: 0, because: {en: it harms}}\n",
        encoding="utf-8",
    )
    (drill,) = read_drills(path)
    assert said_in(drill.title, "zh") == "Ours"
    path.write_text(path.read_text("utf-8").replace("worth: 2", "worth: 1"), encoding="utf-8")
    with pytest.raises(EquipoiseError, match="right"):
        read_drills(path)
