"""experience.yaml: the journey's steps, its checks, waiting and take-up, measured or assumed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from equipoise.contract.days import time_zone
from equipoise.documents import Document, Quantity
from equipoise.errors import BadInput
from equipoise.experience import assumptions
from equipoise.experience.calendar import WEEKDAYS, BusinessCalendar, opening_hours
from equipoise.texts.wording import Wording

MEASURED = "measured"


def _kind(value: Any) -> str:
    return MEASURED if isinstance(value, str) else "quantity"


Measurable = Annotated[
    Annotated[Quantity, Tag("quantity")] | Annotated[Literal["measured"], Tag(MEASURED)],
    Discriminator(_kind),
]


class CalendarSection(Document):
    """When the lender is open; a weekday that is left out is closed."""

    time_zone: str = "UTC"
    hours: dict[str, str] = Field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS[:5], "09:00-17:00")
    )
    holidays: tuple[date, ...] = ()

    @field_validator("hours")
    @classmethod
    def _weekdays_and_spans(cls, hours: dict[str, str]) -> dict[str, str]:
        for day, text in hours.items():
            if day not in WEEKDAYS:
                raise ValueError(f"'{day}' is not a weekday ({', '.join(WEEKDAYS)})")
            opening_hours(text)
        return hours

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            time_zone(name)
        except BadInput as error:
            raise ValueError(str(error)) from None
        return name

    def calendar(self) -> BusinessCalendar:
        """The calendar itself."""
        hours = {day: opening_hours(text) for day, text in self.hours.items()}
        return BusinessCalendar(self.time_zone, hours, frozenset(self.holidays))


class OfferActivities(Document):
    """The activities that tell the fate of an offer; it is the lender who declines one."""

    sent: str
    returned: str | None = None
    accepted: str
    declined: str | None = None
    cancelled: str


class EndActivities(Document):
    """The activities that end a case: granted, declined by the lender, cancelled or lapsed."""

    accepted: tuple[str, ...] = Field(min_length=1)
    declined: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = Field(min_length=1)


class WaitsFor(Document):
    """Who has to act next after an activity, written `name` or `name:start`, `name:complete`.

    Activities that are not named leave the turn where it is; a case begins with the lender.
    """

    customer: tuple[str, ...] = ()
    lender: tuple[str, ...] = ()


class LogSection(Document):
    """An event log and what its activities mean.

    `columns` maps case, activity, lifecycle, time and resource to a table's columns (a XES log
    needs none). `start` is the activity with which an application begins. `contacts` are those
    that touch the customer (all but endings, if none are named) and `calls` those after an offer
    whose effect is to be compared. `close_after_days` is
    when the lender closes a silent case by itself: such closings say when the lender gave up,
    not when the customer left, so hazards per day are measured before it.
    """

    path: str
    format: Literal["xes", "csv", "parquet"] | None = None
    columns: dict[Literal["case", "activity", "lifecycle", "time", "resource"], str] = Field(
        default_factory=dict
    )
    calendar: CalendarSection = CalendarSection()
    start: str
    offer: OfferActivities | None = None
    ends: EndActivities
    waits_for: WaitsFor = WaitsFor()
    contacts: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    close_after_days: float | None = Field(default=None, gt=0)


class StepSection(Wording):
    """One step that every applicant of a journey goes through."""

    name: str = Field(min_length=1)
    minutes: float = Field(ge=0)
    questions: int = Field(default=0, ge=0)
    activity: str | None = None
    drop_off: Measurable

    @model_validator(mode="after")
    def _measured_needs_an_activity(self) -> StepSection:
        if self.drop_off == MEASURED and self.activity is None:
            raise ValueError(
                f"step '{self.name}' has a measured drop-off and no activity in the log: "
                "name its activity, or declare the drop-off as assumed"
            )
        _share_or_fail(self.drop_off, "drop_off")
        return self


class CheckColumns(Document):
    """Columns of the applications that log a check without acting on it."""

    result: str
    acted: str
    default: str


class CheckSection(Wording):
    """One verification step: what it costs the applicant and the lender, what it reveals."""

    model_config = ConfigDict(populate_by_name=True)

    name: str = Field(min_length=1)
    minutes: Quantity = Quantity(value=0.0, source="none of the applicant's time")
    questions: int = Field(default=0, ge=0)
    cost: Quantity = Quantity(value=0.0, source="no cost to the lender")
    drop_off: Quantity
    sensitivity: Measurable
    false_alarm: Measurable
    underwriter_hours: float = Field(default=0.0, ge=0)
    manual: bool = False
    observed: CheckColumns | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _shares(self) -> CheckSection:
        for name in ("drop_off", "sensitivity", "false_alarm"):
            _share_or_fail(getattr(self, name), name)
        if MEASURED in (self.sensitivity, self.false_alarm) and self.observed is None:
            raise ValueError(
                f"check '{self.name}' is to be measured and has no 'from': name the columns "
                "result, acted and default, or declare its figures as assumed"
            )
        return self


class WaitingSection(Document):
    """What a day of waiting for the lender does: people leave, and offers are taken up less.

    `from_day` leaves the first days out of the measured hazard: who says no at the first
    contact has not waited, and is in the step's own drop-off already. `phase` says which waits
    for the lender are counted: those before the first offer, which keep people from it, or
    those after it, when people have already said yes.
    """

    hazard_per_day: Measurable = assumptions.HAZARD_PER_DAY
    from_day: float = Field(default=0.0, ge=0)
    phase: Literal["before_offer", "after_offer", "any"] = "before_offer"
    acceptance_per_day: Measurable = assumptions.ACCEPTANCE_PER_DAY


class OfferColumns(Document):
    """Columns of past offers; amounts in one currency, APR as a fraction, accepted as true."""

    apr: str
    amount: str
    asked: str
    waiting_days: str | None = None
    pd: str | None = None
    accepted: str


class TakeUpSection(Document):
    """The take-up logit's coefficients; `waiting` left out is `waiting.acceptance_per_day`."""

    model_config = ConfigDict(populate_by_name=True)

    reference_apr: float = Field(gt=0, lt=10)
    intercept: Measurable = assumptions.TAKE_UP_INTERCEPT
    price: Measurable
    amount: Measurable = assumptions.TAKE_UP_AMOUNT
    waiting: Measurable | None = None
    risk: Measurable = assumptions.TAKE_UP_RISK
    observed: OfferColumns | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _measured_needs_offers(self) -> TakeUpSection:
        needs = {"price": "apr", "amount": "amount", "risk": "pd", "waiting": "waiting_days"}
        for name, column in needs.items():
            if getattr(self, name) == MEASURED and getattr(self.observed, column, None) is None:
                raise ValueError(
                    f"'{name}' is to be measured and take_up.from has no column '{column}': "
                    "name it, or declare the coefficient as assumed"
                )
        return self


class ExperienceDocument(Document):
    """experience.yaml."""

    log: LogSection | None = None
    steps: tuple[StepSection, ...] = ()
    checks: tuple[CheckSection, ...] = ()
    waiting: WaitingSection = WaitingSection()
    take_up: TakeUpSection

    def columns(self) -> list[str]:
        """Columns of the applications that something is measured from, but the fit's own PD."""
        named = [check.observed for check in self.checks if check.observed is not None]
        offers = () if self.take_up.observed is None else tuple(self.take_up.observed)
        columns = [name for _, name in (*offers, *(part for each in named for part in each))]
        return [name for name in dict.fromkeys(columns) if name is not None]

    def activities(self) -> list[str]:
        """The log's activities of the journey's steps, in order."""
        return [step.activity for step in self.steps if step.activity is not None]

    def wording(self) -> dict[str, Wording]:
        """What a customer is told of each step and check, by its name."""
        parts: tuple[StepSection | CheckSection, ...] = (*self.steps, *self.checks)
        return {each.name: Wording(label=each.label, need=each.need) for each in parts}

    @model_validator(mode="after")
    def _holds_together(self) -> ExperienceDocument:
        _distinct([step.name for step in self.steps] + [check.name for check in self.checks])
        if self.log is None:
            self._needs_no_log()
        elif self.log.offer is None:
            self._needs_no_offers()
        return self

    def _needs_no_log(self) -> None:
        self._needs_no_offers()
        measured = [step.name for step in self.steps if step.drop_off == MEASURED]
        if measured or self.waiting.hazard_per_day == MEASURED:
            what = f"the drop-off of '{measured[0]}'" if measured else "waiting.hazard_per_day"
            raise ValueError(f"{what} is to be measured and there is no log: add one, or assume it")

    def _needs_no_offers(self) -> None:
        if self.waiting.acceptance_per_day == MEASURED:
            raise ValueError(
                "waiting.acceptance_per_day is to be measured and the log names no offer "
                "activities: add log.offer, or assume it"
            )
        if self.take_up.intercept == MEASURED and self.take_up.observed is None:
            raise ValueError(
                "take_up.intercept is to be measured and there are neither log.offer nor "
                "take_up.from: add one, or assume it"
            )


def _share_or_fail(quantity: Quantity | str, name: str) -> None:
    if isinstance(quantity, str):
        return
    for value in (quantity.low, quantity.value, quantity.high):
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} {value:g} is not a share between 0 and 1")


def _distinct(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"the name '{twice[0]}' is given to more than one step or check")
