"""What changes for whom, reckoned by hand for six people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from equipoise.balance.placed import Placed
from equipoise.balance.swap_sets import Segment
from equipoise.errors import BadInput
from equipoise.review.whom import Moved, Side, treatments_moved, what_changes


def _placed(choice: list[list[int]], surplus: list[list[float]]) -> Placed:
    size = len(choice[0])
    nothing = np.zeros((len(choice), size), dtype=np.float32)
    worth = {"profit": np.array(choice, dtype=np.float32) * 10, "expected_loss": nothing,
             "good_customers_served": nothing,
             "customer_surplus": np.array(surplus, dtype=np.float32)}  # fmt: skip
    codes = np.array([0, 0, 0, 1, 1, 1], dtype=np.uint8)[:size]
    return Placed(
        ("today", "point 1")[: len(choice)], ("decline", "fast", "full"),
        np.array(choice, dtype=np.int8), worth, (Segment("region", ("N", "S"), codes),),
    )  # fmt: skip


SIX = _placed(
    [[0, 1, 2, 0, 1, 1], [1, 1, 0, 0, 2, 1]],
    [[0, 5, 9, 0, 4, 4], [7, 5, 0, 0, 6, 3]],
)


def test_who_is_in_and_out_and_who_gains_and_loses() -> None:
    whole, (north, south) = what_changes(Side(SIX, "today"), Side(SIX, "point 1"))
    assert (whole.both_in, whole.swapped_in, whole.swapped_out, whole.both_out) == (3, 1, 1, 1)
    assert (whole.gain, whole.lose, whole.gained, whole.lost) == (2, 2, 9.0, 10.0)
    assert whole.changes["profit"] == 0.0
    assert (north.level, north.people, north.swapped_in, north.swapped_out) == ("N", 3, 1, 1)
    assert (south.gain, south.gained, south.lose, south.lost) == (1, 2.0, 1, 1.0)
    assert north.changes["customer_surplus"] + south.changes["customer_surplus"] == -1.0


def test_a_policy_beside_itself_changes_nothing() -> None:
    whole, _ = what_changes(Side(SIX, "today"), Side(SIX, "today"))
    assert (whole.gain, whole.lose, whole.swapped_in, whole.swapped_out) == (0, 0, 0, 0)
    assert treatments_moved(Side(SIX, "today"), Side(SIX, "today"), 5) == []


def test_moves_between_treatments_are_counted() -> None:
    moved = treatments_moved(Side(SIX, "today"), Side(SIX, "point 1"), 5)
    assert sorted(moved, key=str) == sorted(
        [Moved("decline", "fast", 1), Moved("full", "decline", 1), Moved("fast", "full", 1)],
        key=str,
    )


def test_other_applicants_are_not_compared() -> None:
    four = _placed([[0, 1, 1, 0]], [[0, 0, 0, 0]])
    with pytest.raises(BadInput, match="6 applicants, the other of 4"):
        what_changes(Side(SIX, "today"), Side(four, "today"))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    SIX.write(tmp_path)
    again = Placed.open(tmp_path)
    assert again.places == SIX.places and again.labels == SIX.labels
    assert what_changes(Side(again, "today"), Side(again, "point 1")) == what_changes(
        Side(SIX, "today"), Side(SIX, "point 1")
    )
