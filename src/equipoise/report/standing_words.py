"""What a reader calls the figures of a standing, what moved them, and how each is written."""

from __future__ import annotations

from equipoise.review.continuous.result_document import (
    DISTANCE,
    EXPERIENCE,
    REACHABLE,
    RISK,
    StandingResult,
)
from equipoise.texts.numbers import fixed, percent, points, signed
from equipoise.texts.saying import marked, retold, say
from equipoise.value.measures import RATES, label_of

NAMES = {
    "before": marked("before"),
    "now": marked("now"),
    "population": marked("who applies"),
    "risk": marked("how risky they are"),
    "price response": marked("how they answer to offers"),
    "costs": marked("costs"),
    "journeys": marked("the menu and its steps"),
    "limits": marked("limits"),
}
SHOWN = (RISK, EXPERIENCE, REACHABLE, DISTANCE)
UNTOLD = {
    "the applicants come from elsewhere since": marked("the applicants come from elsewhere since"),
    "the menu of one time does not fit the applicants of the other": marked(
        "the menu of one time does not fit the applicants of the other"
    ),
    "the contract has other fields since": marked("the contract has other fields since"),
    "the goal or the axes of the frontier are others since": marked(
        "the goal or the axes of the frontier are others since"
    ),
    "no policy meets the limits in a mixture of both": marked(
        "no policy meets the limits in a mixture of both"
    ),
}


def named(result: StandingResult, figure: str) -> str:
    """What a reader calls a figure."""
    if figure == DISTANCE:
        return say("Distance from the frontier")
    if figure == REACHABLE:
        goal = retold(label_of(result.goal), "label")
        return say("{measure}, reachable at this risk", measure=goal)
    measure = result.risk_measure if figure == RISK else result.experience_measure
    return retold(label_of(measure), "label")


def written(result: StandingResult, figure: str) -> str:
    """A figure as it is now, as people read it."""
    return figure_text(result, figure, result.figures[figure])


def is_share(result: StandingResult, figure: str) -> bool:
    """Whether the figure is a share of one."""
    return figure == DISTANCE or (figure == RISK and result.risk_measure in RATES)


def figure_text(result: StandingResult, figure: str, value: float) -> str:
    """A value of a figure, as people read it."""
    return percent(value) if is_share(result, figure) else fixed(value, 2)


def change_text(result: StandingResult, figure: str, value: float) -> str:
    """A change of a figure with its sign; of a share in percentage points."""
    return signed(points(value) if is_share(result, figure) else fixed(value, 2))
