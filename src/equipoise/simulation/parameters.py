"""The synthetic lender's parameters: read from `parameters.yaml`, immutable afterwards."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.documents import Document, read_document

# a resource and no path: the package may come to a worker as one zip
_OURS = files("equipoise.simulation").joinpath("parameters.yaml")
KINDS: tuple[Literal["ordinary", "misreport", "fraud"], ...] = ("ordinary", "misreport", "fraud")

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]


class Calendar(Document):
    """When applications arrive, when staff work and when the books are looked at."""

    first_date: date
    months: Annotated[int, Field(ge=1)]
    observation_date: date
    opens_at: float
    closes_at: float

    @model_validator(mode="after")
    def _starts_on_a_monday(self) -> Calendar:
        if self.first_date.weekday() != 0:
            raise ValueError("first_date must be a Monday, business hours are counted from it")
        if not 0 <= self.opens_at < self.closes_at <= 24:
            raise ValueError("opens_at must come before closes_at within one day")
        return self


class Category(Document):
    """One value of a categorical field: how common, and what it moves."""

    share: Share
    log_income: float = 0.0
    log_odds: float = 0.0


class PopulationParameters(Document):
    """Who applies."""

    age_mean: float
    age_sd: Positive
    age_lowest: int
    age_highest: int
    sexes: dict[str, Category]
    regions: dict[str, Category]
    channels: dict[str, Category]
    employments: dict[str, Category]
    purposes: dict[str, Category]
    homes: dict[str, Category]
    terms: list[int]
    monthly_income_median: Positive
    log_income_sd: Positive
    amount_median: Positive
    log_amount_sd: Positive
    amount_lowest: Positive
    amount_highest: Positive
    misreport_share: Share
    misreport_size: Positive
    fraud_share: Share
    thin_file_share: Share
    thin_file_share_young: Share

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> PopulationParameters:
        for name in ("sexes", "regions", "channels", "employments", "purposes", "homes"):
            total = sum(category.share for category in getattr(self, name).values())
            if abs(total - 1) > 1e-9:
                raise ValueError(f"the shares of {name} sum to {total:g}, not 1")
        return self


class Bureau(Document):
    """How the credit bureau sees the latent trait."""

    score_mean: float
    score_sd: Positive
    score_correlation: Share
    utilisation_slope: float
    utilisation_noise: float
    enquiries_mean: Positive
    enquiries_slope: float
    delinquency_intercept: float
    delinquency_slope: float


class DefaultParameters(Document):
    """Log-odds of default within the window."""

    window_months: Annotated[int, Field(ge=1)]
    intercept: float
    resilience: float
    frailty_sd: float
    tenure: float
    tenure_months: Positive
    recent_delinquency: float
    enquiries: float
    misreport: float
    fraud: float
    price: float
    burden: float
    reference_apr: Positive


class LossParameters(Document):
    """Share of the balance that a default loses."""

    lgd: Share
    owner: float
    log_amount: float
    fraud: Share
    precision: Positive
    months_to_close: int


class TakeUpParameters(Document):
    """Logit of accepting an offer."""

    intercept: float
    price: Annotated[float, Field(lt=0)]
    reference_apr: Positive
    amount: float
    waiting: float
    risk: float


class WaitingParameters(Document):
    """Hazard of leaving while the lender keeps one waiting."""

    hazard: float


class Stop(Document):
    """Chance that a check stops one who will default, and one who will not."""

    sensitivity: Share
    false_alarm: Share


class Step(Document):
    """Something asked of the applicant, checked by a system or, in business hours, by staff."""

    minutes: float
    cost: float
    drop_off: Share
    applicant_delay_hours: float
    staff: Literal["clerk", "underwriter"] | None = None
    queue_hours: float = 0.0
    work_hours: float = 0.0
    stops: dict[Literal["ordinary", "misreport", "fraud"], Stop] | None = None


class Journey(Document):
    """Steps in order, and the mean calendar days one waits for staff in them."""

    steps: list[str]
    wait_days: float


class Menu(Document):
    """What the lender can do with an applicant."""

    journeys: list[str]
    prices: dict[str, float]
    amounts: dict[str, float]
    lowest_apr: Positive
    refer_journey: str
    fast_amount_highest: Positive


class Tier(Document):
    """Limits of a price tier: at least this score, at most this debt to income."""

    score: float
    dti: float
    apr: Positive


class PolicyParameters(Document):
    """Today's policy and how far it experiments."""

    decline_score_below: float
    decline_dti_above: float
    decline_recent_delinquency: int
    tiers: dict[str, Tier]
    standard_amount_highest: float
    refer_amount_above: float
    explore_share: Share
    price_test_share: Share
    checks_unacted_share: Share


class Business(Document):
    """The lender's own prices."""

    funding_rate: float
    operating_cost: float
    cost_of_capital: float


class Files(Document):
    """What is written of very large histories."""

    events_applications: int


class Parameters(Document):
    """Everything the synthetic lender is made of."""

    calendar: Calendar
    population: PopulationParameters
    bureau: Bureau
    default: DefaultParameters
    loss: LossParameters
    take_up: TakeUpParameters
    waiting: WaitingParameters
    steps: dict[str, Step]
    journeys: dict[str, Journey]
    menu: Menu
    policy: PolicyParameters
    business: Business
    files: Files

    @model_validator(mode="after")
    def _names_are_known(self) -> Parameters:
        for name, journey in self.journeys.items():
            order = [step for step in self.steps if step in journey.steps]
            if order != journey.steps:
                raise ValueError(f"journey {name} must list known steps, in the order of `steps`")
        for name in (*self.menu.journeys, self.menu.refer_journey):
            if name not in self.journeys:
                raise ValueError(f"the menu's journey {name} is not among the journeys")
        return self

    @cached_property
    def checks(self) -> tuple[str, ...]:
        """The steps that can stop an application, in order."""
        return tuple(name for name, step in self.steps.items() if step.stops is not None)


def read_parameters(path: Path | None = None) -> Parameters:
    """Read the parameters, ours unless a file is given.

    Raises BadInput or Faults naming file, line, field and mend.
    """
    if path is not None:
        return read_document(path, Parameters).value
    with as_file(_OURS) as ours:
        return read_document(ours, Parameters).value


def default_text() -> str:
    """Our parameters as they are written, with their sources."""
    return _OURS.read_text(encoding="utf-8")
