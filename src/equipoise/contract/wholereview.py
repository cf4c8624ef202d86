"""What a draft says of the contract as a whole, what must be confirmed first coming first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from equipoise.contract.fielddraft import percent
from equipoise.contract.fields import Scalar
from equipoise.contract.outcomes import AS_NAMED, Outcome
from equipoise.contract.roles import Roles

_HALF = 0.5
_CURRENCY = "currency: none is named; name it as `currency`, as in EUR, and amounts get a unit"


class WholeReview(NamedTuple):
    """The contract's own review lines, and those that the draft's summary repeats."""

    review: tuple[str, ...]
    notes: tuple[str, ...]


def about_the_whole(outcome: Outcome, target: str, roles: Roles, rows: int) -> WholeReview:
    """Say which outcome is bad and what else counts as what, then who plays which part."""
    said = list(_about_the_outcome(outcome, rows))
    counts = [
        f"counts as bad: {_counted(outcome, outcome.events, rows)}",
        f"counts as good: {_counted(outcome, outcome.goods, rows)}",
    ]
    if len(outcome.rows) > 2:
        said, counts = [*said, *counts], []
    parts = list(_about_the_parts(roles))
    review = [
        *(f"target: {text}" for text in said),
        *(f"target: {text}" for text in counts),
        *parts,
        _CURRENCY,
        "target: the outcome window is unknown; set window_months or observed_months",
        "time_zone: UTC was taken; name the lender's, as its days are counted there",
        "extra: facts that are no field are kept beside the answers; or refuse, ignore",
    ]
    notes = [f"'{target}': {text}" for text in said]
    return WholeReview(tuple(review), (*notes, *parts, _CURRENCY))


def doubted(outcome: Outcome) -> str:
    """The target's `confirm`: what a person must settle, and how."""
    bad, good = _quoted(outcome.events), _quoted(outcome.goods)
    return f"is {bad} bad and {good} good? {outcome.doubt}"


def _about_the_outcome(outcome: Outcome, rows: int) -> Iterator[str]:
    share = float(outcome.bad.mean() or 0.0)  # type: ignore[arg-type]
    if outcome.doubt:
        yield (
            f"confirm first: {doubted(outcome)}. `fit` refuses until `confirm` is deleted; "
            "`new --event VALUE` settles it at once"
        )
    verb = "is" if len(outcome.events) == 1 else "are"
    bad = f"{_quoted(outcome.events)} {verb} the bad outcome ({outcome.why})"
    yield f"{bad}: {share:.1%} of known rows"
    if share > _HALF and outcome.why != AS_NAMED:
        yield "more than half of the rows are bad; if it is the other way round, use --event"
    clear = [value for value in outcome.unresolved if value not in outcome.unclear]
    if outcome.unclear:
        yield (
            f"{_quoted(outcome.unclear)} not clearly good or bad: such rows are refused until "
            f"you say which ({_share(outcome, outcome.unclear, rows)})"
        )
    if clear:
        text = "not resolved yet: such rows are refused"
        yield f"{_quoted(clear)} {text} ({_share(outcome, clear, rows)})"
    unknown = rows - sum(outcome.rows.values())
    if unknown:
        yield f"without an outcome: {unknown:,} rows ({percent(unknown / rows)} of rows)"


def _about_the_parts(roles: Roles) -> Iterator[str]:
    yield f"id: '{roles.id}' names each row" if roles.id else "id: none was found"
    if roles.customer:
        yield f"customer: '{roles.customer}' seems to name the customer, and repeats"
    yield (
        f"date: '{roles.date}' seems to date the application"
        if roles.date
        else "date: none was found, so validation cannot be out of time"
    )
    if roles.weight:
        yield f"weight: '{roles.weight}' seems to say how many applications a row stands for"


def _counted(outcome: Outcome, values: Iterable[Scalar], rows: int) -> str:
    listed = list(values)
    each = ", ".join(f"'{value}' {outcome.rows[value]:,} rows" for value in listed)
    return f"{each} ({_share(outcome, listed, rows)})"


def _share(outcome: Outcome, values: Iterable[Scalar], rows: int) -> str:
    return f"{percent(sum(outcome.rows[value] for value in values) / max(1, rows))} of rows"


def _quoted(values: Iterable[object]) -> str:
    return ", ".join(f"'{value}'" for value in values)
