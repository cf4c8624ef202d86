"""Who may sign: level, four eyes, conflicts, joint signatures, delegation with dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.authority import (
    Absence,
    AlreadySigned,
    AuthorityExceeded,
    AuthoritySection,
    Away,
    Case,
    ConflictOfInterest,
    Delegation,
    Directory,
    KeptFromBranch,
    Officer,
    SelfDealing,
    Signature,
    able_to_sign,
    may_decide,
)
from equipoise.errors import BadInput, Faults, GateRefused

DAY = date(2026, 5, 4)
RULES = AuthoritySection.model_validate(
    {
        "levels": [{"name": "underwriter"}, {"name": "senior"}, {"name": "committee"}],
        "matrix": [
            {"up_to": 1_000, "grades": "A", "level": "system"},
            {"up_to": 20_000, "level": "underwriter"},
            {"up_to": 60_000, "level": "senior"},
            {"level": "committee", "joint": 2},
        ],
    }
)
UMA = Officer("uma", "underwriter")
UGO = Officer("ugo", "underwriter", products=frozenset({"car"}))
SAM = Officer("sam", "senior")
SUE = Officer("sue", "senior", conflicts=frozenset({"firm"}), related=frozenset({"cousin"}))
CAL, CEM, CYD = (Officer(name, "committee") for name in ("cal", "cem", "cyd"))
STAFF = (UMA, UGO, SAM, SUE, CAL, CEM, CYD)
LENT = Delegation("sam", "uma", "senior", date(2026, 5, 1), date(2026, 5, 10), "leave")
CASE = Case(50_000, "B", "applicant", "clerk")
LARGE = replace(CASE, amount=500_000)


def directory(*delegations: Delegation) -> Directory:
    return Directory(RULES, STAFF, delegations)


def refused(*args: Any, kind: type[GateRefused], words: str) -> GateRefused:
    with pytest.raises(kind, match=words) as caught:
        may_decide(*args)
    return caught.value


def test_a_level_below_is_refused_and_the_answer_names_who_could() -> None:
    error = refused(
        directory(), "uma", CASE, (), DAY,
        kind=AuthorityExceeded, words="needs level 'senior'; 'uma' has 'underwriter'",
    )  # fmt: skip
    assert error.mend == "level 'senior' or above can: sam, sue, cal and 2 more"
    assert error.exit_code == 1
    assert may_decide(directory(), "sam", CASE, (), DAY).signatures_left == 0
    assert may_decide(directory(), "cal", CASE, (), DAY).level == "committee"


def test_a_person_may_take_what_the_system_would_decide() -> None:
    assert may_decide(directory(), "uma", Case(500, "A", "a", "clerk"), (), DAY)


def test_products_outside_a_persons_field_are_refused() -> None:
    small = replace(CASE, amount=5_000, product="cash")
    refused(directory(), "ugo", small, (), DAY, kind=AuthorityExceeded, words="product or grade")
    assert may_decide(directory(), "ugo", replace(small, product="car"), (), DAY)


@pytest.mark.parametrize("role", ["author_id", "applicant_id"])
def test_nobody_decides_what_they_wrote_or_asked_for(role: str) -> None:
    own = replace(CASE, **{role: "sam"})
    refused(directory(), "sam", own, (), DAY, kind=SelfDealing, words="'sam'")


@pytest.mark.parametrize("tie", ["firm", "cousin"])
def test_conflicts_and_relations_keep_a_person_out(tie: str) -> None:
    for case in (replace(CASE, parties=frozenset({tie})), replace(CASE, applicant_id=tie)):
        refused(directory(), "sue", case, (), DAY, kind=ConflictOfInterest, words="dealings")


def test_joint_signatures_are_of_different_people_and_no_more_than_needed() -> None:
    first = may_decide(directory(), "cal", LARGE, (), DAY)
    assert first.signatures_left == 1
    signed = (first.signature,)
    error = refused(directory(), "cal", LARGE, signed, DAY, kind=AlreadySigned, words="has signed")
    assert error.mend == "level 'committee' or above can: cem, cyd"
    second = may_decide(directory(), "cem", LARGE, signed, DAY)
    assert second.signatures_left == 0
    both = (*signed, second.signature)
    refused(directory(), "cyd", LARGE, both, DAY, kind=AlreadySigned, words="all signatures")


def test_a_delegation_holds_on_its_days_up_to_its_amount_until_revoked() -> None:
    grant = may_decide(directory(LENT), "uma", CASE, (), DAY)
    assert (grant.level, grant.signature) == ("senior", Signature("uma", "sam"))
    for lent, day in (
        (LENT, date(2026, 4, 30)),
        (LENT, date(2026, 5, 11)),
        (replace(LENT, up_to=40_000.0), DAY),
        (replace(LENT, revoked=DAY), DAY),
    ):
        refused(directory(lent), "uma", CASE, (), day, kind=AuthorityExceeded, words="level")
    assert may_decide(directory(LENT), "uma", CASE, (), date(2026, 5, 10))


def test_self_dealing_and_conflicts_do_not_pass_through_a_delegate() -> None:
    own = replace(CASE, author_id="sam")
    refused(directory(LENT), "uma", own, (), DAY, kind=SelfDealing, words="in whose place 'uma'")
    by_sue = replace(LENT, from_id="sue")
    case = replace(CASE, parties=frozenset({"cousin"}))
    refused(directory(by_sue), "uma", case, (), DAY, kind=ConflictOfInterest, words="'sue'")


def test_a_delegate_and_the_delegator_count_as_one() -> None:
    lent = replace(LENT, from_id="cal", level="committee")
    book = directory(lent)
    for first, second in (("cal", "uma"), ("uma", "cal")):
        signed = (may_decide(book, first, LARGE, (), DAY).signature,)
        refused(book, second, LARGE, signed, DAY, kind=AlreadySigned, words="count as one")
    signed = (Signature("uma", "cal"),)
    refused(book, "cal", LARGE, signed, date(2026, 6, 1), kind=AlreadySigned, words="as one")
    twice = directory(lent, replace(lent, to_id="ugo"))
    car = replace(LARGE, product="car")
    refused(twice, "ugo", car, signed, DAY, kind=AlreadySigned, words="already signed for")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to_id": "sam"}, "to oneself"),
        ({"level": "committee"}, "above the delegator's own"),
        ({"level": "boss"}, "unknown level"),
        ({"to_id": "nobody"}, "names no officer"),
        ({"ends": date(2026, 4, 1)}, "before it starts"),
        ({"reason": " "}, "no reason"),
    ],
)
def test_a_delegation_that_may_not_be_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Faults, match=words):
        directory(replace(LENT, **changes))


def test_delegations_do_not_chain_while_both_hold() -> None:
    onward = Delegation("uma", "ugo", "underwriter", date(2026, 5, 8), date(2026, 5, 20), "leave")
    with pytest.raises(Faults, match="chains on that from 'sam'"):
        directory(LENT, onward)
    directory(LENT, replace(onward, starts=date(2026, 5, 11)))
    directory(replace(LENT, revoked=date(2026, 5, 8)), onward)


def test_an_officer_nobody_knows_is_bad_input() -> None:
    with pytest.raises(BadInput, match="did you mean 'sam'"):
        may_decide(directory(), "samm", CASE, (), DAY)
    with pytest.raises(Faults, match="listed twice"):
        Directory(RULES, (SAM, SAM))


@given(
    amount=st.one_of(st.none(), st.floats(0, 1e6)),
    order=st.permutations([officer.id for officer in STAFF]),
    author=st.sampled_from([officer.id for officer in STAFF]),
)
def test_no_case_is_ever_signed_by_its_author_twice_by_one_or_below_its_level(
    amount: float | None, order: list[str], author: str
) -> None:
    lent = replace(LENT, from_id="cal", level="committee")
    book = directory(lent)
    case = Case(amount, "B", "applicant", author)
    required = book.authority.level_for(amount, "B")
    signed: list[Signature] = []
    for name in order:
        try:
            signed.append(may_decide(book, name, case, signed, DAY).signature)
        except GateRefused:
            continue
    lenders = {each.on_behalf_of or each.officer_id for each in signed}
    assert len(lenders) == len(signed) == required.signatures
    assert author not in lenders | {each.officer_id for each in signed}
    for name in lenders:
        assert RULES.rank(book.officers[name].level) >= RULES.rank(required.level)


def test_who_is_away_signs_nothing_and_their_deputy_is_named() -> None:
    away = Absence("sam", date(2026, 5, 4), date(2026, 5, 6))
    here = Directory(RULES, STAFF, [LENT], [away])
    error = refused(here, "sam", CASE, (), DAY, kind=Away, words="'sam' is away until 2026-05-06")
    assert error.mend.startswith("in their place: uma; level 'senior' or above can: uma, ")
    assert "sam" not in able_to_sign(here, CASE, (), DAY)
    assert may_decide(here, "uma", CASE, (), DAY).delegation == LENT, "that is what it is lent for"
    after = date(2026, 5, 7)
    assert may_decide(here, "sam", CASE, (), after).officer_id == "sam"
    both = Directory(RULES, STAFF, [LENT], [away, Absence("uma", DAY, DAY)])
    error = refused(both, "sam", CASE, (), DAY, kind=Away, words="away")
    assert error.mend.startswith("they lent nobody"), "a deputy who is away is none"
    refused(both, "uma", CASE, (), DAY, kind=Away, words="'uma' is away until 2026-05-04")


def test_nobody_signs_cases_of_a_branch_they_keep_from_nor_does_their_delegate() -> None:
    seller = replace(SAM, branches=frozenset({"north"}))
    others = [each for each in STAFF if each is not SAM]
    here = Directory(RULES, [seller, *others], [LENT])
    north, south = replace(CASE, branch="north"), replace(CASE, branch="south")
    error = refused(here, "sam", north, (), DAY, kind=KeptFromBranch, words="the branch 'north'")
    assert error.mend == "level 'senior' or above can: sue, cal, cem and 1 more"
    refused(here, "uma", north, (), DAY, kind=KeptFromBranch, words="in whose place 'uma' would")
    for case in (south, CASE):
        assert may_decide(here, "sam", case, (), DAY).officer_id == "sam"
