"""What underwriters know to have done is held against the record, act by act."""

from __future__ import annotations

from equipoise.rehearsal.diary import ASSIGNED, CLAIMED, DECIDED, Act, Diary, disagreements


def diary(*acts: tuple[str, str]) -> Diary:
    made = Diary("user.7")
    for what, of in acts:
        made.done(what, of)
    return made


def test_what_both_say_is_no_disagreement() -> None:
    recorded = {Act("user.7", CLAIMED, "work-1"): 2, Act("user.7", DECIDED, "decision-1"): 1}
    known = diary((CLAIMED, "work-1"), (DECIDED, "decision-1"), (CLAIMED, "work-1"))
    assert disagreements([known], recorded) == []


def test_what_only_one_of_them_says_is_named_with_how_often() -> None:
    known = diary((CLAIMED, "work-1"), (ASSIGNED, "work-2"))
    recorded = {Act("user.7", CLAIMED, "work-1"): 2, Act("user.9", DECIDED, "decision-1"): 1}
    names = {
        (each.act.what, each.known, each.recorded) for each in disagreements([known], recorded)
    }
    assert names == {(CLAIMED, 1, 2), (ASSIGNED, 1, 0), (DECIDED, 0, 1)}


def test_what_a_dying_server_left_in_doubt_may_stand_there_or_not() -> None:
    known = diary()
    known.doubt(DECIDED, "decision-1")
    assert disagreements([known], {Act("user.7", DECIDED, "decision-1"): 1}) == []
    assert disagreements([known], {}) == []
