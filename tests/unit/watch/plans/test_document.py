"""plans.yaml: each fault told by its line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_text import TEXT

from equipoise.errors import Faults
from equipoise.watch.plans import gaps, read_plans


def faults(folder: Path, text: str) -> list[tuple[int | None, str, str]]:
    (folder / "plans.yaml").write_text(text)
    with pytest.raises(Faults) as refused:
        read_plans(folder, indicators=["bureau_answers", "queue_age"], strategies=["corner"])
    return [
        (each.where.line if each.where else None, each.message, each.mend)
        for each in refused.value.faults
    ]


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def test_a_sound_document_is_read(tmp_path: Path) -> None:
    (tmp_path / "plans.yaml").write_text(TEXT)
    document = read_plans(tmp_path, indicators=["bureau_answers"], strategies=["corner"]).value
    assert [each.name for each in document.plan("bureau_down").steps] == [
        "confirm",
        "to_people",
        "report",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("role: operations, within", "role: operatoins, within", "nobody has the role"),
        ("after: [confirm]", "after: [report]", "no step above it"),
        ("switch: all_to_people", "switch: all_to_peeple", "no switch of this plan"),
        ("indicator: bureau_answers, at", "indicator: bureau_anwers, at", "no indicator"),
        ("strategy: corner", "strategy: korner", "there is no strategy"),
        ("answer_minutes: 20}", "answer_minutes: 20, then: operations}", "come back to"),
        ("people: [olga, otto]", "people: [olga, olga]", "named twice"),
        ("kind: people,", "kind: relief,", "needs `version`"),
        ("kind: people,", "kind: freeze,", "needs `reason`"),
        ("within_minutes: 30", "within_minutes: -1", "greater than 0"),
        ("hook: tell_regulator", "hook: tell_customers", "the plan has no `customers`"),
    ],
)
def test_a_fault_is_told_by_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new)
    told = faults(tmp_path, text)
    assert any(says in message for _, message, _ in told)
    assert line_of(text, new.split("\n", maxsplit=1)[0]) in [line for line, _, _ in told]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("strategy: corner", "strategy: korner").replace(
        "after: [confirm]", "after: [report]"
    )
    assert len(faults(tmp_path, text)) == 2


def test_a_notice_that_nobody_is_named_for_is_a_fault_of_its_step(tmp_path: Path) -> None:
    regulator = line_of(TEXT, "regulator: {")
    text = "\n".join(line for n, line in enumerate(TEXT.splitlines(), 1) if n != regulator)
    ((line, says, _),) = faults(tmp_path, text)
    assert (line, "has no `regulator`" in says) == (line_of(text, "hook: tell_regulator"), True)


def test_who_has_no_deputy_and_a_switch_that_nothing_turns_are_to_be_looked_at(
    tmp_path: Path,
) -> None:
    """Of `operations` olga, otto and then rita are called; of `risk` rita alone."""
    text = TEXT.replace("    switch: all_to_people\n", "")
    (tmp_path / "plans.yaml").write_text(text)
    alone, idle = gaps(read_plans(tmp_path))
    assert f"plans.yaml:{line_of(text, 'people: [rita]')}:" in alone
    assert "rita does not answer for 'risk'" in alone
    assert f"plans.yaml:{line_of(text, 'name: all_to_people')}:" in idle
