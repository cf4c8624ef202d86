"""plans.yaml beside a fitted lender: each switch is made of the strategy before it is needed."""

from __future__ import annotations

import pytest
from plan_text import TEXT

from equipoise.errors import Faults
from equipoise.workspace.folder import Workspace
from equipoise.workspace.plan_drills import checked_plans

TIGHTEN = "kind: tighten, reason: PAUSED, texts: {en: Not now., zh: 暂不。}, strategy: demo, when: "
OWN = TEXT.replace("strategy: corner", "strategy: demo")


def test_a_switch_of_the_folder_s_strategy_is_tried(lender: Workspace) -> None:
    path = lender.folder / "plans.yaml"
    path.write_text(OWN, encoding="utf-8")
    (alone,) = checked_plans(lender.folder).notes
    assert "rita" in alone
    path.write_text(TEXT, encoding="utf-8")
    untried = checked_plans(lender.folder).notes[1]
    assert "'corner' was not tried: the folder's strategy is 'demo'" in untried


@pytest.mark.parametrize(
    ("switch", "says"),
    [
        (f'{TIGHTEN}"monthly_incom < 3"', "did you mean 'monthly_income'?"),
        (f'{TIGHTEN}"pd >"', "'all_to_people' cannot be made"),
        (f'{TIGHTEN}"pd + 1"', "is never true"),
        (f'{TIGHTEN}"pd > 2"', "can never hold"),
        (f'{TIGHTEN}"pd <= 1"', "always holds"),
        (f'{TIGHTEN}"pd > 0.1"'.replace(", zh: 暂不。", ""), "no text in zh"),
    ],
)
def test_one_that_cannot_be_made_is_told_by_its_line(
    lender: Workspace, switch: str, says: str
) -> None:
    text = OWN.replace("kind: people, strategy: demo", switch)
    (lender.folder / "plans.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Faults) as refused:
        checked_plans(lender.folder)
    (fault,) = refused.value.faults
    assert says in f"{fault.message}; {fault.mend}"
    assert fault.where is not None
    lines = text.splitlines()
    assert fault.where.line == next(n for n, each in enumerate(lines, 1) if "kind: tighten" in each)


def test_plans_are_sound_whatever_became_of_the_fit(lender: Workspace) -> None:
    (lender.folder / "plans.yaml").write_text(OWN, encoding="utf-8")
    (lender.folder / "build" / "fit.json").write_text("{}", encoding="utf-8")
    assert "strategy cannot be read" in checked_plans(lender.folder).notes[1]
