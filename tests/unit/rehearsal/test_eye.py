"""What an underwriter sees in a case is theirs, and as good as they are."""

from __future__ import annotations

from equipoise.rehearsal.eye import NO, YES, Eye
from equipoise.review.casework.underwriters import Skill, Underwriter

CASES = [f"application-{number}" for number in range(2000)]


def bad(application: str) -> bool:
    return int(application.rpartition("-")[2]) % 2 == 1


EYE = Eye(lambda application: not bad(application), seed=3)


def share(traits: Underwriter, day: float, answer: str, cases: list[str]) -> float:
    seen = [EYE.reading("uma", traits, each, day) for each in cases]
    return seen.count(answer) / len(cases)


def test_who_sees_everything_turns_away_those_who_would_not_pay_back_and_nobody_else() -> None:
    perfect = Underwriter(Skill(finds=1.0, spoils=0.0))
    assert all((EYE.reading("uma", perfect, each, 0.0) == NO) == bad(each) for each in CASES)


def test_as_many_are_found_and_spoiled_as_the_skill_says_and_fewer_at_the_end_of_the_day() -> None:
    usual = Underwriter(Skill(finds=0.8, spoils=0.1), duller=0.5)
    wrong, right = [each for each in CASES if bad(each)], [each for each in CASES if not bad(each)]
    assert abs(share(usual, 0.0, NO, wrong) - 0.8) < 0.04
    assert abs(share(usual, 0.0, YES, right) - 0.9) < 0.04
    assert abs(share(usual, 1.0, NO, wrong) - 0.4) < 0.05


def test_the_same_person_sees_the_same_however_often_they_look_and_another_their_own() -> None:
    usual = Underwriter(Skill(finds=0.5, spoils=0.5))
    first = [EYE.reading("uma", usual, each, 0.0) for each in CASES]
    assert first == [EYE.reading("uma", usual, each, 0.0) for each in CASES]
    assert first != [EYE.reading("udo", usual, each, 0.0) for each in CASES]
