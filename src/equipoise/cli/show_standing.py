"""What `standing` ends with: the place, what moved by factor, and what would close the distance."""

from __future__ import annotations

from pathlib import Path

from equipoise.cli import printing
from equipoise.review.continuous import StandingResult
from equipoise.review.continuous.result_document import (
    DISTANCE,
    EXPERIENCE,
    REACHABLE,
    RISK,
)
from equipoise.value.measures import RATES

SHOWN = (RISK, EXPERIENCE, REACHABLE, DISTANCE)


def stood(result: StandingResult, folder: Path, *, as_json: bool) -> None:
    """The place and what moved it. Ends with 1 where it is further than is accepted."""
    if as_json:
        printing.document(result.as_dict())
    else:
        _summary(result)
    if result.is_beyond:
        printing.refuse(
            f"today's policy is {_share(result.distance)} below what is reachable at its risk; "
            f"{_share(result.keep_within or 0)} is accepted (keep_within)",
            mend=_mend(result, folder),
            as_json=as_json,
        )


def _summary(result: StandingResult) -> None:
    printing.line(
        f"{result.workspace}: today's policy reaches {_share(1 - result.distance)} of what is "
        f"reachable at its risk ({result.sample:,} of {result.applicants:,} applicants, "
        "per 100 of them)."
    )
    titles = ("", *(["before"] if result.before else []), *result.factors, "now")
    rows = [
        [_name(result, figure), *_moved(result, figure), _figure(result, figure)]
        for figure in SHOWN
    ]
    printing.table(_title(result), titles, rows)
    if result.untold:
        printing.line(f"What moved since {result.since} is not told: {result.untold}.")
    if result.kept:
        printing.line(f"Kept in {result.kept}")


def _title(result: StandingResult) -> str:
    if not result.before:
        return "Where the lender stands"
    return f"What moved since {result.since}, by what moved it"


def _moved(result: StandingResult, figure: str) -> list[str]:
    if not result.before:
        return []
    parts = result.parts[figure]
    return [
        _written(result, figure, result.before[figure]),
        *(_signed(result, figure, parts[each]) for each in result.factors),
    ]


def _name(result: StandingResult, figure: str) -> str:
    return "Distance from the frontier" if figure == DISTANCE else result.labels[figure]


def _figure(result: StandingResult, figure: str) -> str:
    return _written(result, figure, result.figures[figure])


def _written(result: StandingResult, figure: str, value: float) -> str:
    if figure == DISTANCE or (figure == RISK and result.risk_measure in RATES):
        return _share(value)
    return f"{value:,.2f}"


def _signed(result: StandingResult, figure: str, value: float) -> str:
    return ("+" if value > 0 else "") + _written(result, figure, value)


def _share(value: float) -> str:
    return f"{100 * value:.2f} %"


def _mend(result: StandingResult, folder: Path) -> str:
    if not result.draft:
        return (
            "the workspace has no strategy.yaml that the best policy could be written into; make "
            "one, or raise keep_within in appetite.yaml"
        )
    return (
        f"{folder / result.draft} is the policy at today's risk and reaches "
        f"{result.draft_reaches or 0:.2f} per 100 applicants: compare it with strategy.yaml, "
        "take it over, and publish it; or raise keep_within in appetite.yaml"
    )
