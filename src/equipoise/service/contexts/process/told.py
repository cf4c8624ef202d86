"""What a log came to, as it is kept and shown: read back in one go, without the room it was
reckoned in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec


class Told(msgspec.Struct, frozen=True):
    """Part of a picture."""


class Share(Told, frozen=True):
    """`k` of `n`, with its 95 % interval; None where `n` is under ten."""

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None


class Spread(Told, frozen=True):
    """Within which half and nine tenths leave a step; None where that is not known."""

    p50: float | None
    p90: float | None


class Figure(Told, frozen=True):
    """A figure, its interval, and where it is from."""

    value: float
    source: str
    low: float | None = None
    high: float | None = None


class Step(Told, frozen=True):
    """A step of everybody, or of the group `group` of `by`: see the library's `StepRow`."""

    step: str
    by: str | None
    group: str | None
    came: int
    went_on: int
    lost: int
    declined: int
    open: int
    going_on: Share
    dropping_off: Share
    drop_off: Figure | None
    rework: Share
    turn: str | None
    lender_share: float | None
    calendar: Spread
    business: Spread


class Move(Told, frozen=True):
    """A change of one step and what it would gain: see the library's `Move`."""

    step: str
    kind: str
    by: str | None
    group: str | None
    came: int
    decides: Share | None
    verdict: str
    gain: float | None
    low: float | None
    high: float | None
    per_thousand: float | None


class Edge(Told, frozen=True):
    """What came directly after what."""

    by: str | None
    group: str | None
    activity: str
    followed_by: str
    times: int
    cases: int
    days_p50: float | None


class Change(Told, frozen=True):
    """One measure before and after a version: see the library's `VersionRow`."""

    measure: str
    higher_is_better: bool
    before: Share
    after: Share
    difference: float | None
    low: float | None
    high: float | None
    found: str
    since: date | None
    first_look: date | None


class Comparison(Told, frozen=True):
    """Two versions, one after the other."""

    before: str
    after: str
    within_days: float
    rows: tuple[Change, ...]


class Promise(Told, frozen=True):
    """What a tier is promised (`journey`, `time`, `price` or `person`), and to how many it was kept
    of those of whom that is known."""

    what: str
    promised: str
    kept: Share


class Tier(Told, frozen=True):
    """A tier, how many began since its promises stand, and each of them; `judged_after` of them
    were told to be of it by decisions older than its declaration."""

    name: str
    label: Mapping[str, str]
    since: date
    ways: int
    promises: tuple[Promise, ...]
    judged_after: int = 0


class Answers(Told, frozen=True):
    """How many were sent, and to how many of those of whom it is known an answer came in the time
    that everybody is promised; `waiting_late` of the others have none yet. Of a `tier`, of nobody's
    where that is empty; of all where it is None."""

    tier: str | None
    label: Mapping[str, str]
    sent: int
    kept: Share
    waiting_late: int


class Picture(Told, frozen=True):
    """What a log came to. `labels` are what pages ask, by activity and language; `order` the steps
    in order, `by` the columns it was told apart by, `left_out` those of too many values; `zone`
    the lender's, `until` its day. `hazard_per_day` is of those the lender keeps waiting."""

    ways: int
    events: int
    until: date
    zone: str
    order: tuple[str, ...]
    by: tuple[str, ...]
    left_out: tuple[str, ...]
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    edges: tuple[Edge, ...]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    hazard_per_day: Figure | None = None
    tiers: tuple[Tier, ...] = ()
    tiers_fault: str = ""
    answer_hours: float | None = None  # open ones, in which everybody is promised an answer
    answers: tuple[Answers, ...] = ()
    named: bool = False  # whether the activities are those of a log that the workspace names


class CheckCost(Told, frozen=True):
    """A row of the ledger: see the library's `CheckFriction`."""

    check: str
    applicants: float
    minutes: float
    bad_avoided: float
    bad_avoided_money: float
    good_lost: float
    good_lost_money: float
    cost: float
    net: float
    net_low: float
    net_high: float


class PartChange(Told, frozen=True):
    """A change of a check, a question or a rule, found anew: see the library's `Change`."""

    part: str
    sort: str
    kind: str
    profit: float | None
    good: float | None
    loss: float | None
    gap: float | None
    fault: str
    says: str


class Ledger(Told, frozen=True):
    """What friction costs, and the changes found so far, of so many: see `Frictions`."""

    currency: str
    applicants: int
    profit: float
    good: float
    loss: float
    rows: tuple[CheckCost, ...]
    changes: tuple[PartChange, ...]
    of: int


def written(picture: Mapping[str, object]) -> str:
    """A picture's parts as they are kept."""
    return msgspec.json.encode(picture).decode()


def read(text: str) -> Picture:
    """The picture of a kept text."""
    return msgspec.json.decode(text, type=Picture)


def read_ledger(text: str) -> Ledger:
    """The ledger of a kept text."""
    return msgspec.json.decode(text, type=Ledger)
