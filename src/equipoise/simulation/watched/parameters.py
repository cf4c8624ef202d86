"""What the watched months are made of: read from `parameters.yaml`, immutable afterwards."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Annotated, Literal, get_args

from pydantic import Field

from equipoise.documents import Document, read_document

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Shock = Literal[
    "bad_vintage",
    "broken_channel",
    "fraud_ring",
    "bureau_feed_down",
    "region_recession",
    "slow_desk",
]
SHOCKS: tuple[Shock, ...] = get_args(Shock)


class Months(Document):
    """How many months, and how many apply."""

    burn_in: int
    longest_on_book: int
    applicants: int
    volume_sd: float


class Economy(Document):
    """What all share."""

    frailty_sd: float
    frailty_persistence: Share
    season: float
    volume_season: float
    unemployment: Share
    unemployment_sd: Positive
    unemployment_persistence: Share
    policy_rate: float
    policy_rate_sd: Positive
    policy_rate_persistence: Share


class Decisions(Document):
    """What the lender does with an application, and how long it takes."""

    decline_above: Share
    refer_above: Share
    granted_of_referred: Share
    overridden: Share
    take_up: Share
    completion: dict[str, Share]
    completion_noise: float
    hours_median: Positive
    hours_sd: Positive
    desk_noise: float
    complaints: Share
    complaints_late: Share
    income_missing: Share
    shared_device: Share


class Moves(Document):
    """Where a loan that is late goes within a month; it stays otherwise."""

    cured: Share = 0.0
    better: Share = 0.0
    worse: Share


class Repayment(Document):
    """How loans become late and recover."""

    entry: Positive
    from_1: Moves
    from_30: Moves
    from_60: Moves
    roll_frailty: float


class Feeds(Document):
    """Data that come from elsewhere."""

    names: tuple[str, ...]
    failing: Share
    failing_sd: float


class BadVintage(Document):
    """Loans that should not have been made."""

    log_odds: float


class BrokenChannel(Document):
    """A way in that fails half way."""

    channel: str
    completing: Share


class FraudRing(Document):
    """Applications of one hand."""

    share: Share
    channel: str
    region: str


class FeedDown(Document):
    """A feed that answers hardly any call."""

    failing: Share


class RegionRecession(Document):
    """Work lost in one region."""

    region: str
    log_odds: float
    unemployment: float


class SlowDesk(Document):
    """Cases that lie."""

    hours: Positive


class Shocks(Document):
    """What may be planted."""

    bad_vintage: BadVintage
    broken_channel: BrokenChannel
    fraud_ring: FraudRing
    bureau_feed_down: FeedDown
    region_recession: RegionRecession
    slow_desk: SlowDesk


class WatchedParameters(Document):
    """Everything the months are made of."""

    months: Months
    economy: Economy
    decisions: Decisions
    repayment: Repayment
    feeds: Feeds
    shocks: Shocks


def read_watched() -> WatchedParameters:
    """Ours."""
    ours = files("equipoise.simulation.watched").joinpath("parameters.yaml")
    with as_file(ours) as path:
        return read_document(path, WatchedParameters).value
