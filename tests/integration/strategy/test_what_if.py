"""`balance --set`: other inputs, compared with the workspace's own balance and kept apart."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from loan_tapes import known_tape, read_known

from equipoise.cli.run import run
from equipoise.errors import BadInput
from equipoise.workspace.balance_inputs import read_balance_inputs
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import read_balance
from equipoise.workspace.what_if import name_of, what_if


def test_dearer_funding_costs_today_its_share_of_what_is_lent(lender: Workspace) -> None:
    before = {path: path.read_bytes() for path in lender.build.iterdir() if path.is_file()}
    asked = what_if(lender, {"lender.funding_rate": 0.05})
    assert {path: path.read_bytes() for path in before} == before
    own, other = (each.champion.measures for each in (asked.own, asked.other))
    assert other["exposure"] == pytest.approx(own["exposure"])
    assert other["booked"] == pytest.approx(own["booked"])
    # 1.5 points more a year on what is owed, which is never more than what was lent, for 5 years
    dearer = own["profit"] - other["profit"]
    assert 0 < dearer < 5 * 0.015 * own["exposure"]
    assert asked.other.as_dict()["set"] == {"lender.funding_rate": {"from": 0.035, "to": 0.05}}
    kept = json.loads((asked.folder / "balance.json").read_text())
    assert kept == asked.other.as_dict()
    assert asked.folder.parent == lender.folder / "what-if"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lgd": 1.4}, "above 0 and at most 1"),
        ({"lgdd": 0.4}, "did you mean 'lgd'"),
        ({"lender.funding_rat": 0.4}, "lender.funding_rate"),
        ({"checks.identity_check.drop_off": 1.0}, "below 1"),
        ({"amounts.part.share": 7.0}, "less than or equal to 2"),
    ],
)
def test_an_input_it_cannot_have_is_refused_and_writes_nothing(
    lender: Workspace, values: dict[str, float], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        what_if(lender, values)
    assert said in str(refused.value)
    assert not (lender.folder / "what-if").exists()


def test_the_command_prints_both_and_losses_go_with_lgd(
    lender: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    own = read_balance(lender).as_dict()
    half = read_balance_inputs(lender).risk.lgd.value / 2
    assert run(["balance", str(lender.folder), "--set", f"lgd={half}"]) == 0
    said = capsys.readouterr().out
    assert "What if: lgd from" in said
    (folder,) = (lender.folder / "what-if").iterdir()
    assert str(folder) in said
    other = json.loads((folder / "balance.json").read_text(encoding="utf-8"))
    losses = [each["champion"]["measures"]["expected_loss"] for each in (own, other)]
    assert losses[1] == pytest.approx(losses[0] / 2, rel=0.01)


def test_a_setting_without_a_value_is_refused(lender: Workspace) -> None:
    assert run(["balance", str(lender.folder), "--set", "lgd"]) == 2


def test_many_settings_still_make_a_file_name() -> None:
    values = {f"checks.check_{at}.drop_off": math.pi / (at + 4) for at in range(40)}
    name = name_of(values)
    assert len(name) <= 120
    assert Path(name).name == name
    assert name != name_of({**values, "lgd": 0.5})


CHANGE = """\
name: Provisioning act
from: 2027-01-01
source: Act 12
rule: {kind: price_cap, at_most: 0.18}
book: [IFRS, EBA, BASEL]
"""


def test_a_dated_change_is_told_of_strategies_and_of_loans_already_made(
    lender: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = tmp_path / "change.yaml"
    change.write_text(CHANGE, encoding="utf-8")
    asked = ["what-if", str(lender.folder), str(change), "--json"]
    assert run(asked) == 2, "there is no tape"
    capsys.readouterr()
    read_known(lender.folder, known_tape(200, 30))
    assert run(asked) == 0
    effect = json.loads(capsys.readouterr().out)["effect"]
    moved = {(each["figure"], each["of"]): each["change"] for each in effect["book"]["moved"]}
    assert effect["held"][0]["broken"] > 0
    assert effect["book"]["on"] == "2027-01-01"
    assert moved["exposure in stage", "2"] > 0
    assert run(asked[:-1]) == 0
    said = capsys.readouterr().out
    assert "exposure in stage 2" in said
    assert "Strategies held against it" in said


def test_a_change_of_loans_already_made_alone_needs_a_tape_and_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bare").mkdir()
    read_known(tmp_path / "bare", known_tape(200, 30))
    change = tmp_path / "change.yaml"
    change.write_text("name: Act\nfrom: 2024-01-01\nbook: [IFRS, EBA, BASEL]\n", encoding="utf-8")
    asked = ["what-if", str(tmp_path / "bare"), str(change)]
    assert run([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], told["after"], told["effect"]["held"]) == (None, None, [])
    moved = {
        (each["figure"], each["of"]): each["change"] for each in told["effect"]["book"]["moved"]
    }
    assert moved["exposure in stage", "2"] > 0
    assert run(asked) == 0
    said = capsys.readouterr().out
    assert "holds for loans already made from 2024-01-01 on" in said
    assert "exposure in stage 2" in said and "Strategies held" not in said
    change.write_text("name: Act\nfrom: 2024-01-01\n", encoding="utf-8")
    assert run(asked) == 2
    assert "the change asks for nothing" in " ".join(capsys.readouterr().err.split())
