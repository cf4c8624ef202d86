"""What people know is held against the record, person by person and step by step."""

from __future__ import annotations

from dataclasses import replace

from equipoise.rehearsal import account as account_steps
from equipoise.rehearsal.account import (
    BEGUN,
    NO,
    OFFER,
    SENT,
    SIGNED,
    WAITS,
    Account,
    Difference,
    answered,
    differences,
    funnel,
)
from equipoise.rehearsal.browser import Timing
from equipoise.rehearsal.report import Proofs, Report


def account(draft: str, *steps: str) -> Account:
    return Account(1, draft=draft, steps=set(steps), state="left")


def report(accounts: list[Account], recorded: dict[str, set[str]], **proved: object) -> Report:
    proofs = {"sent_twice": (), "events": 3, "faults": (), "replayed": 1, "differing": 0, **proved}
    return Report(7, 1.0, accounts, Proofs(recorded, **proofs), [Timing("GET /apply/", 0.02)])  # type: ignore[arg-type]


def test_what_is_known_and_recorded_alike_is_no_difference() -> None:
    assert differences([account("a", BEGUN, SENT)], {"a": {BEGUN, SENT}}) == []


def test_what_somebody_did_and_the_record_lacks_is_named() -> None:
    result = differences([account("a", BEGUN, SENT)], {"a": {BEGUN}})
    assert result == [Difference("a", SENT, recorded=False)]


def test_what_the_record_tells_and_nobody_did_is_named() -> None:
    result = differences([account("a", BEGUN)], {"a": {BEGUN, SENT}, "b": {BEGUN}})
    assert result == [Difference("a", SENT, recorded=True), Difference("b", BEGUN, recorded=True)]


def test_what_a_dying_server_left_in_doubt_may_stand_there_or_not() -> None:
    one = account("a", BEGUN)
    one.doubtful = {SENT, BEGUN}
    assert differences([one], {"a": {BEGUN, SENT}, "b": {BEGUN}}) == []
    assert differences([one], {"a": {BEGUN}}) == []


def test_steps_stand_in_the_order_in_which_people_take_them() -> None:
    counted = funnel([{SIGNED, BEGUN, answered("monthly_income")}, {BEGUN}])
    assert list(counted.items()) == [(BEGUN, 2), ("answered monthly-income", 1), (SIGNED, 1)]


def test_a_rehearsal_passes_only_if_everything_does() -> None:
    good = [account("a", BEGUN)]
    assert report(good, {"a": {BEGUN}}).passed
    assert not report(good, {"a": set()}).passed
    assert not report(good, {"a": {BEGUN}}, faults=("hash",)).passed
    assert not report(good, {"a": {BEGUN}}, differing=1).passed
    assert not report(good, {"a": {BEGUN}}, sent_twice=("a",)).passed
    assert not report([Account(2, state="stuck", trouble="no page")], {}).passed
    assert not report([Account(2)], {}).passed, "a person in no state at all"


def test_who_took_another_letter_than_the_record_keeps_fails_the_rehearsal() -> None:
    one = account("a", BEGUN)
    one.letters = {"0f"}
    assert report([one], {"a": {BEGUN}}, taken={"a": {"0f"}}).passed
    for kept in ({}, {"a": {"1e"}}, {"a": {"0f", "1e"}}):
        result = report([one], {"a": {BEGUN}}, taken=kept)
        assert not result.passed
        assert "a took other letters than the record keeps as taken" in "\n".join(result.lines())


def test_the_report_names_who_is_stuck_and_what_differs() -> None:
    stuck = Account(5, draft="c", steps={BEGUN}, state="stuck", trouble="no way on")
    text = "\n".join(report([stuck], {}).lines())
    assert "person 5 (c) is stuck: no way on" in text
    assert "c: 'begun' stands in no record" in text
    assert text.endswith("NOT as it has to be")


def test_every_step_has_a_place_in_the_funnel() -> None:
    every = {
        *(step for name, step in vars(account_steps).items() if name.isupper() and name[0] != "_"),
        answered("amount"), account_steps.agreed("decision"), account_steps.told("no"),
        account_steps.told_after_checks("no"), account_steps.told_again("no"),
        account_steps.reviewed("kept"), account_steps.answered_by_person("upheld"),
        account_steps.cleared("stands"),
    } - {OFFER, NO, WAITS, account_steps.ANSWERS}  # fmt: skip
    counted = list(funnel([every]))
    assert set(counted) == every
    assert counted[0] == BEGUN
    assert counted.index(SENT) < counted.index(SIGNED) < counted.index(account_steps.EXPIRED)


def test_what_those_at_the_desk_could_not_do_fails_the_rehearsal() -> None:
    good = report([account("a", BEGUN)], {"a": {BEGUN}})
    assert good.passed
    stuck = replace(good, desk="Astray: nobody is let in")
    assert not stuck.passed
    assert "those at the desk are stuck: Astray: nobody is let in" in "\n".join(stuck.lines())
