"""The journey as fit.json holds it: steps, competing ends, acceptance by waiting."""

from __future__ import annotations

from equipoise.documents import Document, Nothing


class JourneyStep(Document):
    """A step of the lender (hours and `rework`, from the log) or of a journey (`drop_off`).

    Hours are means per case; `rework` is the share of cases that repeat the step, `drop_off` the
    share who leave at it, with its interval.
    """

    name: str
    queue_hours: float | None = None
    work_hours: float | None = None
    queue_business_hours: float | None = None
    work_business_hours: float | None = None
    rework: float | None = None
    drop_off: float | None = None
    drop_low: float | None = None
    drop_high: float | None = None
    provenance: str = ""


class CompetingEnds(Document):
    """Cumulative incidence of each end by days since the application; all four of one length."""

    days: tuple[float, ...]
    accepted: tuple[float, ...]
    declined: tuple[float, ...]
    cancelled: tuple[float, ...]


class AcceptanceBand(Document):
    """Share of `n` answered offers that were accepted, by mean days to the offer, 95 % interval."""

    days: float
    rate: float
    low: float
    high: float
    n: int


class JourneyResult(Document):
    """What the event log shows of the journey; what it cannot show is left out."""

    steps: tuple[JourneyStep, ...]
    competing: CompetingEnds | Nothing
    acceptance: tuple[AcceptanceBand, ...]
    notes: tuple[str, ...]
