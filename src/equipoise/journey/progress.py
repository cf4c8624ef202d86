"""How far a person has come, as a share that never falls."""

from __future__ import annotations

from equipoise.errors import BadInput


def share_done(shown: float, done: int, left: int) -> float:
    """The share to show: of the steps known now, or the one shown last where that is more.

    `shown` is the share shown last, 0 at the start; `done` and `left` count steps, and `left`
    those that are known by now: more may be added. Waiting for the answer is a step too, or the
    bar is full before the answer is there. Raises BadInput for counts below zero and for a share
    outside 0 to 1.
    """
    if done < 0 or left < 0 or not 0 <= shown <= 1:
        raise BadInput("steps are counted from 0, and a share lies between 0 and 1")
    known = done + left
    return max(shown, done / known) if known else shown
